"""The page about the model, and the charts on it."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.figures.item_map import clusters, found, item_map_chart
from dashboard.figures.model import (
    Measure,
    beyond_chart,
    curve_chart,
    curve_table,
    fame_chart,
    group_chart,
    group_table,
    strip_chart,
)
from dashboard.figures.palette import DARK, LIGHT
from dashboard.views.model import sentences as sentences_model
from recommender.data.features import Feature
from recommender.evaluate.item_map import n_clusters
from recommender.evaluate.quality import Quality
from tests.dashboard.test_pages import _workspace, opened, words

__all__ = ["_workspace"]

CURVE = [
    {"epoch": 1, "ndcg@10 all": 0.1, "ndcg@10 new": 0.2},
    {"epoch": 2, "ndcg@10 all": 0.3, "ndcg@10 new": 0.1},
    {"epoch": 3, "ndcg@10 all": 0.2, "ndcg@10 new": 0.1},
]
POINTS = pd.DataFrame(
    {
        "item_id": ["a", "b", "c"],
        "title": ["Red kettle", "Blue kettle", "Spade"],
        "category": ["Kitchen", "Kitchen", "Garden"],
        "x": [0.0, 1.0, 5.0],
        "y": [0.0, 2.0, 5.0],
        "cluster": [0, 0, 1],
        "events": [5, 3, 1],
    }
)


def _segment(method: str, group: str, ndcg: float, exposure: float) -> dict[str, object]:
    return {
        "view": "all", "method": method, "grouping": "region", "group": group, "users": 9,
        "ndcg": ndcg, "low": ndcg - 0.05, "high": ndcg + 0.05, "exposure": exposure,
        "exposure_low": exposure - 0.1, "exposure_high": exposure + 0.1,
    }  # fmt: skip


SEGMENTS = pd.DataFrame(
    [
        _segment("this model", "North", 0.3, 0.5),
        _segment("this model", "South", 0.1, 0.4),
        _segment("EASE", "North", 0.2, 0.2),
        _segment("EASE", "South", 0.25, 0.2),
    ]
)
BEYOND = pd.DataFrame(
    {
        "view": "all",
        "method": ["this model", "EASE"],
        "users": 9,
        "ndcg": [0.3, 0.2],
        "coverage": [0.5, 0.25],
        "novelty": [4.0, 3.0],
        "diversity": [0.5, 0.25],
        "concentration": [0.5, 0.75],
    }
)


PATIENCE = 480
"""Looks at a page, half a second apart: on a busy machine the background takes minutes."""


def measured(page: str, **params: str) -> AppTest:
    """The page when the background has done its work."""
    app = opened(page, **params)
    for _attempt in range(PATIENCE):
        if "For whom it works" in words(app) and "clusters of products" in words(app):
            return app
        time.sleep(0.5)
        app.run()
    raise AssertionError(words(app))


def test_the_page_measures_in_the_background_and_draws_everything() -> None:
    app = measured("model", group="age_band", plane="pca")
    said = words(app)
    assert not app.exception
    assert "could not be drawn" not in said
    assert "Best after epoch" in said
    assert "Served best: " in said
    assert "The most popular fifth gets" in said


def test_a_search_is_in_the_url() -> None:
    app = opened("model", find="Garden thing 4", plane="pca")
    for _attempt in range(PATIENCE):
        if "found" in words(app):
            break
        time.sleep(0.5)
        app.run()
    assert "1 product found" in words(app)


def test_the_best_epoch_is_that_of_the_mean_of_both_views() -> None:
    assert curve_table(CURVE)["value"].tolist() == [0.1, 0.2, 0.3, 0.1, 0.2, 0.1]
    assert sentences_model.curve(CURVE).startswith("Best after epoch 2 of 3")
    best = curve_chart(CURVE, LIGHT).to_dict()["datasets"]["best"]
    assert {point["epoch"] for point in best} == {2}


def test_groups_far_apart_are_said_to_differ() -> None:
    said = sentences_model.groups(SEGMENTS)
    assert "best: North (0.300); worst: South (0.100)" in said
    assert "do not overlap" in said
    assert sentences_model.exposure(SEGMENTS) == (
        "North see most of the lesser-known products (50%), South least (40%). Their intervals "
        "overlap."
    )
    far = SEGMENTS.assign(exposure_low=SEGMENTS["exposure"], exposure_high=SEGMENTS["exposure"])
    assert sentences_model.exposure(far).endswith("Their intervals do not overlap.")


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_charts_of_the_page_draw_what_their_tables_hold(colours) -> None:  # type: ignore[no-untyped-def]
    quality = Quality(BEYOND, SEGMENTS, pd.DataFrame(), 9)
    table = group_table(quality, "all", "region")
    assert group_chart(table, "ndcg", colours).to_dict()["datasets"]["own"][0]["said"] == "0.300"
    exposure = group_chart(table, "exposure", colours).to_dict()["datasets"]
    assert [row["said"] for row in exposure["own"]] == ["50%", "40%"]
    assert [row["said"] for row in exposure["others"]] == ["20%", "20%"]
    drawn = beyond_chart(BEYOND, colours).to_dict()["datasets"]["bars"]
    assert [bar["said"] for bar in drawn[:4]] == ["0.300", "0.200", "50%", "25%"]
    whole = item_map_chart(POINTS, "", colours).to_dict()["datasets"]
    assert [point["group"] for point in whole["points"]] == [
        "0000Kitchen",
        "0000Kitchen",
        "0001Garden",
    ]
    assert "hits" not in whole
    searched = item_map_chart(POINTS, "kettle", colours).to_dict()["datasets"]
    assert [point["item_id"] for point in searched["hits"]] == ["a", "b"]


def test_the_model_favours_what_is_popular_if_it_shows_more_of_it_than_is_bought() -> None:
    table = pd.DataFrame(
        {"method": "this model", "fifth": [1, 5], "shown": [0.2, 0.8], "taken": [0.5, 0.5]}
    )
    assert "favours what is popular" in sentences_model.fame(table)
    assert "reaches beyond" in sentences_model.fame(table.assign(shown=[0.8, 0.2]))
    assert fame_chart(table, LIGHT).to_dict()["datasets"]["fifths"][0]["said"] == "80%"
    named = [
        layer["encoding"].get("color") for layer in fame_chart(table, LIGHT).to_dict()["layer"]
    ]
    domains = [one["scale"]["domain"] for one in named if one]
    assert domains == [["Recommended", "Really bought"]] * 2


def test_products_are_found_by_every_word() -> None:
    assert found(POINTS, "KETTLE red")["item_id"].tolist() == ["a"]
    assert found(POINTS, "kitchen")["item_id"].tolist() == ["a", "b"]
    assert found(POINTS, " ").empty


def test_a_cluster_is_called_after_its_commonest_category() -> None:
    table = clusters(POINTS)
    assert table["name"].tolist() == ["Kitchen", "Garden"]
    assert table["share"].tolist() == [1.0, 1.0]
    assert table["y"].tolist() == [2.0, 5.0]


def test_every_category_has_a_look_of_its_own_and_every_cluster_a_name() -> None:
    n = 14
    names = [f"category {i:02d}" for i in range(n)]
    table = pd.DataFrame(
        {
            "item_id": [f"i{i}" for i in range(5 * n)],
            "title": [f"thing {i}" for i in range(5 * n)],
            "category": names * 5,
            "x": range(5 * n),
            "y": range(5 * n),
            "cluster": list(range(n)) * 5,
            "events": 1,
        }
    )
    spec = item_map_chart(table, "", LIGHT).to_dict()
    dots = spec["layer"][0]["encoding"]
    keyed = [f"{place:04d}{name}" for place, name in enumerate(names)]
    assert dots["color"]["scale"]["domain"] == dots["shape"]["scale"]["domain"] == keyed
    looks = zip(dots["color"]["scale"]["range"], dots["shape"]["scale"]["range"], strict=True)
    assert len(set(looks)) == n
    assert sorted(row["name"] for row in spec["datasets"]["clusters"]) == names


def test_the_marks_of_other_methods_are_named_by_a_legend() -> None:
    spec = group_chart(SEGMENTS, "ndcg", LIGHT).to_dict()
    (shape,) = [one["encoding"]["shape"] for one in spec["layer"] if "shape" in one["encoding"]]
    assert shape["scale"] == {"domain": ["EASE"], "range": ["circle"]}
    assert shape["legend"]["orient"] == "bottom"


def test_a_value_below_zero_has_a_bar_to_the_other_side_of_zero() -> None:
    table = pd.DataFrame({"method": ["a", "b", "c"], "value": [0.3, -0.1, float("nan")]})
    chart = strip_chart(table.assign(colour="red"), [Measure("value", "V", "v", "{:.1f}")], LIGHT)
    for_it, against, unknown = chart.to_dict()["datasets"]["bars"]
    # The strip is 0.58 wide and holds 0.4 of value: zero lies a quarter into it.
    assert for_it["start"] == against["start"] == pytest.approx(0.145)
    assert (for_it["end"], against["end"]) == (pytest.approx(0.58), pytest.approx(0))
    assert unknown["end"] == unknown["start"]
    assert [row["words"] for row in (for_it, against)] == [
        pytest.approx(0.58), pytest.approx(0.145),
    ]  # fmt: skip


@pytest.mark.parametrize(("categories", "clusters"), [(None, 12), (3, 12), (14, 14), (99, 24)])
def test_there_are_as_many_clusters_as_categories(categories: int | None, clusters: int) -> None:
    values = tuple(map(str, range(categories or 0)))
    category = Feature("category", "categorical", values, np.zeros((0, 1), int))
    assert n_clusters(category if categories else None) == clusters
