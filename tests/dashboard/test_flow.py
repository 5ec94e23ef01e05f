"""The score as a flow: its picture, its data, its words, and the part of the page it is in."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from dashboard import resources
from dashboard.figures.drawing import Drawing, Patch, svg
from dashboard.figures.export import to_png, to_svg
from dashboard.figures.flow import drawn, flow_chart, flow_table, keys
from dashboard.figures.heatmap import plotted
from dashboard.figures.palette import DARK, LIGHT, Palette
from dashboard.views.recommendations import sentences_flow
from recommender.explain.flows import Flow
from recommender.explain.types import ItemDeletion
from tests.dashboard.test_pages import _workspace, opened, words

__all__ = ["_workspace"]
BLUE, BROWN = LIGHT.diverging[-2], LIGHT.diverging[1]
SHARES = [[0.6, 0.3, 0.0], [-0.2, 0.0, 0.0], [0.0, 0.1, 0.9]]
"""Of a camera, a kettle and a tripod through two heads and what is bought together."""


@pytest.fixture
def flow() -> Flow:
    """0.9 - 0.2 + 1 + 0.5 - 0.1 = 2.1."""
    return Flow(
        item=7,
        item_id="i07",
        title="Memory card",
        items=np.array([1, 2, 3]),
        item_ids=("i01", "i02", "i03"),
        titles=("Camera", "Kettle", "Tripod"),
        events=((0, 2), (1,), (3, 4, 5)),
        ways=("+head 1", "+head 2", "+together"),
        shares=np.array(SHARES),
        own=(("bias", 0.5), ("profile", -0.1)),
    )


@pytest.fixture
def lost() -> tuple[ItemDeletion, ...]:
    return (
        ItemDeletion("Camera", (0, 2), 1.5, 1, 18),
        ItemDeletion("Kettle", (1,), -0.25, 1, 1),
        ItemDeletion("Tripod", (3, 4, 5), 0.5, 1, 2),
    )


def ribbons(drawing: Drawing) -> list[Patch]:
    return [one for one in drawing.patches if one.colour in (BLUE, BROWN)]


def test_widths_for_less_widths_against_are_the_score(flow: Flow, lost) -> None:
    drawing = flow_chart(flow, lost, LIGHT)
    # All that is drawn at the right is 0.6 + 0.2 + 0.4 + 0.9 + 0.5 + 0.1 = 2.7, 260 pixels high.
    arriving = [one for one in ribbons(drawing) if one.across[1] > 0.9]
    wide = [(one.end[1] - one.end[0]) * (1 if one.colour == BLUE else -1) for one in arriving]
    assert sum(wide) == pytest.approx(260 / 2.7 * 2.1)
    assert sum(map(abs, wide)) == pytest.approx(260)


def test_names_stand_with_their_shares_and_what_is_the_products_own_is_grey(
    flow: Flow, lost
) -> None:
    drawing = flow_chart(flow, lost, LIGHT)
    assert [word.text for word in drawing.words] == [
        "History",
        "Memory card  +2.10",
        "Tripod  +1.00",
        "Camera  +0.90",
        "Kettle  −0.20",
        "Attention head 1  +0.40",
        "Attention head 2  +0.40",
        "Often bought together  +0.90",
        "Popularity of the product  +0.50",
        "Profile  −0.10",
    ]
    grey = [one.said for one in drawing.patches if one.colour == LIGHT.muted]
    assert grey == ["Popularity of the product (+0.50)", "Profile (−0.10)"]


def test_the_mouse_finds_what_is_lost_without_a_product_and_a_click_leads_to_it(
    flow: Flow, lost
) -> None:
    drawing = flow_chart(flow, lost, LIGHT)
    said = {spot.said[0]: (spot.said[1:], spot.key) for spot in drawing.spots}
    assert said["Camera"] == (
        ("+0.90 of the score", "2 events", "without it −1.50, rank 1 → 18"),
        "item~i01",
    )
    assert said["Kettle"][0][-1] == "without it +0.25, the rank stays 1"
    assert said["Camera → Attention head 2"] == (("+0.30 of the score",), "item~i01")
    assert said["Attention head 2 → Memory card"] == (("+0.40 of the score",), "way~+head 2")
    assert said["Memory card"] == (("+2.10 of the score",), "")
    assert {key for _, key in said.values()} == {*keys(flow, drawn(flow)), ""}


def test_what_is_chosen_stands_out(flow: Flow, lost) -> None:
    drawing = flow_chart(flow, lost, LIGHT, "way~+head 2")
    bright = {one.said for one in ribbons(drawing) if one.opacity > 0.5}
    assert bright == {
        "Camera → Attention head 2 (+0.30)",
        "Tripod → Attention head 2 (+0.10)",
        "Attention head 2 → Memory card (+0.40)",
    }


def test_what_would_read_nought_has_no_name_but_is_found(flow: Flow) -> None:
    drawing = flow_chart(replace(flow, own=(("bias", 0.5), ("profile", 0.001))), (), LIGHT)
    assert not [word.text for word in drawing.words if "Profile" in word.text]
    assert "Profile" in [spot.said[0] for spot in drawing.spots]


def test_the_smallest_products_are_one(flow: Flow) -> None:
    many = 12
    shares = np.array([[1.0 / (1 + i), 0.0, 0.0] for i in range(many)])
    ids = tuple(f"i{i}" for i in range(many))
    long = Flow(7, "i07", "Card", np.arange(many), ids, ids, ((0,),) * many,
                flow.ways, shares, flow.own)  # fmt: skip
    texts = [word.text for word in flow_chart(long, (), LIGHT).words]
    # 1/8 + 1/9 + ... + 1/12
    assert "5 more products  +0.51" in texts
    assert sum(text.startswith("i") for text in texts) == 7
    assert "item~i8" not in keys(long, drawn(long))


def test_the_data_have_a_row_for_each_product_and_sum_to_the_score(flow: Flow, lost) -> None:
    table = flow_table(flow, lost)
    assert list(table["title"]) == [
        "Camera", "Kettle", "Tripod", "Popularity of the product", "Profile",
    ]  # fmt: skip
    assert table["contribution"].sum() == pytest.approx(2.1)
    by_way = table[["head 1", "head 2", "together"]]
    assert np.allclose(by_way.head(3).sum(axis=1), table["contribution"].head(3))
    assert table.loc[0, ["events", "loss", "rank_before", "rank_after"]].tolist() == [2, 1.5, 1, 18]
    assert table["rank_after"].isna().tolist() == [False] * 3 + [True] * 2


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_it_becomes_a_picture_without_a_browser(flow: Flow, lost, colours: Palette) -> None:
    drawing = flow_chart(flow, lost, colours)
    text = to_svg(drawing, colours)
    assert text.startswith("<svg ") and text.count("<path") == len(drawing.patches)
    assert re.findall("<title>(Camera → [^<]*)<", text) == [
        "Camera → Attention head 1 (+0.60)",
        "Camera → Attention head 2 (+0.30)",
    ]
    assert f'fill="{colours.surface}"' in text and ">Tripod  +1.00</text>" in text
    assert to_png(drawing, colours)[:4] == b"\x89PNG"


def test_a_ribbon_leaves_and_arrives_level() -> None:
    patch = Patch((0, 1), (10, 20), (40, 50), "red", 1, "a < b")
    assert patch.path(0, 100) == (
        "M0.0000,10.00 C50.0000,10.00 50.0000,40.00 100.0000,40.00 "
        "L100.0000,50.00 C50.0000,50.00 50.0000,20.00 0.0000,20.00 Z"
    )
    assert "<title>a &lt; b</title>" in svg(Drawing(50, (patch,), (), ()), 116, "serif", "white")


def test_plotly_is_given_every_patch_word_and_spot(flow: Flow, lost) -> None:
    drawing = flow_chart(flow, lost, LIGHT)
    figure = plotted(drawing)
    assert len(figure.layout.shapes) == len(drawing.patches)
    assert len(figure.data[0].x) == len(drawing.keys)
    assert len(figure.data[1].text) == len(drawing.words)
    # Down is down, and a pixel is a pixel.
    assert tuple(figure.layout.yaxis.range) == (drawing.height, 0)
    margin = figure.layout.margin
    assert figure.layout.height - margin.t - margin.b == drawing.height


def test_the_sentence_says_what_gives_most_and_what_speaks_against(flow: Flow) -> None:
    assert sentences_flow.flow(flow) == (
        "Of the score of +2.10, the history gives +1.70 and all else +0.40. Most comes from "
        "Tripod (+1.00), largely through “often bought together”; most against it speaks Kettle "
        "(−0.20)."
    )


def test_a_product_is_told_with_all_its_events_and_what_is_lost_without_them(
    flow: Flow, lost
) -> None:
    assert sentences_flow.past(flow, 0, lost[0]) == (
        "Camera: 2 events give +0.90, through “attention head 1” (+0.60) and “attention head 2” "
        "(+0.30). Without all 2 together the score changes by −1.50, and the rank goes 1 → 18."
    )
    assert sentences_flow.past(flow, 1, lost[1]).endswith(
        "Without it the score changes by +0.25, and the rank stays 1."
    )


def test_a_way_is_told_with_whom_it_serves_most(flow: Flow) -> None:
    assert sentences_flow.way(flow, "+together").startswith(
        "“Often bought together” gives +0.90 of the score, most of it from Tripod (+0.90). "
    )
    assert sentences_flow.way(flow, "bias").startswith(
        "“Popularity of the product” gives +0.50 of the score. "
    )


def test_closed_it_computes_nothing_and_open_it_stands_in_the_link(monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("computed")

    with monkeypatch.context() as closed:
        closed.setattr(resources, "flow", fail)
        app = opened("recommendations", user="u03")
    assert not app.exception
    assert "could not be drawn" not in words(app)
    app = opened("recommendations", user="u03", flow="1")
    assert not app.exception
    assert "Of the score of " in words(app)
    picker = app.selectbox(key="w_part")
    chosen = next(key for key in picker.options if "thing" in key)
    picker.select(chosen).run()
    assert not app.exception
    assert re.search(r"Without (it|all \d+ together) the score changes by ", words(app))
    assert app.query_params["part"].startswith("item~i")


def test_where_the_score_is_no_sum_it_says_why_there_is_no_flow(monkeypatch) -> None:
    monkeypatch.setattr(resources, "flow", lambda question, item: None)
    app = opened("recommendations", user="u03", flow="1")
    assert not app.exception
    assert "is no sum: it mixes all events" in words(app)
