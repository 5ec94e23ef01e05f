"""What reading decided is kept with the data set: the same rows get the same codes for ever."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recommender.data import Dataset, DatasetError, TextEncoder, load_dataset, save_dataset
from recommender.data.cleaning.kinds import Kind
from recommender.data.cleaning.numerals import parse_numbers
from recommender.data.encoding import encode_again, encode_column, encode_features
from recommender.data.features import Feature
from recommender.data.fingerprints import dataset_fingerprint
from tests.data.shop import shop

KINDS: dict[str, Kind] = {
    "category": "categorical",
    "tags": "multi",
    "price": "numeric",
    "paid": "numeric",
    "since": "date",
    "made": "date",
    "seen": "date",
    "about": "text",
    "encoded": "text",
    "picture": "vector",
    "scan": "vector",
}
WORDS = ("red", "blue", "wool", "steel", "lamp", "rug", "desk", "地毯", "台灯", "羊毛")


class Lengths(TextEncoder):
    """A text encoder that needs no model: sixteen numbers that follow from the letters."""

    identity = "lengths"

    def vectors(self, texts):  # type: ignore[no-untyped-def]
        turned = np.cos(np.arange(16) * np.array([[sum(map(ord, text))] for text in texts]))
        return np.where([[text != ""] for text in texts], turned, 0).astype(np.float32)


ENCODER = Lengths("none")


def columns(seed: int, rows: int) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Cells of every kind as people write them, some blank; and the vectors they point into."""
    rng = np.random.default_rng(seed)

    def blank(cells: list[str]) -> list[str]:
        return [cell if rng.random() < 0.9 else "" for cell in cells]

    def days() -> list[np.datetime64]:
        return list(np.datetime64("2019-01-01") + rng.integers(0, 2_500, rows))

    numbers = rng.lognormal(3, 2, rows)
    frame = pd.DataFrame(
        {
            "category": blank([f" c{n} " for n in rng.integers(0, 9, rows)]),
            "tags": blank([";".join(rng.choice(WORDS, rng.integers(1, 12))) for _ in range(rows)]),
            "price": blank([f"£{n:,.2f}" if n > 90 else f"{n:.7f}" for n in numbers]),
            "paid": numbers / 3,
            "since": blank([str(day) for day in days()]),
            "made": blank([f"{d.item():%m/%d/%Y}" for d in days()]),
            "seen": blank([str(int(d.astype("datetime64[s]").astype(int))) for d in days()]),
            "about": blank([" ".join(rng.choice(WORDS, rng.integers(1, 9))) for _ in range(rows)]),
            "encoded": blank([" ".join(rng.choice(WORDS, 3)) for _ in range(rows)]),
            "picture": blank([str(i) for i in range(rows)]),
            "scan": blank([str(i) for i in range(rows)]),
        }
    )
    text = {name: "str" for name in frame if name != "paid"}
    vectors = {"picture": rng.normal(5, 1, (rows, 8)), "scan": rng.normal(5, 1, (rows, 140))}
    return frame.astype(text), {k: v.astype(np.float32) for k, v in vectors.items()}


def encoded(frame: pd.DataFrame, vectors: dict[str, np.ndarray]) -> tuple[Feature, ...]:
    one = {name: kind for name, kind in KINDS.items() if name != "encoded"}
    return (
        *encode_features(frame, one, vectors),
        *encode_features(frame, {"encoded": "text"}, encoder=ENCODER),
    )


def kept(features: tuple[Feature, ...], frame: pd.DataFrame, folder: Path) -> tuple[Feature, ...]:
    """The features as they come back from disk."""
    rows = len(frame)
    items = pd.DataFrame({"item_id": [f"i{i}" for i in range(rows)], "title": "A thing"})
    dataset = dataclasses.replace(shop(), items=items.astype("str"), item_features=features)
    dataset = dataclasses.replace(dataset, fingerprint=dataset_fingerprint(dataset))
    return load_dataset(save_dataset(dataset, folder)).item_features


def again(feature: Feature, frame: pd.DataFrame, vectors: dict[str, np.ndarray]) -> Feature:
    found = encode_again(feature, frame, vectors, ENCODER)
    assert isinstance(found, Feature), found
    return found


def codes_of(feature: Feature, width: int = 8) -> np.ndarray:
    return np.pad(feature.codes, ((0, 0), (0, width - feature.codes.shape[1])))


@pytest.mark.parametrize("seed", range(6))
def test_the_very_same_rows_get_the_very_same_codes_and_vectors(seed: int, tmp_path: Path) -> None:
    frame, vectors = columns(seed, 30 + 90 * seed)
    first = encoded(frame, vectors)
    assert {feature.name for feature in first} == set(KINDS)
    for one, feature in zip(first, kept(first, frame, tmp_path / "shop"), strict=True):
        found = again(feature, frame, vectors)
        assert (found.values, found.source) == (one.values, one.source)
        np.testing.assert_array_equal(found.codes, one.codes, one.name)
        if one.vectors is not None:
            np.testing.assert_array_equal(found.vectors, one.vectors, one.name)


@pytest.mark.parametrize("seed", range(6))
def test_a_row_is_encoded_alike_whatever_rows_stand_beside_it(seed: int, tmp_path: Path) -> None:
    frame, vectors = columns(seed, 120)
    first = encoded(frame, vectors)
    few = np.random.default_rng(seed).permutation(120)[: [1, 2, 7, 40, 119, 120][seed]]
    for one, feature in zip(first, kept(first, frame, tmp_path / "shop"), strict=True):
        found = again(feature, frame.iloc[few], vectors)
        np.testing.assert_array_equal(codes_of(found), codes_of(one)[few], one.name)
        if one.vectors is not None and found.vectors is not None:
            np.testing.assert_allclose(found.vectors, one.vectors[few], atol=2e-6)


NEW = {
    "category": "c99",
    "tags": "velvet;silk",
    "price": "unpriced",
    "since": "1999-12-31",
    "made": "12/31/1999",
    "seen": "946598400",
    "about": "velvet curtain",
}


@pytest.mark.parametrize("name", NEW)
def test_what_was_never_seen_is_unknown(name: str) -> None:
    frame, vectors = columns(0, 200)
    feature = next(one for one in encoded(frame, vectors) if one.name == name)
    found = again(feature, pd.DataFrame({name: [NEW[name], ""]}, dtype="str"), {})
    assert not found.codes.any()
    assert found.vectors is None or not found.vectors.any()


def test_of_a_list_what_is_known_counts() -> None:
    feature = encode_column(pd.Series(["x;y", "y", "x;y;z"], dtype="str", name="tags"), "multi")
    found = again(feature, pd.DataFrame({"tags": ["w;z;y;w", "y,x"]}, dtype="str"), {})
    assert found.codes.tolist() == [[3, 1], [0, 0]]  # y was seen most, then x, then z


def test_numbers_beyond_the_bins_are_in_the_outermost() -> None:
    feature = encode_column(pd.Series(range(1, 101), name="price"), "numeric")
    assert feature.values[:2] == ("1–10", "11–20")
    found = again(feature, pd.DataFrame({"price": ["-7", "1000", "10.5", "11"]}, dtype="str"), {})
    assert found.codes[:, 0].tolist() == [1, 10, 1, 2]


def test_edges_are_kept_to_the_last_digit(tmp_path: Path) -> None:
    numbers = pd.Series(np.nextafter(0.1, 1) + np.arange(40) / 3, name="price")
    frame = pd.DataFrame({"price": numbers})
    first = encode_features(frame, {"price": "numeric"})
    assert kept(first, frame, tmp_path / "shop")[0].reading == first[0].reading


def test_a_number_is_read_alike_whatever_stands_beside_it() -> None:
    cells = ["0.1", "19.99", "1e-3", "+5", "2,55", "£3.20", "1,234.50", ".5", "no", "1e400", " 7 "]
    together = parse_numbers(pd.Series(cells, dtype="str"))
    alone = [parse_numbers(pd.Series([cell], dtype="str"))[0] for cell in cells]
    np.testing.assert_array_equal(together, alone)


def test_vectors_are_read_from_cells_too_and_of_one_length_only() -> None:
    frame, vectors = columns(0, 60)
    feature = next(one for one in encoded(frame, vectors) if one.name == "picture")
    row = int(frame["picture"][frame["picture"] != ""].iloc[0])
    cell = " ".join(map(str, vectors["picture"][row].tolist()))
    found = again(feature, pd.DataFrame({"picture": [cell, ""]}, dtype="str"), {})
    assert feature.vectors is not None
    assert found.vectors is not None
    np.testing.assert_allclose(found.vectors[0], feature.vectors[row], atol=2e-6)
    assert not found.vectors[1].any()
    for wrong in ("1 2 3", "blue"):
        cells = pd.DataFrame({"picture": [wrong]}, dtype="str")
        assert encode_again(feature, cells) == "kind"


