"""A server on a free port, a browser, and waiting until a page stands."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

ROOT = Path(__file__).parents[2]
BARE = "benchmarks/bare_page.py"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
CHART = "[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg, .js-plotly-plot"
WAIT_MS = 120_000


@dataclass(frozen=True)
class Served:
    """A server that runs."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def megabytes(self) -> float:
        """Memory that it holds now."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))

    @property
    def tracebacks(self) -> int:
        """How many stand in its log."""
        return self.log.read_text(errors="replace").count("Traceback")


@contextmanager
def server(run: Path, script: str = "dashboard/app.py") -> Iterator[Served]:
    """The dashboard on a free port, as the Makefile starts it; ended afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    with tempfile.TemporaryDirectory() as name:
        log, home = Path(name) / "log", Path(name) / "home"
        settings = {"RECLENS_RUN": str(run.resolve()), "RECLENS_HOME": str(home)}
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, cwd=ROOT, env=os.environ | settings, stdout=output, stderr=output
            )
        try:
            yield Served(f"http://127.0.0.1:{port}", process, log)
        finally:
            # What it measures in the background need not come to its end.
            process.kill()
            process.wait(20)


def launch(playwright: Playwright) -> Browser:
    """The system's Chromium without a window."""
    path = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    return playwright.chromium.launch(executable_path=path, args=_FLAGS)


def new_page(browser: Browser) -> Page:
    """A page of a visitor who was never here."""
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.set_default_timeout(WAIT_MS)
    return page


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


def settle(page: Page) -> None:
    """Wait until the script has run and the browser has drawn."""
    page.wait_for_timeout(200)
    page.wait_for_selector(IDLE)
    page.wait_for_timeout(400)


def painted(page: Page) -> None:
    """Two frames later the browser has painted what stands in the page."""
    page.evaluate("() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")
