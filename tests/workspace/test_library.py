from __future__ import annotations

from pathlib import Path

import pytest

from recommender.data import save_dataset
from recommender.workspace import library, records
from recommender.workspace.library import OPERATOR
from recommender.workspace.visitors import Visitor
from tests.dashboard.shop import dataset


def make(path: Path, mark: str) -> Path:
    path.mkdir(parents=True)
    (path / mark).write_text("{}")
    return path


def test_an_empty_workspace_has_nothing() -> None:
    assert library.entries(OPERATOR) == ()
    assert library.find("", OPERATOR) is None


def test_the_run_to_start_with_comes_first(tmp_path: Path) -> None:
    make(tmp_path / "home" / "runs" / "mine", library.RUN_MARK)
    make(tmp_path / "first", library.RUN_MARK)
    assert [entry.name for entry in library.entries(OPERATOR)] == ["first", "mine"]
    first = library.find("", OPERATOR)
    assert first is not None
    assert first.name == "first"


def test_a_run_that_was_asked_for_has_no_stand_in(tmp_path: Path) -> None:
    make(tmp_path / "home" / "runs" / "mine", library.RUN_MARK)
    assert library.find("", OPERATOR) is None


def test_the_newest_run_stands_in_for_the_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(library.START_RUN)
    monkeypatch.chdir(tmp_path)
    make(tmp_path / "home" / "runs" / "mine", library.RUN_MARK)
    found = library.find("", OPERATOR)
    assert found is not None
    assert found.name == "mine"


def test_same_names_are_told_apart(tmp_path: Path) -> None:
    make(tmp_path / "home" / "runs" / "shop", library.RUN_MARK)
    library.add_link(make(tmp_path / "elsewhere" / "shop", library.RUN_MARK), OPERATOR)
    library.add_link(make(tmp_path / "shop", library.RUN_MARK), OPERATOR)
    names = [entry.name for entry in library.entries(OPERATOR)]
    assert names == ["shop", "shop-2", "shop-3"]


def test_a_run_is_called_as_the_data_set_that_it_was_trained_on(tmp_path: Path) -> None:
    data = make(tmp_path / "home" / "datasets" / "orders", library.DATASET_MARK)
    assert library.new_path("run", "orders", OPERATOR).name == "orders"
    assert library.new_path("dataset", "orders", OPERATOR).name == "orders-2"
    run = make(tmp_path / "home" / "runs" / "orders", library.RUN_MARK)
    entries = {entry.address: (entry.name, entry.path) for entry in library.entries(OPERATOR)}
    assert entries == {"orders": ("orders", run), "dataset:orders": ("orders", data)}
    for address, path in (("orders", run), ("dataset:orders", data)):
        found = library.find(address, OPERATOR)
        assert found is not None
        assert found.path == path


def test_a_link_to_a_data_set_by_its_name_alone_still_finds_it(tmp_path: Path) -> None:
    make(tmp_path / "home" / "datasets" / "orders", library.DATASET_MARK)
    found = library.find("orders", OPERATOR)
    assert found is not None
    assert (found.kind, found.address) == ("dataset", "dataset:orders")


def test_no_run_can_be_named_so_that_its_address_is_a_data_sets(tmp_path: Path) -> None:
    make(tmp_path / "home" / "datasets" / "orders", library.DATASET_MARK)
    run = make(tmp_path / "home" / "runs" / "shop", library.RUN_MARK)
    records.reconcile()
    records.rename(run, "dataset:orders")
    addresses = [entry.address for entry in library.entries(OPERATOR)]
    assert sorted(addresses) == ["dataset:orders", "dataset:orders-2"]


def test_folders_from_outside_are_found_by_name_alone(tmp_path: Path) -> None:
    outside = make(tmp_path / "elsewhere", library.RUN_MARK)
    assert library.find("elsewhere", OPERATOR) is None
    assert library.find(str(outside), OPERATOR) is None
    assert library.add_link(outside, OPERATOR).name == "elsewhere"
    assert library.add_link(outside, OPERATOR).name == "elsewhere"
    assert len(library.entries(OPERATOR)) == 1


