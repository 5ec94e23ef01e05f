"""What a visitor does, done in a browser. Each visit also ends without an error in the console."""

from __future__ import annotations

import contextlib
import re

from playwright.sync_api import TimeoutError as NotThere
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.dashboard import shop

ROW = 62


def test_pick_a_customer_and_a_recommendation(visit: Visit) -> None:
    page = visit.page
    visit.open("recommendations")
    page.locator(".st-key-picker button").click()
    page.get_by_role("searchbox", name="Find a customer").press_sequentially("u07", delay=40)
    page.wait_for_timeout(800)
    visit.settle()
    visit.click_row("people", 0, 35)
    expect(page).to_have_url(re.compile("user=u07"))
    expect(page.locator(".st-key-picker").first).to_contain_text("u07")
    page.keyboard.press("Escape")
    visit.settle()

    first, bars = page.locator(".st-key-explanation h3").first.inner_text(), visit.drawn("lenses")
    visit.click_row("ranking", 2, ROW)
    expect(page).to_have_url(re.compile("item=i"))
    expect(page.locator(".st-key-explanation h3").first).not_to_have_text(first)
    visit.redrawn("lenses", bars)


def test_charts_that_are_drawn_on_say_what_new_ones_would(visit: Visit) -> None:
    """New rows move the marks of a chart that is there; a page that is loaded makes it anew."""
    visit.open("recommendations?user=u07&show=all")
    for row in (3, 1):
        before = _written(visit)
        visit.click_row("ranking", row, ROW)
        visit.settle()
        drawn_on = _written(visit)
        assert drawn_on != before
        visit.page.reload()
        visit.settle()
        assert _written(visit) == drawn_on


def _written(visit: Visit) -> list[list[str]]:
    """What stands in each chart of an explanation, and where."""
    return [
        sorted(
            visit.page.locator(f".st-key-chart_{name} svg.marks text").evaluate_all(
                """all => all.map(one => {
                const {x, y} = one.getBoundingClientRect();
                const chart = one.ownerSVGElement.getBoundingClientRect();
                const place = [Math.round(x - chart.x), Math.round(y - chart.y)];
                return [one.textContent, ...place].join(' ');
            })"""
            )
        )
        for name in ("lenses", "shares")
    ]


def test_filters_that_leave_nothing_are_let_go_again(visit: Visit) -> None:
    visit.open("recommendations?user=u07&category=Photo&show=all")
    explained = visit.page.locator(".st-key-explanation h3")
    expect(explained.first).to_be_visible()
    visit.page.locator(".st-key-w_show button", has_text="Had before").click()
    expect(visit.page.get_by_text("Nothing fits these filters")).to_be_visible()
    expect(explained).to_have_count(0)
    visit.page.locator(".st-key-w_show button", has_text="All products").click()
    expect(explained.first).to_be_visible()
    expect(visit.page.get_by_text("Nothing fits these filters")).to_have_count(0)


def test_the_heatmap_follows_the_controls(visit: Visit) -> None:
    visit.open("attention?user=u07&stage=routing")
    expect(visit.page.locator(".st-key-chart_routing .js-plotly-plot")).to_have_count(1)
    first = visit.drawn("routing")
    visit.page.locator(".st-key-w_head button", has_text="2").click()
    visit.settle()
    expect(visit.page).to_have_url(re.compile("head=1"))
    visit.redrawn("routing", first)


def test_a_heatmap_cell_tells_its_context(visit: Visit) -> None:
    visit.open("features?user=u07")
    visit.hover("event_features", 40, 30, re.compile(r"Garden thing.*\(purchase, "))


def test_links_between_pages_keep_what_is_seen(visit: Visit) -> None:
    visit.open("recommendations?user=u07&item=i04&show=all")
    visit.page.locator(".st-key-nav a", has_text="Features").click()
    visit.settle()
    expect(visit.page).to_have_url(re.compile(r"/features\?.*user=u07"))
    expect(visit.page.locator("h3", has_text="For Garden thing 4")).to_be_visible()


