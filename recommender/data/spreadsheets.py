"""Tables as CSV that a spreadsheet opens without running anything."""

from __future__ import annotations

from typing import Final

import pandas as pd

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def _escaped(cell: object) -> object:
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return "'" + cell
    return cell


def to_csv(table: pd.DataFrame) -> bytes:
    """UTF-8 with a byte order mark, without the index; text that looks like a formula is quoted."""
    safe = table.rename(columns=_escaped)
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = safe[column].map(_escaped)
    text: str = safe.to_csv(index=False)
    return text.encode("utf-8-sig")


def unescaped(cell: str) -> str:
    """A cell as it was before `to_csv` wrote it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell
