"""Watches what is done to files below a folder, in its order; can die before any step.

A step changes a folder or syncs something. Writing into files is no step: whatever wrote them, what
is put in its place is compared with what was synced.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from recommender import atomic

Inode = tuple[int, int]
_PATH_OF_FILE = 50
"""`F_GETPATH` of macOS."""


class Killed(BaseException):
    """The process is no more."""


@dataclass
class Recorder:
    """The steps below a folder, and what was wrong with their order."""

    top: Path
    die_at: int | None = None
    """The number of the step that is not taken, nor any after it."""
    on_step: Callable[[str, Path], None] = lambda what, path: None
    """Is told of each step when it was taken."""
    unwatched: tuple[str, ...] = ()
    """How files are called that others see to."""
    steps: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    placed: set[Path] = field(default_factory=set)
    """What was put in its place."""
    _synced: dict[Inode, bytes] = field(default_factory=dict)
    _unsynced: dict[Path, Path] = field(default_factory=dict)
    """Folders in which something was moved since they were synced, by the draft that it was of."""

    @contextmanager
    def watching(self) -> Iterator[Recorder]:
        """Stand between the program and the system; what is there before counts as synced."""
        self._synced = {inode(path): content(path) for path in self.top.rglob("*")}
        with pytest.MonkeyPatch.context() as patch:
            for name in ("rename", "replace", "link"):
                patch.setattr(os, name, self._moving(name, getattr(os, name)))
            for name in ("mkdir", "rmdir", "unlink", "remove"):
                patch.setattr(os, name, self._changing(name, getattr(os, name)))
            patch.setattr(os, "fsync", self._syncing(os.fsync))
            patch.setattr(atomic, "_exchanged", self._moving("exchange", atomic._exchanged))
            yield self
        self.faults += [f"{self._said(one)} is not synced" for one in self._unsynced.values()]

    def _moving(self, what: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def moved(one: Any, other: Any, *rest: Any, **options: Any) -> Any:
            source, to = Path(one).absolute(), Path(other).absolute()
            if not self._watches(to):
                return call(one, other, *rest, **options)
            self._begin(f"{what} {self._said(source)} -> {self._said(to)}")
            self._judge(source, to)
            answer = call(one, other, *rest, **options)
            self.on_step(what, to)
            return answer

        return moved

    def _judge(self, source: Path, to: Path) -> None:
        draft = draft_of(source) or draft_of(to) or source
        self._unsynced[draft] = to.parent if draft_of(to) is None else source.parent
        if draft_of(to) is not None:
            return  # taken away
        self.placed.add(to)
        for path in [source, *source.rglob("*")]:
            if self._synced.get(inode(path)) != content(path):
                self.faults.append(f"{self._said(path)} is put in its place and not synced")

    def _changing(self, what: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def changed(one: Any, *rest: Any, **options: Any) -> Any:
            at = options.get("dir_fd")
            path = (Path(one) if at is None else opened_at(at) / one).absolute()
            if not self._watches(path):
                return call(one, *rest, **options)
            self._begin(f"{what} {self._said(path)}")
            if what != "mkdir" and draft_of(path) in self._unsynced:
                self.faults.append(f"{self._said(path)} goes before what came is synced")
            answer = call(one, *rest, **options)
            self.on_step(what, path)
            return answer

        return changed

    def _syncing(self, call: Callable[[int], None]) -> Callable[[int], None]:
        def synced(number: int) -> None:
            path = opened_at(number)
            if not self._watches(path):
                return call(number)
            self._begin(f"sync {self._said(path)}")
            call(number)
            self._synced[inode(path)] = content(path)
            self._unsynced = {one: into for one, into in self._unsynced.items() if into != path}
            self.on_step("sync", path)
            return None

        return synced

    def _watches(self, path: Path) -> bool:
        is_others = path.name.startswith(self.unwatched or "\0") and draft_of(path) is None
        return path.is_relative_to(self.top) and not is_others

    def _begin(self, step: str) -> None:
        if self.die_at is not None and len(self.steps) >= self.die_at:
            raise Killed
        self.steps.append(step)

    def _said(self, path: Path) -> str:
        parts = path.relative_to(self.top).parts
        return "/".join("DRAFT" if atomic.DRAFT.fullmatch(part) else part for part in parts) or "."


def opened_at(number: int) -> Path:
    """Where an open file or folder stands."""
    if Path("/proc/self/fd").exists():
        return Path(f"/proc/self/fd/{number}").readlink()
    import fcntl

    return Path(os.fsdecode(fcntl.fcntl(number, _PATH_OF_FILE, bytes(1024)).rstrip(b"\0")))


def inode(path: Path) -> Inode:
    """What tells a file or folder from all others, wherever it stands."""
    found = path.lstat()
    return found.st_dev, found.st_ino


def content(path: Path) -> bytes:
    """What is in a file; of a folder, what stands in it under which names."""
    if path.is_dir():
        return "\n".join(f"{one.name}/{inode(one)}" for one in sorted(path.iterdir())).encode()
    return path.read_bytes()


def draft_of(path: Path) -> Path | None:
    """The draft that something is in, or is."""
    return next((one for one in (path, *path.parents) if atomic.DRAFT.fullmatch(one.name)), None)


def tree(folder: Path) -> dict[str, bytes | None]:
    """All that is in a folder: bytes of files, None for folders."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }
