"""Two sides and where they part."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.figures.compare import difference_chart, difference_table
from dashboard.figures.palette import LIGHT
from dashboard.views.compare import sentences as sentences_compare
from recommender.explain.types import Explanation
from tests.dashboard.test_pages import _workspace, opened, words

__all__ = ["_workspace"]


def test_differences_of_shares_sum_to_the_distance_of_the_scores(explanation: Explanation) -> None:
    other = replace(explanation, logit=1.7, bias=0.0)
    table = difference_table(explanation, other)
    assert table["difference"].sum() == pytest.approx(2.2 - 1.7)
    assert table["feature"].iloc[0] == "bias"
    drawn = difference_chart(table, LIGHT).to_dict()["datasets"]["rows"]
    assert [bar["said"] for bar in drawn] == ["+0.50 (+0.50 against 0.00)"]
    assert "“popularity of the product” makes most" in sentences_compare.shares(table)


def test_equal_sides_do_not_differ(explanation: Explanation) -> None:
    table = difference_table(explanation, explanation)
    assert sentences_compare.shares(table) == "Both scores are made of the same shares."


def test_two_customers_stand_side_by_side() -> None:
    app = opened("compare", user="u07", **{"with": "u09"})
    said = words(app)
    assert not app.exception
    assert "could not be drawn" not in said
    assert "**u07**" in said
    assert "**u09**" in said
    assert "products are in both lists" in said


def test_two_products_of_one_customer_stand_side_by_side() -> None:
    app = opened("compare", user="u07", compare="products", item="i04", with_item="i05")
    assert not app.exception
    assert "Garden thing 4" in words(app)
    assert "Photo thing 5" in words(app)
    assert "products are in both lists" not in words(app)


def test_a_customer_who_is_not_there_is_said() -> None:
    app = opened("compare", user="u07", **{"with": "nobody"})
    assert "There is no customer nobody" in words(app)


def test_one_run_alone_cannot_be_compared() -> None:
    assert "There is only one run" in words(opened("compare", user="u07", compare="runs"))


def test_two_runs_stand_side_by_side(run_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(run_folder, tmp_path / "runs" / "second")
    app = opened("compare", user="u07", compare="runs", with_run="second")
    assert not app.exception
    assert "Both scores are made of the same shares." in words(app)


def test_a_chart_of_no_difference_is_empty_and_whole(explanation: Explanation) -> None:
    drawn = difference_chart(difference_table(explanation, explanation), LIGHT).to_dict()
    assert drawn["datasets"]["rows"] == []
    assert "NaN" not in json.dumps(drawn)
