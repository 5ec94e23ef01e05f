"""How long people wait for the dashboard, what it sends, and how many it bears.

    python benchmarks/dashboard.py [--run RUN] [--only clicks first weights heatmap search]
    python benchmarks/dashboard.py --load [--clients 18] [--browsers 2] [--seconds 120]

The server starts as `make app` starts it when all is installed; the browser is Chromium without a
window. Clicks are held against a bare Streamlit page that draws as many charts of constant data
(`bare_page.py`), measured in the same run. With `--load` many visitors come at once, most of them
clients that speak the app's protocol; then more and more, until the server falls behind. Figures
depend on what else the machine does: the load stands below the table.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from machine import describe_machine, processor_ticks, taken_since
from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.table import Table
from visits.clicks import interactions
from visits.first import first_contents, weights
from visits.large import EVENTS, ITEMS, USERS, heatmaps, searches
from visits.load import Seen, loaded, most_common
from visits.serving import ROOT, launch, new_page

N_STARTS = 5
STEPS = (10, 20, 30, 40, 60)
"""Clients at once, to see where it saturates."""
STEP_SECONDS = 30
NAMES = {
    "click": ("click on a recommendation to drawn explanation", 0.6),
    "next": ("next customer to drawn list and explanation", 0.8),
    "edit": ("edit of a history to the new list", 0.5),
}
"""What each is and its aim in seconds at the median."""
RATIO, RATIO_95 = 1.3, 1.6


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title)
    table.add_column("what")
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _row(values: list[float]) -> tuple[str, str, str]:
    """How many, median and 95th percentile."""
    return str(len(values)), f"{np.median(values):.2f}", f"{np.percentile(values, 95):.2f}"


def clicks(browser: Browser, run: Path) -> Table:
    """What is done again and again, beside the bare page."""
    table = _table(
        f"Clicks; aims: ratio {RATIO} at the median, {RATIO_95} at p95",
        "times", "median s", "p95 s", "aim s",
    )  # fmt: skip
    for name, times in interactions(new_page(browser), run).items():
        said, aim = NAMES[name]
        table.add_row(said, *_row(times.ours), f"{aim:.1f}")
        table.add_row("  until all that is tried on the model stands", *_row(times.done), "")
        table.add_row("  the same on a bare page", *_row(times.bare), "")
        ratios = [np.percentile(times.ours, q) / np.percentile(times.bare, q) for q in (50, 95)]
        table.add_row("  ratio", "", *(f"{ratio:.2f}" for ratio in ratios), "", end_section=True)
    return table


def first(browser: Browser, run: Path) -> Table:
    """First content."""
    table = _table("First title and chart", "times", "median s", "p95 s", "aim s")
    starts, seconds = first_contents(browser, run, N_STARTS)
    table.add_row("from the start of the server", *_row(starts), "6.0")
    table.add_row("a second visitor, nothing cached", *_row(seconds), "2.5")
    return table


def weighed(browser: Browser, run: Path) -> Table:
    """Payload of each page."""
    table = _table("What a page sends to a new visitor", "files kB", "data kB", "asked outside")
    for one in weights(browser, run):
        outside = ", ".join(one.outside) or "nothing"
        table.add_row(one.page, f"{one.files:,.0f}", f"{one.drawn:,.0f}", outside)
    return table


def heatmap(browser: Browser, run: Path) -> Table:
    """A large heatmap."""
    table = _table("Attention", "times", "median s", "p95 s", "aim s")
    table.add_row(f"another head, heatmap of {EVENTS} events", *_row(heatmaps(browser)), "3.0")
    return table


def search(browser: Browser, run: Path) -> Table:
    """Finding one among many."""
    table = _table(
        f"Search among {USERS:,} users and {ITEMS:,} items; aim: 0.7 s over the bare round trip",
        "times", "median s", "p95 s",
    )  # fmt: skip
    for name, (ours, bare) in searches(browser).items():
        table.add_row(f"typed to found, {name}", *_row(ours))
        table.add_row("  the same field on a bare page", *_row(bare))
        over = np.median(ours) - np.median(bare)
        table.add_row("  over the bare round trip", "", f"{over:.2f}", "", end_section=True)
    return table


PARTS: dict[str, Callable[[Browser, Path], Table]] = {
    "clicks": clicks,
    "first": first,
    "weights": weighed,
    "heatmap": heatmap,
    "search": search,
}


def load(asked: argparse.Namespace) -> list[Table]:
    """Many visitors at once."""
    seen, more, before = loaded(
        asked.run, asked.clients, asked.browsers, asked.seconds, STEPS, STEP_SECONDS
    )
    table = _table(
        f"{asked.clients} clients and {asked.browsers} browsers, {asked.seconds:.0f} s; aims: no "
        "error, p95 under 4 s, memory growth under 300 MB",
        "times", "median s", "p95 s",
    )  # fmt: skip
    table.add_row("a client's click", *_row([took for *_, took in seen.clicks]))
    for deed in dict.fromkeys(deed for _, deed, _ in seen.clicks):
        table.add_row(f"  {deed}", *_row([took for _, one, took in seen.clicks if one == deed]))
    if seen.browsers:
        table.add_row("a click in a browser", *_row(seen.browsers))
    table.add_row("errors", str(len(seen.errors)), "", "")
    for error, n in most_common(seen.errors):
        table.add_row(f"  {error}", str(n), "", "")
    return [table, _memory(seen, before), _saturation(more)]


def _memory(seen: Seen, before: float) -> Table:
    table = _table("Memory of the server", "MB", "more than at the start")
    table.add_row("one visitor has been there", f"{before:,.0f}", "")
    start = seen.memory[0][0]
    for share in (0.25, 0.5, 0.75, 1.0):
        at = seen.memory[min(round(share * len(seen.memory)), len(seen.memory) - 1)]
        table.add_row(f"after {at[0] - start:.0f} s", f"{at[1]:,.0f}", f"{at[1] - before:+,.0f}")
    return table


def _saturation(more: dict[int, Seen]) -> Table:
    table = _table("More and more clients", "clicks a second", "median s", "p95 s", "errors")
    for n, seen in more.items():
        took = [seconds for *_, seconds in seen.clicks]
        rate = f"{len(took) / STEP_SECONDS:.1f}"
        table.add_row(f"{n} clients", rate, *_row(took)[1:], str(len(seen.errors)))
    return table


def main() -> None:
    """Print the tables with the machine's description."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, default=ROOT / "sample_data" / "run")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--load", action="store_true")
    parser.add_argument("--clients", type=int, default=18)
    parser.add_argument("--browsers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=120)
    asked, console = parser.parse_args(), Console(width=120)
    before = processor_ticks()
    console.print(describe_machine())
    if asked.load:
        for table in load(asked):
            console.print(table)
        console.print(taken_since(before))
    else:
        with sync_playwright() as playwright:
            browser = launch(playwright)
            console.print(f"Chromium {browser.version}")
            for name in asked.only:
                console.print(PARTS[name](browser, asked.run))
                console.print(taken_since(before))
                before = processor_ticks()
            browser.close()
    said = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    console.print(f"load averages while measuring: {said}")


if __name__ == "__main__":
    main()
