"""What the store remembers of each folder: its name, note, owner and fingerprint.

Folders are the truth. One without a row is adopted; a row without its folder is marked as gone,
and comes back with its name and note if the folder does, with what was in it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, select, update

from recommender import atomic
from recommender.confined import limit_of
from recommender.data.fingerprints import run_fingerprint
from recommender.said import StatedError
from recommender.workspace.audit import Action, note_in
from recommender.workspace.leftovers import settle_older
from recommender.workspace.lineage import content_of, trained_on
from recommender.workspace.places import (
    KINDS,
    LINKS,
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
from recommender.workspace.visitors import OPERATOR, Visitor

KEEP_DAYS: Final = "RECLENS_KEEP_DAYS"
_STALE_SECONDS: Final = 3600
"""Drafts of versions before this one that nobody has written to for so long were left by a process
that was killed."""
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
    keep_until: float | None = None
    """When it is deleted, in seconds since 1970-01-01; None: when somebody deletes it."""


def records() -> dict[str, Record]:
    """Every row by its folder. Raises StoreError."""
    with reading() as connection:
        rows = connection.execute(select(table)).mappings().all()
    return {row["folder"]: Record(**{**row, "gone": row["gone"] is not None}) for row in rows}


def reconcile() -> tuple[int, int]:
    """Make the rows fit the folders; returns how many were adopted and how many are gone now.

    What a killed writer left half replaced is put right first. Raises StoreError.
    """
    for parent in _parents():
        atomic.clear(parent)
    folders = {folder_key(path): (path, owner) for path, owner in _folders()}
    known = records()
    new = [key for key in folders if key not in known or known[key].gone]
    gone = [key for key, record in known.items() if key not in folders and not record.gone]
    if new or gone:
        rows = {key: _described(*folders[key]) | {"folder": key} for key in new}
        with writing() as connection:
            ends = _Ends(known, rows, trained_on(connection))
            for key, row in rows.items():
                _put(connection, key, row | {"keep_until": ends.of(key)})
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
    else:
        del row["keep_until"]
    connection.execute(update(table).where(table.c.folder == key).values(**row))


def _parents() -> list[Path]:
    """Folders that hold data sets or runs."""
    return [place_of(owner) / f"{kind}s" for owner in owners() for kind in KINDS]


class _Ends:
    """Until when what is new is kept: a run as long as the data set that it has a copy of."""

    def __init__(
        self, known: dict[str, Record], rows: dict[str, dict[str, Any]], origins: dict[str, str]
    ) -> None:
        self.rows, self.origins, self.days = rows, origins, default_days()
        self.ends = {key: one.keep_until for key, one in known.items() if not one.gone}
        self.contents: dict[tuple[str, str], list[float | None]] = {}
        for key, end in self.ends.items():
            self._note(known[key].kind, known[key].owner, known[key].fingerprint, end)
        for key, row in rows.items():
            if row["kind"] == "dataset":
                self.ends[key] = self._usual(key)
                self._note("dataset", row["owner"], row["fingerprint"], self.ends[key])

    def _note(self, kind: str, owner: str, fingerprint: str, end: float | None) -> None:
        if kind == "dataset":
            self.contents.setdefault((owner, fingerprint), []).append(end)

    def of(self, key: str) -> float | None:
        """When it is deleted; None for no end."""
        if self.rows[key]["kind"] == "dataset":
            return self.ends[key]
        origin = self.origins.get(key, "").removesuffix("/dataset")  # perhaps a run's copy
        if origin in self.ends:
            return self.ends[origin]
        same = self.contents.get((self.rows[key]["owner"], content_of(home() / key)))
        if same is None:
            return self._usual(key)
        ends = [end for end in same if end is not None]
        return max(ends) if len(ends) == len(same) else None

    def _usual(self, key: str) -> float | None:
        """What the operator says of all that is in the workspace; nothing else is deleted."""
        outside = Path(key).is_absolute()
        return None if self.days is None or outside else time.time() + self.days * 86_400


def default_days() -> int | None:
    """How many days a data set is kept where nobody says otherwise; None: without an end.

    Raises ValueError where `RECLENS_KEEP_DAYS` is no whole number above 0.
    """
    return limit_of(KEEP_DAYS, 0) or None


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
        config = json.loads((path / "config.json").read_bytes())
        return run_fingerprint(path, str(config["dataset"]))
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


def delete(path: Path, by: Visitor = OPERATOR, why: Action = "delete") -> None:
    """Take an entry off the disk; for a folder from outside only the link goes.

    Its row is marked as gone first, so that nobody opens what is half deleted, and goes in the end:
    what stands in this folder later has neither its name nor its note.
    """
    reconcile()
    row = table.c.folder == folder_key(path)
    with writing() as connection:
        called = connection.execute(select(table.c.name).where(row)).scalar() or path.name
        connection.execute(update(table).where(row).values(gone=time.time()))
    if path.resolve().is_relative_to(home().resolve()):
        atomic.remove(path)
    else:
        _unlink(path)
    with writing() as connection:
        connection.execute(table.delete().where(row))
        note_in(connection, by, why, path, called)


def _unlink(path: Path) -> None:
    kept = [line for line in linked() if line.resolve() != path.resolve()]
    atomic.write_text(home() / LINKS, "".join(f"{line}\n" for line in kept))


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
    """Put right what killed processes left behind and delete their drafts; how many there were.

    A checkpoint of a training that can go on (`.NAME-unfinished`) is no litter.
    """
    limit = (time.time() if now is None else now) - _STALE_SECONDS
    swept = atomic.clear(home().parent) + atomic.clear_below(home())
    for draft in _older_drafts():
        if last_touched(draft) < limit:
            settle_older(draft)
            swept += 1
    return swept


def _older_drafts() -> list[Path]:
    """Hidden folders of versions before this one."""
    hidden = [path for parent in _parents() if parent.is_dir() for path in parent.glob(".*")]
    return [
        path
        for path in hidden
        if path.is_dir()
        and not path.name.endswith("-unfinished")
        and not atomic.DRAFT.fullmatch(path.name)
    ]


def last_touched(folder: Path) -> float:
    """When something in a folder was last written, in seconds since 1970-01-01."""
    times = [folder.stat().st_mtime]
    times += [path.lstat().st_mtime for path in folder.rglob("*")]
    return max(times)
