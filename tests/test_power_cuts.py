"""After a power cut at any moment the whole old or the whole new is there; once it was said to be
written, the new.

What was written is thrown away as far as a disk may: a file holds what it held when it was last
synced, or nothing; of what changed in folders since the one at the top was synced a part is there,
up to any moment, or else each folder is as it was when it was last synced itself. That a rename is
there whole or not at all is taken for granted, as ext4, XFS and Btrfs promise it. A real file
system is cut off in `benchmarks/faults.py`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from recommender import atomic
from tests.recorded import Inode, Recorder, inode, tree
from tests.test_atomic import ACTS, Act, shown, states

Names = dict[str, Inode]
Tree = dict[str, bytes | None]


@dataclass
class Disk:
    """A folder, and what of it would be left of it after a power cut."""

    top: Path
    ways: list[dict[Inode, Names]] = field(default_factory=list)
    """What stood in each folder, since the one at the top was synced and now."""
    synced: dict[Inode, Names] = field(default_factory=dict)
    """What stood in each folder when it was synced."""
    contents: dict[Inode, bytes] = field(default_factory=dict)
    """What was in each file when it was synced."""
    held: list[int] = field(default_factory=list)
    """Everything is held open, so that no number is given to another."""

    def begin(self) -> None:
        """All that is there is certain."""
        for path in [self.top, *self.top.rglob("*")]:
            self.note("sync", path)

    def note(self, what: str, path: Path) -> None:
        """A step was taken."""
        now = {one: self._names(one) for one in self._folders()}
        if what == "sync" and path.is_dir():
            self.synced[inode(path)] = self._names(path)
            self.ways = [] if path == self.top else self.ways
        elif what == "sync":
            self.contents[inode(path)] = path.read_bytes()
        self.ways.append({inode(one): names for one, names in now.items()})

    def left(self) -> Iterator[Tree]:
        """What may be there if the power goes now."""
        for way in self.ways:
            yield self._tree(way.__getitem__)
        yield self._tree(lambda folder: self.synced.get(folder, {}))

    def _tree(self, names: Callable[[Inode], Names]) -> Tree:
        found: Tree = {}
        todo = [("", inode(self.top))]
        while todo:
            way, folder = todo.pop()
            for name, one in names(folder).items():
                is_folder = any(one in seen for seen in (*self.ways, self.synced))
                found[way + name] = None if is_folder else self.contents.get(one, b"")
                todo += [(f"{way}{name}/", one)] if is_folder else []
        return found

    def _folders(self) -> list[Path]:
        return [self.top, *(path for path in self.top.rglob("*") if path.is_dir())]

    def _names(self, folder: Path) -> Names:
        self.held += [os.open(path, os.O_RDONLY) for path in folder.iterdir()]
        return {path.name: inode(path) for path in folder.iterdir()}


def lay_out(found: Tree, top: Path) -> None:
    top.mkdir()
    for name in sorted(found):
        held = found[name]
        (top / name).mkdir() if held is None else (top / name).write_bytes(held)


def cut_at_every_step(act: Act, top: Path) -> tuple[list[Tree], list[Tree]]:
    """What may be left of it by a power cut, in the meantime and when it was said to be written."""
    top.mkdir()
    act.before(top)
    disk, meanwhile = Disk(top), list[Tree]()
    disk.begin()

    def step(what: str, path: Path) -> None:
        disk.note(what, path)
        meanwhile.extend(disk.left())

    try:
        with Recorder(top, on_step=step).watching():
            act.do(top)
        return different(meanwhile), different(disk.left())
    finally:
        for one in disk.held:
            os.close(one)


def different(trees: Iterator[Tree] | list[Tree]) -> list[Tree]:
    return list({repr(sorted(one.items())): one for one in trees}.values())


def lost(act: Act, top: Path, monkeypatch: pytest.MonkeyPatch) -> list[Tree]:
    """What is there after power cuts and putting right, where it is neither the old nor the new."""
    before, after = states(act, top / "wanted")
    meanwhile, at_last = cut_at_every_step(act, top / "cut")
    assert len(meanwhile) > 3
    wrong = []
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda number: None)  # these folders last no longer than this
        for number, one in enumerate(meanwhile + at_last):
            copy = top / f"{number}"
            lay_out(one, copy)
            atomic.clear(copy)
            left = tree(copy)
            wanted = (before, after) if number < len(meanwhile) else (after,)
            kept = not act.also or set(before.values()) <= set(left.values())
            if not kept or shown(left, act) not in [shown(state, act) for state in wanted]:
                wrong.append(one)
    return wrong


@pytest.mark.parametrize("name", ACTS)
def test_a_power_cut_leaves_the_whole_old_or_the_whole_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    ACTS[name].system(monkeypatch)
    assert lost(ACTS[name], tmp_path, monkeypatch) == []


def skip(_: Path) -> None:
    """Instead of syncing."""


@pytest.mark.parametrize(
    ("forgotten", "name"),
    [
        ("_sync_all", "a folder is replaced"),
        ("_sync_all", "a folder is new"),
        ("_sync", "a file is replaced"),
        ("_sync_folder", "a file is new"),
        ("_sync_folder", "a folder is new"),
        ("_sync_folder", "a folder is replaced"),
        ("_sync_folder", "a folder is replaced in two steps"),
        ("_sync_folder", "a folder is deleted"),
    ],
)
def test_what_is_not_synced_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forgotten: str, name: str
) -> None:
    ACTS[name].system(monkeypatch)
    monkeypatch.setattr(atomic, forgotten, skip)
    assert lost(ACTS[name], tmp_path, monkeypatch) != []
