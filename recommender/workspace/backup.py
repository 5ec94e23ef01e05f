"""The whole workspace put aside while it is used, and taken back.

Runs and data sets are never changed in place: what is written there stands beside first and is then
put in its place. So a backup on the same disk has them by hard links, at once and for no room, and
as copies on another. Whatever else there is, is copied.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recommender.atomic import DRAFT, new_folder
from recommender.said import StatedError
from recommender.workspace import processes
from recommender.workspace.places import (
    ERASING,
    KINDS,
    LIKES,
    LINKS,
    PEOPLE,
    RECEIPTS,
    SECRET,
    home,
    kind_of,
)
from recommender.workspace.store import (
    DATABASE,
    FILE,
    close_store,
    copy_database,
    copy_library,
    database_url,
    is_sound,
)

MARK: Final = "backup.json"
FORMAT: Final = 1
_TRIES: Final = 5
"""To copy a folder that another is put in the place of meanwhile."""
_MODE: Final = 0o700
"""Of a workspace: what is in it is for nobody else."""


class BackupError(StatedError):
    """A backup cannot be made or taken back; the message says why and what to do."""


@dataclass(frozen=True)
class Backup:
    """What was put aside, or taken back."""

    path: Path
    folders: tuple[str, ...]
    """Runs and data sets, by their way from the workspace."""
    database: bool
    """Whether the library is in it; PostgreSQL, where it may be, has a backup of its own."""


def back_up(out: Path) -> Backup:
    """Put the workspace aside in the folder `out`, which must not exist yet.

    Receipts come first: whoever has one in it was erased before all else was copied. Then the
    library, as it is at one moment (SQLite's online backup): what is made while the folders are
    gone through is adopted when the backup is taken back. Trainings go on; their checkpoints are in
    it. Raises BackupError, StoreError, OSError.
    """
    if out.exists():
        raise BackupError("{folder} is there already: choose another name", folder=out)
    if out.resolve().is_relative_to(home().resolve()):
        raise BackupError(
            "{folder} is in the workspace: choose a folder outside {home}", folder=out, home=home()
        )
    if not home().is_dir():
        raise BackupError("there is no workspace at {home}", home=home())
    with new_folder(out, mode=_MODE) as draft:
        _copy_each(RECEIPTS, home(), draft)
        database = copy_database(draft / FILE)
        folders = _copy(home(), draft)
        told = {"format": FORMAT, "created": time.time(), "database": database, "folders": folders}
        (draft / MARK).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return Backup(out, tuple(folders), database)


def take_back(backup: Path) -> tuple[Backup, Path | None]:
    """Make the workspace what it was; what stood there is moved aside, to the folder returned.

    A server that runs goes on with what is there then. Raises BackupError if the folder is no whole
    backup, or a training runs; OSError.
    """
    found = _read(backup)
    if found.database and database_url().database != str(home().resolve() / FILE):
        raise BackupError(
            "{setting} names another library than that of {home}: without it, the library of the "
            "backup is taken back too",
            setting=DATABASE,
            home=home(),
        )
    if _busy():
        raise BackupError(
            "trainings run in this workspace: cancel them or wait for their end first"
        )
    if processes.is_held(home() / ERASING):
        raise BackupError("somebody is being erased just now: try again in a minute")
    before = _before()
    with new_folder(home(), aside=before, mode=_MODE) as draft:
        _copy_each(RECEIPTS, backup, draft)
        _copy(backup, draft)
        if found.database:
            copy_library(backup / FILE, draft / FILE)
        close_store()
    return found, before if before.exists() else None


def _read(backup: Path) -> Backup:
    try:
        told = json.loads((backup / MARK).read_text(encoding="utf-8"))
        folders, database = tuple(map(str, told["folders"])), bool(told["database"])
        known = told["format"] == FORMAT
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError(
            "{folder} is no backup of a workspace: {file} cannot be read", folder=backup, file=MARK
        ) from error
    if not known:
        raise BackupError("{folder} was written by a newer version of RecLens", folder=backup)
    lost = [one for one in folders if kind_of(backup / one) is None]
    if lost:
        raise BackupError(
            "{folder} is not whole: {entry} is not in it", folder=backup, entry=lost[0]
        )
    if database and not is_sound(backup / FILE):
        raise BackupError("{folder} is not whole: its {file} is damaged", folder=backup, file=FILE)
    return Backup(backup, folders, database)


def _busy() -> bool:
    """Whether a training runs, or something works off the queue."""
    jobs = home() / "jobs"
    return any(processes.is_alive(path.parent) for path in (jobs / "lock", *jobs.glob("*/lock")))


def _before() -> Path:
    """A free name for what stands in the workspace's place."""
    before = home().with_name(f"{home().name}.before-{time.strftime('%Y%m%d-%H%M%S')}")
    number, free = 2, before
    while free.exists():
        free, number = before.with_name(f"{before.name}-{number}"), number + 1
    return free


def _copy(source: Path, to: Path) -> list[str]:
    """Copy a workspace but for its library; which runs and data sets there are."""
    places = _places(source)
    folders = [one for place in places for kind in KINDS for one in _inside(place / f"{kind}s")]
    found = []
    for folder in folders:
        way = folder.relative_to(source)
        unfinished = folder.name.startswith(".") and folder.name.endswith("-unfinished")
        if not unfinished and (folder.name.startswith(".") or kind_of(folder) is None):
            continue  # a draft, or nothing of ours
        if _copy_folder(folder, to / way, _link) and not unfinished:
            found.append(way.as_posix())
    for job in _inside(source / "jobs"):
        _copy_folder(job, to / job.relative_to(source), shutil.copy2)
    _copy_each(LIKES, source, to)
    for one in (LINKS, SECRET):
        if (source / one).is_file():
            shutil.copy2(source / one, to / one)
    return found


def _places(source: Path) -> list[Path]:
    return [source, *_inside(source / PEOPLE)]


def _copy_each(name: str, source: Path, to: Path) -> None:
    """Copy a folder of this name of everybody who has one."""
    for folder in (place / name for place in _places(source)):
        if folder.is_dir():
            _copy_folder(folder, to / folder.relative_to(source), shutil.copy2)


def _inside(folder: Path) -> list[Path]:
    """The folders in a folder; links lead elsewhere and are no part of it."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.is_symlink())


def _copy_folder(source: Path, to: Path, copy: Callable[[str, str], object]) -> bool:
    """Copy a folder whole; nothing of it where it is deleted meanwhile, which is said by False.

    A file in it may go meanwhile: what is written beside another is put in its place. A folder that
    another was put in the place of is copied again.
    """

    def copy_if_there(one: str, other: str) -> None:
        with suppress(FileNotFoundError):
            copy(one, other)

    for _ in range(_TRIES):
        begun = _number(source)
        try:
            shutil.copytree(
                source, to, symlinks=True, copy_function=copy_if_there, ignore=_drafts_in
            )
        except (FileNotFoundError, shutil.Error):  # a folder within it has gone, or no room is left
            if begun is not None and _number(source) == begun:
                raise
        else:
            if _number(source) == begun:
                return True
        shutil.rmtree(to, ignore_errors=True)
    if source.exists():
        raise BackupError(
            "{folder} changes all the time: try again when it is at rest", folder=source
        )
    return False


def _drafts_in(_: str, names: list[str]) -> list[str]:
    """What is being written there."""
    return [name for name in names if DRAFT.fullmatch(name)]


def _number(folder: Path) -> int | None:
    """What tells a folder from another in its place; None where there is none."""
    try:
        return folder.stat().st_ino
    except FileNotFoundError:
        return None


def _link(source: str, to: str) -> None:
    try:
        os.link(source, to, follow_symlinks=False)
    except OSError:  # another disk, or a system without links
        shutil.copy2(source, to, follow_symlinks=False)