def test_texts_of_an_encoder_need_that_encoder() -> None:
    feature = encode_features(columns(0, 60)[0], {"encoded": "text"}, encoder=ENCODER)[0]
    cells = pd.DataFrame({"encoded": ["red rug"]}, dtype="str")
    assert encode_again(feature, cells) == "encoder"
    assert (
        encode_again(dataclasses.replace(feature, source="other"), cells, {}, ENCODER) == "encoder"
    )
    assert isinstance(encode_again(feature, cells[:0]), Feature)  # nobody is there to be read
    blank = again(feature, pd.DataFrame({"encoded": [""]}, dtype="str"), {})
    assert blank.vectors is not None
    assert not blank.vectors.any()


def old(folder: Path) -> Path:
    """The data set as the version before wrote it: without what reading decided."""
    (folder / "readings.parquet").unlink()
    schema = json.loads((folder / "schema.json").read_text(encoding="utf-8"))
    for feature in schema["item_features"] + schema["user_features"]:
        feature.pop("reading", None)
    del schema["liked_event"], schema["files"]["readings"]
    (folder / "schema.json").write_text(json.dumps(schema | {"format": 1}), encoding="utf-8")
    return folder


def mixed() -> Dataset:
    frame, vectors = columns(1, 80)
    features = encoded(frame, vectors)
    items = frame.drop(columns=["picture", "scan"])
    ids = pd.DataFrame({"item_id": [f"i{i}" for i in range(80)], "title": "A thing"}).astype("str")
    dataset = dataclasses.replace(
        shop(), items=pd.concat([ids, items], axis=1), item_features=features
    )
    return dataclasses.replace(dataset, fingerprint=dataset_fingerprint(dataset))


def test_old_data_sets_open_and_what_was_decided_is_told_from_their_columns(tmp_path: Path) -> None:
    dataset = mixed()
    opened = load_dataset(old(save_dataset(dataset, tmp_path / "old")))
    lacking = [feature.name for feature in opened.item_features if not feature.is_kept]
    assert lacking == ["about", "picture", "scan", "encoded"]
    for one, feature in zip(dataset.item_features, opened.item_features, strict=True):
        if feature.is_kept:
            assert feature.reading == one.reading
    saved = load_dataset(save_dataset(opened, tmp_path / "new"))
    assert [one.is_kept for one in saved.item_features] == [
        one.is_kept for one in opened.item_features
    ]


def test_what_cannot_be_told_for_sure_is_not_told(tmp_path: Path) -> None:
    dataset = mixed()
    codes = {f.name: np.roll(f.codes, 1, axis=0) for f in dataset.item_features}
    moved = tuple(dataclasses.replace(f, codes=codes[f.name]) for f in dataset.item_features)
    other = dataclasses.replace(dataset, item_features=moved)
    other = dataclasses.replace(other, fingerprint=dataset_fingerprint(other))
    opened = load_dataset(old(save_dataset(other, tmp_path / "old")))
    assert [f.name for f in opened.item_features if f.is_kept] == ["category"]


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("price", {"edges": [1.0, 2.0]}),
        ("price", {"edges": [3.0, 2.0]}),
        ("tags", {"mark": ""}),
        ("since", {"unit": "week", "form": {"unit": "", "day_first": None, "patterns": []}}),
        ("since", {"unit": "year", "form": {"unit": "moons", "day_first": None, "patterns": []}}),
        ("since", {"unit": "year"}),
    ],
)
def test_what_does_not_fit_the_feature_is_damage(
    tmp_path: Path, name: str, wrong: dict[str, object]
) -> None:
    folder = save_dataset(mixed(), tmp_path / "shop")
    schema = json.loads((folder / "schema.json").read_text(encoding="utf-8"))
    feature = next(one for one in schema["item_features"] if one["name"] == name)
    feature["reading"] = wrong
    (folder / "schema.json").write_text(json.dumps(schema), encoding="utf-8")
    with pytest.raises(DatasetError, match="damaged"):
        load_dataset(folder)


def test_what_is_kept_is_small(tmp_path: Path) -> None:
    save_dataset(mixed(), tmp_path / "shop")
    sizes = [(tmp_path / "shop" / n).stat().st_size for n in ("readings.parquet", "schema.json")]
    assert sizes[0] < 120_000  # 72 kB are the 140 x 128 axes of one feature
    assert sizes[1] < 20_000
