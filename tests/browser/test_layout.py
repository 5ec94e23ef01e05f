"""Nothing lies on something else, and what belongs in a line stands in one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.browser.conftest import Visit, visiting


def _box(place: Locator) -> dict[str, float]:
    place.wait_for()
    box = place.bounding_box()
    assert box is not None
    return {"left": box["x"], "right": box["x"] + box["width"], "top": box["y"]} | {
        "bottom": box["y"] + box["height"]
    }


def _apart(one: dict[str, float], other: dict[str, float]) -> bool:
    return (
        one["bottom"] <= other["top"]
        or other["bottom"] <= one["top"]
        or one["right"] <= other["left"]
        or other["right"] <= one["left"]
    )


def _labels(page: Page, chart: str) -> list[dict[str, float]]:
    texts = page.locator(f".st-key-chart_{chart} :is(.annotation-text, .xtick text)")
    return [_box(texts.nth(place)) for place in range(texts.count())]


@pytest.mark.parametrize(
    ("path", "chart"), [("attention?stage=heads", "heads"), ("attention", "readout")]
)
def test_on_a_phone_the_toolbar_covers_no_label(
    server: str, browser: Browser, path: str, chart: str
) -> None:
    phone: BrowserContext = browser.new_context(
        viewport={"width": 390, "height": 900}, has_touch=True, is_mobile=True
    )
    with visiting(server, phone) as visit:
        visit.open(f"{path}{'&' if '?' in path else '?'}user=u07")
        toolbar = _box(visit.page.locator(f".st-key-chart_{chart} .modebar").first)
        labels = _labels(visit.page, chart)
        assert labels
        assert all(_apart(toolbar, label) for label in labels)
        inside = visit.page.locator(f".st-key-chart_{chart} [data-testid=stElementContainer]").first
        assert inside.evaluate("e => e.scrollHeight <= e.clientHeight"), "nothing is cut off"
        heading = _box(visit.page.locator("h3").nth(0))
        assert _apart(toolbar, heading)
    phone.close()


def test_labels_above_the_routing_chart_stand_in_one_line(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 1440, "height": 900})
    visit.open("attention?user=u07&stage=routing")
    labels = visit.page.locator(".st-key-controls [data-testid=stWidgetLabel]:visible")
    named = [labels.nth(place) for place in range(labels.count())]
    tops = {
        label.inner_text(): round(_box(label)["top"])
        for label in named
        if "Start and profile" not in label.inner_text()
    }
    assert {"Stage", "Newest events", "Weights from"} <= set(tops)
    assert max(tops.values()) - min(tops.values()) <= 2, tops


def test_no_strip_is_blank_above_the_routing_chart(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 1440, "height": 900})
    visit.open("attention?user=u07&stage=routing")
    chart = _box(visit.page.locator(".st-key-chart_routing .main-svg").first)
    cells = _box(visit.page.locator(".st-key-chart_routing .nsewdrag").first)
    assert cells["top"] - chart["top"] <= 20


@pytest.mark.parametrize("logit", ["0", "1"])
def test_the_strongest_reason_stands_in_the_table_whole(visit: Visit, logit: str) -> None:
    visit.page.set_viewport_size({"width": 1440, "height": 900})
    visit.open(f"recommendations?user=u07&show=all&logit={logit}")
    table = visit.page.locator(".st-key-ranking .dvn-scroller").first
    assert table.evaluate("e => e.scrollWidth <= e.clientWidth")
