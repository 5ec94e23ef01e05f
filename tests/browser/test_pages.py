"""Pages beside the main ones, links to them, and what a visitor leaves behind."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visit
from tests.conftest import DESK


def test_two_customers_two_products_and_two_runs_stand_side_by_side(visit: Visit) -> None:
    page = visit.page
    lists = page.locator("[class*=st-key-list_] [data-testid=stDataFrame]")

    def compare(what: str, url: str) -> bytes:
        page.locator(".st-key-w_compare button", has_text=what).click()
        expect(page).to_have_url(re.compile(url))
        visit.settle()
        return visit.drawn("difference")

    visit.open("compare?user=u07&with=u08&with_run=judged")
    expect(lists).to_have_count(2)
    customers = visit.drawn("difference")
    assert compare("Two products", "compare=products") != customers
    expect(lists).to_have_count(0)
    compare("Two runs", "compare=runs")
    expect(page.get_by_text("Both scores are made of the same shares.")).to_be_visible()


def test_the_model_is_measured_and_its_map_searched(visit: Visit) -> None:
    page = visit.page
    visit.open("model")
    for chart in ("curve", "beyond", "fame", "groups", "exposure", "item_map"):
        expect(page.locator(f".st-key-chart_{chart}")).to_be_visible(timeout=60_000)
    visit.settle()
    everything = visit.drawn("item_map")
    page.get_by_role("searchbox", name="Find products").fill("garden")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-under_item_map")).to_contain_text("8 products found")
    expect(page).to_have_url(re.compile("find=garden"))
    visit.settle()
    visit.redrawn("item_map", everything)


def test_what_was_measured_of_trust_is_drawn(visit: Visit) -> None:
    page = visit.page
    visit.open("trust?run=judged")
    for chart in ("deletion", "curves", "checks", "agreement"):
        assert visit.drawn(chart)
    page.locator(".st-key-w_curve button", has_text="Probability left").click()
    expect(page).to_have_url(re.compile("curve=probability"))


def test_a_cell_of_the_heatmap_is_read_in_words_also_by_whoever_gets_the_link(
    visit: Visit, browser: Browser
) -> None:
    visit.open("attention?user=u07")
    pair = visit.page.locator(".st-key-pair")
    expect(pair).to_contain_text("Click on a cell")
    cells = visit.page.locator(".st-key-chart_readout .nsewdrag").last
    cells.scroll_into_view_if_needed()
    visit.hover("readout", 30, 12, "mean")
    cells.click(position={"x": 30, "y": 12})
    expect(pair).to_contain_text("The readout")
    expect(visit.page).to_have_url(re.compile(r"cell=seen\.\d+~mean"))
    _same_in_a_fresh_browser(visit, browser, ".st-key-pair")


def test_a_cell_and_a_feature_are_chosen_by_the_keyboard_alone(visit: Visit) -> None:
    visit.open("attention?user=u07&cell=~mean")
    events = visit.page.get_by_role("combobox", name="Event")
    events.focus()
    events.press("ArrowDown")
    events.press("Enter")
    expect(visit.page.locator(".st-key-pair")).to_contain_text("The readout")
    expect(visit.page).to_have_url(re.compile(r"cell=seen\.\d+~mean"))
    visit.open("features?user=u07")
    features = visit.page.get_by_role("combobox", name="Follow a feature")
    features.focus()
    features.press("ArrowDown")
    features.press("Enter")
    expect(visit.page).to_have_url(re.compile("feature="))
    expect(visit.page.locator(".st-key-chart_acting")).to_be_visible()


def test_what_was_chosen_by_clicks_is_restored_from_its_link(
    visit: Visit, browser: Browser
) -> None:
    visit.open("recommendations?user=u07&show=all&evidence=1")
    visit.click_row("ranking", 3, 62)
    visit.page.locator(".st-key-w_order button", has_text="Newest").click()
    expect(visit.page).to_have_url(re.compile("order=time"))
    visit.settle()
    expect(visit.page).to_have_url(re.compile("seen=~[0-9a-f]{8}~[0-9a-f]{8}"))
    _same_in_a_fresh_browser(visit, browser, ".st-key-reason", ".st-key-checks")


def _same_in_a_fresh_browser(visit: Visit, browser: Browser, *places: str) -> None:
    """Who opens the address reads the same there, and has the same address afterwards."""
    context = browser.new_context(viewport=DESK)
    other = Visit(context.new_page(), visit.server)
    address = visit.page.url
    other.open(address.removeprefix(f"{visit.server}/"))
    for place in places:
        here = visit.page.locator(place).text_content() or ""
        expect(other.page.locator(place)).to_have_text(here)
    assert other.page.url == address
    context.close()


def test_a_link_to_a_run_that_was_trained_anew_says_so(visit: Visit) -> None:
    visit.open("features?user=u07&seen=~00000000~00000000")
    note = visit.page.locator(".st-key-run_changed")
    expect(note).to_contain_text("The run has changed since this link was made")
    note.get_by_role("button").click()
    expect(note).to_have_count(0)


def test_a_story_begins_at_the_step_of_its_link_and_goes_both_ways(visit: Visit) -> None:
    page = visit.page
    visit.open("present?user=u07&step=3")
    heading = page.locator("h1")
    expect(heading).to_contain_text("Why ")
    page.get_by_role("button", name="Next").click()
    expect(heading).to_contain_text("And ")
    expect(page).to_have_url(re.compile("step=4"))
    expect(page.get_by_role("button", name="Next")).to_be_disabled()
    page.get_by_role("button", name="Back").click()
    expect(heading).to_contain_text("Why ")


def test_a_thumb_is_in_the_store_and_stays_on_the_page(visit: Visit, folder: Path) -> None:
    page = visit.page
    visit.open("recommendations?user=u11&item=i02&show=all")
    thumbs = page.locator("[class*=st-key-thumb_recommendation] button")
    thumbs.first.scroll_into_view_if_needed()
    thumbs.first.click()
    expect(page.get_by_text("Your feedback is kept.")).to_be_visible()
    with closing(sqlite3.connect(folder / "workspace" / "library.sqlite")) as store:
        kept = store.execute(
            "SELECT about, thumb, user_id, item_id, seen, state FROM feedback WHERE user_id = 'u11'"
        ).fetchall()
    ((*about, seen, address),) = kept
    assert about == ["recommendation", 1, "u11", "i02"]
    assert "i02" in json.loads(seen)["top"]
    assert "user=u11" in address


def test_on_a_phone_the_link_to_this_page_comes_first(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 800})
    visit.open("trust")
    links = visit.page.locator(".st-key-nav a")
    left = {
        name: links.filter(has_text=name).bounding_box()["x"]  # type: ignore[index]
        for name in ("Trust", "Overview", "Data")
    }
    assert left["Trust"] < left["Overview"] < left["Data"]