def test_a_deep_link_shows_the_same_to_somebody_else(visit: Visit) -> None:
    visit.open("features?user=u07&item=i04&feature=category")
    expect(visit.page.locator("h3", has_text="For Garden thing 4")).to_be_visible()
    expect(visit.page.locator("h3", has_text="acting through “category”")).to_be_visible()
    expect(visit.page.locator(".st-key-picker").first).to_contain_text("u07")


def test_the_back_button_undoes_a_choice(visit: Visit) -> None:
    page = visit.page
    visit.open("recommendations?user=u07&show=all")
    first = page.locator(".st-key-explanation h3").first.inner_text()
    visit.click_row("ranking", 2, ROW)
    expect(page.locator(".st-key-explanation h3").first).not_to_have_text(first)
    page.go_back()
    visit.settle()
    expect(page.locator(".st-key-explanation h3").first).to_have_text(first)


def test_a_click_on_a_bar_follows_the_feature(visit: Visit) -> None:
    visit.open("features?user=u07")
    chart = visit.page.locator(".st-key-chart_importance [data-testid=stVegaLiteChart]")
    box = chart.bounding_box()
    assert box is not None
    visit.page.mouse.click(box["x"] + 190, box["y"] + 16)
    visit.settle()
    expect(visit.page).to_have_url(re.compile("feature="))
    expect(visit.page.locator("h3", has_text="Events acting through")).to_be_visible()


def test_keys_lead_from_customer_to_customer_and_product_to_product(visit: Visit) -> None:
    visit.open("recommendations?user=u07&show=all")
    visit.press("n", "user=u08")
    visit.press("b", "user=u07")
    visit.press("j", "item=i")
    below = visit.page.url.split("item=")[1][:3]
    visit.press("k", f"item=(?!{below})i")


def test_files_are_uploaded_trained_on_and_explored(visit: Visit) -> None:
    page = visit.page
    visit.open("data?way=upload")
    sent = {"name": "mine.csv", "mimeType": "text/csv", "buffer": shop.interactions().encode()}
    page.locator(".st-key-file_interactions input[type=file]").set_input_files(sent)
    expect(page.get_by_text("mine.csv · 960 rows")).to_be_visible(timeout=20_000)
    visit.settle()
    page.get_by_label("Passes over the data, at most").fill("2")
    page.keyboard.press("Enter")
    visit.settle()
    page.get_by_role("button", name="Build and train").click()
    expect(page.locator("[class*=st-key-job_] [role=progressbar]")).to_be_visible(timeout=30_000)
    expect(page).to_have_url(re.compile("job=[0-9a-f]{32}"))
    page.reload()
    expect(page.locator("[class*=st-key-job_]")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Explore the result").click(timeout=120_000)
    visit.settle()
    expect(page).to_have_url(re.compile("run=mine"))
    expect(page.locator(".st-key-in_use")).to_contain_text("mine")


def test_a_kind_changed_in_the_table_goes_to_the_url(visit: Visit) -> None:
    page = visit.page
    visit.open("data?way=upload")
    for table, text in (("interactions", shop.interactions()), ("items", shop.items())):
        sent = {"name": f"{table}.csv", "mimeType": "text/csv", "buffer": text.encode()}
        page.locator(f".st-key-file_{table} input[type=file]").set_input_files(sent)
        visit.settle()
    editor = page.locator("#portal input")
    for _ in range(3):  # a table that is drawn anew meanwhile does not hear of a click
        left, top, width = visit.place("kinds")
        page.mouse.dblclick(left + width - 60, top + 35 + 17)
        with contextlib.suppress(NotThere):
            editor.wait_for(timeout=5_000)
            break
    editor.fill("ignore")
    expect(page.locator("#portal").get_by_role("option")).to_have_count(1)
    editor.press("Enter")
    visit.settle()
    expect(page).to_have_url(re.compile(r"kind=items\.\w+%3Dignore"))
