"""What axe-core finds on each page, light and dark, beyond what it finds in an empty app."""

from __future__ import annotations

from importlib.resources import files

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import ROOT, Visit, serve

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
GRAVE = ("serious", "critical")
PAGES = (
    "",
    "recommendations?user=u07&show=all",
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
    const name = focused.innerText || focused.getAttribute('aria-label') || '';
    return [focused.tagName + '|' + name.trim(),
            style.outlineStyle !== 'none' || style.boxShadow !== 'none'];
}"""
"""The element that has the keyboard, and whether its outline says so."""


def found(page: Page) -> set[str]:
    """Serious and critical rules that are broken, with each place."""
    page.evaluate(AXE)
    told = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return {
        f"{rule['id']}: {node['html'][:160]}"
        for rule in told["violations"]
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    }


@pytest.fixture(scope="session")
def empty(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The rules that Streamlit itself breaks."""
    script = str(ROOT / "tests" / "browser" / "empty_app.py")
    with serve(script, {}, tmp_path_factory.mktemp("empty") / "server.txt") as address:
        page = browser.new_page()
        page.goto(address)
        page.locator("h1").wait_for(timeout=60_000)
        rules = {rule.split(":")[0] for rule in found(page)}
        page.close()
    return rules


@pytest.mark.parametrize("path", PAGES)
def test_nothing_grave_is_found_in_light_or_dark(visit: Visit, empty: set[str], path: str) -> None:
    visit.open(path)
    visit.page.locator("h1").first.wait_for(timeout=60_000)
    light = found(visit.page)
    visit.page.emulate_media(color_scheme="dark")
    visit.settle()
    broken = {f"light {rule}" for rule in light} | {f"dark {rule}" for rule in found(visit.page)}
    assert {rule for rule in broken if rule.split(":")[0].split()[1] not in empty} == set()


def test_everything_is_reached_by_tab_and_its_focus_is_seen(visit: Visit) -> None:
    visit.open("recommendations?user=u07&show=all")
    reached, unseen = [], []
    while "A|Feature by feature" not in reached:
        visit.page.keyboard.press("Tab")
        name, seen = visit.page.evaluate(FOCUSED)
        reached.append(name)
        assert len(reached) < 150, reached
        if not seen:
            unseen.append(name)
    assert {"A|Overview", "A|Data"} <= set(reached)
    assert any(name.startswith("BUTTON|") and "Filter" in name for name in reached)
    assert len(unseen) < len(reached) / 10, unseen
