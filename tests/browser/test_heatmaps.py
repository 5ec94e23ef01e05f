"""Heatmaps as the browser draws them: a name for each row, written as it is."""

from __future__ import annotations

import json
import re

import numpy as np
from playwright.sync_api import BrowserContext, expect
from plotly.offline import get_plotlyjs

from dashboard.figures.heatmap import Bar, Labels, about_zero
from dashboard.figures.palette import LIGHT

NAMES = (
    "Home and Garden Products > Kitchen",
    "Home and Garden Products > Lighting",
    "6347472",
    "1788515",
    "<b>bowl</b> $5 & $6",
    '<a href="https://example.org">link</a>',
    "&lt;twin&gt;",
    "&lt;twin&gt;",
)


def test_every_row_has_its_name_and_no_name_is_markup(context: BrowserContext) -> None:
    labels, n = Labels(NAMES, NAMES), len(NAMES)
    said = [[f"{i} <i>and</i> {j}" for j in range(n)] for i in range(n)]
    figure = about_zero(np.eye(n), labels, labels, said, Bar("<b>share</b>", 1), LIGHT)
    figure.update_layout(height=700)
    page = context.new_page()
    page.set_content("<div id='chart' style='width: 900px'></div>")
    page.add_script_tag(content=get_plotlyjs())
    drawn = json.loads(figure.to_json())
    page.evaluate("one => Plotly.newPlot('chart', one.data, one.layout)", drawn)
    rows = page.locator(".ytick text")
    assert tuple(rows.all_text_contents()) == NAMES
    tops = [box["y"] for box in (row.bounding_box() for row in rows.all()) if box]
    assert tops == sorted(set(tops))
    assert len(tops) == n
    assert tuple(page.locator(".xtick text").all_text_contents()) == NAMES
    expect(page.locator("#chart")).to_contain_text("<b>share</b>")
    assert page.locator("#chart text a, #chart text tspan").count() == 0
    area = page.locator(".nsewdrag").bounding_box()
    assert area is not None
    # The cell in the fifth row and the first column.
    page.mouse.move(area["x"] + area["width"] / n / 2, area["y"] + area["height"] * 4.5 / n)
    hover = page.locator(".hoverlayer")
    expect(hover).to_contain_text(re.compile(re.escape(NAMES[4])))
    expect(hover).to_contain_text(NAMES[0])
    expect(hover).to_contain_text("4 <i>and</i> 0")
    page.close()
