"""What is left after kills at random moments, power cuts, a full disk, lost rights and databases.

    python benchmarks/faults.py [--imports 40] [--trainings 20] [--feedback 40] [--seed 7]

After each kill the workspace is opened as a restarted server opens it. The exit code is 1 if
anything is not as it must be. Trainings are killed through the queue: the training itself, the
process that tends the queue, or both.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from breakage.kills import kill_feedback, kill_imports, kill_trainings
from breakage.places import database_gone, full_disk, read_only
from breakage.power import power_cuts
from breakage.row import Row
from machine import describe_machine
from rich.console import Console
from rich.table import Table

from recommender.workspace import places, store


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, n in (("imports", 40), ("trainings", 20), ("feedback", 40)):
        parser.add_argument(f"--{name}", type=int, default=n, help=f"kills; {n} by default")
    parser.add_argument("--seed", type=int, default=7)
    told = parser.parse_args()
    dice, started = random.Random(told.seed), time.monotonic()
    os.environ.pop(store.DATABASE, None)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = _killed(folder, told, dice) + _broken(folder)
    _show(rows, time.monotonic() - started)
    if any(row.wrong for row in rows):
        raise SystemExit(1)


def _killed(folder: Path, told: argparse.Namespace, dice: random.Random) -> list[Row]:
    home = folder / "home"
    (home / "datasets").mkdir(parents=True)
    os.environ[places.HOME] = str(home)
    os.environ[places.START_RUN] = str(folder / "none")
    # A training needs the data set that an import writes, so imports come first, one at least.
    kinds = (
        (kill_feedback, told.feedback),
        (kill_imports, max(told.imports, 1)),
        (kill_trainings, told.trainings),
    )
    rows = [_told(kill(n, home, dice)) for kill, n in kinds if n]
    store.close_store()
    return rows


def _told(row: Row) -> Row:
    """The whole takes long: each part is said as soon as it is known."""
    print(f"{row.fault}: {row.good} of {row.tries} good; {row.told} {row.wrong or ''}", flush=True)
    return row


def _broken(folder: Path) -> list[Row]:
    rows = []
    for breakage in (power_cuts, full_disk, read_only, database_gone):
        rows.append(_told(breakage(folder)))
        store.close_store()
    return rows


def _show(rows: list[Row], seconds: float) -> None:
    table = Table(title=f"Faults, {describe_machine()}, {seconds:.0f} s")
    for column in ("fault", "checks", "good", "what was said or counted"):
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(row.fault, str(row.tries), str(row.good), "\n".join([row.told, *row.wrong]))
    Console(width=150).print(table)


if __name__ == "__main__":
    main()
