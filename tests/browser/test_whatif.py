"""Editing a history, looking at one product, telling a story: by mouse, by keyboard, by link."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_an_edit_moves_the_list_and_is_undone_by_keyboard(visit: Visit) -> None:
    page = visit.page
    visit.open("whatif?user=u07&show=all")
    expect(page.locator(".st-key-verdict")).to_contain_text("Nothing is changed yet")
    page.get_by_role("button", name="Start from nothing").click()
    visit.settle()
    expect(page).to_have_url(re.compile("edit=n"))
    expect(page.locator(".st-key-verdict")).to_contain_text("From nothing")
    page.keyboard.press("Control+z")
    expect(page.locator(".st-key-verdict")).to_contain_text("Nothing is changed yet")
    expect(page).not_to_have_url(re.compile("edit="))
    page.keyboard.press("Control+y")
    expect(page.locator(".st-key-verdict")).to_contain_text("From nothing")


def test_an_event_is_left_out_by_keyboard_alone(visit: Visit) -> None:
    page = visit.page
    visit.open("whatif?user=u07&show=all")
    page.locator(".st-key-out_3 button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-event_3")).to_contain_text("left out")
    expect(page).to_have_url(re.compile("edit=x3"))


def test_a_product_is_added_by_searching(visit: Visit) -> None:
    page = visit.page
    visit.open("whatif?user=u07&show=all")
    page.locator(".st-key-add button").first.click()
    page.get_by_role("searchbox", name="Find a product").press_sequentially("photo i05", delay=40)
    page.wait_for_timeout(800)
    visit.settle()
    visit.click_row("addable", 0, 35)
    expect(page).to_have_url(re.compile(r"edit=a\d{8}\.\d\.i05"))
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-event_a0")).to_contain_text("Photo thing 5")


def test_edits_travel_in_a_link(visit: Visit) -> None:
    visit.open("whatif?user=u07&show=all&edit=x3&edit=x2")
    expect(visit.page.locator(".st-key-event_3")).to_contain_text("left out")
    expect(visit.page.locator(".st-key-event_2")).to_contain_text("left out")
    expect(visit.page.locator(".st-key-step_undo button")).to_be_enabled()
    before = visit.drawn("lens_changes")
    visit.page.locator(".st-key-step_restart_alt button").click()
    visit.settle()
    expect(visit.page).not_to_have_url(re.compile("edit="))
    assert visit.drawn("lens_changes") != before


def test_links_to_the_pages_keep_an_edit(visit: Visit) -> None:
    visit.open("whatif?user=u07&show=all")
    visit.page.get_by_role("button", name="leave out").first.click()
    link = visit.page.locator(".st-key-nav_place a:visible", has_text="Attention")
    expect(link).to_have_attribute("href", re.compile(r"edit=x\d"))
    expect(link).to_have_count(1)


def test_a_product_is_looked_at_and_left_for_its_rival(visit: Visit) -> None:
    page = visit.page
    visit.open("item?item=i04&show=all")
    page.locator(".st-key-chart_parts").wait_for(timeout=60_000)
    expect(page.locator(".st-key-numbers")).to_contain_text("Would get it")
    first = page.locator(".st-key-item_picker").first.inner_text()
    visit.click_row("rivals", 0, 44)
    expect(page.locator(".st-key-item_picker").first).not_to_have_text(first)
    page.locator(".st-key-examples a").first.click()
    visit.settle()
    expect(page).to_have_url(re.compile(r"/recommendations\?.*user=u"))


def test_a_story_is_told_by_keys(visit: Visit) -> None:
    page = visit.page
    visit.open("recommendations?user=u07")
    visit.press("p", r"/present\?")
    heading = page.locator("h1")
    expect(heading).to_have_text("Meet u07", timeout=20_000)
    expect(page.locator(".st-key-header")).to_have_count(0)

    def press(key: str) -> None:
        # A key works from when its button is drawn, which is after the heading.
        expect(page.get_by_role("button", name="Leave")).to_be_visible(timeout=20_000)
        visit.settle()
        page.keyboard.press(key)

    press("ArrowRight")
    expect(heading).to_have_text("What u07 is offered", timeout=20_000)
    press("ArrowRight")
    expect(heading).to_contain_text("Why ", timeout=20_000)
    press("ArrowLeft")
    expect(heading).to_have_text("What u07 is offered", timeout=20_000)
    press("Escape")
    expect(page.locator(".st-key-header")).to_have_count(1, timeout=20_000)
    expect(page).to_have_url(re.compile(r"/recommendations\?.*user=u07"))


def test_the_first_look_is_put_away_and_leads_on(visit: Visit) -> None:
    page = visit.page
    visit.open("")
    page.locator(".st-key-guide_read button").click()
    expect(page.locator(".st-key-guide")).to_have_count(0)
    page.get_by_role("link", name="Loyal").or_(page.get_by_role("link", name="New")).first.click()
    visit.settle()
    expect(page).to_have_url(re.compile(r"/recommendations\?.*user=u"))


def test_every_term_is_within_reach(visit: Visit) -> None:
    visit.open("data")
    visit.page.locator(".st-key-glossary button").first.click()
    expect(visit.page.get_by_text("How much the score falls when it is left out.")).to_be_visible()


@pytest.mark.parametrize("path", ["whatif?user=u07&edit=x3&event=2", "item?item=i04", "present"])
def test_a_phone_is_not_scrolled_sideways(visit: Visit, path: str) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.open(path)
    visit.fits(390)
