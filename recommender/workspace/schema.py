"""The tables of the library's database. Each change of them is a migration."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Double,
    Index,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Text,
    select,
)

metadata = MetaData()

entries = Table(
    "entries",
    metadata,
    Column("folder", Text, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("created", Double, nullable=False),
    Column("gone", Double),
    Column("keep_until", Double),
)
"""One row a data set or run. `folder` as `places.folder_key`; `name` is empty until it is renamed;
`created`, `gone` and `keep_until` in seconds since 1970-01-01, `gone` set where the folder is not
there, `keep_until` where it is to be deleted then."""

people = Table(
    "people",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("seen", Double, nullable=False),
)
"""Who logged in: what administrators see instead of a key."""

jobs = Table(
    "jobs",
    metadata,
    Column("name", String(128), key="id", primary_key=True),
    Column("number", Integer, nullable=False, server_default="0"),
    Column("owner", String(64), nullable=False),
    Column("dataset", Text, nullable=False),
    Column("out", Text, nullable=False),
    Column("options", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("queued", Double, nullable=False),
    Column("started", Double),
    Column("ended", Double),
    Column("attempts", Integer, nullable=False),
    Column("message", Text, nullable=False),
    Index("jobs_by_state", "state", "queued"),
)
"""One row a training. Its progress and log are files in `jobs/ID`. `number` is its place in the
order in which trainings were asked for; it comes from no clock. The column of `id` is called as it
was in the first version: a process of that version may still work off the queue."""

turns = Table(
    "turns",
    metadata,
    Column("owner", String(64), primary_key=True),
    Column("served", Integer, nullable=False),
)
"""When each person's training was started last: a higher number is later. It outlives the rows of
`jobs`, so that nobody gets ahead by discarding what has ended."""

feedback = Table(
    "feedback",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("bytes", Integer, nullable=False, server_default="0"),
    Column("owner", String(64), nullable=False),
    Column("created", Double, nullable=False),
    Column("about", String(16), nullable=False),
    Column("thumb", Integer, nullable=False),
    Column("reason", String(16), nullable=False),
    Column("note", Text, nullable=False),
    Column("run", Text, nullable=False),
    Column("run_fingerprint", String(64), nullable=False),
    Column("dataset", Text, nullable=False),
    Column("dataset_fingerprint", String(64), nullable=False),
    Column("user_id", Text, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("seen", JSON, nullable=False),
    Index("feedback_by_owner", "owner", "bytes"),
    Index("feedback_by_sequence", "sequence", unique=True),
)
"""One row an opinion, never changed: a newer one about the same thing stands in for it. Newer is
what has the higher `sequence`; `created` is what a clock said. `bytes` is what the row takes,
`state` the address of the page, `seen` what stood there: top-k, rank, score, strongest events by
lens."""

audit = Table(
    "audit",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("created", Double, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(16), nullable=False),
    Column("object", Text, nullable=False),
    Column("name", Text, nullable=False),
)
"""One row a deed, and the database refuses to change or delete one. `created` is what the clock of
the machine said, in seconds since 1970-01-01; `sequence` is the order in which they came. `object`
is what it was done to, by id or folder, `name` what that was called; neither names a customer."""


def rows_of(table: Table) -> Select[Any]:
    """All rows, whose values go by the names that the columns have here."""
    return select(*(column.label(column.key) for column in table.columns))
