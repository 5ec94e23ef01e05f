"""How long people wait for the dashboard: for its first page, and for an explanation they click.

    python benchmarks/dashboard.py [--run RUN]

The server starts as `make app` starts it when all is installed. Waiting ends when the page's
charts stand and the server is idle. Clicks go from row to row of the recommendations, of one
customer after another; waiting ends when the explanation of the chosen product is drawn: its name,
its lenses and its shares. What is then tried on the model follows, and is timed too. The same
clicks on a bare Streamlit page with as many charts of constant data (`bare_page.py`) say how much
of that is ours. Figures depend on what else the machine does: the load stands in the table.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from machine import describe_machine
from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
N_STARTS = 3
CUSTOMERS = 4
ROWS = (1, 3, 5, 2, 4)
"""Rows that are clicked, for each customer; with four customers, 20 clicks are timed."""
HEADER, ROW = 35, 62
"""Heights in the table of recommendations, in pixels."""
AIM_START, AIM_CLICK = 6.0, 1.0
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
WAIT_MS = 120_000
PICTURE = """() => {
    const pictures = ['lenses', 'shares'].map(name => {
        const chart = document.querySelector('.st-key-chart_' + name);
        const drawn = chart && chart.querySelector('canvas, svg.marks, svg.main-svg');
        return drawn && (drawn.toDataURL ? drawn.toDataURL() : drawn.outerHTML);
    });
    return pictures.every(Boolean) ? pictures : null;
}"""
DRAWN = """([title, before]) => {
    const heading = document.querySelector('.st-key-explanation h3');
    if (!heading || heading.innerText === title) return false;
    const now = (%s)();
    return now && now.every((picture, i) => picture !== before[i]);
}""".replace("%s", PICTURE)
"""Another product's name, and other pictures of its lenses and of its shares."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def server(run: Path, port: int, script: str = "dashboard/app.py") -> Iterator[None]:
    """The dashboard on this port, as the Makefile starts it; ended afterwards."""
    command = [sys.executable, "-m", "streamlit", "run", script]
    with tempfile.TemporaryDirectory() as folder:
        settings = {"RECLENS_RUN": str(run.resolve()), "RECLENS_HOME": folder}
        process = subprocess.Popen(
            [*command, "--server.port", str(port)],
            cwd=ROOT,
            env=os.environ | settings,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield
        finally:
            # What it measures in the background need not come to its end.
            process.kill()
            process.wait(20)


def open_when_up(page: Page, url: str) -> None:
    """Ask again and again, as an impatient visitor does."""
    end = time.monotonic() + WAIT_MS / 1000
    while True:
        try:
            page.goto(url)
        except Exception:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return


def start_to_content(page: Page, run: Path) -> float:
    """Seconds from starting the server to its first page with all its charts."""
    port, started = free_port(), time.perf_counter()
    with server(run, port):
        open_when_up(page, f"http://127.0.0.1:{port}")
        charts = "[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg"
        page.wait_for_selector(f"{charts}, .js-plotly-plot", timeout=WAIT_MS)
        page.wait_for_selector(IDLE, timeout=WAIT_MS)
        return time.perf_counter() - started


def settle(page: Page) -> None:
    """Wait until the script has run and the browser has drawn."""
    page.wait_for_timeout(200)
    page.wait_for_selector(IDLE, timeout=WAIT_MS)
    page.wait_for_timeout(500)


def click_to_explanation(page: Page, row: int) -> tuple[float, float]:
    """Seconds from a click on a row to the drawn explanation, and until all else has come too."""
    table = page.locator(".st-key-ranking [data-testid=stDataFrame]")
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box is not None
    before = page.locator(".st-key-explanation h3").first.inner_text()
    picture = page.evaluate(PICTURE)
    assert picture, "the charts of the explanation are not there"
    started = time.perf_counter()
    page.mouse.click(box["x"] + 130, box["y"] + HEADER + ROW * row + ROW / 2)
    page.wait_for_function(DRAWN, arg=[before, picture], polling="raf", timeout=WAIT_MS)
    # Two frames later the browser has painted it.
    page.evaluate("() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")
    drawn = time.perf_counter() - started
    page.wait_for_selector(IDLE, timeout=WAIT_MS)
    return drawn, time.perf_counter() - started


def clicks(page: Page, run: Path, users: list[str]) -> list[tuple[float, float]]:
    """Seconds of every click, drawn and done; pages are open and warm, each explanation is new."""
    port = free_port()
    seconds: list[tuple[float, float]] = []
    with server(run, port):
        for user in (users[-1], *users[:-1]):
            open_when_up(page, f"http://127.0.0.1:{port}/recommendations?user={user}&show=all")
            page.wait_for_selector(".st-key-explanation h3", timeout=WAIT_MS)
            page.wait_for_selector(".st-key-ranking [data-testid=stDataFrame]", timeout=WAIT_MS)
            settle(page)
            for row in ROWS:
                seconds.append(click_to_explanation(page, row))
                settle(page)
    # The first customer's clicks warm the server up.
    return seconds[len(ROWS) :]


def bare_clicks(page: Page, run: Path) -> list[float]:
    """Seconds of as many clicks on the bare page, warm, until it is drawn."""
    port = free_port()
    seconds: list[float] = []
    with server(run, port, "benchmarks/bare_page.py"):
        open_when_up(page, f"http://127.0.0.1:{port}")
        page.wait_for_selector(".st-key-chart_lenses canvas, .st-key-chart_lenses svg")
        settle(page)
        for row in ROWS * (CUSTOMERS + 1):
            seconds.append(click_to_explanation(page, row)[0])
            settle(page)
    return seconds[len(ROWS) :]


def customers(run: Path) -> list[str]:
    """Users with a history of middling length, the same every time."""
    from recommender.data import load_dataset

    dataset = load_dataset(run / "dataset")
    by_length = np.argsort(np.diff(dataset.offsets), kind="stable")
    middle = by_length[len(by_length) // 2 :][: CUSTOMERS + 1]
    return [str(dataset.users["user_id"].iloc[user]) for user in middle]


def row(values: list[float]) -> tuple[str, str, str]:
    """How many, median and 95th percentile."""
    return str(len(values)), f"{np.median(values):.2f}", f"{np.percentile(values, 95):.2f}"


def main() -> None:
    """Print the table with the machine's description."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, default=ROOT / "sample_data" / "run")
    asked, console = parser.parse_args(), Console()
    console.print(describe_machine())
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.goto("about:blank")
        starts = [start_to_content(page, asked.run) for _ in range(N_STARTS)]
        waits, done = map(list, zip(*clicks(page, asked.run, customers(asked.run)), strict=True))
        bare = bare_clicks(page, asked.run)
        version = browser.version
        browser.close()
    table = Table(
        title=f"Chromium {version}, headless; aims: start under {AIM_START:.0f} s, "
        f"click under {AIM_CLICK:.1f} s at the median"
    )
    table.add_column("what")
    for column in ("times", "median s", "p95 s"):
        table.add_column(column, justify="right")
    table.add_row("start of the server to page with content", *row(starts))
    table.add_row("click on a recommendation to drawn explanation", *row(waits))
    table.add_row("the same click until all that is tried on the model stands", *row(done))
    table.add_row("the same click on a bare page of Streamlit", *row(bare))
    ratios = [np.median(waits) / np.median(bare), *np.percentile(waits, [95]) / np.median(bare)]
    table.add_row("ratio to the bare page's median", "", *(f"{ratio:.2f}" for ratio in ratios))
    console.print(table)
    console.print(
        f"load averages while measuring: {', '.join(f'{x:.1f}' for x in os.getloadavg())}"
    )


if __name__ == "__main__":
    main()
