"""What *strong* and *mixed* should mean: leads of reasons named at random, of users kept apart.

python benchmarks/calibration.py [RUN …]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from machine import describe_machine
from rich.console import Console
from rich.table import Table

from recommender.evaluate import calibrate
from recommender.explain.summary import MIXED, STRONG
from recommender.model.run import open_run


def main(paths: list[Path]) -> None:
    """Print the thresholds of each run, and how its explanations fare by those that are shipped."""
    console = Console()
    console.print(describe_machine())
    table = Table(title=f"thresholds; shipped are {STRONG} and {MIXED}")
    for column in (
        "run",
        "users",
        "strong from",
        "mixed from",
        "strong",
        "mixed",
        "weak",
        "chance",
    ):
        table.add_column(column, justify="left" if column == "run" else "right")
    for path in paths:
        found = calibrate(open_run(path))
        strong = float(np.mean(found.named >= STRONG))
        mixed = float(np.mean(found.named >= MIXED)) - strong
        shares = (strong, mixed, 1 - strong - mixed, np.mean(found.at_random >= STRONG))
        table.add_row(
            str(path),
            str(found.users),
            f"{found.strong:.2f}",
            f"{found.mixed:.2f}",
            *(f"{share:.0%}" for share in shares),
        )
    console.print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path, nargs="*", default=[Path("sample_data/run")])
    main(parser.parse_args().runs)
