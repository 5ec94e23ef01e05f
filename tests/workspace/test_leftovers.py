"""What killed writers leave is put right: the old or the new is there, never neither."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from recommender import atomic
from recommender.data import DatasetError, load_dataset, save_dataset
from recommender.workspace import library, records
from recommender.workspace.leftovers import clear_leftovers
from recommender.workspace.library import OPERATOR
from tests.dashboard.shop import dataset
from tests.recorded import Killed, Recorder

HOURS = 4_000
"""Seconds after which drafts of earlier versions are old."""


@pytest.fixture
def kept(home: Path, data: Path) -> Path:
    """A data set in the library, with a note."""
    folder = home / "datasets" / "shop"
    shutil.copytree(data, folder)
    records.reconcile()
    records.annotate(folder, "of May")
    return folder


def later() -> float:
    return records.time.time() + HOURS


@pytest.fixture
def torn(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """It is replaced, where the system knows no exchange, by one killed between its renames."""
    monkeypatch.setattr(atomic, "_exchanged", lambda one, other: False)
    other = replace(dataset(), name="other")
    shutil.copytree(kept, tmp_path / "copies" / "shop")
    with Recorder(tmp_path / "copies").watching() as whole:
        save_dataset(other, tmp_path / "copies" / "shop", replace=True)
    between = whole.steps.index("rename DRAFT/new -> shop")
    with pytest.raises(Killed), Recorder(kept.parent, die_at=between).watching():
        save_dataset(other, kept, replace=True)
    assert not kept.exists()
    return kept


def test_a_replacement_that_was_killed_between_its_renames_is_in_the_library(
    torn: Path,
) -> None:
    assert records.sweep(later()) == 1
    assert load_dataset(torn).name == "other"
    assert [path.name for path in torn.parent.iterdir()] == ["shop"]


def test_it_is_never_marked_as_gone(torn: Path) -> None:
    assert records.reconcile() == (0, 0)
    assert [(one.name, one.note) for one in library.entries(OPERATOR)] == [("shop", "of May")]


def test_the_next_who_writes_it_finds_it_there(torn: Path) -> None:
    with pytest.raises(DatasetError, match="holds a data set already"):
        save_dataset(dataset(), torn)
    assert load_dataset(torn).name == "other"


@pytest.mark.parametrize("kind", ["datasets", "runs"])
def test_what_an_earlier_version_had_moved_aside_is_put_back(
    home: Path, data: Path, run_folder: Path, kind: str
) -> None:
    aside = ".shop.old.a_b1c2d3/data" if kind == "datasets" else ".shop-old-a_b1c2d3/run"
    shutil.copytree(data if kind == "datasets" else run_folder, home / kind / aside)
    assert records.sweep() == 0  # whoever moved it may live
    assert records.sweep(later()) == 1
    assert [path.name for path in (home / kind).iterdir()] == ["shop"]
    assert records.fingerprint_of(home / kind / "shop")


def test_what_an_earlier_version_had_begun_to_delete_is_not_put_back(
    home: Path, data: Path
) -> None:
    aside = home / "datasets" / ".shop.old.a_b1c2d3"
    shutil.copytree(data, aside / "data")
    (aside / "data" / "items.parquet").unlink()
    assert records.sweep(later()) == 1
    assert list((home / "datasets").iterdir()) == []


def test_what_an_earlier_version_had_replaced_is_deleted(kept: Path) -> None:
    aside = kept.parent / ".shop.old.a_b1c2d3"
    save_dataset(replace(dataset(), name="old"), aside / "data")
    assert records.sweep(later()) == 1
    assert load_dataset(kept).name != "old"
    assert [path.name for path in kept.parent.iterdir()] == ["shop"]


def test_a_draft_of_shop_old_is_none_of_shop(tmp_path: Path) -> None:
    (tmp_path / ".shop-old-abcd1234").mkdir()  # as an earlier version called a draft of `shop-old`
    clear_leftovers(tmp_path / "shop")
    assert (tmp_path / ".shop-old-abcd1234").exists()


def test_drafts_of_dead_writers_go_at_once_wherever_they_are(kept: Path, home: Path) -> None:
    for place in (home, kept, kept / "deep", home.parent):
        (place / f".draft-{'0' * 32}").mkdir(parents=True)
    assert records.sweep() == 4
    assert list(home.parent.rglob(".draft-*")) == []
