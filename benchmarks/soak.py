"""Continuous mixed use by several visitors: browse, edit, give feedback, upload, train.

    python benchmarks/soak.py [--minutes 10] [--visitors 10]

Each visitor is a browser context of its own; they take turns, so that one process drives them all.
Counted: steps, pages that said that something could not be drawn, errors in browsers, tracebacks in
the server's log, and the server's memory over time. The exit code is 1 on any error.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from machine import describe_machine
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as BrowserError
from rich.console import Console
from rich.table import Table

from recommender.data import save_dataset
from recommender.workspace.places import HOME, START_RUN
from tests.browser.conftest import PROBE, _wait
from tests.conftest import FLAGS
from tests.dashboard.shop import dataset, interactions
from tests.install import found
from tests.servers.conftest import free_port

ROOT = Path(__file__).parents[1]
PAGES = ("", "recommendations", "whatif", "item", "attention", "features", "compare")
BROKEN = ("This part could not be drawn", "The library does not answer")
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
TRAIN = "Train on tiny"


@dataclass
class Count:
    """What happened."""

    steps: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    """Seconds since the start, and megabytes of the server."""


class Visitor:
    """One browser context that does one random thing at a time."""

    def __init__(self, browser: Browser, url: str, count: Count, dice: random.Random) -> None:
        self.page: Page = browser.new_context().new_page()
        self.page.set_default_timeout(60_000)
        self.url, self.count, self.dice = url, count, dice
        self.page.on("pageerror", lambda error: count.errors.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, said: object) -> None:
        if said.type == "error" and not PROBE.search(said.location["url"]):  # type: ignore[attr-defined]
            self.count.errors.append(said.text)  # type: ignore[attr-defined]

    def step(self) -> None:
        """Do one thing and see that the page is whole."""
        what = self.dice.choices(("browse", "edit", "say", "upload", "train"), (50, 20, 20, 8, 2))[
            0
        ]
        try:
            getattr(self, what)()
            self._settle()
            text = self.page.locator("[data-testid=stMain]").inner_text()
        except BrowserError as error:
            self.count.errors.append(f"{what}: {str(error).splitlines()[0]}")
            return
        self.count.steps[what] += 1
        self.count.errors += [f"{what}: {broken}" for broken in BROKEN if broken in text]

    def browse(self) -> None:
        """Open a page, of a customer by chance."""
        user = f"U{self.dice.randint(1, 400):04d}"
        self.page.goto(f"{self.url}/{self.dice.choice(PAGES)}?user={user}")

    def edit(self) -> None:
        """Leave events out of a history."""
        drop = "".join(f"&edit=drop~{n}" for n in range(self.dice.randint(1, 3)))
        self.page.goto(f"{self.url}/whatif?user=U{self.dice.randint(1, 400):04d}{drop}")

    def say(self) -> None:
        """Click a thumb."""
        self.page.goto(f"{self.url}/recommendations?user=U{self.dice.randint(1, 400):04d}")
        self._settle()
        self.page.locator("[class*=st-key-thumb_recommendation] button").first.click()

    def upload(self) -> None:
        """Send a file and let it be examined."""
        self.page.goto(f"{self.url}/data?way=upload")
        self._settle()
        self.page.locator("input[type=file]").first.set_input_files(
            {"name": "events.csv", "mimeType": "text/csv", "buffer": interactions().encode()}
        )

    def train(self) -> None:
        """Put a training into the queue."""
        self.page.goto(f"{self.url}/data?entry=tiny")
        self._settle()
        self.page.get_by_role("button", name=TRAIN).click()

    def _settle(self) -> None:
        self.page.wait_for_timeout(200)
        self.page.wait_for_selector(IDLE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--visitors", type=int, default=10)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        count, log = _use(Path(name), told.minutes * 60, told.visitors)
    count.errors += tracebacks(log)
    _show(count, told)
    if count.errors:
        raise SystemExit(1)


def tracebacks(log: str) -> list[str]:
    """The last place and the message of each traceback in the server's log."""
    found, place = [], ""
    inside = False
    for line in log.splitlines():
        if line.startswith("Traceback"):
            inside = True
        elif inside and line.startswith("  File"):
            place = line.strip()
        elif inside and line and not line.startswith(" "):
            found.append(f"{place}: {line}")
            inside = False
    return found


def _use(folder: Path, seconds: float, n_visitors: int) -> tuple[Count, str]:
    save_dataset(dataset(), folder / "home" / "datasets" / "tiny")
    port, count = free_port(), Count()
    settings = {HOME: str(folder / "home"), START_RUN: str(ROOT / "sample_data" / "run")}
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "--server.port", str(port)],
            cwd=ROOT, env=os.environ | settings, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=found("chromium"), args=FLAGS)
            dice = random.Random(7)
            url = f"http://127.0.0.1:{port}"
            visitors = [Visitor(browser, url, count, dice) for _ in range(n_visitors)]
            started = time.monotonic()
            while (now := time.monotonic() - started) < seconds:
                count.memory.append((now, _megabytes(server.pid)))
                dice.choice(visitors).step()
            browser.close()
    finally:
        server.terminate()
        server.wait(30)
    return count, (folder / "log").read_text(errors="replace")


def _megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def _show(count: Count, told: argparse.Namespace) -> None:
    table = Table(title=f"{told.visitors} visitors, {told.minutes:g} minutes, {describe_machine()}")
    table.add_column("what")
    table.add_column("figure", justify="right")
    for what, n in count.steps.most_common():
        table.add_row(what, f"{n:,}")
    table.add_row("errors", f"{len(count.errors):,}")
    seconds, used = np.array(count.memory).T
    for share in (0.1, 0.25, 0.5, 0.75, 1.0):
        at = int(np.searchsorted(seconds, share * seconds[-1], side="right")) - 1
        table.add_row(f"memory after {seconds[at] / 60:.1f} min", f"{used[at]:,.0f} MB")
    late = seconds > seconds[-1] / 2
    slope = np.polyfit(seconds[late] / 60, used[late], 1)[0] if late.sum() > 2 else float("nan")
    table.add_row("growth in the second half", f"{slope:+.1f} MB/min")
    Console(width=110).print(table)
    for error, n in Counter(count.errors).most_common(10):
        Console(width=110).print(f"{n} × {error}", markup=False)


if __name__ == "__main__":
    main()
