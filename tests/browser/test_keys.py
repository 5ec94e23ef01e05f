"""A key is kept until the button that it stands for is there."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_keys_pressed_while_the_page_is_drawn_all_count(visit: Visit) -> None:
    visit.open("recommendations?user=u07")
    for _ in range(3):
        visit.page.keyboard.press("n")
    expect(visit.page).to_have_url(re.compile("user=u10"))
    visit.settle()
    visit.page.keyboard.press("j")
    visit.page.keyboard.press("j")
    visit.page.keyboard.press("b")
    expect(visit.page).to_have_url(re.compile("user=u09(?!.*item=)"))


def test_edits_are_undone_and_made_again_without_waiting(visit: Visit) -> None:
    visit.open("whatif?user=u07&show=all&edit=x3&edit=x2&edit=x1")
    for _ in range(3):
        visit.page.keyboard.press("Control+z")
    expect(visit.page.locator(".st-key-verdict")).to_contain_text("Nothing is changed yet")
    for _ in range(3):
        visit.page.keyboard.press("Control+y")
    expect(visit.page).to_have_url(re.compile("edit=x3&edit=x2&edit=x1"))


def test_a_story_can_be_told_before_it_is_drawn(visit: Visit) -> None:
    visit.open("recommendations?user=u07")
    for key in ("p", "ArrowRight", "ArrowRight"):
        visit.page.keyboard.press(key)
    expect(visit.page).to_have_url(re.compile("step=3"))
    expect(visit.page.locator("h1")).to_contain_text("Why ")


def test_a_key_that_has_no_button_is_forgotten(visit: Visit) -> None:
    visit.open("whatif?user=u07&show=all&edit=x3")
    visit.page.keyboard.press("Control+z")
    visit.page.keyboard.press("ArrowRight")  # of another page
    visit.page.keyboard.press("Control+z")  # nothing is left to undo
    expect(visit.page.locator(".st-key-verdict")).to_contain_text("Nothing is changed yet")
    visit.settle()
    visit.press("p", r"/present\?")
    expect(visit.page).not_to_have_url(re.compile("step="))
