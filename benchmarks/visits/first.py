"""First content: from the start of the server, for a second visitor, and what every page weighs."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, Request, WebSocket

from visits.serving import CHART, IDLE, Served, new_page, open_when_up, server, settle

PAGES = (
    "overview",
    "recommendations",
    "whatif",
    "item",
    "attention",
    "features",
    "compare",
    "model",
    "trust",
    "data",
    "present",
)
"""The package `dashboard` has them too, but a script of that name cannot import it."""


def content(page: Page) -> None:
    """Wait for the first page's title and first chart."""
    page.wait_for_selector("h1")
    page.wait_for_selector(CHART)


def first_contents(browser: Browser, run: Path, times: int) -> tuple[list[float], list[float]]:
    """Seconds from starting the server to content, and those of a visitor who comes later."""
    starts, seconds = [], []
    for _ in range(times):
        page, started = new_page(browser), time.perf_counter()
        with server(run) as served:
            open_when_up(page, served.url)
            content(page)
            starts.append(time.perf_counter() - started)
            page.wait_for_selector(IDLE)
            page.wait_for_timeout(15_000)
            seconds += [_second_visit(browser, served) for _visitor in range(3)]
        page.context.close()
    return starts, seconds


def _second_visit(browser: Browser, served: Served) -> float:
    page, started = new_page(browser), time.perf_counter()
    page.goto(served.url)
    content(page)
    took = time.perf_counter() - started
    settle(page)
    page.context.close()
    return took


@dataclass(frozen=True)
class Weight:
    """What one page brings to a browser that has nothing yet."""

    page: str
    files: float
    """Kilobytes of scripts, styles, fonts and pictures, as sent."""
    drawn: float
    """Kilobytes over the WebSocket until the page is drawn."""
    outside: tuple[str, ...]
    """Addresses beyond the server that were asked for."""


def weights(browser: Browser, run: Path, pages: Iterable[str] = PAGES) -> list[Weight]:
    """Of every page, each opened by a new visitor on a warm server."""
    with server(run) as served:
        warm = new_page(browser)
        for page in pages:
            open_when_up(warm, f"{served.url}/{page}")
            warm.wait_for_selector("h1")
            settle(warm)
        warm.wait_for_timeout(20_000)
        warm.context.close()
        return [_weigh(browser, served, page) for page in pages]


def _weigh(browser: Browser, served: Served, name: str) -> Weight:
    page, outside, frames = new_page(browser), set[str](), [0]
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    files: list[float] = []
    wire.on("Network.loadingFinished", lambda told: files.append(told["encodedDataLength"]))

    def asked(request: Request) -> None:
        if not request.url.startswith((served.url, "data:", "blob:")):
            outside.add(request.url)

    def opened(socket: WebSocket) -> None:
        if not socket.url.startswith(served.url.replace("http", "ws")):
            outside.add(socket.url)
        socket.on("framereceived", lambda data: frames.append(len(data)))

    page.on("request", asked)
    page.on("websocket", opened)
    page.goto(f"{served.url}/{name}")
    page.wait_for_selector("h1")
    settle(page)
    page.wait_for_timeout(1_500)
    page.context.close()
    return Weight(name, sum(files) / 1000, sum(frames) / 1000, tuple(sorted(outside)))
