"""Many visitors on one server: most speak its protocol, two sit at real browsers.

Each waits five seconds on average between clicks, as long as it takes to read. Most clicks choose a
recommendation; the others go to another customer, leave an event out of a history, or open another
page. A click lasts until the server has said all of it, what is tried on the model included.
"""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, sync_playwright
from websockets.exceptions import WebSocketException

from visits.protocol import Client
from visits.serving import IDLE, Served, launch, new_page, server

THOUGHT = 5.0
"""Seconds between the end of a click and the next, on average."""
_PAGES = ("attention", "features", "item", "compare", "model", "trust", "overview")
_DEEDS = {"choose": 50, "next": 20, "edit": 15, "open": 15}
"""How often each is done, in percent."""
_SAMPLE_EVERY = 5.0


@dataclass
class Seen:
    """What happened to all visitors together."""

    clicks: list[tuple[float, str, float]] = field(default_factory=list)
    """Moment, deed, seconds it took."""
    browsers: list[float] = field(default_factory=list)
    """Seconds of a click in a real browser, until the server is idle again."""
    errors: list[str] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    """Moment and megabytes of the server."""


class _Visitor:
    """Does one thing after another."""

    def __init__(self, url: str, seen: Seen, users: list[str], seed: int) -> None:
        self.url, self.seen, self.users = url, seen, users
        self.dice = random.Random(seed)

    async def stay(self, until: float) -> None:
        """Come, click until it is time, leave."""
        await asyncio.sleep(self.dice.uniform(0, THOUGHT))
        try:
            client = await Client.of(self.url)
        except (OSError, WebSocketException) as error:
            self.seen.errors.append(f"not let in: {type(error).__name__} {error}"[:200])
            return
        try:
            await self._open(client)
            while time.monotonic() < until:
                await asyncio.sleep(self.dice.uniform(0.5, 1.5) * THOUGHT)
                deed = self.dice.choices([*_DEEDS], [*_DEEDS.values()])[0]
                started = time.perf_counter()
                await getattr(self, f"_{deed}")(client)
                took = time.perf_counter() - started
                self.seen.clicks.append((time.monotonic(), deed, took))
        except (OSError, KeyError, WebSocketException) as error:
            self.seen.errors.append(f"{client.page}: {type(error).__name__} {error}"[:200])
        finally:
            self.seen.errors += client.errors
            await client.close()

    async def _open(self, client: Client) -> None:
        page = self.dice.choice(_PAGES) if client.page else "recommendations"
        await client.open(page, f"user={self.dice.choice(self.users)}")

    async def _choose(self, client: Client) -> None:
        if client.page != "recommendations":
            await client.open("recommendations", f"user={self.dice.choice(self.users)}")
            return
        await client.click_cell("t_item_", self.dice.randrange(10), "product")

    async def _next(self, client: Client) -> None:
        if "customer_next" not in client.widgets:
            await client.open("recommendations", f"user={self.dice.choice(self.users)}")
            return
        await client.press("customer_next")

    async def _edit(self, client: Client) -> None:
        if client.page != "whatif":
            await client.open("whatif", f"user={self.dice.choice(self.users)}")
            return
        await client.press("out_")


def _at_browsers(url: str, seen: Seen, users: list[str], n: int, until: float) -> None:
    """Visitors at real browsers take turns, so that each thinks as long as the others do."""
    dice = random.Random(99)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        pages = [new_page(browser) for _ in range(n)]
        for page in pages:
            page.on("pageerror", lambda error: seen.errors.append(f"browser: {error}"))
            _go(page, f"{url}/recommendations?user={dice.choice(users)}")
        while time.monotonic() < until:
            for page in pages:
                time.sleep(THOUGHT / n)
                try:
                    seen.browsers.append(_click(page, url, dice, users))
                except BrowserError as error:
                    seen.errors.append(f"browser: {str(error).splitlines()[0]}")
        browser.close()


def _go(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector(".st-key-customer_next button")
    page.wait_for_selector(IDLE)


def _click(page: Page, url: str, dice: random.Random, users: list[str]) -> float:
    """The next customer, now and then another by address."""
    started, before = time.perf_counter(), page.url
    if dice.random() < 0.2:
        _go(page, f"{url}/recommendations?user={dice.choice(users)}")
        return time.perf_counter() - started
    page.locator(".st-key-customer_next button").first.click()
    page.wait_for_function("before => location.href !== before", arg=before)
    page.wait_for_selector(IDLE)
    return time.perf_counter() - started


async def _all(served: Served, seen: Seen, users: list[str], n: int, until: float) -> None:
    async def watch() -> None:
        while time.monotonic() < until:
            seen.memory.append((time.monotonic(), served.megabytes))
            await asyncio.sleep(_SAMPLE_EVERY)

    visitors = [_Visitor(served.url, seen, users, seed).stay(until) for seed in range(n)]
    await asyncio.gather(watch(), *visitors)


def visited(served: Served, users: list[str], clients: int, browsers: int, seconds: float) -> Seen:
    """Let so many visitors stay for so long."""
    seen, until = Seen(), time.monotonic() + seconds
    arguments = (served.url, seen, users, browsers, until)
    thread = threading.Thread(target=_at_browsers, args=arguments)
    if browsers:
        thread.start()
    asyncio.run(_all(served, seen, users, clients, until))
    if browsers:
        thread.join()
    seen.memory.append((time.monotonic(), served.megabytes))
    return seen


def loaded(
    run: Path, clients: int, browsers: int, seconds: float, steps: tuple[int, ...], step: float
) -> tuple[Seen, dict[int, Seen], float]:
    """The visit that is judged; then more and more clients, a step each; megabytes at its start."""
    from recommender.data import load_dataset

    users = load_dataset(run / "dataset").users["user_id"].astype(str).to_list()
    with server(run) as served:
        # The first visitor waits for the model; the measured ones come to a warm server.
        while not visited(served, users, 1, 0, 20).clicks:
            time.sleep(0.3)
        before = served.megabytes
        seen = visited(served, users, clients, browsers, seconds)
        more = {n: visited(served, users, n, 0, step) for n in steps}
        seen.errors += ["traceback in the server's log"] * served.tracebacks
    return seen, more, before


def most_common(errors: list[str]) -> list[tuple[str, int]]:
    """Errors and how often."""
    return Counter(errors).most_common(5)
