from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommender.data import Dataset, DatasetError, load_dataset, save_dataset
from recommender.said import Said
from tests.data.shop import built, shop


def saved(tmp_path: Path) -> Path:
    return save_dataset(shop(), tmp_path / "shop")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def alike(first: Dataset, second: Dataset) -> bool:
    features = zip(
        first.item_features + first.user_features,
        second.item_features + second.user_features,
        strict=True,
    )
    return (
        first.interactions.equals(second.interactions)
        and first.items.equals(second.items)
        and first.users.equals(second.users)
        and all(
            (a.name, a.kind, a.values) == (b.name, b.kind, b.values)
            and np.array_equal(a.codes, b.codes)
            and (a.vectors is b.vectors is None or np.array_equal(a.vectors, b.vectors))  # type: ignore[arg-type]
            for a, b in features
        )
    )


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    dataset = shop()
    loaded = load_dataset(save_dataset(dataset, tmp_path / "deep" / "shop"))
    assert alike(dataset, loaded)
    for field in ("name", "event_types", "target_events", "repeats", "has_time", "notes"):
        assert getattr(loaded, field) == getattr(dataset, field)
    assert loaded.fingerprint == dataset.fingerprint


def test_notes_keep_their_parts_and_those_of_before_are_read_as_they_are(tmp_path: Path) -> None:
    folder = saved(tmp_path)
    note = Said("What is predicted: {events}.", events="a {b}")
    save_dataset(replace(load_dataset(folder), notes=(note,)), folder, replace=True)
    (kept,) = load_dataset(folder).notes
    assert kept == "What is predicted: a {b}."
    assert (kept.template, kept.values) == (note.template, note.values)  # type: ignore[attr-defined]
    schema = json.loads((folder / "schema.json").read_text())
    schema["notes"] = ["What is predicted: {events}."]
    (folder / "schema.json").write_text(json.dumps(schema))
    assert load_dataset(folder).notes == ("What is predicted: {events}.",)
    schema["notes"] = [{"template": "{a}{a}", "values": {"a": "x"}}]
    (folder / "schema.json").write_text(json.dumps(schema))
    with pytest.raises(DatasetError, match="is damaged"):
        load_dataset(folder)


def test_data_set_without_features_is_saved_too(tmp_path: Path) -> None:
    dataset = built("user,item\nu,a\n")
    assert alike(dataset, load_dataset(save_dataset(dataset, tmp_path / "one")))


def test_folder_holds_parquet_and_one_schema(tmp_path: Path) -> None:
    assert sorted(contents(saved(tmp_path))) == [
        "interactions.parquet",
        "item_features.parquet",
        "items.parquet",
        "readings.parquet",
        "schema.json",
        "uncounted.parquet",
        "user_features.parquet",
        "users.parquet",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]


def test_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    assert load_dataset(saved(tmp_path)).name == "shop"


def test_data_set_is_replaced_only_when_asked(tmp_path: Path) -> None:
    folder = saved(tmp_path)
    other = replace(shop(), name="other")
    with pytest.raises(DatasetError, match="holds a data set already"):
        save_dataset(other, folder)
    assert load_dataset(folder).name == "shop"
    save_dataset(other, folder, replace=True)
    assert load_dataset(folder).name == "other"
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]


def test_folder_of_other_things_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("precious", encoding="utf-8")
    with pytest.raises(DatasetError, match="holds other files"):
        save_dataset(shop(), tmp_path, replace=True)
    assert contents(tmp_path) == {"thesis.txt": b"precious"}


def test_file_in_the_way_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "shop").write_text("a file", encoding="utf-8")
    with pytest.raises(DatasetError, match="is a file"):
        saved(tmp_path)


@pytest.mark.parametrize(
    "step", ["data.storage.write_dataset", "atomic._put_instead", "data.storage._checksum"]
)
def test_failure_halfway_leaves_the_old_data_set_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    folder = saved(tmp_path)
    before = contents(folder)

    def disk_is_full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(f"recommender.{step}", disk_is_full)
    with pytest.raises(OSError, match="no space left"):
        save_dataset(shop(), folder, replace=True)
    assert contents(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]


def test_failure_between_the_two_renames_brings_the_old_one_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = saved(tmp_path)
    before = contents(folder)
    rename = Path.rename

    def fails_for_the_new(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise OSError("no space left")
        return rename(self, target)

    monkeypatch.setattr("recommender.atomic._exchanged", lambda one, other: False)
    monkeypatch.setattr(Path, "rename", fails_for_the_new)
    with pytest.raises(OSError, match="no space left"):
        save_dataset(shop(), folder, replace=True)
    assert contents(folder) == before


def test_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"is no data set: it has no schema\.json"):
        load_dataset(tmp_path / "nothing")


@pytest.mark.parametrize("name", ["interactions", "items", "users", "item_features"])
def test_missing_file_is_an_error(tmp_path: Path, name: str) -> None:
    folder = saved(tmp_path)
    (folder / f"{name}.parquet").unlink()
    with pytest.raises(DatasetError, match=rf"{name}\.parquet is missing"):
        load_dataset(folder)


@pytest.mark.parametrize("name", ["interactions", "users", "user_features"])
def test_damaged_file_is_an_error(tmp_path: Path, name: str) -> None:
    path = saved(tmp_path) / f"{name}.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(DatasetError, match="damaged or was changed"):
        load_dataset(path.parent)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": 99}, "another version"),
        ({"repeats": True}, "does not match its fingerprint"),
        ({"event_types": None}, "damaged"),
        ({"files": {}}, "damaged"),
    ],
)
def test_changed_schema_is_an_error(tmp_path: Path, change: dict[str, object], said: str) -> None:
    path = saved(tmp_path) / "schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(schema | change), encoding="utf-8")
    with pytest.raises(DatasetError, match=said):
        load_dataset(path.parent)


def test_schema_that_is_no_json_is_an_error(tmp_path: Path) -> None:
    path = saved(tmp_path) / "schema.json"
    path.write_text(path.read_text(encoding="utf-8")[:100], encoding="utf-8")
    with pytest.raises(DatasetError, match="is damaged"):
        load_dataset(path.parent)
