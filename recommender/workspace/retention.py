"""Data sets that are kept for so many days and no longer, with the runs that hold a copy."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from sqlalchemy import select, update

from recommender.said import StatedError
from recommender.workspace import jobs, records
from recommender.workspace.audit import note_in
from recommender.workspace.leftovers import clear_leftovers
from recommender.workspace.lineage import copies_of
from recommender.workspace.places import folder_key, home
from recommender.workspace.schema import entries as table
from recommender.workspace.schema import jobs as trainings
from recommender.workspace.store import reading, writing
from recommender.workspace.visitors import OPERATOR, Visitor

SECONDS_A_DAY: Final = 86_400
MOST_DAYS: Final = 36_500
_ITSELF: Final = Visitor("", "", admin=True, identity="end of its days")
"""Whom the audit log names where nobody pressed a button."""


def check_days(days: int | None) -> None:
    """Raise ValueError for a number of days that nothing can be kept."""
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise StatedError(
            "data are kept for 1 to {most} days, not {days}", most=MOST_DAYS, days=days
        )


def check_place(path: Path) -> None:
    """Raise ValueError for a folder outside the workspace: nothing deletes that."""
    if not path.resolve().is_relative_to(home().resolve()):
        raise StatedError(
            "{folder} is not in the workspace, so nothing will delete it: choose a folder below "
            "{home}",
            folder=path,
            home=home(),
        )


def keep(path: Path, days: int | None, visitor: Visitor) -> float | None:
    """Keep a data set for so many days from now, and each run that holds a copy; None: no end.

    Returns when it will be deleted, in seconds since 1970-01-01. Raises ValueError, StoreError.
    """
    check_days(days)
    check_place(path)
    records.reconcile()
    until = None if days is None else time.time() + days * SECONDS_A_DAY
    folders = [folder_key(one) for one in (path, *copies_of(path))]
    with writing() as connection:
        query = update(table).where(table.c.folder.in_(folders))
        connection.execute(query.values(keep_until=until))
        note_in(connection, visitor, "keep", path, "no end" if days is None else f"{days} days")
    return until


def expire(now: float | None = None) -> int:
    """Delete what was kept long enough; trainings on it are cancelled. Returns how many there were.

    Raises StoreError, and OSError where something cannot be deleted, after all else that is due.
    """
    limit = time.time() if now is None else now
    due = select(table.c.folder).where(table.c.keep_until <= limit, table.c.gone.is_(None))
    with reading() as connection:
        folders = connection.execute(due).scalars().all()
    failed: list[OSError] = []
    for folder in folders:
        _cancel_trainings_on(folder)
        try:
            if (home() / folder).exists():
                records.delete(home() / folder, _ITSELF, "expire")
        except OSError as error:
            failed.append(error)
    if failed:
        raise failed[0]
    return len(folders)


def _cancel_trainings_on(folder: str) -> None:
    query = select(trainings.c.id, trainings.c.out).where(
        trainings.c.dataset.in_((folder, f"{folder}/dataset"))
    )
    with reading() as connection:
        found = connection.execute(query).all()
    for job, out in found:
        jobs.cancel(job, OPERATOR)
        clear_leftovers(home() / out, checkpoints=True)
