"""A backup of a workspace in use has all of it, and is taken back whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from recommender.workspace import backup, library, processes, records, schema, store
from recommender.workspace.backup import MARK, BackupError, back_up, take_back
from recommender.workspace.library import OPERATOR
from tests.cli.calling import call


@pytest.fixture
def used(home: Path, data: Path, run_folder: Path) -> Path:
    """A workspace with what can be in one."""
    shutil.copytree(data, home / "datasets" / "shop")
    shutil.copytree(run_folder, home / "people" / "ann" / "runs" / "first")
    for name in (".next-unfinished", ".draft-12345678"):
        (home / "runs" / name).mkdir(parents=True)
        (home / "runs" / name / "state.safetensors").write_bytes(b"state")
    (home / "jobs" / "one").mkdir(parents=True)
    (home / "jobs" / "one" / "log.txt").write_text("begun\n")
    records.reconcile()
    records.annotate(home / "datasets" / "shop", "of May")
    return home


def people() -> int:
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(schema.people)).scalar_one())


def add(name: str) -> None:
    with store.writing() as connection:
        connection.execute(insert(schema.people), {"key": name, "name": name, "seen": 1.0})


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("library.sqlite") and path.name != MARK
    }


def test_what_was_put_aside_comes_back(used: Path, tmp_path: Path) -> None:
    add("ann")
    expected = files(used)
    del expected["runs/.draft-12345678/state.safetensors"]
    made = back_up(tmp_path / "monday")
    assert made.folders == ("datasets/shop", "people/ann/runs/first")
    assert files(tmp_path / "monday") == expected
    add("eve")
    (used / "jobs" / "one" / "log.txt").write_text("begun and gone on\n")
    shutil.rmtree(used / "datasets" / "shop")
    _, before = take_back(tmp_path / "monday")
    assert files(used) == expected
    assert people() == 1  # the same process goes on with the library that is back
    assert [one.note for one in library.entries(OPERATOR) if one.name == "shop"] == ["of May"]
    assert before is not None
    assert (before / "jobs" / "one" / "log.txt").read_text() == "begun and gone on\n"


def test_what_is_only_in_the_log_of_the_library_is_put_aside(used: Path, tmp_path: Path) -> None:
    with store.reading() as held:  # whoever reads keeps the log from being worked into the file
        held.execute(select(schema.people)).all()
        add("ann")
        back_up(tmp_path / "monday")
    store.close_store()
    take_back(tmp_path / "monday")
    assert people() == 1


def test_what_is_only_in_the_log_of_a_backups_library_comes_back(
    used: Path, tmp_path: Path
) -> None:
    """Who erases in a backup writes into its library, and perhaps is killed."""
    back_up(tmp_path / "monday")
    with closing(sqlite3.connect(tmp_path / "monday" / "library.sqlite")) as held:
        held.execute("PRAGMA journal_mode=WAL")
        held.execute("INSERT INTO people VALUES ('ann', 'Ann', 1.0)")
        held.commit()
        assert (tmp_path / "monday" / "library.sqlite-wal").stat().st_size > 0
        take_back(tmp_path / "monday")
    assert people() == 1


def test_whoever_has_a_receipt_in_a_backup_is_nowhere_in_it(
    used: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is written while it is made is of somebody who may be in what was copied before."""
    (used / "receipts").mkdir()
    (used / "receipts" / "early.json").write_text("{}")

    def erased_meanwhile(to: Path) -> bool:
        copied = store.copy_database(to)
        (used / "receipts" / "late.json").write_text("{}")
        return copied

    monkeypatch.setattr(backup, "copy_database", erased_meanwhile)
    back_up(tmp_path / "monday")
    assert [one.name for one in (tmp_path / "monday" / "receipts").iterdir()] == ["early.json"]


def test_nothing_is_taken_back_while_somebody_is_erased(used: Path, tmp_path: Path) -> None:
    whole = back_up(tmp_path / "whole").path
    held = processes.lock(used / "erasing.lock")
    assert held is not None
    try:
        with pytest.raises(BackupError, match="is being erased"):
            take_back(whole)
    finally:
        os.close(held)
    take_back(whole)


def test_others_write_on_while_it_is_made(used: Path, tmp_path: Path) -> None:
    stop, written, wrong = threading.Event(), list[int](), list[Exception]()

    def work() -> None:
        while not stop.is_set():
            try:
                add(f"p{len(written)}")
            except store.StoreError as error:
                wrong.append(error)
                return
            written.append(1)

    writer = threading.Thread(target=work)
    writer.start()
    try:
        for n in range(5):
            known = len(written)
            back_up(tmp_path / f"b{n}")
    finally:
        stop.set()
        writer.join()
    assert wrong == []
    take_back(tmp_path / "b4")
    assert known <= people() <= len(written)


