"""What a database's driver hands over as text, as exact as it came."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa


def cells_of(values: Sequence[Any]) -> pa.Array | None:
    """A column as text, blank where there is nothing; None where it holds bytes."""
    kinds = set(map(type, values)) - {type(None)}
    if kinds <= {str}:
        return pa.array(values, pa.large_string()).fill_null("")
    if kinds == {int}:
        try:
            return pa.array(values, pa.int64()).cast(pa.large_string()).fill_null("")
        except (OverflowError, pa.ArrowInvalid):  # wider than any machine's numbers
            return pa.array(["" if one is None else str(one) for one in values], pa.large_string())
    try:
        return pa.array([as_text(value) for value in values], pa.large_string())
    except TypeError:
        return None


def as_text(value: Any) -> str:
    """A cell as it would stand in a file: no digit and no zone is lost.

    Raises TypeError for bytes, which are no text.
    """
    if value is None or value != value:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        raise TypeError("bytes are no text")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "|".join(map(as_text, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
