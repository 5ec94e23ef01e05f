"""Three things that analysts do again and again, timed, and the same on a bare Streamlit page.

A click on a recommendation waits for its explanation: another name, another picture of the lenses
and of the shares. The next customer, who may be offered the same, waits for the picture of their
history too. An edit of a history waits for the sentence about the new list, which comes after the
list. On the bare page (`bare_page.py`) charts of constant data stand in their places.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

from visits.serving import BARE, IDLE, Served, open_when_up, painted, server, settle

ROWS = (1, 3, 5, 2, 4)
"""Rows that are clicked, for each customer."""
CUSTOMERS = 4
"""With five rows or edits each, 20 are timed; one more customer goes first and warms up."""
_HEADER, _ROW = 35, 62
"""Heights in the table of recommendations, in pixels."""
_WATCH = """([heading, charts]) => {
    const text = () => { const e = document.querySelector(heading); return e && e.textContent; };
    const picture = name => {
        const chart = document.querySelector('.st-key-chart_' + name);
        const drawn = chart && chart.querySelector('canvas, svg.marks, svg.main-svg');
        if (!drawn || !drawn.getContext) return drawn && drawn.outerHTML;
        const small = document.createElement('canvas');
        small.width = small.height = 96;
        const pen = small.getContext('2d', {willReadFrequently: true});
        pen.drawImage(drawn, 0, 0, 96, 96);
        return pen.getImageData(0, 0, 96, 96).data.join();
    };
    const parts = [text, ...charts.map(name => () => picture(name))];
    const left = parts.map(part => [part, part()]);
    if (!left.every(([_, before]) => before)) return false;
    window.hasChanged = () => {
        while (left.length) {
            const [part, before] = left[0], now = part();
            if (!now || now === before) return false;
            left.shift();
        }
        return true;
    };
    return true;
}"""
"""Notes the heading and every chart; `hasChanged` tells whether all are others than they were.

To look costs time itself, which the page pays: each is looked at after those before it have
changed, and not again; pictures are compared at a small size.
"""


@dataclass
class Times:
    """Seconds of each, in ours and on the bare page."""

    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    done: list[float] = field(default_factory=list)
    """Ours, until all that comes after the drawing has come too."""


@dataclass(frozen=True)
class Deed:
    """What is done and what then has to be another."""

    heading: str
    charts: tuple[str, ...]
    act: Callable[[Page, int], None]


def click_row(page: Page, row: int) -> None:
    """Choose the product of this row."""
    table = page.locator(".st-key-ranking [data-testid=stDataFrame]")
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 130, box["y"] + _HEADER + _ROW * row + _ROW / 2)


def next_customer(page: Page, _nth: int) -> None:
    """On to the customer after."""
    page.locator(".st-key-customer_next button").first.click()


def leave_out(page: Page, _nth: int) -> None:
    """Leave out the newest event that is still there."""
    page.get_by_role("button", name="leave out").first.click()


CLICK = Deed(".st-key-explanation h3", ("lenses", "shares"), click_row)
NEXT = Deed(".st-key-picker button", ("timeline", "lenses", "shares"), next_customer)
EDIT = Deed(".st-key-verdict [data-testid=stText]", (), leave_out)


def timed(page: Page, deed: Deed, nth: int) -> tuple[float, float]:
    """Seconds until it is drawn, and until the server is idle again."""
    what = [deed.heading, list(deed.charts)]
    assert page.evaluate(_WATCH, what), "what should change is not there"
    started = time.perf_counter()
    deed.act(page, nth)
    page.wait_for_function("() => window.hasChanged()", polling="raf")
    painted(page)
    drawn = time.perf_counter() - started
    page.wait_for_selector(IDLE)
    done = time.perf_counter() - started
    settle(page)
    print(f"{deed.heading} {nth}: {drawn:.2f} s, done {done:.2f} s", file=sys.stderr, flush=True)
    return drawn, done


def _series(
    page: Page, served: Served, path: str, deed: Deed, nths: tuple[int, ...]
) -> list[tuple[float, float]]:
    open_when_up(page, f"{served.url}/{path}")
    page.wait_for_selector(deed.heading)
    for chart in deed.charts:
        page.wait_for_selector(f".st-key-chart_{chart} canvas, .st-key-chart_{chart} svg")
    settle(page)
    return [timed(page, deed, nth) for nth in nths]


def interactions(page: Page, run: Path) -> dict[str, Times]:
    """All three, 20 times each, warm; every explanation that is asked for is new."""
    users = customers(run)
    found = {name: Times() for name in ("click", "next", "edit")}
    n = len(ROWS)
    plans = (
        ("click", CLICK, "recommendations?show=all&user={}", ROWS),
        ("next", NEXT, "recommendations?show=all&user={}", tuple(range(n))),
        ("edit", EDIT, "whatif?show=all&user={}", tuple(range(n))),
    )
    with server(run) as ours, server(run, BARE) as bare:
        for name, deed, path, nths in plans:
            for user in (users[-1], *users[:-1]):
                # One after the other: a machine that is shared is not as fast all the time.
                pairs = _series(page, ours, path.format(user), deed, nths)
                found[name].ours += [drawn for drawn, _ in pairs]
                found[name].done += [done for _, done in pairs]
                pairs = _series(page, bare, f"?as={name}", deed, nths)
                found[name].bare += [drawn for drawn, _ in pairs]
    # The first customer's warm the server up.
    return {
        name: Times(times.ours[n:], times.bare[n:], times.done[n:]) for name, times in found.items()
    }


def customers(run: Path) -> list[str]:
    """Users with a history of middling length and others after them, the same every time."""
    from recommender.data import load_dataset

    dataset = load_dataset(run / "dataset")
    lengths = np.diff(dataset.offsets)
    middle = np.argsort(lengths, kind="stable")[len(lengths) // 2 :]
    room = middle[middle < len(lengths) - 2 * len(ROWS)][: CUSTOMERS + 1]
    return [str(dataset.users["user_id"].iloc[user]) for user in room]
