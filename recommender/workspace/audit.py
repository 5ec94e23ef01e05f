"""Who deleted, exported, erased, trained and shared what, and when.

A table of the library rather than a file: a row is written in the transaction of the deed where it
has one, several servers share it, and a backup of the library has it. No row names a customer.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy import Connection, select

from recommender.said import Said
from recommender.workspace.places import folder_key
from recommender.workspace.schema import audit as table
from recommender.workspace.store import next_number, reading, writing
from recommender.workspace.visitors import Visitor

Action = Literal[
    "import", "train", "score", "export", "share", "delete", "expire", "keep", "erase", "backup",
    "restore", "admin",
]  # fmt: skip
"""`expire` is a deletion because a data set was kept long enough, `keep` says until when it will
be, `admin` what administrators alone may do."""
COLUMNS: Final = ("sequence", "time", "actor", "action", "object", "name")
_LONGEST: Final = 300
"""Letters that are kept of what somebody wrote."""


def note(visitor: Visitor, action: Action, thing: str | Path, name: str = "") -> None:
    """Write down what was done to what: a folder, or an id. Raises StoreError."""
    with writing() as connection:
        note_in(connection, visitor, action, thing, name)


def note_in(
    connection: Connection, visitor: Visitor, action: Action, thing: str | Path, name: str = ""
) -> None:
    """The same within a transaction of `writing`: the deed and its row are there, or neither."""
    folder = thing if isinstance(thing, Path) else None
    connection.execute(
        table.insert().values(
            sequence=next_number(table.c.sequence, connection),
            created=time.time(),
            actor=(visitor.identity or visitor.key)[:_LONGEST],
            action=action,
            object=(folder_key(folder) if folder else str(thing))[:_LONGEST],
            name=(name or (folder.name if folder else ""))[:_LONGEST],
        )
    )


def deeds(visitor: Visitor) -> list[dict[str, Any]]:
    """All that was done, the newest first; `time` is in UTC.

    Raises StoreError, and PermissionError for anybody but an administrator.
    """
    if not visitor.admin:
        raise PermissionError(Said("only an administrator reads the audit log"))
    with reading() as connection:
        rows = connection.execute(select(table).order_by(table.c.sequence.desc())).mappings().all()
    return [{name: row.get(name, _when(row["created"])) for name in COLUMNS} for row in rows]


def _when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
