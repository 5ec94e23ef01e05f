"""How the reader stands up to a corpus of broken and hostile files.

    python benchmarks/hostile.py [--seed N] [--list]

Every file has a verdict that was written before the reader saw it: accepted with known counts, or
refused with a message of a kind. Aim: not one traceback, not one wrong success.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

from machine import describe_machine
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))


def main() -> None:
    """Print the table; exit code 1 where the aim is missed."""
    from tests.hostile.generator import corpus
    from tests.hostile.verdicts import judge

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--list", action="store_true", help="name each file that went wrong")
    asked = parser.parse_args()
    console = Console(highlight=False)
    console.print(describe_machine())
    cases = corpus(asked.seed)
    started = time.perf_counter()
    judged = [judge(case) for case in cases]
    seconds = time.perf_counter() - started
    outcomes = ("as expected", "traceback", "wrong success", "wrong refusal", "wrong message")
    table = Table(title=f"{len(cases)} files of seed {asked.seed}, read in {seconds:.0f} s")
    table.add_column("family")
    for name in ("files", *outcomes):
        table.add_column(name, justify="right")
    families = sorted({case.family for case in cases})
    for family in (*families, "all"):
        members = [one for one in judged if family in (one.case.family, "all")]
        counts = Counter(one.outcome for one in members)
        table.add_row(family, str(len(members)), *(str(counts[name]) for name in outcomes))
    console.print(table)
    for one in judged:
        if asked.list and one.outcome != "as expected":
            console.print(f"{one.outcome}: {one.case.name}: {one.told}", markup=False)
    total = Counter(one.outcome for one in judged)
    sys.exit(1 if total["traceback"] or total["wrong success"] else 0)


if __name__ == "__main__":
    main()
