"""Where things stand in the workspace: a folder with a place for each owner."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Container
from pathlib import Path
from typing import Literal

HOME = "RECLENS_HOME"
START_RUN = "RECLENS_RUN"
SAMPLE_RUN = Path("sample_data/run")
RUN_MARK, DATASET_MARK = "config.json", "schema.json"
LINKS = "links.txt"
SECRET = "pseudonyms.key"
"""What the pseudonyms of users are made with; nobody else's to read."""
LIKES = "feedback"
"""In somebody's place: files of likes that trainings read."""
ERASED = "erased"
"""Written when somebody was erased: whoever keeps something of data sets in memory forgets it."""
ERASING = "erasing.lock"
"""Held while somebody is."""
RECEIPTS = "receipts"
"""In the place of whoever erased somebody: what was removed."""
PEOPLE = "people"
_LETTERS, _BYTES = 60, 180
"""Of a folder's name."""

Kind = Literal["run", "dataset"]
KINDS: tuple[Kind, ...] = ("run", "dataset")


def home() -> Path:
    """The workspace folder: `RECLENS_HOME`, or `workspace` here."""
    return Path(os.environ.get(HOME) or "workspace")


def start_run() -> Path:
    """The run that opens first: `RECLENS_RUN`, or that of the sample data."""
    return Path(os.environ.get(START_RUN) or SAMPLE_RUN)


def kind_of(path: Path) -> Kind | None:
    """Whether a folder is a run, a data set, or neither."""
    if (path / RUN_MARK).is_file():
        return "run"
    return "dataset" if (path / DATASET_MARK).is_file() else None


def identity_of(path: Path) -> str:
    """Tells a run or data set from all others, also from what stands in its folder later.

    Raises OSError if it is gone.
    """
    mark = (path / (RUN_MARK if kind_of(path) == "run" else DATASET_MARK)).stat()
    return f"{mark.st_dev:x}-{mark.st_ino:x}-{mark.st_mtime_ns:x}"


def place_of(owner: str) -> Path:
    """The folder of everything that belongs to an owner."""
    return home() / PEOPLE / safe_name(owner) if owner else home()


def job_folder(job: str) -> Path:
    """Where a training of this id writes its progress and log."""
    return home() / "jobs" / job


def erasings() -> int:
    """Changes whenever a customer was erased; 0 where nobody was."""
    try:
        return (home() / ERASED).stat().st_mtime_ns
    except OSError:
        return 0


def owners() -> tuple[str, ...]:
    """Everybody who has a place, the operator first."""
    people = home() / PEOPLE
    return ("", *sorted(path.name for path in people.iterdir())) if people.is_dir() else ("",)


def children(owner: str, kind: Kind) -> list[Path]:
    """Folders of one kind that an owner has, the newest first; drafts in progress are left out."""
    parent = place_of(owner) / f"{kind}s"
    if not parent.is_dir():
        return []
    found = []
    for path in parent.iterdir():
        try:
            if not path.name.startswith(".") and kind_of(path) is not None:
                found.append((path.stat().st_mtime, path))
        except OSError:
            continue  # Deleted between listing and looking.
    return [path for _, path in sorted(found, reverse=True)]


def linked() -> list[Path]:
    """Folders from outside that the operator put into the library."""
    links = home() / LINKS
    if not links.is_file():
        return []
    return [Path(line) for line in links.read_text(encoding="utf-8").splitlines()]


def folder_key(path: Path) -> str:
    """What the store calls a folder: its way from the workspace, or its full path outside it."""
    resolved, base = path.resolve(), home().resolve()
    return resolved.relative_to(base).as_posix() if resolved.is_relative_to(base) else str(resolved)


def disk_use(path: Path) -> int:
    """Bytes of all files below a folder; links are not followed."""
    total = 0
    for folder, _, files in os.walk(path):
        for name in files:
            try:
                total += (Path(folder) / name).lstat().st_size
            except OSError:
                continue
    return total


def safe_name(name: str) -> str:
    """The name as a folder can be called: letters of any script, digits, dots and dashes.

    At most 60 letters and 180 bytes: a system takes 255, and drafts are called by longer names.
    """
    safe = re.sub(r"[^\w.-]+", "-", name[:1_000].strip()).strip("-._")[:_LETTERS]
    return safe.encode()[:_BYTES].decode(errors="ignore") or "data"


def free_name(
    name: str, taken: Container[str], address: Callable[[str], str] = lambda name: name
) -> str:
    """The name, or the name with the first number whose address is not taken."""
    number, unique = 2, name
    while address(unique) in taken:
        unique, number = f"{name}-{number}", number + 1
    return unique
