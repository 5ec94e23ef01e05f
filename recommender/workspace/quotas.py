"""How much a visitor may keep and wait for. Operators and administrators have no limits."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, func, select

from recommender.confined import limit_of
from recommender.workspace.places import disk_use, place_of
from recommender.workspace.schema import jobs
from recommender.workspace.visitors import Visitor

SPACE, WAITING = "RECLENS_QUOTA_MB", "RECLENS_QUOTA_JOBS"
_SPACE: Final = 2_000
_WAITING: Final = 5


class QuotaError(ValueError):
    """A visitor wants more than they may have; the message says how much that is."""


def check_space(visitor: Visitor, more: int = 0) -> None:
    """Raise QuotaError if the visitor's folders and `more` bytes are above `RECLENS_QUOTA_MB`."""
    if visitor.admin:
        return
    limit, used = limit_of(SPACE, _SPACE), disk_use(place_of(visitor.key)) / 2**20
    if used + more / 2**20 > limit:
        raise QuotaError(
            f"your data sets and runs take {used:,.0f} MB and may take {limit:,} MB: delete some "
            "that are no longer needed, or ask the administrator for more"
        )


def check_queue(visitor: Visitor, connection: Connection) -> None:
    """Raise QuotaError if `RECLENS_QUOTA_JOBS` trainings of the visitor wait or run."""
    limit = limit_of(WAITING, _WAITING)
    todo = select(func.count()).where(
        jobs.c.owner == visitor.key, jobs.c.state.in_(("queued", "running"))
    )
    if not visitor.admin and connection.execute(todo).scalar_one() >= limit:
        raise QuotaError(
            f"{limit} of your trainings wait or run, and more may not: wait for one, or cancel it"
        )


def space_limit(visitor: Visitor) -> int | None:
    """Megabytes that the visitor may take; None for no limit."""
    return None if visitor.admin else limit_of(SPACE, _SPACE)
