"""The real app in a real browser: a server of its own on a free port, which ends with the tests."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from recommender.evaluate.trust_report import save_trust
from recommender.model.run import open_run
from recommender.workspace.library import HOME, START_RUN
from tests.cli.calling import call
from tests.dashboard.shop import train_shop
from tests.dashboard.test_trust_page import trust

expect.set_options(timeout=15_000)  # what is drawn late on a busy machine is no failure
ROOT = Path(__file__).parents[2]
STANDS = """() => document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')
    && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]')
    && document.getAnimations().every(one => one.playState !== 'running'
        || one.effect.getTiming().iterations === Infinity)"""
"""Nothing runs, is out of date, has yet to load, or fades."""
DRAWN = "canvas, svg.marks, svg.main-svg"
# A deep link makes Streamlit's page look for its server below the page first; it answers 404.
PROBE = re.compile(r"/_stcore/(health|host-config)$")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained run with what pages show of the whole of it, and a workspace that holds a second
    one whose trust was measured too."""
    folder = tmp_path_factory.mktemp("shop")
    judged = folder / "workspace" / "runs" / "judged"
    run = train_shop(folder)
    assert call("measure", run).code == 0
    shutil.copytree(run, judged)
    save_trust(trust(open_run(judged).fingerprint), judged)
    return folder


@pytest.fixture(scope="session")
def server(folder: Path) -> Iterator[str]:
    settings = {START_RUN: str(folder / "run"), HOME: str(folder / "workspace")}
    with serve("dashboard/app.py", settings, folder / "server.txt") as address:
        yield address


@contextmanager
def serve(script: str, settings: dict[str, str], log: Path) -> Iterator[str]:
    """The address of a server of this script; it ends afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--server.port", str(port)],
            cwd=ROOT,
            env=os.environ | settings,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End it: kindly, and where it still waits for somebody, by force."""
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(20)


def _wait(url: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return


@dataclass
class Visit:
    """One page with what went wrong in it."""

    page: Page
    server: str
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.server}/{path}")
        self.settle()

    def settle(self) -> None:
        """Wait until the script has run, everything is drawn, and nothing fades any more."""
        self.page.wait_for_timeout(200)  # a table tells of a click a little later
        self.page.wait_for_function(STANDS, timeout=60_000)
        self.page.wait_for_timeout(100)

    def fits(self, width: int) -> None:
        """Nothing is wider than the page, once it is drawn."""
        self.page.wait_for_function(
            "width => [...document.querySelectorAll('[data-testid=stMain]')]"
            ".every(e => e.scrollWidth <= width)",
            arg=width,
            timeout=15_000,
        )

    def press(self, key: str, url: str) -> None:
        """Press a key, once, and wait for the URL that it leads to."""
        self.page.keyboard.press(key)
        expect(self.page).to_have_url(re.compile(url), timeout=60_000)
        self.settle()

    def place(self, table: str) -> tuple[float, float, float]:
        """Left, top and width of a table in view, once it moves no more."""
        canvas = self.page.locator(f".st-key-{table} [data-testid=stDataFrame]")
        canvas.scroll_into_view_if_needed()
        before = None
        while before != (box := canvas.bounding_box()) or box is None:
            before = box
            self.page.wait_for_timeout(100)
        return box["x"], box["y"], box["width"]

    def click_row(self, table: str, row: int, height: int) -> None:
        """Click on a row of a table, which is drawn on a canvas under a header 35 pixels high."""
        left, top, _ = self.place(table)
        self.page.mouse.click(left + 130, top + 35 + height * row + height / 2)
        self.settle()

    def menu(self, name: str) -> None:
        """Open a menu in the middle of the window, so that there is room for it."""
        button = self.page.locator(f".st-key-{name} button").first
        button.evaluate("button => button.scrollIntoView({block: 'center'})")
        button.click()

    def download(self, button: str) -> bytes:
        """The file that a button gives."""
        place = self.page.locator(f".st-key-{button} button").first
        place.wait_for(timeout=60_000)
        with self.page.expect_download(timeout=60_000) as given:
            place.evaluate("button => button.click()")  # a menu moves while the page is drawn
        return given.value.path().read_bytes()

    def drawn(self, chart: str) -> bytes:
        """What a chart looks like now."""
        place = self.page.locator(f".st-key-chart_{chart}")
        place.locator(DRAWN).first.wait_for(timeout=60_000)
        return place.screenshot()

    def redrawn(self, chart: str, before: bytes) -> None:
        """A chart comes to look otherwise than before: its library draws after the page stands."""
        end = time.monotonic() + 15
        while self.drawn(chart) == before:
            assert time.monotonic() < end, f"{chart} looks as it did"

    def hover(self, chart: str, x: float, y: float, says: str | re.Pattern[str]) -> None:
        """A heatmap tells of what is under the mouse; again where it was just being drawn anew."""
        place = self.page.locator(f".st-key-chart_{chart}")
        for _ in range(5):
            place.locator(".nsewdrag").last.hover(position={"x": x, "y": y})
            try:
                expect(place.locator(".hoverlayer")).to_contain_text(says, timeout=3_000)
            except AssertionError:
                self.page.mouse.move(0, 0)
                continue
            return
        raise AssertionError(f"{chart} does not say {says}")


@pytest.fixture
def visit(server: str, context: BrowserContext) -> Iterator[Visit]:
    with visiting(server, context) as made:
        yield made


@contextmanager
def visiting(server: str, context: BrowserContext) -> Iterator[Visit]:
    """A page of its own, in which nothing may go wrong."""
    made = Visit(context.new_page(), server)

    def note(request: Request) -> None:
        if not request.url.startswith((server, server.replace("http", "ws"), "data:", "blob:")):
            made.outside.append(request.url)

    made.page.on("request", note)
    made.page.on("pageerror", lambda error: made.errors.append(str(error)))
    made.page.on(
        "console",
        lambda said: (
            made.errors.append(said.text)
            if said.type == "error" and not PROBE.search(said.location["url"])
            else None
        ),
    )
    yield made
    made.page.close()
    assert made.errors == []
    assert made.outside == []
