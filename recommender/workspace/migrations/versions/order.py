"""Trainings by ids, whose turn it is, and opinions in an order that no clock decides.

The name of a training of before stays its id: its folder is called so, and it may be running.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_TEXTS = ("note", "run", "dataset", "user_id", "item_id", "state", "seen")
_ROW_BYTES = 500
"""What a row takes beside its texts."""


def upgrade() -> None:
    """Change jobs and feedback, and make the table of turns."""
    _jobs()
    _turns()
    _feedback()


def _jobs() -> None:
    op.add_column("jobs", sa.Column("number", sa.Integer, nullable=False, server_default="0"))
    _number("jobs", "name", "number", "queued, name")


def _turns() -> None:
    op.create_table(
        "turns",
        sa.Column("owner", sa.String(64), primary_key=True),
        sa.Column("served", sa.Integer, nullable=False),
    )
    query = "SELECT owner FROM jobs WHERE started IS NOT NULL GROUP BY owner ORDER BY MAX(started)"
    owners = op.get_bind().execute(sa.text(query)).scalars().all()
    _many(
        "INSERT INTO turns (owner, served) VALUES (:owner, :n)",
        [{"owner": owner, "n": n} for n, owner in enumerate(owners, 1)],
    )


def _feedback() -> None:
    for name in ("sequence", "bytes"):
        column = sa.Column(name, sa.Integer, nullable=False, server_default="0")
        op.add_column("feedback", column)
    sqlite = op.get_bind().dialect.name == "sqlite"
    # SQLite numbers rows as they come, so that it knows the order even where the clock was wrong.
    _number("feedback", "id", "sequence", "rowid" if sqlite else "created, id")
    size = "LENGTH(CAST({} AS BLOB))" if sqlite else "OCTET_LENGTH(CAST({} AS TEXT))"
    total = " + ".join(size.format(name) for name in _TEXTS)
    op.execute(f"UPDATE feedback SET bytes = {_ROW_BYTES} + {total}")
    op.create_index("feedback_by_sequence", "feedback", ["sequence"], unique=True)
    op.drop_index("feedback_by_owner", "feedback")
    op.create_index("feedback_by_owner", "feedback", ["owner", "bytes"])


def _number(table: str, key: str, column: str, order: str) -> None:
    """Number the rows from 1 in this order."""
    found = op.get_bind().execute(sa.text(f"SELECT {key} FROM {table} ORDER BY {order}")).scalars()
    _many(
        f"UPDATE {table} SET {column} = :n WHERE {key} = :id",
        [{"id": one, "n": n} for n, one in enumerate(found.all(), 1)],
    )


def _many(statement: str, rows: list[dict[str, object]]) -> None:
    if rows:
        op.get_bind().execute(sa.text(statement), rows)
