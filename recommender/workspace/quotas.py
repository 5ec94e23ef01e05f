"""How much a visitor may keep and wait for. Operators and administrators have no limits.

Whatever is kept in somebody's name counts, wherever it stands: a limit on some of it is none.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, func, select

from recommender.confined import limit_of
from recommender.said import StatedError
from recommender.workspace.places import disk_use, job_folder, place_of
from recommender.workspace.schema import feedback, jobs
from recommender.workspace.store import reading
from recommender.workspace.visitors import Visitor

SPACE, WAITING = "RECLENS_QUOTA_MB", "RECLENS_QUOTA_JOBS"
_SPACE: Final = 2_000
_WAITING: Final = 5
_JOB_BYTES: Final = 4_096
"""What a training takes beside its log: a row and a folder."""


class QuotaError(StatedError):
    """A visitor wants more than they may have; the message says how much that is."""


def check_space(visitor: Visitor, more: int = 0) -> None:
    """Raise QuotaError if what the visitor keeps and `more` bytes are above `RECLENS_QUOTA_MB`.

    Raises StoreError where the database does not tell what there is.
    """
    if visitor.admin:
        return
    limit, used = limit_of(SPACE, _SPACE), space_used(visitor) / 2**20
    if used + more / 2**20 > limit:
        raise QuotaError(
            "your data sets and runs take {used} MB with their logs and your feedback, and may "
            "take {limit} MB: delete some that are no longer needed, or ask the administrator for "
            "more",
            used=round(used),
            limit=limit,
        )


def space_used(visitor: Visitor) -> int:
    """Bytes of all that is kept for a visitor: data sets, runs, trainings and their logs, opinions.

    Raises StoreError.
    """
    said = select(func.sum(feedback.c.bytes)).where(feedback.c.owner == visitor.key)
    trained = select(jobs.c.id).where(jobs.c.owner == visitor.key)
    with reading() as connection:
        opinions = int(connection.execute(said).scalar() or 0)
        ids = connection.execute(trained).scalars().all()
    logs = sum(disk_use(job_folder(job)) + _JOB_BYTES for job in ids)
    return disk_use(place_of(visitor.key)) + logs + opinions


def check_queue(visitor: Visitor, connection: Connection) -> None:
    """Raise QuotaError if `RECLENS_QUOTA_JOBS` trainings of the visitor wait or run."""
    limit = limit_of(WAITING, _WAITING)
    todo = select(func.count()).where(
        jobs.c.owner == visitor.key, jobs.c.state.in_(("queued", "running"))
    )
    if not visitor.admin and connection.execute(todo).scalar_one() >= limit:
        raise QuotaError(
            "{n} of your trainings wait or run, and more may not: wait for one, or cancel it",
            n=limit,
        )


def space_limit(visitor: Visitor) -> int | None:
    """Megabytes that the visitor may take; None for no limit."""
    return None if visitor.admin else limit_of(SPACE, _SPACE)
