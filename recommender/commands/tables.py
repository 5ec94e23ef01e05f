"""A table as a file that appears whole or not at all: CSV or Parquet, by its ending."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from recommender.atomic import new_file

if TYPE_CHECKING:
    import pandas as pd


def check_ending(out: Path) -> None:
    """Refuse a file that is neither CSV nor Parquet."""
    if out.suffix not in (".csv", ".parquet"):
        raise typer.BadParameter("--out must end in .csv or .parquet")


def write_table(table: pd.DataFrame, out: Path) -> None:
    """Write the table; formulas are defused in CSV."""
    from recommender.data.spreadsheets import to_csv

    with new_file(out) as new:
        if out.suffix == ".csv":
            new.write_bytes(to_csv(table))
        else:
            table.to_parquet(new, index=False)
