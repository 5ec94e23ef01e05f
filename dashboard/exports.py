"""Data behind a chart: CSV that a spreadsheet opens without running anything, or Parquet."""

from __future__ import annotations

import io

import pandas as pd

from recommender.data.spreadsheets import to_csv

__all__ = ["to_csv", "to_parquet"]


def to_parquet(table: pd.DataFrame) -> bytes:
    """Parquet, without the index; cells are as they are, since nothing runs them."""
    out = io.BytesIO()
    table.rename(columns=str).to_parquet(out, index=False)
    return out.getvalue()
