"""Bring your own files: each way from a file to what people see of it, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Visit
from tests.dashboard import shop
from tests.hostile.generator import _far_cell

TITLES = ("咖啡豆", "园艺铲", "照相机")


def sent(visit: Visit, table: str, name: str, content: bytes) -> None:
    """Choose a file and wait until the server has examined it."""
    chooser = visit.page.locator(f".st-key-file_{table} input[type=file]")
    chooser.set_input_files(FilePayload(name=name, mimeType="text/csv", buffer=content))
    visit.page.locator(f".st-key-file_{table}").get_by_text(name).first.wait_for(timeout=60_000)
    visit.settle()


def chinese() -> bytes:
    """The shop as an export in Chinese, the customer under a name that nobody foresaw."""
    lines = ["买东西的人,商品编号,时间,行为类型,商品名称,类别"]
    for line in shop.interactions().splitlines()[1:]:
        user, item, time, event = line.split(",")
        title = TITLES[int(item[1:]) % 3]
        lines.append(f"{user},{item},{time},{event},{title}{item[1:]}号,{title}")
    return ("\r\n".join(lines) + "\r\n").encode("gb18030")


def test_a_chinese_export_goes_from_upload_to_reasons(visit: Visit) -> None:
    page = visit.page
    visit.open("data?way=upload&passes=1&name=chinese")
    sent(visit, "interactions", "订单.csv", chinese())
    expect(page.locator(".st-key-found_interactions")).to_contain_text("encoding gb18030")
    expect(page.locator(".st-key-problems")).to_have_count(1)
    expect(page.locator(".st-key-outcome")).to_have_count(0)
    chooser = page.locator(".st-key-mapping_interactions").get_by_role("combobox").first
    # Streamlit's list closes at once where it opens at the edge of the window and the page moves.
    chooser.evaluate("field => field.scrollIntoView({block: 'center'})")
    chooser.click()
    page.get_by_role("option", name="买东西的人").click()
    visit.settle()
    expect(page.locator(".st-key-outcome")).to_contain_text(
        "960 events · 60 customers · 24 products"
    )
    expect(page.locator(".st-key-estimate")).to_contain_text("about")
    page.locator(".st-key-build button").click()
    explore = page.get_by_role("button", name="Explore the result")
    explore.wait_for(timeout=300_000)
    explore.click()
    expect(page).to_have_url(re.compile("run=chinese"), timeout=30_000)
    run = re.findall(r"run=([^&]+)", page.url)[0]
    visit.open(f"recommendations?run={run}&user=u07&show=all")
    expect(page.locator(".st-key-explanation")).to_contain_text("号", timeout=150_000)


def test_new_histories_are_scored_and_explored(visit: Visit) -> None:
    page = visit.page
    lines = shop.interactions().splitlines()
    some = [line.replace("u0", "guest") for line in lines[1:81]]
    some.append("guest1,never-seen,2024-08-30 10:00:00,view")
    visit.open("data?way=upload&do=score&name=guests")
    sent(visit, "interactions", "guests.csv", "\n".join([lines[0], *some]).encode())
    page.locator(".st-key-score button").click()
    carried = page.locator(".st-key-carried")
    carried.wait_for(timeout=120_000)
    expect(carried).to_contain_text("5 customers are new to the run")
    expect(carried).to_contain_text("never-seen")
    with page.expect_download() as loading:
        page.locator(".st-key-all_scored button").click()
    text = Path(loading.value.path()).read_text(encoding="utf-8-sig")
    assert text.splitlines()[0].startswith('"user_id","rank","item_id","title"')
    assert len(text.splitlines()) == 1 + 5 * 10
    page.get_by_role("link", name="Explore one of them").click()
    visit.settle()
    expect(page).to_have_url(re.compile(r"recommendations\?.*run=guests"))
    expect(page.locator(".st-key-ranking")).to_have_count(1, timeout=60_000)


def test_a_look_alone_draws_charts_and_a_refused_fix_stays_in_the_link(visit: Visit) -> None:
    page = visit.page
    visit.open("data?way=upload&do=look")
    rows = shop.interactions() + "u01,i03,2024-08-01 10:00:00\n" * 3
    sent(visit, "interactions", "shop.csv", rows.encode())
    for chart in ("when", "lengths", "top"):
        drawn = page.locator(f".st-key-chart_{chart} canvas, .st-key-chart_{chart} svg").first
        drawn.wait_for(timeout=30_000)
    expect(page.locator(".st-key-outcome")).to_contain_text("960 events")
    page.locator(".st-key-fix_ragged label").first.click()
    visit.settle()
    expect(page).to_have_url(re.compile("refuse.ragged=1"))
    expect(page.locator(".st-key-outcome")).to_contain_text("961 events")


def test_pasted_rows_are_examined_like_a_file(visit: Visit) -> None:
    page = visit.page
    visit.open("data?way=upload&do=look")
    page.get_by_text("Or paste a few rows").click()
    page.locator(".st-key-pasted textarea").fill(shop.interactions()[:4_000].rpartition("\n")[0])
    page.keyboard.press("Control+Enter")
    page.locator(".st-key-outcome").wait_for(timeout=30_000)
    expect(page.locator(".st-key-found_interactions")).to_contain_text("separator comma")


def test_what_would_break_a_server_is_refused_in_words(visit: Visit) -> None:
    visit.open("data?way=upload")
    sent(visit, "interactions", "far.xlsx", _far_cell())
    visit.page.locator(".st-key-problems").wait_for(timeout=60_000)
    expect(visit.page.locator(".st-key-outcome")).to_have_count(0)
    sent(visit, "items", "<b>x.csv", b"item_id,title\np1,**bold** <script>alert(1)</script>\n")
    expect(visit.page.locator(".st-key-found_items")).to_contain_text("<b>x.csv")
    assert visit.page.get_by_text("could not be drawn").count() == 0
