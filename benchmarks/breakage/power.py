"""Power cuts of a real file system: ext4 in a file, shut down without its log at every step."""

from __future__ import annotations

import fcntl
import os
import struct
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from breakage.row import Row
from recommender import atomic
from recommender.data import load_dataset, save_dataset
from tests.dashboard import shop
from tests.recorded import Killed, Recorder, tree
from tests.test_atomic import ACTS, Act, shown, states

_SHUTDOWN = 0x8004587D
"""`EXT4_IOC_SHUTDOWN`."""
_NOTHING_MORE = struct.pack("I", 2)
"""`EXT4_GOING_FLAGS_NOLOGFLUSH`: neither data nor log are written any more."""
_OPTIONS = "loop,data=writeback,noauto_da_alloc"
"""Without what ext4 does for writers who forget to sync."""


def _save(top: Path, name: str) -> None:
    save_dataset(replace(shop.dataset(), name=name), top / "shop", replace=True)


IMPORT = Act(lambda top: _save(top, "old"), lambda top: _save(top, "new"))


@dataclass
class Disk:
    """A file system in a file, mounted."""

    image: Path
    place: Path

    def mount(self) -> bool:
        """Bring it up, as after a power cut; whether that may be done here."""
        command = ["mount", "-o", _OPTIONS, str(self.image), str(self.place)]
        return subprocess.run(command, capture_output=True).returncode == 0

    def cut(self) -> None:
        """Nothing reaches it any more, not even what it holds ready."""
        opened = os.open(self.place, os.O_RDONLY)
        try:
            fcntl.ioctl(opened, _SHUTDOWN, _NOTHING_MORE)
        finally:
            os.close(opened)

    def again(self) -> None:
        """Come up after a power cut."""
        subprocess.run(["umount", str(self.place)], check=True)
        if not self.mount():
            raise SystemExit("the disk does not come up again")


@dataclass
class Cut(Recorder):
    """Where a process would die, the power goes."""

    power: Callable[[], None] = lambda: None

    def _begin(self, step: str) -> None:
        try:
            super()._begin(step)
        except Killed:
            self.power()
            raise


def power_cuts(folder: Path) -> Row:
    """The power goes before each step of all that is written: the whole old or the whole new."""
    row = Row("the power is cut")
    with disk(folder) as mounted:
        if mounted is None:
            row.told = "not tried: no disk of its own may be mounted here"
            return row
        for name, act in (ACTS | {"a data set is replaced": IMPORT}).items():
            for problem in _tried(act, folder, mounted, name.replace(" ", "-")):
                row.note(f"{name}: {problem}" if problem else "")
        lost = _without_syncing(folder, mounted)
        row.note("" if lost else "nothing is lost without syncing either: this shows nothing")
        row.told = f"cut before each step, on ext4 ({_OPTIONS}); without syncing {lost}"
    checked = subprocess.run(["e2fsck", "-fn", str(folder / "image")], capture_output=True)
    row.note("" if checked.returncode == 0 else "the disk is damaged")
    return row


@contextmanager
def disk(folder: Path) -> Iterator[Disk | None]:
    """A disk of its own; None where nobody may mount one."""
    made = Disk(folder / "image", folder / "power")
    made.place.mkdir()
    with made.image.open("wb") as file:
        file.truncate(64 * 2**20)
    try:
        subprocess.run(["mkfs.ext4", "-q", "-F", str(made.image)], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        yield None
        return
    if not made.mount():
        yield None
        return
    try:
        yield made
    finally:
        subprocess.run(["umount", str(made.place)], check=False)


def _tried(act: Act, folder: Path, mounted: Disk, name: str) -> list[str]:
    """What was wrong after each cut; empty where nothing was."""
    found, step = [], 0
    with pytest.MonkeyPatch.context() as patch:
        act.system(patch)
        before, after = states(act, folder / name)
        while True:
            top = mounted.place / f"{name}-{step}"
            top.mkdir()
            act.before(top)
            subprocess.run(["sync", "-f", str(top)], check=True)
            ended = True
            try:
                with Cut(top, die_at=step, power=mounted.cut).watching():
                    act.do(top)
            except Killed:
                ended = False
            else:
                mounted.cut()  # it was said to be written
            mounted.again()
            atomic.clear(top)
            found.append(_judged(act, top, before, after, ended))
            if ended:
                return found
            step += 1


def _judged(act: Act, top: Path, before: dict, after: dict, ended: bool) -> str:
    left = tree(top)
    wanted = [after] if ended else [before, after]
    if shown(left, act) not in [shown(state, act) for state in wanted]:
        return f"left {sorted(left)}"
    if act.also and not set(before.values()) <= set(left.values()):
        return "what was put aside is gone"
    if act is IMPORT:
        load_dataset(top / "shop")
    return ""


def _without_syncing(folder: Path, mounted: Disk) -> str:
    """That the disk loses what is not synced, so that this is a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(atomic, "_sync", lambda path: None)
        found = _tried(ACTS["a file is replaced"], folder, mounted, "unsynced")
    lost = sum(map(bool, found))
    return f"{lost} of {len(found)} were lost" if lost else ""
