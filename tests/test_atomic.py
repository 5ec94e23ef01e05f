"""What is written stands whole in its place, or what was there does, whenever its writer dies."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from recommender import atomic
from tests.recorded import Killed, Recorder, tree

OLD = {"about.json": "old", "deep/table": "old table", "only-old": "gone"}
NEW = {"about.json": "new", "deep/table": "new table", "only-new": "here"}


def fill(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def old_shop(top: Path) -> None:
    fill(top / "shop", OLD)


def nothing(top: Path) -> None:
    (top / "beside").write_text("beside")


def old_file(top: Path) -> None:
    (top / "shop.csv").write_text("old")


def replace_folder(top: Path) -> None:
    with atomic.new_folder(top / "shop", replace=True) as new:
        fill(new, NEW)


def restore_folder(top: Path) -> None:
    with atomic.new_folder(top / "shop", aside=top / "shop.before") as new:
        fill(new, NEW)


def remove_folder(top: Path) -> None:
    atomic.remove(top / "shop")


def write_file(top: Path) -> None:
    atomic.write_text(top / "shop.csv", "new")


@dataclass(frozen=True)
class Act:
    """Something that is written, after something was there."""

    before: Callable[[Path], None]
    do: Callable[[Path], None]
    exchange: bool = True
    """Whether the system can exchange two folders."""
    also: tuple[str, ...] = ()
    """What else may be seen in between, beside the old or the new."""

    def system(self, patch: pytest.MonkeyPatch) -> None:
        if not self.exchange:
            patch.setattr(atomic, "_exchanged", lambda one, other: False)


ACTS = {
    "a folder is replaced": Act(old_shop, replace_folder),
    "a folder is replaced in two steps": Act(old_shop, replace_folder, exchange=False),
    "a folder is new": Act(nothing, replace_folder),
    "a folder is put aside": Act(old_shop, restore_folder, also=("shop.before",)),
    "a folder is put aside in two steps": Act(
        old_shop, restore_folder, exchange=False, also=("shop.before",)
    ),
    "a folder is deleted": Act(old_shop, remove_folder),
    "a file is replaced": Act(old_file, write_file),
    "a file is new": Act(nothing, write_file),
}


@pytest.fixture(params=ACTS)
def act(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Act:
    chosen = ACTS[request.param]
    chosen.system(monkeypatch)
    return chosen


def states(act: Act, top: Path) -> tuple[dict[str, bytes | None], dict[str, bytes | None]]:
    """All that stands there before and after."""
    top.mkdir()
    act.before(top)
    before = tree(top)
    act.do(top)
    return before, tree(top)


def shown(found: dict[str, bytes | None], act: Act) -> dict[str, bytes | None]:
    """Without what may come and go meanwhile."""
    return {name: held for name, held in found.items() if not name.startswith(act.also or "\0")}


def test_the_order_is_files_folders_rename_folder_and_then_what_goes(
    act: Act, tmp_path: Path
) -> None:
    act.before(tmp_path)
    with Recorder(tmp_path).watching() as recorder:
        act.do(tmp_path)
    assert recorder.faults == []
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_steps_of_a_replacement_are_these(tmp_path: Path) -> None:
    fill(tmp_path / "shop", {"about.json": "old"})
    with (
        Recorder(tmp_path).watching() as recorder,
        atomic.new_folder(tmp_path / "shop", replace=True) as new,
    ):
        fill(new, {"about.json": "new"})
    assert recorder.steps[:7] == [
        "mkdir DRAFT",
        "mkdir DRAFT/new",
        "mkdir DRAFT/new",  # as `fill` asks for it again
        "sync DRAFT/new/about.json",
        "sync DRAFT/new",
        "exchange DRAFT/new -> shop",
        "sync .",
    ]
    assert sorted(recorder.steps[7:]) == [
        "rmdir DRAFT",
        "rmdir DRAFT/new",
        "unlink DRAFT/lock",
        "unlink DRAFT/new/about.json",
    ]


def test_whenever_it_is_killed_the_whole_old_or_the_whole_new_is_there(
    act: Act, tmp_path: Path
) -> None:
    before, after = states(act, tmp_path / "wanted")
    deaths = 0
    while True:
        top = tmp_path / f"{deaths}"
        top.mkdir()
        act.before(top)
        try:
            with Recorder(top, die_at=deaths).watching():
                act.do(top)
        except Killed:
            deaths += 1
        else:
            break
        kill_while_it_is_put_right(top)
        atomic.clear(top)
        found = tree(top)
        assert shown(found, act) in (shown(before, act), shown(after, act))
        if act.also:  # wherever they stand, nothing of the old is lost
            assert set(before.values()) <= set(found.values())
    assert deaths > 5


def kill_while_it_is_put_right(top: Path) -> None:
    for step in range(4):
        try:
            with Recorder(top, die_at=step).watching():
                atomic.clear(top)
        except Killed:
            continue


def kill_in_two_steps(top: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Replace a folder where the system cannot exchange, and die before a step of it."""
    monkeypatch.setattr(atomic, "_exchanged", lambda one, other: False)
    old_shop(top)
    with Recorder(top).watching() as whole:
        replace_folder(top)
    old_shop(top)
    with pytest.raises(Killed), Recorder(top, die_at=whole.steps.index(step)).watching():
        replace_folder(top)


