"""What a page gives away, taken as a visitor takes it and read as whoever gets it reads it."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visit

PNG = b"\x89PNG\r\n\x1a\n"


def test_a_chart_is_had_as_table_and_as_picture(visit: Visit) -> None:
    visit.open("recommendations?user=u00&show=all")
    csv = pd.read_csv(io.BytesIO(visit.download("csv_lenses")))
    visit.menu("more_lenses")
    parquet = pd.read_parquet(io.BytesIO(visit.download("parquet_lenses")))
    svg = ElementTree.fromstring(visit.download("svg_lenses"))
    png = visit.download("png_lenses")

    assert list(csv.columns) == list(parquet.columns)
    assert csv["influence"].tolist() == pytest.approx(parquet["influence"].tolist())
    # What a spreadsheet would take for a formula is quoted where one opens it, and only there.
    assert "'=SUM(A1) kettle" in csv["title"].tolist()
    assert "=SUM(A1) kettle" in parquet["title"].tolist()
    written = "".join(svg.itertext())
    assert "=SUM(A1) kettle" in written
    assert "Looked at" in written
    assert png.startswith(PNG)
    assert int.from_bytes(png[16:20], "big") >= 2 * int(float(svg.attrib["width"]))


def test_an_explanation_is_had_as_pages_that_open_offline_and_as_json(
    visit: Visit, browser: Browser, tmp_path: Path
) -> None:
    visit.open("recommendations?user=u07&show=all")
    title = visit.page.locator(".st-key-explanation h3").first.inner_text()
    visit.menu("save")
    for place, (name, most) in enumerate({"live": 6_000_000, "still": 500_000}.items()):
        saved = tmp_path / f"{name}.html"
        saved.write_bytes(visit.download(f"save_{place}"))
        assert saved.stat().st_size < most
        assert _requests(visit, browser, saved) == [saved.as_uri()]

    document = json.loads(visit.download("save_2"))
    assert document["user"] == "u07"
    assert title == f"Why {document['title']}?"
    events = sum(event["contribution"] for event in document["events"])
    profile = sum(share["contribution"] for share in document["profile"])
    total = document["bias"] + document["order_term"] + events + profile
    assert document["logit"] == pytest.approx(total, abs=1e-4)


def test_no_two_files_of_an_explanation_have_one_name(visit: Visit) -> None:
    visit.open("recommendations?user=u07&show=all")
    visit.menu("save")
    names = []
    for place in range(3):
        button = visit.page.locator(f".st-key-save_{place} button").first
        button.wait_for(timeout=60_000)
        with visit.page.expect_download(timeout=60_000) as given:
            button.evaluate("button => button.click()")
        names.append(given.value.suggested_filename)
    assert len(set(names)) == 3, names


def _requests(visit: Visit, browser: Browser, saved: Path) -> list[str]:
    """What a browser without a network asks for to show the file with its three charts."""
    context = browser.new_context(offline=True)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.goto(saved.as_uri())
    expect(page.locator("h1")).to_have_text(re.compile("^Why .+"))
    expect(page.locator("svg.marks")).to_have_count(3)
    context.close()
    return asked
