"""What the store remembers of each folder: its name, note, owner and fingerprint.

Folders are the truth. One without a row is adopted; a row without its folder is marked as gone,
and comes back with its name and note if the folder does, with what was in it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select, update

from recommender.said import StatedError
from recommender.workspace.places import (
    KINDS,
    Kind,
    children,
    folder_key,
    home,
    kind_of,
    linked,
    owners,
    place_of,
)
from recommender.workspace.schema import entries as table
from recommender.workspace.schema import people
from recommender.workspace.store import reading, writing
from recommender.workspace.visitors import Visitor

_STALE_SECONDS: Final = 3600
"""Drafts that nobody has written to for so long were left by a process that was killed."""
_MOST_NAME, _MOST_NOTE = 80, 2_000


@dataclass(frozen=True)
class Record:
    """One row of the library."""

    folder: str
    kind: Kind
    owner: str
    name: str
    """As somebody called it; empty where the folder's name stands."""
    note: str
    fingerprint: str
    created: float
    """Seconds since 1970-01-01."""
    gone: bool


def records() -> dict[str, Record]:
    """Every row by its folder. Raises StoreError."""
    with reading() as connection:
        rows = connection.execute(select(table)).mappings().all()
    return {row["folder"]: Record(**{**row, "gone": row["gone"] is not None}) for row in rows}


def reconcile() -> tuple[int, int]:
    """Make the rows fit the folders; returns how many were adopted and how many are gone now.

    Raises StoreError.
    """
    folders = {folder_key(path): (path, owner) for path, owner in _folders()}
    known = records()
    new = [key for key in folders if key not in known or known[key].gone]
    gone = [key for key, record in known.items() if key not in folders and not record.gone]
    if new or gone:
        rows = {key: _described(*folders[key]) | {"folder": key} for key in new}
        with writing() as connection:
            for key, row in rows.items():
                _put(connection, key, row)
            for key in gone:
                connection.execute(
                    update(table).where(table.c.folder == key).values(gone=time.time())
                )
    return len(new), len(gone)


def _put(connection: Connection, key: str, row: dict[str, object]) -> None:
    kept = connection.execute(select(table.c.fingerprint).where(table.c.folder == key)).first()
    if kept is None:
        connection.execute(table.insert().values(**row, name="", note=""))
        return
    # What comes back is known by its content: another in the same folder has no name or note yet.
    if kept.fingerprint != row["fingerprint"]:
        row = row | {"name": "", "note": ""}
    connection.execute(update(table).where(table.c.folder == key).values(**row))


def _folders() -> Iterable[tuple[Path, str]]:
    for owner in owners():
        for kind in KINDS:
            yield from ((path, owner) for path in children(owner, kind))
    yield from ((path, "") for path in linked() if kind_of(path) is not None)


def _described(path: Path, owner: str) -> dict[str, object]:
    return {
        "kind": kind_of(path),
        "owner": owner,
        "fingerprint": fingerprint_of(path),
        "created": path.stat().st_mtime,
        "gone": None,
    }


def fingerprint_of(path: Path) -> str:
    """The fingerprint that the folder's content has or claims; empty if it cannot be read."""
    try:
        if kind_of(path) == "dataset":
            return str(json.loads((path / "schema.json").read_text())["fingerprint"])
        config = (path / "config.json").read_bytes()
        digest = hashlib.sha256(str(json.loads(config)["dataset"]).encode() + config)
        with (path / "weights.safetensors").open("rb") as weights:
            while block := weights.read(2**20):
                digest.update(block)
        return digest.hexdigest()[:16]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""


def rename(path: Path, name: str) -> None:
    """Call an entry something else; its folder stays. Raises ValueError for an empty name."""
    name = " ".join(name.split())[:_MOST_NAME]
    if not name:
        raise StatedError("a name needs at least one letter")
    _change(path, name=name)


def annotate(path: Path, note: str) -> None:
    """Keep a note about an entry."""
    _change(path, note=note.strip()[:_MOST_NOTE])


def _change(path: Path, **values: str) -> None:
    reconcile()
    with writing() as connection:
        changed = connection.execute(
            update(table).where(table.c.folder == folder_key(path)).values(**values)
        )
    if not changed.rowcount:
        raise StatedError("{name} is not in the library", name=path.name)


def delete(path: Path) -> None:
    """Take an entry off the disk; for a folder from outside only the link goes.

    Its row is marked as gone first, so that nobody opens what is half deleted, and goes in the end:
    what stands in this folder later has neither its name nor its note.
    """
    reconcile()
    row = table.c.folder == folder_key(path)
    with writing() as connection:
        connection.execute(update(table).where(row).values(gone=time.time()))
    if path.resolve().is_relative_to(home().resolve()):
        aside = path.with_name(f".{path.name}.deleted")
        shutil.rmtree(aside, ignore_errors=True)
        path.rename(aside)
        shutil.rmtree(aside)
    else:
        _unlink(path)
    with writing() as connection:
        connection.execute(table.delete().where(row))


def _unlink(path: Path) -> None:
    kept = [line for line in linked() if line.resolve() != path.resolve()]
    links = home() / "links.txt"
    part = links.with_suffix(".part")
    part.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
    part.replace(links)


def greet(visitor: Visitor) -> None:
    """Remember who somebody is, so that administrators see a name in place of a key."""
    if not visitor.key:
        return
    row = {"name": visitor.name, "seen": time.time()}
    with writing() as connection:
        changed = connection.execute(
            update(people).where(people.c.key == visitor.key).values(**row)
        )
        if not changed.rowcount:
            connection.execute(people.insert().values(key=visitor.key, **row))


def names_of_people() -> dict[str, str]:
    """What each owner is called."""
    with reading() as connection:
        return {row.key: row.name for row in connection.execute(select(people))}


def sweep(now: float | None = None) -> int:
    """Delete drafts that a killed process left behind; returns how many there were.

    A checkpoint of a training that can go on (`.NAME-unfinished`) is no litter.
    """
    limit = (time.time() if now is None else now) - _STALE_SECONDS
    swept = 0
    for owner in owners():
        for kind in KINDS:
            for draft in _drafts(owner, kind):
                if _last_touched(draft) < limit:
                    shutil.rmtree(draft, ignore_errors=True)
                    swept += 1
    return swept


def _drafts(owner: str, kind: Kind) -> list[Path]:
    parent = place_of(owner) / f"{kind}s"
    hidden = parent.glob(".*") if parent.is_dir() else ()
    return [path for path in hidden if path.is_dir() and not path.name.endswith("-unfinished")]


def _last_touched(folder: Path) -> float:
    times = [folder.stat().st_mtime]
    times += [path.lstat().st_mtime for path in folder.rglob("*")]
    return max(times)
