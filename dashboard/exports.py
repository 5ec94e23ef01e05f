"""Data behind a chart: CSV that a spreadsheet opens without running anything, or Parquet."""

from __future__ import annotations

import io

import pandas as pd

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def _escaped(cell: object) -> object:
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
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


def to_parquet(table: pd.DataFrame) -> bytes:
    """Parquet, without the index; cells are as they are, since nothing runs them."""
    out = io.BytesIO()
    table.rename(columns=str).to_parquet(out, index=False)
    return out.getvalue()
