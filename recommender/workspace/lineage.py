"""Which runs hold a copy of which data set: a run is trained on one, and has it in its folder."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import Connection, select

from recommender.workspace.places import children, folder_key, home, owners
from recommender.workspace.schema import jobs
from recommender.workspace.store import reading


def content_of(path: Path) -> str:
    """The fingerprint that a data set, or the copy in a run, says it has; empty if it says none."""
    for schema in (path / "schema.json", path / "dataset" / "schema.json"):
        try:
            return str(json.loads(schema.read_text(encoding="utf-8"))["fingerprint"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
    return ""


def trained_on(connection: Connection) -> dict[str, str]:
    """On which folder each run was trained that the queue knows of, by their keys."""
    rows = connection.execute(select(jobs.c.out, jobs.c.dataset))
    return {row.out: row.dataset for row in rows}


def copies_of(dataset: Path) -> list[Path]:
    """The runs that hold a copy: those of the same owner and content, and those that the queue
    trained on it or on such a copy, to which likes may have been added.

    Of other people's only the latter: they may have the same data of their own. Raises StoreError.
    """
    with reading() as connection:
        origins = trained_on(connection)
    every = [run for owner in owners() for run in children(owner, "run")]
    content, place = content_of(dataset), _place(dataset)
    own = {folder_key(run) for run in every if _place(run) == place and content_of(run) == content}
    found = {folder_key(dataset), *own}
    while more := {
        out
        for out, origin in origins.items()
        if origin.removesuffix("/dataset") in found and out not in found
    }:
        found |= more
    return [run for run in every if folder_key(run) in found]


def _place(folder: Path) -> Path:
    """Whose it is, by the place that it stands in; what is outside is the operator's."""
    resolved, base = folder.resolve(), home().resolve()
    return resolved.parents[1] if resolved.is_relative_to(base) else base
