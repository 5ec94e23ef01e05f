"""What the whole model rests on: the page's second half, its charts and its sentences."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import resources
from dashboard.figures.all_recommendations import (
    age_name,
    category_heatmap,
    event_type_table,
    events_chart,
    group_name,
    recency_table,
    source_chart,
    source_table,
)
from dashboard.figures.flow_categories import flow_of_categories
from dashboard.figures.palette import DARK, LIGHT, Palette
from dashboard.views.features import sentences as sentences_overall
from recommender.evaluate import Overall
from tests.dashboard.test_pages import _workspace, opened, words

__all__ = ["_workspace"]

SOURCES = ("popularity", "history", "profile", "order and combination")


def overall() -> Overall:
    """Ten customers; categories have 0.6 + 0.2 of 0.8 + 0.2 within themselves."""
    return Overall(
        users=10,
        k=5,
        features=pd.DataFrame(
            {
                "feature": ["category", "popularity", "+any"],
                "kind": ["event", "bias", "event"],
                "mean_abs_contribution": [0.6, 0.3, 0.1],
                "mean_contribution": [0.5, 0.3, -0.1],
                "share": [0.6, 0.3, 0.1],
            }
        ),
        recency=pd.DataFrame(
            {
                "days_from": [0.0, 1.0, 7.0, 14.0],
                "days_to": [1.0, 7.0, 14.0, np.inf],
                "events": [0.0, 1.0, 0.5, 8.0],
                "contribution": [0.0, 0.2, 0.1, 0.05],
                "share": [0.0, 0.3, 0.1, 0.6],
            }
        ),
        event_types=pd.DataFrame(
            {
                "event": ["view", "purchase"],
                "events": [2.0, 1.0],
                "contribution": [0.1, 0.6],
                "share": [0.25, 0.75],
            }
        ),
        categories=pd.DataFrame(
            {
                "history": ["Photo", "Photo", "Garden", "Garden"],
                "recommended": ["Photo", "Garden", "Photo", "Garden"],
                "contribution": [0.6, -0.1, 0.2, 0.2],
                "share": [0.6, 0.0, 0.2, 0.2],
            }
        ),
        flow=pd.DataFrame(
            [
                ["history", "Photo", "+head 1", 0.9, 0.1],
                ["history", "Garden", "+head 1", 0.2, 0.1],
                ["recommended", "Photo", "+head 1", 0.8, 0.0],
                ["recommended", "Garden", "+head 1", 0.3, 0.2],
                ["recommended", "Photo", "bias", 0.4, 0.0],
            ],
            columns=["side", "category", "way", "towards", "against"],
        ),
        sources=pd.DataFrame({"source": SOURCES, "share": [0.3, 0.65, 0.05, 0.0]}),
        segments=pd.DataFrame(
            [["region", "North", 4, 0.2, 0.75, 0.05, 0.0], ["region", "South", 6, 0.4, 0.6, 0, 0]],
            columns=["segment", "group", "users", *SOURCES],
        ),
        heads=pd.DataFrame(),
    )


def settled(**params: str) -> AppTest:
    """The whole model when it is computed."""
    app = opened("features", scope="whole", **params)
    for _attempt in range(90):
        if "Measured on the first" in words(app):
            return app
        time.sleep(0.5)
        app.run()
    raise AssertionError(words(app))


def test_the_whole_model_is_explained_in_the_background_and_drawn() -> None:
    app = settled()
    said = words(app)
    assert not app.exception
    assert "could not be drawn" not in said
    assert "of 60 customers" in said
    for heading in (
        "By feature",
        "By age of the event",
        "What feeds what",
        "From category to category",
    ):
        assert heading in said


def test_groups_narrow_whom_it_is_about() -> None:
    app = settled(among="age_band=18-34")
    assert "of 30 customers" in words(app)
    assert app.multiselect(key="w_among").value == ["age_band=18-34"]


def test_a_group_that_is_not_there_is_no_filter() -> None:
    assert opened("features", scope="whole", among="age_band=900").multiselect[0].value == []


def test_groups_of_one_kind_add_up_and_of_two_kinds_narrow() -> None:
    key = resources.run_key("")
    groups = resources.user_groups(key)
    young, older = (set(groups[f"age_band={band}"]) for band in ("18-34", "35-64"))
    assert resources.users_in(key, ("age_band=18-34", "age_band=35-64")) == sorted(young | older)
    some = next(name for name in groups if name.startswith("history="))
    narrowed = resources.users_in(key, ("age_band=18-34", some))
    assert narrowed == sorted(young & set(groups[some]))


def test_ages_without_events_are_left_out_and_the_rest_is_named() -> None:
    assert recency_table(overall())["name"].tolist() == [
        "1–7 days",
        "7–14 days",
        "14 days +",
    ]
    assert age_name(0, 0.04) == "under 1 hour"
    assert age_name(0.25, 1) == "6–24 hours"


def test_the_sentence_sets_one_event_beside_all_together() -> None:
    assert sentences_overall.events(recency_table(overall())) == (
        "Together, “14 days +” does most: 60% of what the history does; "
        "but one event of “1–7 days” does 4.0 times as much."
    )
    assert sentences_overall.events(event_type_table(overall())).endswith(
        "75% of what the history does; one such event also does most."
    )


def test_what_pulls_down_is_said() -> None:
    assert sentences_overall.features(overall()) == (
        "Over the first 5 of 10 customers, category moves scores most (60%); "
        "on average any event at all pulls down (−0.10)."
    )


def test_what_stays_within_a_category_is_summed() -> None:
    assert sentences_overall.categories(overall().categories) == (
        "80% of all that speaks for products stays within its category; "
        "the strongest way across is Garden → Photo (+0.20)."
    )


def test_every_group_is_a_whole() -> None:
    table = source_table(overall(), "region")
    assert table.groupby("group")["share"].sum().round(9).tolist() == [1.0, 1.0, 1.0]
    said = sentences_overall.sources(table)
    assert said.startswith("What moves scores: history 65%, popularity 30%, profile 5.0%.")
    assert said.endswith("History counts most for North (75%), least for South (60%).")


def test_groups_that_hardly_differ_are_not_ranked() -> None:
    found = overall()
    found.segments["history"] = [0.75, 0.74]
    said = sentences_overall.sources(source_table(found, "region"))
    assert said.endswith("It is much the same in every group.")


def test_a_source_that_no_one_has_is_not_in_the_legend() -> None:
    drawn = source_chart(source_table(overall(), "region"), LIGHT).to_dict()
    names = drawn["layer"][0]["encoding"]["color"]["scale"]["domain"]
    assert names == ["History", "Popularity", "Profile"]


def test_the_scale_of_categories_has_zero_in_its_middle() -> None:
    heatmap = category_heatmap(overall(), LIGHT).data[0]
    assert (heatmap.zmin, heatmap.zmax) == (-0.6, 0.6)
    assert heatmap.z[0][1] == 0.2


def test_what_feeds_what_is_the_mean_score() -> None:
    drawing = flow_of_categories(overall(), LIGHT)
    # 0.8 + 0.3 - 0.2 + 0.4; the history gives 0.8 + 0.1 of it.
    assert [word.text for word in drawing.words] == [
        "History",
        "Recommended  +1.30",
        "Photo  +0.80",
        "Garden  +0.10",
        "Attention head 1",
        "Popularity of the product",
        "Photo",
        "Garden",
    ]
    assert "Photo → Attention head 1 (−0.10)" in [one.said for one in drawing.patches]
    assert sentences_overall.flow(overall().flow) == (
        "A recommendation scores +1.30 on average; the history gives +0.90 of it. Most of that "
        "comes from Photo (+0.80); the widest way is “Attention head 1” (+0.90)."
    )


def test_groups_have_names_in_words() -> None:
    assert group_name("history=8–23") == "8–23 events"
    assert group_name("age_band=25-34") == "Age band: 25-34"


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_charts_keep_to_their_schema(colours: Palette) -> None:
    events_chart(recency_table(overall()), "Age", colours).to_dict(validate=True)
    source_chart(source_table(overall(), "region"), colours).to_dict(validate=True)
