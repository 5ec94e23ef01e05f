"""What the Recommendations page says beyond the list: trust, turning points, interests, why not."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import resources
from dashboard.views.recommendations import sentences as sentences_recommendations
from recommender.explain.types import Contrast
from tests.dashboard.shop import dataset
from tests.dashboard.test_pages import _workspace, answers, opened, words

__all__ = ["_workspace"]


def ranking(app: AppTest) -> pd.DataFrame:
    return next(frame.value for frame in app.dataframe if "percentile" in frame.value.columns)


def links(app: AppTest) -> dict[str, str]:
    """Label and parameters of every link between pages."""
    return {link.proto.label: link.proto.query_string for link in app.get("page_link")}


@pytest.mark.parametrize(("show", "among"), [("all", "24"), ("new", r"\d+ new")])
def test_the_badge_and_the_file_have_the_rank_of_the_list_that_is_shown(
    show: resources.Candidates, among: str
) -> None:
    question = resources.Question(resources.run_key(""), 7, "before")
    third = resources.recommendations(question, 10, show)[2]
    app = opened("recommendations", user="u07", show=show, item=third.item_id)
    badges = next(text.value for text in app.markdown if "badge[score" in text.value)
    assert re.match(rf":primary-badge\[\\#3 of {among}\]", badges)
    explained = resources.explanation(question, third.item)
    said = resources.document("u07", question, explained, show)
    assert said["rank"] == said["ranks"][show]["rank"] == 3
    assert said["ranks"]["all"]["of"] == 24
    assert 0 < said["ranks"]["new"]["of"] < 24


def test_the_light_of_a_product_is_the_same_in_the_list_and_on_its_card() -> None:
    for item in (None, 3):
        rows = ranking(opened("recommendations", user="u07", show="all"))
        assert set(rows["holds"]) <= {"●", "◐", "○"}
        place = item or 0
        question = resources.Question(resources.run_key(""), 7, "before")
        chosen = resources.recommendations(question, 10, "all")[place].item_id
        shown = answers(opened("recommendations", user="u07", show="all", item=chosen))
        (light,) = re.findall("^([●◐○]) (?:Holds|Partly|Weak)$", shown, re.MULTILINE)
        assert rows["holds"].iloc[place] == light


def test_the_card_leads_to_the_list_without_what_holds_it_and_to_the_next_product() -> None:
    app = opened("recommendations", user="u07", show="all")
    question = resources.Question(resources.run_key(""), 7, "before")
    first, second = resources.recommendations(question, 2, "all")
    lost = resources.deleted_items(question, first.item, "all")[0]
    tried, compared = links(app)["Try without it"], links(app)["Compare with #2"]
    assert f"edit=x{'.'.join(map(str, lost.events))}" in tried
    assert f"item={first.item_id}" in compared
    assert f"with_item={second.item_id}" in compared
    assert "compare=products" in compared


def test_no_alarm_is_raised_where_attention_ranks_otherwise() -> None:
    assert "lenses disagree" not in words(opened("recommendations", user="u07", show="all"))


def test_what_would_turn_it_is_said_and_leads_to_the_edits() -> None:
    app = opened("recommendations", user="u07", show="all", k="5")
    title = ranking(app)["product"].iloc[-1]
    items = dataset().items
    item_id = str(items.loc[items["title"] == title, "item_id"].iloc[0])
    app = opened("recommendations", user="u07", show="all", k="5", item=item_id, evidence="1")
    assert f"Why {title}?" in words(app)
    assert "it would leave the first 5 (rank " in words(app)
    query = links(app)["See it in What if"]
    assert re.search(r"edit=x\d", query)
    assert f"item={item_id}" in query


def test_where_nothing_turns_it_that_is_said_without_a_link() -> None:
    app = opened("recommendations", user="u07", show="all", evidence="1")
    assert "No set of up to 5 events was found without which it would leave." in words(app)
    assert "See it in What if" not in links(app)


def test_a_tag_narrows_the_list_to_what_it_drives() -> None:
    app = opened("recommendations", user="u07", show="all")
    whole = ranking(app)
    app = opened("recommendations", user="u07", show="all", tag="category:Garden")
    assert app.button_group(key="w_tag").value == "category:Garden"
    driven = ranking(app)
    assert 0 < len(driven) <= 5 < len(whole)
    assert set(driven["product"]) <= set(whole["product"])
    assert list(driven["rank"]) == sorted(driven["rank"])


def test_a_tag_of_somebody_else_changes_nothing() -> None:
    app = opened("recommendations", user="u07", show="all", tag="category:Nothing")
    assert not app.exception
    assert len(ranking(app)) == 10


def test_an_absent_product_is_explained_from_the_link() -> None:
    app = opened("recommendations", user="u07", show="all", k="5")
    there = set(ranking(app)["product"])
    data = dataset()
    absent = next(item for item in range(24) if data.items["title"].iloc[item] not in there)
    item_id = str(data.items["item_id"].iloc[absent])
    app = opened("recommendations", user="u07", show="all", k="5", why_not=item_id)
    assert f"Why not {data.items['title'].iloc[absent]}?" in words(app)
    assert "It stands at rank" in words(app)
    assert "the last of the first 5" in words(app)


def test_a_product_in_the_list_is_said_to_be_there() -> None:
    app = opened("recommendations", user="u07", show="all")
    title = ranking(app)["product"].iloc[1]
    items = dataset().items
    item_id = str(items.loc[items["title"] == title, "item_id"].iloc[0])
    app = opened("recommendations", user="u07", show="all", why_not=item_id)
    assert "It is among the first 10, at rank 2." in words(app)


def test_parts_of_a_contrast_join_events_of_one_product_and_sum_to_the_difference() -> None:
    between = Contrast(
        item=1,
        other=2,
        difference=0.9,
        bias=0.1,
        order_term=0.0,
        features=np.array([[0.3, 0.2], [0.4, 0.1], [-0.3, 0.0]]),
        feature_names=("item_id", "category"),
        profile=np.array([0.1]),
        profile_names=("age_band",),
    )
    found = sentences_recommendations.parts(between, dataset(), np.array([4, 4, 5]))
    assert found[0] == ("Garden thing 4", pytest.approx(1.0))
    assert found[1] == ("Photo thing 5", pytest.approx(-0.3))
    assert sum(value for _, value in found) == pytest.approx(between.difference)
    assert sentences_recommendations.above(between, found, "Kettle") == (
        "It scores 0.90 more than Kettle, mostly through Garden thing 4 (+1.00) and popularity of "
        "the product (+0.10); against it speaks Photo thing 5 (−0.30)."
    )
