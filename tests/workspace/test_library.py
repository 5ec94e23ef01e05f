from __future__ import annotations

from pathlib import Path

import pytest

from recommender.workspace import library


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(library.HOME, str(tmp_path / "home"))
    monkeypatch.setenv(library.START_RUN, str(tmp_path / "first"))


def make(path: Path, mark: str) -> Path:
    path.mkdir(parents=True)
    (path / mark).write_text("{}")
    return path


def test_an_empty_workspace_has_nothing() -> None:
    assert library.entries() == ()
    assert library.find("") is None


def test_the_run_to_start_with_comes_first(tmp_path: Path) -> None:
    make(tmp_path / "home" / "runs" / "mine", library.RUN_MARK)
    make(tmp_path / "first", library.RUN_MARK)
    assert [entry.name for entry in library.entries()] == ["first", "mine"]
    first = library.find("")
    assert first is not None
    assert first.name == "first"


def test_a_run_that_was_asked_for_has_no_stand_in(tmp_path: Path) -> None:
    make(tmp_path / "home" / "runs" / "mine", library.RUN_MARK)
    assert library.find("") is None


def test_the_newest_run_stands_in_for_the_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(library.START_RUN)
    monkeypatch.chdir(tmp_path)
    make(tmp_path / "home" / "runs" / "mine", library.RUN_MARK)
    found = library.find("")
    assert found is not None
    assert found.name == "mine"


def test_same_names_are_told_apart(tmp_path: Path) -> None:
    make(tmp_path / "home" / "runs" / "shop", library.RUN_MARK)
    make(tmp_path / "home" / "datasets" / "shop", library.DATASET_MARK)
    kinds = {entry.name: entry.kind for entry in library.entries()}
    assert kinds == {"shop": "run", "shop-2": "dataset"}


def test_folders_from_outside_are_found_by_name_alone(tmp_path: Path) -> None:
    outside = make(tmp_path / "elsewhere", library.RUN_MARK)
    assert library.find("elsewhere") is None
    assert library.find(str(outside)) is None
    assert library.add_link(outside).name == "elsewhere"
    assert library.add_link(outside).name == "elsewhere"
    assert len(library.entries()) == 1


def test_other_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="neither a run nor a data set"):
        library.add_link(tmp_path)


@pytest.mark.parametrize(
    ("said", "safe"),
    [("My shop", "My-shop"), ("../../etc", "etc"), ("商店 1", "商店-1"), ("", "data")],
)
def test_names_become_folders(said: str, safe: str) -> None:
    assert library.safe_name(said) == safe


def test_new_folders_do_not_exist_yet(tmp_path: Path) -> None:
    make(tmp_path / "home" / "runs" / "shop", library.RUN_MARK)
    assert library.new_path("run", "shop").name == "shop-2"