def test_on_one_disk_it_takes_no_room_and_on_another_it_is_copied(
    used: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = "datasets/shop/interactions.parquet"
    back_up(tmp_path / "here")
    assert (tmp_path / "here" / there).samefile(used / there)
    assert not (tmp_path / "here/jobs/one/log.txt").samefile(used / "jobs/one/log.txt")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EXDEV, "another disk")

    monkeypatch.setattr(os, "link", refuse)
    back_up(tmp_path / "there")
    assert not (tmp_path / "there" / there).samefile(used / there)
    assert files(tmp_path / "there") == files(tmp_path / "here")


def test_a_backup_that_is_not_whole_changes_nothing(used: Path, tmp_path: Path) -> None:
    expected = files(used)
    whole = back_up(tmp_path / "whole").path
    for n, spoil in enumerate(
        (
            lambda path: (path / MARK).unlink(),
            lambda path: (path / MARK).write_text("{}"),
            lambda path: shutil.rmtree(path / "datasets" / "shop"),
            lambda path: (path / "library.sqlite").write_bytes(b"SQLite format 3\0" + b"x" * 5000),
            lambda path: (path / "library.sqlite").unlink(),
        )
    ):
        bad = Path(shutil.copytree(whole, tmp_path / f"bad{n}"))
        spoil(bad)
        with pytest.raises(BackupError, match=r"is no backup|is not whole"):
            take_back(bad)
    assert files(used) == expected
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_where_the_last_step_fails_everything_stands_as_it_did(
    used: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected, whole = files(used), back_up(tmp_path / "whole").path
    rename = Path.rename

    def full(path: Path, to: Path) -> Path:
        if path.name == "new":
            raise OSError(errno.ENOSPC, "no room")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="no room"):
        take_back(whole)
    assert files(used) == expected


def test_nothing_is_taken_back_while_a_training_runs(used: Path, tmp_path: Path) -> None:
    whole = back_up(tmp_path / "whole").path
    held = processes.lock(used / "jobs" / "one" / "lock")
    assert held is not None
    try:
        with pytest.raises(BackupError, match="trainings run"):
            take_back(whole)
    finally:
        os.close(held)
    take_back(whole)


@pytest.mark.parametrize("goes", ["state.safetensors.beside", "shop"])
def test_what_goes_or_is_replaced_while_it_is_copied_stops_nothing(
    used: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, goes: str
) -> None:
    beside = used / "runs" / ".next-unfinished" / "state.safetensors.beside"
    beside.write_bytes(b"half")
    shop, link, done = used / "datasets" / "shop", os.link, list[str]()

    def meanwhile(one: str, other: str, **options: bool) -> None:
        if goes in one and not done:
            done.append(one)
            if goes == "shop":
                shop.rename(tmp_path / "old")
                shutil.copytree(tmp_path / "old", shop)
                (shop / "newer.txt").write_text("newer")
            else:
                beside.unlink()
        link(one, other, **options)

    monkeypatch.setattr(os, "link", meanwhile)
    made = back_up(tmp_path / "monday")
    assert done
    assert made.folders == ("datasets/shop", "people/ann/runs/first")
    expected = files(used)
    del expected["runs/.draft-12345678/state.safetensors"]
    assert files(tmp_path / "monday") == expected


def test_a_run_that_is_deleted_while_it_is_copied_is_not_in_the_backup(
    used: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, link = used / "people" / "ann" / "runs" / "first", os.link

    def meanwhile(one: str, other: str, **options: bool) -> None:
        if run.exists() and str(run) in one:
            run.rename(tmp_path / "gone")
        link(one, other, **options)

    monkeypatch.setattr(os, "link", meanwhile)
    made = back_up(tmp_path / "monday")
    assert made.folders == ("datasets/shop",)
    assert not (tmp_path / "monday" / "people" / "ann" / "runs" / "first").exists()


def test_a_library_elsewhere_is_not_taken_back_to_where_nobody_reads_it(
    used: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = back_up(tmp_path / "whole").path
    monkeypatch.setenv(store.DATABASE, f"sqlite:///{tmp_path}/other.sqlite")
    expected = files(used)
    with pytest.raises(BackupError, match="names another library"):
        take_back(whole)
    assert files(used) == expected


def test_nothing_that_is_there_is_written_over(used: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    for out in (tmp_path / "there", used / "backup"):
        with pytest.raises(BackupError, match="choose"):
            back_up(out)


def test_both_are_one_command_each(used: Path, tmp_path: Path) -> None:
    answer = call("backup", tmp_path / "monday")
    assert (answer.code, answer.out) == (0, "")
    assert "2 data sets and runs put aside" in answer.err
    answer = call("restore", tmp_path / "monday")
    assert answer.code == 0
    assert "2 data sets and runs are back" in answer.err
    assert "before" in answer.err
