"""The library: data sets and runs that a visitor may open, found by name."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from recommender.atomic import make_folder, write_text
from recommender.said import Said, StatedError
from recommender.workspace import audit
from recommender.workspace.jobs import promised
from recommender.workspace.places import (
    DATASET_MARK,
    HOME,
    KINDS,
    LINKS,
    RUN_MARK,
    START_RUN,
    Kind,
    children,
    folder_key,
    free_name,
    home,
    identity_of,
    kind_of,
    linked,
    owners,
    place_of,
    safe_name,
    start_run,
)
from recommender.workspace.records import Record, records
from recommender.workspace.store import StoreError, reading
from recommender.workspace.visitors import OPERATOR, Visitor

__all__ = [
    "DATASET_MARK", "HOME", "OPERATOR", "RUN_MARK", "START_RUN", "Entry", "Kind", "add_link",
    "at", "called", "entries", "find", "free_name", "home", "kind_of", "new_path", "safe_name",
    "start_run", "still",
]  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One run or data set that can be opened by its name."""

    name: str
    """No other run is called so if it is a run, no other data set if it is one."""
    kind: Kind
    path: Path
    owner: str = ""
    note: str = ""
    fingerprint: str = ""
    created: float = 0.0
    """Seconds since 1970-01-01; 0 where the store does not know."""
    shared: bool = False
    """Whether it belongs to nobody and everybody may open it: the run to start with."""
    keep_until: float | None = None
    """When it is deleted, in seconds since 1970-01-01; None: when somebody deletes it."""
    key: str = ""
    """What it is acted on by: a name may be another's a moment later, this never is."""

    @property
    def address(self) -> str:
        """What links call it: a run by its name, which a data set may have too."""
        return address_of(self.kind, self.name)

    def kept_by(self, visitor: Visitor) -> bool:
        """Whether the visitor may rename, note and delete it."""
        return not self.shared and visitor.may_see(self.owner)


def address_of(kind: Kind, name: str) -> str:
    """What links call the run or data set of this name."""
    return name if kind == "run" else f"dataset:{name}"


def entries(visitor: Visitor) -> tuple[Entry, ...]:
    """All runs and data sets of a visitor, the one to start with first; an administrator's are all.

    Links and pages name an entry, never a folder, so nobody opens a folder that is not theirs.
    Names are as the store has them; while it is away, folders go by their own names.
    """
    told = _records()
    found: dict[str, Entry] = {}
    seen: set[Path] = set()
    for path, owner, shared in _visible(visitor):
        kind, real = kind_of(path), path.resolve()
        if kind is None or real in seen:
            continue
        try:
            key = identity_of(path)
        except OSError:
            continue  # Deleted between listing and looking.
        seen.add(real)
        record = told.get(folder_key(path))
        wanted = (record.name if record else "") or real.name
        name = free_name(wanted, found, partial(address_of, kind))
        entry = Entry(name, kind, path, owner, shared=shared, key=key)
        found[entry.address] = replace(entry, **_kept(record)) if record else entry
    return tuple(found.values())


def _kept(record: Record) -> dict[str, Any]:
    return {
        name: getattr(record, name) for name in ("note", "fingerprint", "created", "keep_until")
    }


def _records() -> dict[str, Record]:
    try:
        return records()
    except StoreError:
        return {}


def _visible(visitor: Visitor) -> list[tuple[Path, str, bool]]:
    """Folders with their owners and whether they are everybody's; the visitor's own come first.

    So nobody changes what an administrator's own are called by calling something else the same.
    """
    found = [(start_run(), "", True)]
    others = [owner for owner in owners() if owner != visitor.key] if visitor.admin else []
    mine = [visitor.key, *others]
    for kind in KINDS:
        for owner in mine:
            found += [(path, owner, False) for path in children(owner, kind)]
    if visitor.admin:
        found += [(path, "", False) for path in linked()]
    return found


def find(name: str, visitor: Visitor) -> Entry | None:
    """The visitor's entry of this address, or data set of this name; the one to start with if it
    is empty.

    Where no run to start with was asked for and the sample has none, the newest run stands in.
    """
    every = entries(visitor)
    if name:
        return called(name, every)
    first = next((entry for entry in every if entry.shared), None)
    if first is None and not os.environ.get(START_RUN):
        first = next((entry for entry in every if entry.kind == "run"), None)
    return first


def called(address: str, every: Sequence[Entry]) -> Entry | None:
    """The entry of this address, else the data set of this name."""
    known = {entry.name: entry for entry in every} | {entry.address: entry for entry in every}
    return known.get(address)


def at(path: Path, visitor: Visitor) -> Entry | None:
    """The visitor's entry in this folder."""
    real = path.resolve()
    return next((entry for entry in entries(visitor) if entry.path.resolve() == real), None)


def still(entry: Entry, visitor: Visitor) -> Entry:
    """The entry as it is called now, for the visitor to change or delete.

    Raises ValueError if it is gone, if another stands in its folder, or if it is not the visitor's.
    """
    now = at(entry.path, visitor)
    if now is None or now.key != entry.key or not now.kept_by(visitor):
        raise StatedError(
            "{name} is no longer what was shown here, and nothing was changed: look at the list "
            "again",
            name=entry.name,
        )
    return now


def add_link(path: Path, visitor: Visitor) -> Entry:
    """Put a folder from outside into the library.

    Raises ValueError if the folder is neither a run nor a data set, and PermissionError for anyone
    who may not look around on this machine.
    """
    if not visitor.admin:
        raise PermissionError(Said("only an administrator adds folders of this machine"))
    path = path.expanduser().resolve()
    if kind_of(path) is None:
        raise StatedError(
            "{path} is neither a run nor a data set: a run is a folder written by `train`, a data "
            "set one written by `import` or `fetch`",
            path=path,
        )
    found = at(path, visitor)
    if found is None:
        make_folder(home())
        write_text(home() / LINKS, "".join(f"{one}\n" for one in (*linked(), path)))
        audit.note(visitor, "admin", path)
        found = at(path, visitor)
    if found is None:
        raise StatedError("{path} could not be added", path=path)
    return found


def new_path(kind: Kind, name: str, visitor: Visitor) -> Path:
    """A folder for a new run or data set of the visitor that does not exist yet.

    It is none that a training of theirs will write either.
    """
    parent = place_of(visitor.key) / f"{kind}s"
    taken = {path.name for path in parent.iterdir()} if parent.is_dir() else set()
    unfinished = {path.strip(".").removesuffix("-unfinished") for path in taken}
    named = {entry.name for entry in entries(visitor) if entry.kind == kind}
    return parent / free_name(safe_name(name), taken | unfinished | named | _promised(parent))


def _promised(parent: Path) -> set[str]:
    try:
        with reading() as connection:
            return promised(parent, connection)
    except StoreError:
        return set()
