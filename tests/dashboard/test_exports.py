"""Files that pages give away: nothing in them runs, nothing in them loads."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace

import pandas as pd
import pytest

from dashboard.exports import to_csv, to_parquet
from dashboard.exports_explanation import Chapter, Story, to_html, to_json
from dashboard.figures.answer import Evidence, answer, evidence
from dashboard.figures.attention import routing_heatmap, tokens
from dashboard.figures.export import picture_spec, to_png, to_svg
from dashboard.figures.lenses import lens_chart
from dashboard.figures.palette import DARK, LIGHT
from dashboard.figures.shares import event_feature_heatmap, share_chart
from recommender.explain.card import card_of
from recommender.explain.documents import as_document
from recommender.explain.types import Attention, Explanation

EVIL = '</script><img src=x onerror="alert(1)">'


def story(explanation: Explanation) -> Story:
    charts = (
        lens_chart(explanation, LIGHT),
        share_chart(explanation, LIGHT),
        event_feature_heatmap(explanation, LIGHT, 25),
    )
    chapters = [Chapter(EVIL, "how", chart, EVIL) for chart in charts]
    named = replace(explanation, title=EVIL, titles=(EVIL,) * 3)
    card = answer(card_of(named), LIGHT, EVIL)
    claims = evidence([Evidence(EVIL, "influence", 1.0)], LIGHT)
    return Story(f"Why {EVIL}?", ("for u1",), card, chapters, claims, "data abc")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_looks_like_a_formula_is_quoted_in_csv(start: str) -> None:
    table = pd.DataFrame({f"{start}head": [f"{start}SUM(A1)", "plain"], "n": [-1.5, 2.0]})
    text = to_csv(table).decode("utf-8-sig")
    assert text.count("'" + start) == 2
    assert "-1.5" in text
    assert "'-1.5" not in text


def test_parquet_keeps_values_and_types() -> None:
    table = pd.DataFrame({"title": ["=1+1"], "time": pd.to_datetime(["2024-01-31"]), 3: [0.5]})
    back = pd.read_parquet(io.BytesIO(to_parquet(table)))
    assert back["title"].tolist() == ["=1+1"]
    assert back["time"].iloc[0] == pd.Timestamp("2024-01-31")
    assert back["3"].tolist() == [0.5]


def test_pictures_are_drawn_without_a_browser(explanation: Explanation) -> None:
    chart = lens_chart(explanation, LIGHT)
    assert to_png(chart, LIGHT).startswith(b"\x89PNG")
    svg = to_svg(chart, LIGHT)
    assert all(word in svg for word in ("Memory", "Camera", "Looked at")[1:])
    assert LIGHT.attention.lower() in svg.lower()


def test_heatmaps_become_pictures_with_their_labels(
    explanation: Explanation, attention: Attention
) -> None:
    shown = tokens(attention, ("purchase", "view", "view"), 3, others=False)
    for figure in (
        routing_heatmap(attention, shown, 0, 0, DARK),
        event_feature_heatmap(explanation, DARK, 3),
    ):
        svg = to_svg(figure, DARK)
        assert {"Camera", "Kettle", "Tripod"} <= set(re.findall(r">(?:\d+\s+)?(\w+)</text>", svg))
        assert DARK.surface in svg


def test_a_cell_of_the_future_is_left_out_of_the_picture(attention: Attention) -> None:
    shown = tokens(attention, ("purchase", "view", "view"), 3, others=False)
    spec = picture_spec(routing_heatmap(attention, shown, 0, 0, LIGHT), LIGHT)
    assert len(spec["datasets"]["cells"]) == 6


def test_titles_are_escaped_in_pictures(explanation: Explanation) -> None:
    titled = replace(explanation, titles=("<b>A</b>", "B & C", "D"))
    svg = to_svg(lens_chart(titled, LIGHT), LIGHT)
    assert "<b>" not in svg
    assert "&lt;b&gt;A" in svg


@pytest.mark.parametrize(("live", "most"), [(True, 6_000_000), (False, 500_000)])
def test_a_page_is_small_and_loads_and_runs_nothing_foreign(
    explanation: Explanation, live: bool, most: int
) -> None:
    page = to_html(story(explanation), LIGHT, live).decode()
    assert len(page) < most
    assert EVIL not in page
    without_scripts = re.sub(r"<script>.*?</script>", "", page, flags=re.S)
    assert not re.findall("<(script|link|img|iframe)", without_scripts)
    assert "default-src 'none'" in page
    assert without_scripts.count("<svg") == (0 if live else 3)
    assert "Where +2.20 comes from" in without_scripts
    assert "&lt;/script&gt;" in without_scripts


def test_json_is_what_the_command_line_prints(explanation: Explanation) -> None:
    document = json.loads(to_json(as_document("ü1", explanation)))
    assert document["user"] == "ü1"
    shares = sum(event["contribution"] for event in document["events"])
    shares += sum(one["contribution"] for one in document["profile"])
    assert document["bias"] + document["order_term"] + shares == pytest.approx(2.2)
