"""Whatever things are called, every chart has a row for each, and no name is markup."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.figures import all_recommendations as overall
from dashboard.figures import (
    attention as attention_figures,
)
from dashboard.figures import (
    attention_time,
    compare,
    finish,
    flow,
    flow_categories,
    heads,
    heatmap,
    item,
    item_map,
    lenses,
    model,
    quality,
    shares,
    timeline,
    trust,
    whatif,
)
from dashboard.figures import attributions as methods
from dashboard.figures import uploaded as looking
from dashboard.figures.drawing import Drawing
from dashboard.figures.export import picture_spec, to_svg
from dashboard.figures.palette import LIGHT
from dashboard.words import shorten_apart
from recommender.evaluate import Overall
from recommender.evaluate.items import Audience
from recommender.evaluate.looking_back import LookingBack
from recommender.evaluate.quality import Quality
from recommender.explain.flows import Flow
from recommender.explain.types import (
    Attention,
    Attribution,
    Explanation,
    ItemDeletion,
    ProfileShare,
)
from tests.dashboard.test_attention_methods import heads_found
from tests.dashboard.test_features_overall import overall as found_overall
from tests.dashboard.test_model_page import BEYOND, CURVE
from tests.dashboard.test_trust_page import trust as found_trust
from tests.dashboard.test_whatif_figures import audience as _audience

PATH = "Home and Garden Products of the Northern Metropolitan Area > "
NAMES = (
    f"{PATH}Kitchen",
    f"{PATH}Bathroom",
    f"{PATH}Bathroom, small",
    "6347472",
    "1788515",
    "1e5",
    "2024-01-03",
    "<b>bold</b> & <i>more</i>",
    '<a href="https://example.org">link</a>',
    "<img src=x onerror=alert(1)>",
    "&lt;u&gt; &amp; &#36;",
    "$x^2$ and $y$",
    "%{x} ${y} {n}",
    "word " * 60,
    "x" * 300,
    "",
    " ",
    "\t\n",
    "مرحبا بالعالم",
    "👩‍👩‍👧 family",
    "other",
    "unknown",
    "(other)",
    "start",
)
TWICE = (*NAMES, *NAMES[:8])
"""Different things of one name, as products are."""
N, N_TWICE = len(NAMES), len(TWICE)
DAY = 86_400
Spec = finish.Spec
Figure = alt.LayerChart | Spec | go.Figure | Drawing


def explanation(events: tuple[str, ...] = TWICE, features: tuple[str, ...] = NAMES) -> Explanation:
    """Products, features, kinds of events and the profile, all called so."""
    n = len(events)
    cells = 1.0 + np.arange(n * len(features), dtype=float).reshape(n, -1) % 7
    values = np.linspace(0.1, 1, n)
    return Explanation(
        item=7,
        item_id="i07",
        title=NAMES[7],
        as_of=1_700_000_000,
        logit=float(cells.sum()),
        bias=0.5,
        order_term=0.1,
        window=50,
        items=np.arange(n),
        item_ids=tuple(map(str, range(n))),
        titles=events,
        times=1_700_000_000 - DAY * np.arange(n)[::-1],
        event_types=events,
        attention=values / values.sum(),
        gate=np.ones(n),
        contribution=cells.sum(axis=1),
        influence=values,
        influence_log=values,
        feature_names=features,
        features=cells,
        profile=tuple(ProfileShare(name, name, 0.1, 0.7, 0.5) for name in NAMES),
    )


def attention() -> Attention:
    n = N_TWICE
    return Attention(
        tokens=TWICE,
        positions=np.arange(n),
        layers=np.tril(np.ones((1, 2, n, n)) / n),
        readout=np.full((2, n), 1 / n),
        gate=np.ones((2, n)),
    )


def tokens() -> attention_figures.Tokens:
    return attention_figures.tokens(attention(), TWICE, N_TWICE, others=True)


def attributions() -> tuple[Attribution, ...]:
    values = np.arange(N_TWICE, dtype=float)[None]
    return Attribution("influence", (7,), values), Attribution("attention", (7,), -values)


def audience() -> Audience:
    found = inspect.unwrap(_audience)()
    n = range(N_TWICE)
    causes = {"item": n, "item_id": n, "title": TWICE, "users": 9, "contribution": 0.5}
    return replace(
        found,
        segments=pd.DataFrame(
            {"feature": "age", "value": NAMES, "users": 100, "receivers": 50, "rate": 0.5}
        ),
        shares=pd.DataFrame({"feature": NAMES, "kind": "event", "contribution": 0.9}),
        causes=pd.DataFrame(causes | {"feature": NAMES[0]}),
    )


def whole() -> Overall:
    """Categories, groups and kinds of events."""
    found = found_overall()
    pairs = [(one, other) for one in NAMES for other in NAMES]
    grouped = {"segment": "region", "group": ["Everybody chosen", *NAMES], "users": 4}
    return replace(
        found,
        event_types=pd.DataFrame(
            {"event": NAMES, "events": 2.0, "contribution": 0.1, "share": 1 / N}
        ),
        categories=pd.DataFrame(pairs, columns=["history", "recommended"]).assign(
            contribution=0.1, share=0.1
        ),
        flow=pd.DataFrame(
            [
                (side, name, "+head 1", 0.2, 0.1)
                for side in ("history", "recommended")
                for name in NAMES
            ],
            columns=["side", "category", "way", "towards", "against"],
        ),
        segments=pd.DataFrame(grouped | dict.fromkeys(overall.SOURCES, 0.25)),
    )


def by_group() -> pd.DataFrame:
    rows = [(method, name) for method in ("this model", "EASE") for name in NAMES]
    table = pd.DataFrame(rows, columns=["method", "group"]).assign(
        view="all", grouping="region", users=9, ndcg=0.3, low=0.2, high=0.4, exposure=0.5
    )
    return model.group_table(
        Quality(BEYOND, table.assign(exposure_low=0.4, exposure_high=0.6), pd.DataFrame(), 9),
        "all",
        "region",
    )


def events() -> pd.DataFrame:
    return pd.DataFrame(
        {"month": pd.Timestamp("2024-01-01"), "event": NAMES, "events": range(1, N + 1)}
    )


def in_time() -> pd.DataFrame:
    return pd.DataFrame(
        {"title": NAMES, "event": NAMES, "category": NAMES, "cause": False, "held_out": False}
    ).assign(time=pd.Timestamp("2024-01-01"))


def products() -> pd.DataFrame:
    ids = {"item_id": range(N_TWICE), "title": TWICE, "category": TWICE}
    places = {"x": range(N_TWICE), "y": range(N_TWICE), "cluster": range(N_TWICE)}
    return pd.DataFrame(ids | places | {"events": 1})


def changes() -> pd.DataFrame:
    keys = [str(i) for i in range(N_TWICE)]
    return whatif.lens_changes(explanation(), explanation(), keys, keys)


def looked() -> pd.DataFrame:
    return pd.DataFrame(
        {"title": TWICE, "event": TWICE, "days": 1.0, "place": 1, "times_even": 1.0}
    )


def back() -> LookingBack:
    table = pd.DataFrame({"middle": [1.0], "times": [1.0], "events": [1]})
    return LookingBack(1, table, table)


def fame() -> pd.DataFrame:
    return pd.DataFrame(
        {"method": "this model", "fifth": [1, 2, 3, 4, 5], "shown": 0.2, "taken": 0.2}
    )


def quality_view() -> dict[str, Any]:
    baselines = {name: {"ndcg@10": 0.1} for name in NAMES}
    return {"metrics": {"ndcg@10": 0.3}, "baselines": baselines}


def weights(*shape: int) -> np.ndarray:
    return np.full(shape, 0.5)


def flowing(names: tuple[str, ...]) -> Drawing:
    """Products of the history called so, through ways called so, to a product called so."""
    n, one = len(names), (0, ())
    found = Flow(
        one[0], names[0], names[0], np.arange(n), names, names, ((0,),) * n,
        names, np.eye(n) - 0.5, tuple((name, 1.0) for name in names),
    )  # fmt: skip
    lost = tuple(ItemDeletion(name, (0,), 1.0, 1, 2) for name in names)
    return flow.flow_chart(found, lost, LIGHT)


CHARTS: dict[str, tuple[Callable[[], Figure], int]] = {
    "attention.routing_heatmap": (
        lambda: attention_figures.routing_heatmap(attention(), tokens(), 0, 0, LIGHT),
        N_TWICE,
    ),
    "attention.readout_heatmap": (
        lambda: attention_figures.readout_heatmap(attention(), tokens(), LIGHT),
        N_TWICE,
    ),
    "attention_time.looking_back_chart": (
        lambda: attention_time.looking_back_chart(looked(), back(), "days", LIGHT),
        0,
    ),
    "compare.difference_chart": (
        lambda: compare.difference_chart(
            compare.difference_table(explanation(), explanation(TWICE[:9])), LIGHT
        ),
        # An event's and the profile's share of one name are two; the order, alike, is left out.
        N,
    ),
    # Eight products, ten ways and the product; of each of the first two the last is all the others.
    "flow.flow_chart": (lambda: flowing(NAMES), 8 + 10 + 1),
    # Fourteen categories on either side and a way.
    "flow_categories.flow_of_categories": (
        lambda: flow_categories.flow_of_categories(whole(), LIGHT),
        14 + 1 + 14,
    ),
    "heads.head_chart": (
        lambda: heads.head_chart(
            heads.head_table(replace(found_overall(), heads=heads_found())), LIGHT
        ),
        3,
    ),
    "heads.small_multiples": (
        lambda: heads.small_multiples(attention(), tokens(), LIGHT),
        N_TWICE,
    ),
    "heatmap.about_zero": (
        lambda: heatmap.about_zero(
            weights(N, N_TWICE),
            heatmap.Labels.of(NAMES, 22),
            heatmap.Labels.of(TWICE, 22),
            [TWICE] * N,
            heatmap.Bar(NAMES[7], 1, ends=(NAMES[8], NAMES[9])),
            LIGHT,
            in_cells=[TWICE] * N,
        ),
        N,
    ),
    "heatmap.small_weights": (
        lambda: heatmap.small_weights(weights(1, 2, N, N), NAMES, NAMES[7:9], LIGHT),
        N,
    ),
    "heatmap.weights": (
        lambda: heatmap.weights(
            weights(N, N), *[heatmap.Labels.of(NAMES, 22)] * 2, LIGHT, False, 0.0, NAMES[7]
        ),
        N,
    ),
    "item.cause_chart": (lambda: item.cause_chart(audience(), LIGHT), N_TWICE),
    "item.feature_chart": (lambda: item.feature_chart(audience(), LIGHT), N),
    "item.part_chart": (lambda: item.part_chart(audience(), LIGHT), 1),
    "item.segment_chart": (lambda: item.segment_chart(audience(), LIGHT), N),
    "item_map.item_map_chart": (
        lambda: item_map.item_map_chart(products(), "bold", LIGHT),
        0,
    ),
    "lenses.lens_chart": (
        lambda: lenses.lens_chart(explanation(), LIGHT, "time", N_TWICE),
        N_TWICE + N,
    ),
    "uploaded.bars": (
        lambda: looking.bars(pd.DataFrame({"title": TWICE, "events": 1}), LIGHT),
        N_TWICE,
    ),
    "uploaded.events_by_time": (lambda: looking.events_by_time(events(), LIGHT), 0),
    "uploaded.lengths": (lambda: looking.lengths(pd.Series([1, 2]), LIGHT), 0),
    "attributions.method_heatmap": (
        lambda: methods.method_heatmap(attributions(), TWICE, TWICE, LIGHT),
        methods.EVENTS,
    ),
    "model.beyond_chart": (lambda: model.beyond_chart(BEYOND, LIGHT), 2),
    "model.curve_chart": (lambda: model.curve_chart(CURVE, LIGHT), 0),
    "model.fame_chart": (lambda: model.fame_chart(fame(), LIGHT), 5),
    "model.group_chart": (lambda: model.group_chart(by_group(), "ndcg", LIGHT), N),
    "model.strip_chart": (
        lambda: model.strip_chart(
            pd.DataFrame(
                {"method": TWICE, "colour": "red"}
                | dict.fromkeys((one.column for one in model.measures()), 0.5)
            ),
            model.measures(),
            LIGHT,
        ),
        N_TWICE,
    ),
    "all_recommendations.category_heatmap": (lambda: overall.category_heatmap(whole(), LIGHT), N),
    "all_recommendations.events_chart": (
        lambda: overall.events_chart(overall.event_type_table(whole()), "Kind", LIGHT),
        N,
    ),
    "all_recommendations.source_chart": (
        lambda: overall.source_chart(overall.source_table(whole(), "region"), LIGHT),
        N + 2,
    ),
    "quality.activity_chart": (lambda: quality.activity_chart(events(), NAMES, LIGHT), 0),
    "quality.category_chart": (
        lambda: quality.category_chart(
            pd.DataFrame({"name": NAMES, "events": 1, "products": 1}), "Category", LIGHT
        ),
        min(N, quality.MOST_CATEGORIES),
    ),
    "quality.loss_chart": (
        lambda: quality.loss_chart(pd.DataFrame({"step": [1, 2], "loss": 0.5}), LIGHT),
        0,
    ),
    "quality.quality_chart": (
        lambda: quality.quality_chart(quality_view(), "ndcg@10", LIGHT),
        N + 1,
    ),
    "shares.acting_events_chart": (
        lambda: shares.acting_events_chart(explanation(), NAMES[7], LIGHT, N_TWICE),
        N_TWICE,
    ),
    "shares.bars": (
        lambda: shares.bars(
            pd.DataFrame({"name": TWICE, "said": TWICE, "help": TWICE, "v": 1.0}),
            "v",
            LIGHT,
            "red",
        ),
        N_TWICE,
    ),
    "shares.event_feature_heatmap": (
        lambda: shares.event_feature_heatmap(explanation(), LIGHT, N_TWICE),
        N_TWICE,
    ),
    "shares.importance_chart": (
        lambda: shares.importance_chart(pd.DataFrame({"feature": NAMES, "share": 1 / N}), LIGHT),
        N,
    ),
    # The features of events, those of the profile, popularity and order.
    "shares.share_chart": (lambda: shares.share_chart(explanation(), LIGHT), 2 * N + 2),
    "timeline.timeline": (lambda: timeline.timeline(in_time(), NAMES, LIGHT), N),
    "trust.agreement_heatmap": (lambda: trust.agreement_heatmap(found_trust(), LIGHT), 5),
    "trust.curves_chart": (
        lambda: trust.curves_chart(
            trust.curve_table(found_trust(), "all"), ["contribution"], "shown", LIGHT
        ),
        0,
    ),
    "trust.methods_chart": (
        lambda: trust.methods_chart(
            trust.deletion_table(found_trust(), "all"), trust.deletion_measures(), LIGHT
        ),
        5,
    ),
    "whatif.lens_changes_chart": (
        lambda: whatif.lens_changes_chart(changes(), LIGHT, N_TWICE),
        N_TWICE + N,
    ),
    "whatif.share_changes_chart": (
        lambda: whatif.share_changes_chart(
            whatif.share_changes(explanation(), explanation()), LIGHT
        ),
        2 * N + 2,
    ),
}
"""Every function that makes a chart, and how many rows it has of these names; 0 for no rows."""
PARTS = {
    "finish.finish",
    "finish.named",
    "flow.flow_drawing",
    "heatmap.plotted",
    "lenses.strips",
    "shares.from_zero",
}
"""What charts are made of."""
PLOTLY = [name for name in CHARTS if name.endswith("heatmap") or "weights" in name]
PLOTLY += ["heads.small_multiples", "heatmap.about_zero"]
DRAWINGS = ["flow.flow_chart", "flow_categories.flow_of_categories"]
VEGA = [name for name in CHARTS if name not in PLOTLY + DRAWINGS]
COLOURED = {
    "item_map.item_map_chart": "group",
    "uploaded.events_by_time": "kind",
    "quality.activity_chart": "kind",
    "timeline.timeline": "group",
}


def test_every_function_that_makes_a_chart_is_here() -> None:
    makers = set()
    for path in Path(finish.__file__).parent.glob("[a-z]*.py"):
        module = import_module(f"dashboard.figures.{path.stem}")
        for name, made in inspect.getmembers(module, inspect.isfunction):
            gives = str(inspect.signature(made).return_annotation)
            own = made.__module__ == module.__name__ and not name.startswith("_")
            if own and gives in ("Spec", "go.Figure", "alt.LayerChart", "alt.Chart", "Drawing"):
                makers.add(f"{path.stem}.{name}")
    assert makers - PARTS == set(CHARTS)


def texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a figure, with the name of the property that it is in."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from texts(one, name)
    elif isinstance(value, list | tuple | np.ndarray):
        for one in value:
            yield from texts(one, key)


@pytest.mark.parametrize("name", PLOTLY)
def test_plotly_is_told_of_a_place_for_each_row_and_column(name: str) -> None:
    figure, n_rows = CHARTS[name][0](), CHARTS[name][1]
    picture = figure.data[0]
    rows, columns = np.array(picture.z).shape
    assert rows == n_rows
    assert picture.x is None and picture.y is None
    for axis, n in ((figure.layout.yaxis, rows), (figure.layout.xaxis, columns)):
        assert axis.type == "linear"
        assert list(axis.tickvals) == list(range(n))
        assert len(axis.ticktext) == n
        assert sorted(axis.range) == [-0.5, n - 0.5]


def in_plotly(name: str) -> go.Figure:
    figure = CHARTS[name][0]()
    return heatmap.plotted(figure) if isinstance(figure, Drawing) else figure


@pytest.mark.parametrize("name", PLOTLY + DRAWINGS)
def test_nothing_that_plotly_writes_is_markup(name: str) -> None:
    for key, text in texts(in_plotly(name).to_dict()):
        if key in ("hovertemplate", "texttemplate"):
            text = re.sub(r"<br>|</?b>|<extra></extra>|%\{\w+(:[.\d%]+)?\}", "", text)
        elif key == "hovertext":
            text = text.replace("<br>", "")
        assert not set("<>$") & set(text), (key, text)
        assert not re.search(r"&(?!amp;|lt;|gt;|#36;)", text), (key, text)


def bars_of(drawing: Drawing) -> set[tuple[Any, Any]]:
    return {
        (one.across, one.start) for one in drawing.patches if one.across[1] - one.across[0] < 0.1
    }


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_has_a_node_of_its_own_for_each_thing(name: str) -> None:
    drawing, n_rows = CHARTS[name]
    assert len(bars_of(drawing())) == n_rows
    assert len({(word.x, word.y) for word in drawing().words}) == len(drawing().words)


def test_products_of_one_name_are_nodes_of_their_own() -> None:
    assert len(bars_of(flowing(("twin",) * N))) == CHARTS["flow.flow_chart"][1]


@pytest.mark.parametrize("name", VEGA)
def test_vega_is_told_of_a_key_for_each_row(name: str) -> None:
    spec, n_rows = CHARTS[name][0]().to_dict(), CHARTS[name][1]
    names, rows = {*NAMES, *map(str.strip, NAMES)}, set()
    for layer in spec["layer"]:
        table = pd.DataFrame(spec["datasets"][layer.get("data", spec.get("data"))["name"]])
        for channel, place in layer.get("encoding", {}).items():
            if channel in ("tooltip", "text") or "field" not in place or table.empty:
                continue
            if place.get("type") in ("nominal", "ordinal"):
                assert not names & set(table[place["field"]].map(str)), (channel, place["field"])
            if channel == "y" and place.get("type") in ("nominal", "ordinal"):
                assert place["field"] == "row"
                assert place["axis"]["labelExpr"] == finish.KEY_LABEL
                rows |= set(table["row"])
    assert len(rows) == n_rows


@pytest.mark.parametrize("name", COLOURED)
def test_colours_are_of_keys_too(name: str) -> None:
    spec = CHARTS[name][0]().to_dict()
    colours = [
        layer["encoding"]["color"]
        for layer in spec["layer"]
        if "field" in layer["encoding"].get("color", {})
    ]
    assert {colour["field"] for colour in colours} == {COLOURED[name]}
    assert {colour["legend"]["labelExpr"] for colour in colours} == {finish.KEY_LABEL}
    domain = colours[0]["scale"].get("domain")
    assert domain is None or len(set(domain)) == len(domain)


def test_a_category_called_other_is_not_one_of_all_others() -> None:
    categories = pd.Series([*(["other"] * 3), *(f"c{i}" for i in range(9))])
    groups, colours = timeline.grouped(categories, LIGHT)
    assert [key[4:] for key in colours].count("other") == 2
    assert len(set(groups[:3])) == 1
    assert groups[0] not in set(groups[3:])


@pytest.mark.parametrize("name", CHARTS)
def test_pictures_are_drawn_of_any_names(name: str) -> None:
    svg = to_svg(CHARTS[name][0](), LIGHT)
    assert not re.search("<(b|i|a|u|img)[ >]", svg)


@pytest.mark.parametrize(
    "name", ["all_recommendations.category_heatmap", "all_recommendations.source_chart"]
)
def test_in_a_picture_names_stand_as_they_are(name: str) -> None:
    written = json.dumps(picture_spec(CHARTS[name][0](), LIGHT))
    assert r"$x^2$ and $y$" in written
    assert "&lt;b&gt;" not in written


def test_a_step_a_row_leaves_two_rows_apart() -> None:
    two = overall.source_table(found_overall(), "region").head(8)
    assert overall.source_chart(two, LIGHT).to_dict()["height"] == {"step": 27}


def test_what_plotly_writes_is_what_was_meant() -> None:
    assert heatmap.plain("<b>5 & $6</b>") == "&lt;b&gt;5 &amp; &#36;6&lt;/b&gt;"
    assert [heatmap.written(heatmap.plain(name)) for name in NAMES] == list(NAMES)


def test_different_names_stay_different_when_they_are_shortened() -> None:
    assert shorten_apart(["Home and Garden > Kitchen", "Home and Garden > Toys", "Toys"], 16) == [
        "Home…Kitchen",
        "Home…Toys",
        "Toys",
    ]
    for width in (16, 22, 24, 34):
        short = shorten_apart(NAMES, width)
        assert len(set(short)) == N
        assert max(map(len, short)) <= width + 4
    assert shorten_apart(["twin", "twin"], 22) == ["twin", "twin"]
    dashes = [f"x{'-' * n}" for n in (40, 41)]
    assert len(set(shorten_apart(dashes, 22))) == 2
