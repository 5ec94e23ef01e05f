"""How often each method names the planted cause of a held-out purchase.

python benchmarks/causes.py RUN CAUSES.csv
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

import pandas as pd
from machine import describe_machine
from rich.console import Console
from rich.progress import track
from rich.table import Table

from recommender.evaluate import planted_causes
from recommender.explain import Method
from recommender.model.run import open_run

QUICK: Final[tuple[Method, ...]] = ("influence", "contribution", "attention", "recency", "random")
"""The lenses and what they must beat; the `trust` command asks every method."""


def main(run: Path, causes: Path) -> None:
    """Print the hit rates with the machine's description."""
    console = Console()
    console.print(describe_machine())
    opened, planted = open_run(run), pd.read_csv(causes, dtype=str)
    for top in (None, 10):
        rates = planted_causes(
            opened, planted, top, lambda cases: track(cases, "Explaining"), QUICK
        )
        console.print(_table(run, rates, "" if top is None else f" ranked in the first {top}"))


def _table(run: Path, rates: pd.DataFrame, which: str) -> Table:
    cases = int(rates["cases"].iloc[0])
    shown = Table(title=f"{run}: planted causes named, % of {cases} caused purchases{which}")
    shown.add_column("ranked by")
    shares = rates.drop(columns="cases")
    for column in shares.columns:
        shown.add_column(column, justify="right")
    for name, row in shares.iterrows():
        shown.add_row(str(name), *(f"{100 * value:.1f}" for value in row))
    return shown


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, nargs="?", default=Path("sample_data/run"))
    parser.add_argument("causes", type=Path, nargs="?", default=Path("sample_data/causes.csv"))
    asked = parser.parse_args()
    main(asked.run, asked.causes)