def test_other_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="neither a run nor a data set"):
        library.add_link(tmp_path, OPERATOR)


@pytest.mark.parametrize(
    ("said", "safe"),
    [("My shop", "My-shop"), ("../../etc", "etc"), ("商店 1", "商店-1"), ("", "data")],
)
def test_names_become_folders(said: str, safe: str) -> None:
    assert library.safe_name(said) == safe


def test_the_longest_name_leaves_room_for_those_of_its_drafts(tmp_path: Path) -> None:
    longest = library.safe_name("𠀀" * 100)
    assert longest == "𠀀" * 45  # 180 bytes
    assert library.safe_name("字" * 100) == "字" * 60
    for again in ("", "-2"):
        shop = save_dataset(dataset(), tmp_path / f"{longest}{again}")
        save_dataset(dataset(), shop, replace=True)


def test_new_folders_do_not_exist_yet(tmp_path: Path) -> None:
    make(tmp_path / "home" / "runs" / "shop", library.RUN_MARK)
    assert library.new_path("run", "shop", OPERATOR).name == "shop-2"


ANN, BOB = Visitor("ann", "Ann", admin=False), Visitor("bob", "Bob", admin=False)


def test_a_folder_without_a_row_is_adopted_and_a_row_without_a_folder_is_gone(home: Path) -> None:
    folder = make(home / "runs" / "mine", library.RUN_MARK)
    assert records.reconcile() == (1, 0)
    assert records.reconcile() == (0, 0)
    records.annotate(folder, "the good one")
    folder.rename(home / "aside")
    assert records.reconcile() == (0, 1)
    assert library.entries(OPERATOR) == ()
    (home / "aside").rename(folder)
    assert records.reconcile() == (1, 0)
    assert [entry.note for entry in library.entries(OPERATOR)] == ["the good one"]


def test_a_new_name_keeps_the_folder(home: Path) -> None:
    folder = make(home / "runs" / "mine", library.RUN_MARK)
    records.rename(folder, "  Spring   sale ")
    entry = library.find("Spring sale", OPERATOR)
    assert entry is not None
    assert entry.path == folder
    with pytest.raises(ValueError, match="at least one letter"):
        records.rename(folder, " ")


def test_everybody_has_their_own_and_the_first_run_is_everybodys(
    tmp_path: Path, home: Path
) -> None:
    make(tmp_path / "first", library.RUN_MARK)
    for visitor in (OPERATOR, ANN, BOB):
        make(library.new_path("run", "shop", visitor), library.RUN_MARK)
    assert [entry.name for entry in library.entries(ANN)] == ["first", "shop"]
    own = library.find("shop", ANN)
    assert own is not None
    assert own.path == home / "people" / "ann" / "runs" / "shop"
    assert {entry.owner for entry in library.entries(OPERATOR)} == {"", "ann", "bob"}
    assert [entry.kept_by(ANN) for entry in library.entries(ANN)] == [False, True]


def test_only_administrators_add_folders_of_the_machine(tmp_path: Path) -> None:
    outside = make(tmp_path / "elsewhere", library.RUN_MARK)
    with pytest.raises(PermissionError):
        library.add_link(outside, ANN)


def test_what_is_deleted_is_gone_and_what_is_linked_stays_outside(
    tmp_path: Path, home: Path
) -> None:
    folder = make(home / "runs" / "mine", library.RUN_MARK)
    outside = make(tmp_path / "elsewhere", library.RUN_MARK)
    library.add_link(outside, OPERATOR)
    records.delete(folder)
    records.delete(outside)
    assert library.entries(OPERATOR) == ()
    assert list((home / "runs").iterdir()) == []
    assert outside.is_dir()


def test_only_old_drafts_are_swept(home: Path) -> None:
    draft = home / "datasets" / ".shop.new.abc"
    checkpoint = home / "runs" / ".shop-unfinished"
    for folder in (draft, checkpoint):
        folder.mkdir(parents=True)
        (folder / "file").touch()
    now = draft.stat().st_mtime
    assert records.sweep(now + 3_000) == 0
    assert records.sweep(now + 4_000) == 1
    assert (draft.exists(), checkpoint.exists()) == (False, True)
