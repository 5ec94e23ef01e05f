from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dashboard.figures.attention import (
    MEAN,
    _few_numbers,
    readout_heatmap,
    readout_table,
    routing_heatmap,
    routing_table,
    tokens,
)
from dashboard.figures.export import to_svg
from dashboard.figures.lenses import lens_chart, lens_table, strongest
from dashboard.figures.palette import DARK, LIGHT, Palette, palette, plotly_scale
from dashboard.figures.quality import (
    activity_table,
    category_table,
    quality_chart,
    quality_table,
)
from dashboard.figures.shares import (
    acting_events_table,
    event_feature_heatmap,
    event_feature_table,
    importance_chart,
    share_chart,
    share_table,
)
from dashboard.figures.timeline import Marks, timeline, timeline_table
from recommender.explain.types import Attention, Explanation
from tests.dashboard.shop import dataset

BOTH = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
VIEW = {
    "users": 10,
    "metrics": {"ndcg@10": 0.3},
    "baselines": {"popularity": {"ndcg@10": 0.1}, "item-kNN": {"ndcg@10": 0.4}},
}


def _luminance(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_lens_table_holds_every_event_and_the_profile(explanation: Explanation) -> None:
    table = lens_table(explanation)
    assert list(table["title"]) == ["Camera", "Kettle", "Tripod", "Age band: 18-34"]
    assert list(table["contribution"]) == [0.9, -0.1, 0.2, 0.7]


def test_events_run_from_most_for_to_most_against(explanation: Explanation) -> None:
    events = strongest(explanation, "contribution", 3).head(3)
    assert list(events["title"]) == ["Camera", "Tripod", "Kettle"]


def test_a_strong_event_against_the_product_is_kept(explanation: Explanation) -> None:
    against = strongest(explanation, "attention", 1).head(1)
    assert list(against["title"]) == ["Kettle"]


def test_newest_first_when_ordered_by_time(explanation: Explanation) -> None:
    events = strongest(explanation, "time", 2).head(2)
    assert list(events["title"]) == ["Tripod", "Kettle"]


@BOTH
def test_the_lens_chart_has_three_strips_in_fixed_order_and_colours(
    explanation: Explanation, colours: Palette
) -> None:
    chart = json.dumps(lens_chart(explanation, colours).to_dict(), ensure_ascii=False)
    names = [chart.index(f'"{name}"') for name in ("Looked at", "Counted", "Mattered")]
    assert names == sorted(names)
    assert all(colour in chart for colour in colours.lenses)


def test_shares_sum_to_the_logit(explanation: Explanation) -> None:
    assert share_table(explanation)["contribution"].sum() == pytest.approx(2.2)


def test_the_strongest_share_stands_first(explanation: Explanation) -> None:
    table = share_table(explanation)
    assert list(table["feature"]) == ["age_band", "+together", "bias", "category", "item_id"]


@BOTH
def test_the_share_chart_has_a_bar_for_each_share(
    explanation: Explanation, colours: Palette
) -> None:
    rows = share_chart(explanation, colours).to_dict()["datasets"]["rows"]
    assert [row["said"] for row in rows] == ["+0.70", "+0.60", "+0.50", "+0.40", "0.00"]
    ends = [row["end"] - row["start"] for row in rows]
    assert [end / ends[0] for end in ends] == pytest.approx([1, 0.6 / 0.7, 0.5 / 0.7, 0.4 / 0.7, 0])


def test_events_by_features_are_newest_first(explanation: Explanation) -> None:
    table = event_feature_table(explanation)
    assert list(table["title"]) == ["Tripod", "Kettle", "Camera"]
    assert table["Often bought together"].tolist() == [0.0, 0.0, 0.6]


@BOTH
def test_the_event_feature_scale_is_centred_at_zero(
    explanation: Explanation, colours: Palette
) -> None:
    trace = event_feature_heatmap(explanation, colours, 3).data[0]
    assert trace.zmin == -trace.zmax == -0.6


def test_events_that_act_through_a_feature_are_ordered_by_size(explanation: Explanation) -> None:
    table = acting_events_table(explanation, "item_id")
    assert set(table["title"].head(2)) == {"Camera", "Kettle"}
    assert table["contribution"].iloc[2] == 0.0


def test_without_a_history_the_profile_alone_is_drawn(explanation: Explanation) -> None:
    empty = replace(
        explanation,
        **{name: np.array([], dtype=int) for name in ("items", "times")},
        **{name: np.array([]) for name in ("attention", "gate", "contribution")},
        **{name: np.array([]) for name in ("influence", "influence_log")},
        item_ids=(),
        titles=(),
        event_types=(),
        features=np.zeros((0, 3)),
    )
    bars = lens_chart(empty, LIGHT).to_dict()["datasets"]["bars"]
    assert [(bar["lens"], bar["title"], bar["value"]) for bar in bars] == [
        ("Looked at", "Age band: 18-34", "20%"),
        ("Counted", "Age band: 18-34", "+0.70"),
        ("Mattered", "Age band: 18-34", "+0.50"),
    ]
    assert event_feature_heatmap(empty, LIGHT, 5).data[0].zmax == 1.0


def test_shown_tokens_are_the_newest_events(attention: Attention) -> None:
    shown = tokens(attention, ("purchase", "view", "view"), 2, others=False)
    assert shown.names == ("2. Kettle (view)", "3. Tripod (view)")


def test_start_and_profile_come_before_events(attention: Attention) -> None:
    shown = tokens(attention, ("purchase", "view", "view"), 3, others=True)
    assert shown.short[:2] == ("start", "age_band: 18-34")


def test_routing_weights_of_one_head(attention: Attention) -> None:
    shown = tokens(attention, ("purchase", "view", "view"), 3, others=True)
    table = routing_table(attention, 0, 0, shown)
    assert table.to_numpy()[-1].tolist() == pytest.approx([0.2] * 5)


def test_mean_head_is_the_mean(attention: Attention) -> None:
    shown = tokens(attention, ("purchase", "view", "view"), 3, others=True)
    assert routing_table(attention, 0, MEAN, shown).iloc[4, 0] == pytest.approx((0.2 + 1) / 2)


@BOTH
def test_nothing_is_drawn_for_the_future(attention: Attention, colours: Palette) -> None:
    shown = tokens(attention, ("purchase", "view", "view"), 3, others=True)
    drawn = routing_heatmap(attention, shown, 0, 0, colours).data[0].z
    assert np.isnan(drawn[np.triu_indices(5, 1)]).all()


def test_rows_name_products_and_columns_their_numbers(attention: Attention) -> None:
    shown = tokens(attention, ("purchase", "view", "view"), 3, others=True)
    layout = routing_heatmap(attention, shown, 0, 0, LIGHT).layout
    assert layout.yaxis.ticktext[1:] == ("age_band: 18-34", "1  Camera", "2  Kettle", "3  Tripod")
    assert layout.xaxis.ticktext == ("", "", "1", "2", "3")
    assert layout.xaxis2.ticktext[4].startswith("3. Tripod")


def test_many_columns_are_numbered_as_far_as_a_phone_has_room() -> None:
    assert [number for number in _few_numbers(np.arange(1, 28)) if number] == [
        "5", "10", "15", "20", "25",
    ]  # fmt: skip
    assert _few_numbers(np.arange(1, 101)).count("") == 90


def test_readout_table_begins_with_the_mean_of_the_heads(attention: Attention) -> None:
    shown = tokens(attention, ("purchase", "view", "view"), 3, others=False)
    assert readout_table(attention, shown)["mean"].tolist() == pytest.approx([0.4, 0.3, 0.1])
    drawn = readout_heatmap(attention, shown, LIGHT)
    assert drawn.layout.yaxis.ticktext[0] == "Tripod"
    assert drawn.layout.yaxis2.ticktext[0].startswith("3. Tripod")


def test_quality_is_ordered_best_first() -> None:
    table = quality_table(VIEW, "ndcg@10")
    assert list(table["name"]) == ["item-kNN", "this model", "popularity"]
    (drawn,) = quality_chart(VIEW, "ndcg@10", LIGHT).to_dict()["datasets"].values()
    assert [bar["value"] for bar in drawn] == [0.4, 0.3, 0.1]
    assert [bar["name"] for bar in drawn if bar["model"]] == ["this model"]


def test_activity_counts_every_event() -> None:
    assert activity_table(dataset())["events"].sum() == len(dataset().interactions)


def test_categories_count_every_event() -> None:
    feature = next(f for f in dataset().item_features if f.name == "category")
    table = category_table(dataset(), feature)
    assert table["events"].sum() == len(dataset().interactions)
    assert table["products"].sum() == 24


def test_timeline_marks_causes_and_what_was_held_out() -> None:
    history = dataset().history(0, 4)
    table = timeline_table(dataset(), history, None, Marks((1,), (5,), held_out_events=(0,)))
    assert table["event"].tolist() == ["view", "purchase", "view", "purchase", "view"]
    assert table["cause"].tolist() == [False, True, False, False, False]
    assert table["held_out"].tolist() == [False] * 4 + [True]
    drawn = timeline(table, dataset().event_types, DARK).to_dict()["datasets"]["events"]
    assert [event["time"][:10] for event in drawn if event["cause"]] == ["2024-01-01"]
    assert [event["item_id"] for event in drawn if event["held_out"]] == ["i05"]


@pytest.mark.parametrize(
    ("times", "labels"),
    [
        (["2024-03-05 10:00"] * 9, ["5 Mar 2024"]),
        (["2024-03-05 10:00", "2024-03-05 18:00"], 4),
        (["2024-03-05", "2024-03-06"], ["5 Mar", "6 Mar"]),
        (["2024-03-05", "2024-03-09"], 5),
        (["2024-03-05 10:00", "2024-04-09 11:00"], 4),
        (["2024-03-05", "2025-03-09"], 4),
    ],
)
def test_no_two_labels_of_the_time_axis_say_the_same(
    times: list[str], labels: list[str] | int
) -> None:
    table = pd.DataFrame(
        {"title": "Tea", "time": pd.to_datetime(times), "event": "view", "category": ""}
    ).assign(cause=False, held_out=False)
    drawn = re.sub(r"<[^>]*aria-label[^>]*>", "", to_svg(timeline(table, ("view",), LIGHT), LIGHT))
    said = [one for one in re.findall(r">([^<]+)</text>", drawn) if re.search(r"\d", one)]
    assert len(said) == len(set(said))
    assert said == labels if isinstance(labels, list) else len(said) >= labels


def test_the_routing_chart_has_no_blank_strip_above_it(attention: Attention) -> None:
    shown = tokens(attention, ("purchase", "view", "view"), 3, others=False)
    figure = routing_heatmap(attention, shown, 0, 0, LIGHT)
    scale = figure.data[0].colorbar
    assert (scale.y, scale.yanchor, scale.x, scale.xanchor) == (1, "top", 1, "right")
    assert figure.layout.margin.t <= 8


def test_without_a_choice_every_bar_of_importance_is_drawn_in_full() -> None:
    table = pd.DataFrame(
        {"feature": ["category", "+again"], "share": [0.6, 0.4], "mean_abs_contribution": [3, 2]}
    )
    drawn = importance_chart(table, LIGHT).to_dict()
    assert [(row["said"], row["chosen"]) for row in drawn["datasets"]["rows"]] == [
        ("60%", True),
        ("40%", True),
    ]
    again = importance_chart(table, LIGHT, "+again").to_dict()["datasets"]["rows"]
    assert [row["chosen"] for row in again] == [False, True]
    assert len(drawn["params"]) == 1, "a bar can be clicked"


@BOTH
def test_the_sequential_scale_is_monotone_in_greyscale(colours: Palette) -> None:
    steps = np.diff([_luminance(colour) for colour in colours.sequential])
    assert (steps < 0).all() or (steps > 0).all()


@BOTH
def test_lens_colours_differ_in_greyscale(colours: Palette) -> None:
    levels = sorted(_luminance(colour) for colour in colours.lenses)
    assert min(np.diff(levels)) > 0.03


def test_dark_pages_get_dark_colours() -> None:
    assert palette("dark") is DARK
    assert palette(None) is LIGHT
    assert plotly_scale(("#000000", "#ffffff")) == [[0.0, "#000000"], [1.0, "#ffffff"]]
