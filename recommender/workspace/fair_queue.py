"""Whose training is next: one of each person in turn, each person's own as they were asked for."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Connection, RowMapping, delete, insert, select

from recommender.workspace.schema import jobs, rows_of, turns
from recommender.workspace.store import next_number


def in_turn(connection: Connection) -> list[RowMapping]:
    """The trainings that wait, in the order in which they will start.

    In each round every person who has one left has one started, first who has waited longest since
    the last, and of those who never had any who asked first.
    """
    query = rows_of(jobs).where(jobs.c.state == "queued").order_by(jobs.c.number)
    waiting = list(connection.execute(query).mappings())
    served = {row.owner: row.served for row in connection.execute(select(turns))}
    round_of, seen = {}, Counter[str]()
    for row in waiting:
        round_of[row["id"]] = seen[row["owner"]]
        seen[row["owner"]] += 1
    # A person's first training comes first in `waiting`, so the dictionary has them in that order.
    places = {owner: place for place, owner in enumerate(seen)}
    return sorted(
        waiting,
        key=lambda row: (round_of[row["id"]], served.get(row["owner"], 0), places[row["owner"]]),
    )


def note_turn(owner: str, connection: Connection) -> None:
    """Remember that a training of this person is started now, within a transaction of `writing`."""
    number = next_number(turns.c.served, connection)
    connection.execute(delete(turns).where(turns.c.owner == owner))
    connection.execute(insert(turns).values(owner=owner, served=number))
