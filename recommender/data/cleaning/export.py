"""What the doctor gives back: the cleaned tables as files, and what was found in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import Literal

import pandas as pd

from recommender.data.cleaning.tables import Tables
from recommender.data.columns import IMAGE, TIME
from recommender.data.problems import Problem
from recommender.data.spreadsheets import to_csv


def cleaned_files(tables: Tables, form: Literal["csv", "parquet"]) -> bytes:
    """A zip of interactions, items and users, which reads back as the same tables.

    In CSV a cell that a spreadsheet would take for a formula begins with an apostrophe, which
    reading takes away again.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name, table in _tables(tables).items():
            with archive.open(f"{name}.{form}", "w", force_zip64=True) as file:
                file.write(to_csv(table) if form == "csv" else _parquet(table))
    return out.getvalue()


def _tables(tables: Tables) -> dict[str, pd.DataFrame]:
    events = tables.interactions
    if tables.has_time:
        moments = events[TIME].to_numpy().astype("datetime64[s]")
        events = events.assign(**{TIME: pd.Series(moments, index=events.index).astype("str")})
    else:
        events = events.drop(columns=TIME)
    items = tables.items
    if IMAGE in items:  # pictures taken into the table are too long for a cell
        inlined = items[IMAGE].str.startswith("data:")
        items = items.assign(**{IMAGE: items[IMAGE].where(~inlined, "")})
    return {"interactions": events, "items": items, "users": tables.users}


def _parquet(table: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    table.to_parquet(out, index=False)
    return out.getvalue()


def problem_table(problems: Iterable[Problem]) -> pd.DataFrame:
    """One row a problem: state, file, column, lines, how many rows, what, remedy, fix."""
    rows = [
        {
            "state": problem.severity,
            "file": problem.file,
            "column": problem.column or "",
            "lines": " ".join(map(str, problem.rows)),
            "count": problem.count,
            "what": problem.message,
            "remedy": problem.remedy,
            "fix": problem.fix or "",
        }
        for problem in problems
    ]
    columns = ["state", "file", "column", "lines", "count", "what", "remedy", "fix"]
    return pd.DataFrame(rows, columns=columns)
