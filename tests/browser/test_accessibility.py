"""Each page by axe-core, light and dark, and on a phone; and what is reached by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import ROOT, Visit, serve, visiting

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
GRAVE = ("serious", "critical")
PAGES = (
    "",
    "recommendations?user=u07&show=all&evidence=1",
    "whatif?user=u07&edit=x3&event=2",
    "item?item=i04",
    "attention?user=u07&stage=routing",
    "features?user=u07",
    "compare",
    "model",
    "trust?run=judged",
    "data",
    "present?user=u07&step=2",
)

FOCUSED = """() => {
    const focused = document.activeElement, style = getComputedStyle(focused);
    const name = focused.innerText || focused.getAttribute('aria-label') || focused.tagName;
    return [name.trim().split('\\n').filter(part => part && !/^[a-z]+_[a-z_]+$/.test(part))
        .join(' ').slice(0, 80),
            style.outlineStyle !== 'none' && style.outlineWidth !== '0px'];
}"""
"""What the element that has the keyboard says but for its icon, and whether its outline is seen."""
MOST_STOPS = 75
"""From the top of a page with three charts and a table to its last link."""


def found(page: Page, *rules: str) -> set[str]:
    """Serious and critical rules that are broken, with each place; only these rules if named.

    What a page is still measuring fades in when it comes: it is looked at again.
    """
    broken = _look(page, *rules)
    if broken:
        page.wait_for_timeout(2000)
        broken &= _look(page, *rules)
    return broken


def _look(page: Page, *rules: str) -> set[str]:
    page.evaluate(AXE)
    asked: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        asked["runOnly"] = {"type": "rule", "values": list(rules)}
    told = page.evaluate("asked => axe.run(document, asked)", asked)
    return {
        f"{rule['id']}: {node['html'][:160]}"
        for rule in told["violations"]
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    }


@pytest.fixture(scope="session")
def empty(context: BrowserContext, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The rules that Streamlit itself breaks."""
    script = str(ROOT / "tests" / "browser" / "empty_app.py")
    with serve(script, {}, tmp_path_factory.mktemp("empty") / "server.txt") as address:
        page = context.new_page()
        page.goto(address)
        page.locator("h1").wait_for(timeout=60_000)
        rules = {rule.split(":")[0] for rule in found(page)}
        page.close()
    return rules


@pytest.fixture(scope="module", params=PAGES)
def opened(server: str, context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Each page once, for all that is asked of it."""
    with visiting(server, context) as made:
        made.open(request.param)
        made.page.locator("h1").first.wait_for(timeout=60_000)
        yield made


def test_nothing_grave_is_found_in_light_or_dark(opened: Visit, empty: set[str]) -> None:
    light = found(opened.page)
    opened.page.emulate_media(color_scheme="dark")
    opened.settle()
    dark = found(opened.page, "color-contrast")  # all else is the same page
    broken = {f"light {rule}" for rule in light} | {f"dark {rule}" for rule in dark}
    assert {rule for rule in broken if rule.split(":")[0].split()[1] not in empty} == set()


def test_a_phone_is_not_scrolled_sideways(opened: Visit) -> None:
    opened.page.set_viewport_size({"width": 390, "height": 844})
    opened.fits(390)


def tabbed(page: Page, until: str) -> list[str]:
    """Where Tab stops on its way to the element of this name; at each stop its outline is seen."""
    reached: list[str] = []
    while until not in reached:
        page.keyboard.press("Tab")
        name, seen = page.evaluate(FOCUSED)
        reached.append(name)
        assert seen, f"no outline on {name[:20]} after {reached[:-1]}"
        assert len(reached) <= MOST_STOPS, reached
    return reached


def test_everything_is_reached_by_tab_and_its_focus_is_seen(visit: Visit) -> None:
    visit.open("recommendations?user=u07&show=all")
    reached = tabbed(visit.page, "Feature by feature")
    assert {"Overview", "Data", "Skip to the reason", "CANVAS", "download CSV"} <= set(reached)
    assert any("Filter" in name for name in reached)


def test_the_keyboard_skips_from_the_title_to_the_reason(visit: Visit) -> None:
    visit.open("recommendations?user=u07&show=all")
    link = visit.page.locator("a.skip")
    link.focus()
    visit.page.keyboard.press("Enter")
    for _stop in ("the heading's link", "the light"):
        visit.page.keyboard.press("Tab")
    name, seen = visit.page.evaluate(FOCUSED)
    assert name.startswith("Believe it?")
    assert seen
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("details.believe")).to_have_attribute("open", "")
    expect(visit.page).to_have_url(re.compile("user=u07"))