def test_killed_between_its_two_renames_a_replacement_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill_in_two_steps(tmp_path, monkeypatch, "rename DRAFT/new -> shop")
    assert not (tmp_path / "shop").exists()
    assert atomic.clear(tmp_path) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]
    assert (tmp_path / "shop" / "about.json").read_text() == "new"


def test_what_was_deleted_since_does_not_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill_in_two_steps(tmp_path, monkeypatch, "unlink DRAFT/lock")
    (tmp_path / "shop").rename(tmp_path / "taken elsewhere")
    assert atomic.clear(tmp_path) == 1
    assert not (tmp_path / "shop").exists()


@pytest.mark.parametrize("exchange", [True, False])
def test_where_a_step_fails_the_old_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool
) -> None:
    old_shop(tmp_path)
    before = tree(tmp_path)
    rename = Path.rename

    def full(path: Path, to: Path) -> Path:
        if path.name == "new":
            raise OSError(errno.ENOSPC, "no room")
        return rename(path, to)

    def cannot(one: Path, other: Path) -> bool:
        if exchange:
            raise OSError(errno.ENOSPC, "no room")
        return False

    monkeypatch.setattr(atomic, "_exchanged", cannot)
    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="no room"):
        replace_folder(tmp_path)
    assert tree(tmp_path) == before


def test_an_error_while_it_is_written_changes_nothing(tmp_path: Path) -> None:
    old_shop(tmp_path)
    before = tree(tmp_path)
    with pytest.raises(ValueError, match="half"), atomic.new_folder(tmp_path / "shop") as new:
        (new / "half").write_text("half")
        raise ValueError("half")
    assert tree(tmp_path) == before


def test_what_may_not_be_replaced_is_not(tmp_path: Path) -> None:
    old_shop(tmp_path)
    before = tree(tmp_path)
    with pytest.raises(OSError, match="not empty"), atomic.new_folder(tmp_path / "shop") as new:
        fill(new, NEW)
    assert tree(tmp_path) == before


def test_drafts_of_those_who_live_are_left_alone_and_those_of_the_dead_are_not(
    tmp_path: Path,
) -> None:
    code = (
        "import sys, time; from pathlib import Path; from recommender import atomic\n"
        "with atomic.new_folder(Path(sys.argv[1])) as new:\n"
        "    (new / 'half').touch(); print('begun', flush=True); sys.stdin.read()\n"
    )
    words = [sys.executable, "-c", code, str(tmp_path / "shop")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(words, cwd=Path(__file__).parents[1], **pipes) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"begun\n"
        assert atomic.clear(tmp_path) == 0
        assert len(list(tmp_path.glob(".draft-*/new/half"))) == 1
        writer.kill()
    assert atomic.clear(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_draft_has_nothing_of_the_name_in_its_own(tmp_path: Path) -> None:
    with atomic.new_folder(tmp_path / "shop-old-abcd1234") as new:
        drafts = [path.name for path in tmp_path.iterdir()]
        assert len(drafts) == 1
        assert atomic.DRAFT.fullmatch(drafts[0])
        assert "shop" not in str(new.relative_to(tmp_path))


def test_where_there_are_no_locks_it_is_written_and_nothing_is_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr("fcntl.flock", refuse)
    old_shop(tmp_path)
    replace_folder(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]
    (tmp_path / f".draft-{'0' * 32}").mkdir()
    assert atomic.clear(tmp_path) == 0


def test_what_cannot_be_synced_is_not_put_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: int) -> None:
        raise OSError(errno.EIO, "the disk is broken")

    old_file(tmp_path)
    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="broken"):
        write_file(tmp_path)
    assert (tmp_path / "shop.csv").read_text() == "old"


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*nowhere"):
        atomic.write_text(tmp_path / "nowhere" / "shop.csv", "new")
