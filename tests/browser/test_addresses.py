"""What is shown follows from the address alone, and Back takes back one act."""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from tests.browser.conftest import Visit, visiting

PAGES = ("Recommendations", "What if", "Product", "Attention", "Features", "Compare")
STEPS = 20
WALKS = int(os.environ.get("WALKS", "1"))
"""Each takes a minute or two: more of them are taken by `make test-all`."""
SHOWN = """() => ({
    address: location.pathname + location.search,
    chosen: [...document.querySelectorAll('.stButtonGroup [data-selected]')]
        .map(one => one.innerText),
    on: [...document.querySelectorAll('[role=switch]')].map(one => one.checked),
    sliders: [...document.querySelectorAll('[data-testid=stMain] [role=slider]')]
        .map(one => one.getAttribute('aria-valuenow')),
    said: [...document.querySelectorAll('[data-testid=stMain] :is([data-testid=stHeading],'
        + '[data-testid=stText], [data-testid=stMarkdown], [data-testid=stPopover] button)')]
        .filter(one => one.checkVisibility()).map(one => one.innerText),
})"""
"""The address and what can be read and is chosen under it; not what could be done again."""


def link(visit: Visit, page: str) -> Locator:
    return visit.page.locator(".st-key-nav_place a:visible", has_text=page)


@dataclass
class Walk:
    """Somebody who clicks at random; the same for the same seed."""

    visit: Visit
    chance: random.Random

    def step(self) -> str:
        """One act, and its name."""
        acts = ["page"] * 8 + ["choice"] * 5 + ["customer"] * 2
        acts += ["back"] * 3 + ["forward"] + ["reload"]
        act = self.chance.choice(acts)
        getattr(self, act)()
        self.visit.settle()
        return act

    def page(self) -> None:
        link(self.visit, self.chance.choice(PAGES)).first.click()

    def choice(self) -> None:
        free = self.visit.page.locator(
            "[data-testid=stMain] .stButtonGroup [role=radio]:not([data-selected])"
        )
        free.nth(self.chance.randrange(free.count())).click()

    def customer(self) -> None:
        self.visit.page.keyboard.press(self.chance.choice("nb"))

    def back(self) -> None:
        if self.visit.page.evaluate("navigation.canGoBack"):  # and not out of the dashboard
            self.visit.page.go_back()

    def forward(self) -> None:
        self.visit.page.go_forward()

    def reload(self) -> None:
        self.visit.page.reload()


@pytest.fixture
def other(server: str, context: BrowserContext) -> Iterator[Visit]:
    """Somebody who opens each address for the first time."""
    with visiting(server, context) as made:
        yield made


class Fresh:
    """What stands under an address for who opens it for the first time."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.known: dict[str, dict[str, Any]] = {}

    def shown(self, address: str) -> dict[str, Any]:
        if address not in self.known:
            self.visit.open(address.removeprefix("/"))
            self.known[address] = self.visit.page.evaluate(SHOWN)
            assert self.known[address]["said"], "a page of which nothing can be read is no proof"
        return self.known[address]


def differs(visit: Visit, fresh: Fresh) -> dict[str, object]:
    """What is shown otherwise than to the other: what is here alone, and what is there alone."""
    shown = visit.page.evaluate(SHOWN)
    expected = fresh.shown(shown["address"])
    return {
        what: (_alone(shown[what], expected[what]), _alone(expected[what], shown[what]))
        for what in shown
        if shown[what] != expected[what]
    }


def _alone(some: Sequence[str], others: Sequence[str]) -> Sequence[str]:
    """Those of the one that are not among the others; all where only their order differs."""
    return [one for one in some if one not in others] or some


@pytest.mark.parametrize("seed", range(1, WALKS + 1))
def test_what_is_shown_follows_from_the_address_alone(
    visit: Visit, other: Visit, seed: int
) -> None:
    visit.open("recommendations?user=u07")
    walk, fresh, acts = Walk(visit, random.Random(seed)), Fresh(other), []
    for _ in range(STEPS):
        acts.append(walk.step())
        wrong, end = differs(visit, fresh), time.monotonic() + 15
        while wrong and time.monotonic() < end:  # a busy machine may not have begun to draw
            visit.settle()
            wrong = differs(visit, fresh)
        assert wrong == {}, acts


def test_an_id_leaves_the_address_at_once_while_ids_are_hidden(visit: Visit) -> None:
    """And no step of the browser leads back to it."""
    page = visit.page
    visit.open("model?mask=1")
    begun = int(page.evaluate("history.length"))
    visit.open("recommendations?user=u07&mask=1&with=u08")
    page.wait_for_function("!/u0[78]/.test(location.search)")
    address = page.evaluate("decodeURIComponent(location.search)")
    assert re.search(r"user=~([A-Z2-7]{4}-?){3}&", address), address
    assert int(page.evaluate("history.length")) == begun + 1
    assert not re.search(r"\bu0[78]\b", page.content())
    link(visit, "Attention").first.click()
    page.wait_for_url("**/attention*")
    visit.settle()
    page.go_back()
    page.wait_for_url("**/recommendations*")
    visit.settle()
    assert not re.search(r"u0[78]", page.url)


def test_back_leads_to_the_page_before_at_once(visit: Visit) -> None:
    page = visit.page
    visit.open("recommendations?user=u07")
    begun = page.evaluate("history.length")

    def steps() -> int:
        return int(page.evaluate("history.length")) - begun

    for n, name in enumerate(("Attention", "Features"), start=1):
        link(visit, name).click()
        expect(page).to_have_url(re.compile(rf"/{name.lower()}\?user=u07"))
        visit.settle()
        assert steps() == n
    visit.press("p", r"/present\?")
    visit.press("ArrowRight", "step=2")
    visit.press("Escape", r"/recommendations\?")
    assert steps() == 5
    for path in ("present.*step=2", "present", "features", "attention", "recommendations"):
        page.go_back()
        expect(page).to_have_url(re.compile(rf"/{path}"))
        visit.settle()
    page.go_back()
    assert page.url == "about:blank"


def test_the_next_customer_is_one_step_with_all_that_goes(visit: Visit) -> None:
    visit.open("recommendations?user=u07&show=all&category=Photo&price=5~30")
    begun = visit.page.evaluate("history.length")
    visit.press("n", "user=u08")
    assert visit.page.evaluate("history.length") == begun + 1
    visit.page.go_back()
    expect(visit.page).to_have_url(re.compile("user=u07.*category=Photo&price=5~30"))
