"""How often each lens names the planted cause of a held-out purchase.

python benchmarks/causes.py RUN CAUSES.csv
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from machine import describe_machine
from rich.console import Console
from rich.progress import track
from rich.table import Table

from recommender.evaluate import planted_causes
from recommender.model.run import open_run


def main(run: str = "sample_data/run", causes: str = "sample_data/causes.csv") -> None:
    """Print the hit rates with the machine's description."""
    console = Console()
    console.print(describe_machine())
    planted = pd.read_csv(causes, dtype=str)
    table = planted_causes(open_run(Path(run)), planted, lambda cases: track(cases, "Explaining"))
    cases = int(table["cases"].iloc[0])
    shown = Table(title=f"{run}: planted causes named, % of {cases} caused purchases")
    shown.add_column("ranked by")
    rates = table.drop(columns="cases")
    for column in rates.columns:
        shown.add_column(column, justify="right")
    for name, row in rates.iterrows():
        shown.add_row(str(name), *(f"{value:.1f}" for value in row))
    console.print(shown)


if __name__ == "__main__":
    main(*sys.argv[1:3])
