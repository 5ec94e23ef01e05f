"""Reading one cell, leaving out what is weak, and attention against time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard.figures.attention import (
    MEAN,
    Pair,
    full_names,
    readout_cells,
    readout_pair,
    routing_cells,
    routing_heatmap,
    routing_pair,
    tokens,
)
from dashboard.figures.attention_time import looked_table, looking_back_chart
from dashboard.figures.heatmap import MOST_MARKS
from dashboard.figures.palette import LIGHT
from dashboard.views.attention import sentences_over_time as sentences_looking
from recommender.evaluate.looking_back import Looked, LookingBack
from recommender.explain.types import Attention
from tests.dashboard.test_pages import _workspace, opened, words

__all__ = ["_workspace"]

DAY = 86_400
CONTEXT = ("purchase", "view", "view")


@pytest.fixture
def average() -> LookingBack:
    table = pd.DataFrame(
        {
            "low": [0.0, 30.0],
            "high": [30.0, 60.0],
            "middle": [10.0, 45.0],
            "times": [1.5, 0.5],
            "events": [7, 9],
        }
    )
    return LookingBack(4, table, table)


def test_every_cell_that_is_there_can_be_clicked(attention: Attention) -> None:
    shown = tokens(attention, CONTEXT, 3, others=True)
    cells = routing_heatmap(attention, shown, 0, 0, LIGHT).data[1]
    assert set(zip(cells.y, cells.x, strict=True)) == set(zip(*np.tril_indices(5), strict=True))
    assert list(cells.customdata[cells.y == 4]) == pytest.approx([0.2] * 5)


def test_of_very_many_cells_the_strongest_can_be_clicked() -> None:
    n = 70
    weights = np.tril(np.random.default_rng(0).random((n, n))).astype(np.float32)
    many = Attention(
        tokens=tuple(f"t{i}" for i in range(n)),
        positions=np.arange(n),
        layers=weights[None, None],
        readout=weights[:1],
        gate=np.ones((1, n)),
    )
    shown = tokens(many, ["view"] * n, n, others=True)
    picture, cells = routing_heatmap(many, shown, 0, 0, LIGHT).data
    assert len(cells.x) == MOST_MARKS < n * (n + 1) / 2 == np.isfinite(picture.z).sum()
    weakest = min(weights[y, x] for y, x in zip(cells.y, cells.x, strict=True))
    assert weakest >= np.sort(weights[np.tril_indices(n)])[-MOST_MARKS]


def test_what_is_below_the_threshold_is_left_blank(attention: Attention) -> None:
    shown = tokens(attention, CONTEXT, 3, others=True)
    figure = routing_heatmap(attention, shown, 0, 0, LIGHT, least=0.3)
    picture, cells = figure.data
    assert np.isnan(picture.z[3:]).all()
    assert picture.z[2, 2] == pytest.approx(1 / 3, abs=1e-4)
    assert picture.zmax == 1
    assert set(cells.y) == {0, 1, 2}


def test_a_cell_is_named_by_its_tokens_and_not_by_its_place(attention: Attention) -> None:
    few, all_of_them = (tokens(attention, CONTEXT, 3, others=others) for others in (False, True))
    for shown in (few, all_of_them):
        rows, columns = routing_cells(shown)
        at = rows.index("reads.4"), columns.index("3")
        assert routing_pair(shown, 0, 1, at) == Pair(4, 3, 0, 1)
        rows, columns = readout_cells(shown, 2)
        seen = rows.index("seen.3")
        assert readout_pair(shown, (seen, columns.index("1"))) == Pair(None, 3, 0, 1)
        assert readout_pair(shown, (seen, 0)) == Pair(None, 3, 0, MEAN)
    assert routing_pair(few, 0, 0, (0, 1)) is None


def test_a_pair_is_told_with_its_rank_its_days_and_every_head(attention: Attention) -> None:
    names = full_names(attention, CONTEXT)
    times = np.array([np.nan, np.nan, 0.0, 5.0 * DAY, 9.0 * DAY])
    said = sentences_looking.pair(attention, names, times, Pair(4, 2, 0, 0))
    assert said == (
        "3. Tripod (view) reads 1. Camera (purchase) with 20% of its look (head 1): its number 1 "
        "of 5; an even spread would give 20%. 9 days lie between them. Head by head: 20% · 0%."
    )
    looks = sentences_looking.pair(attention, names, times, Pair(None, 3, 0, MEAN))
    assert looks.startswith(
        "The readout (mean of heads) looks at 2. Kettle (view) with 30%: its number 2 of 5; an "
        "even spread would give 20%."
    )
    assert looks.endswith("Head by head: 50% · 10%.")


def test_the_last_month_is_told_beside_the_average(average: LookingBack) -> None:
    looked = Looked(np.array([40.0, 20.0]), np.array([1.0, 0.0]), np.array([0.5, 1.5]))
    table = looked_table(looked, ["Camera", "Tripod"], ["purchase", "view"])
    said = sentences_looking.looking_back(table, average)
    assert said == (
        "The last 30 days hold 75% of this customer's attention on events and 50% of the events. "
        "Over 4 customers, events nearest in time get 1.5 times an even share, the furthest 0.5 "
        "times."
    )
    drawn = looking_back_chart(table, average, "places", LIGHT).to_dict()["datasets"]
    assert [row["at"] for row in drawn["events"]] == [2, 1]
    assert [row["at"] for row in drawn["average"]] == [11, 46]
    alone = looking_back_chart(table, None, "days", LIGHT).to_dict()
    assert set(alone["datasets"]) == {"events", "chance"}


def test_a_cell_in_the_link_is_read_and_one_of_another_stage_is_not() -> None:
    app = opened("attention", user="u07", cell="seen.5~mean")
    assert not app.exception
    assert "The readout (mean of heads) looks at" in words(app)
    app = opened("attention", user="u07", stage="routing", cell="seen.5~mean")
    assert "Click on a cell, or choose it here, to read" in words(app)
    app = opened("attention", user="u07", stage="routing", cell="reads.6~4", least="5")
    assert "of its look (mean of heads)" in words(app)
    assert "Does it only look at what is recent?" in words(app)
