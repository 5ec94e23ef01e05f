from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dashboard.edits import apply, of_kind, profiled, removed
from dashboard.figures.item import (
    cause_chart,
    feature_chart,
    part_chart,
    part_table,
    segment_chart,
    segment_table,
)
from dashboard.figures.palette import DARK, LIGHT, Palette
from dashboard.figures.whatif import (
    lens_changes,
    lens_changes_chart,
    rank_changes,
    share_changes,
    share_changes_chart,
    strongest_changes,
)
from dashboard.glossary import glossary
from dashboard.views.item import sentences as sentences_item
from dashboard.views.whatif import sentences as sentences_whatif
from dashboard.views.whatif.tools import suggested
from dashboard.words import literal
from recommender.evaluate.items import Audience
from recommender.explain.types import Counterfactual, Explanation, Recommendation
from tests.dashboard.shop import dataset

BOTH = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def offered(*items: int) -> tuple[Recommendation, ...]:
    return tuple(
        Recommendation(rank, item, f"i{item}", f"Thing {item}", 1.0, 99.0, None, 0.0, "")
        for rank, item in enumerate(items, start=1)
    )


@pytest.fixture
def without_kettle(explanation: Explanation) -> Explanation:
    """The same explanation after the second event was left out; the camera counts less."""
    keep = [0, 2]
    return replace(
        explanation,
        logit=1.9,
        items=explanation.items[keep],
        item_ids=("i01", "i03"),
        titles=("Camera", "Tripod"),
        times=explanation.times[keep],
        event_types=("purchase", "view"),
        attention=np.array([0.6, 0.2]),
        gate=np.array([1.0, 1.0]),
        contribution=np.array([0.5, 0.2]),
        influence=np.array([1.0, 0.3]),
        influence_log=np.array([0.9, 0.2]),
        features=np.array([[0.1, 0.1, 0.3], [0.0, 0.2, 0.0]]),
    )


@pytest.fixture
def changes(explanation: Explanation, without_kettle: Explanation) -> pd.DataFrame:
    return lens_changes(explanation, without_kettle, ("0", "1", "2"), ("0", "2"))


def test_every_way_a_rank_can_change() -> None:
    table = rank_changes(offered(1, 2, 3), offered(2, 1, 4), (2, 1, 9), (2, 1, 0))
    assert table["item"].tolist() == [2, 1, 4, 3]
    assert table["change"].tolist() == ["up", "down", "new", "out"]
    assert table["rank"].tolist() == [1, 2, 3, 0]
    assert table["before"].tolist() == [2, 1, 9, 3]


def test_the_same_list_stays_the_same() -> None:
    table = rank_changes(offered(1, 2), offered(1, 2), (1, 2), (1, 2))
    assert set(table["change"]) == {"same"}
    said = sentences_whatif.outcome("Without Kettle", table)
    assert said == "Without Kettle, the list stays exactly as it is."


def test_the_outcome_names_who_fell_furthest_and_who_came_in() -> None:
    table = rank_changes(offered(1, 2, 3), offered(2, 4, 1), (2, 9, 1), (3, 1, 40))
    assert sentences_whatif.outcome("Without Kettle", table) == (
        "Without Kettle, 2 of 3 stay in the list. Thing 3 falls from 3 to 40. "
        "Thing 4 comes in at 2."
    )


def test_one_event_stands_in_one_row_on_both_sides(changes: pd.DataFrame) -> None:
    rows = changes.set_index("key")
    assert list(rows.index) == ["0", "1", "2", "profile age_band"]
    assert rows["state"].tolist() == ["kept", "removed", "kept", "kept"]
    assert rows["contribution_before"].tolist() == [0.9, -0.1, 0.2, 0.7]
    assert rows["contribution_after"].tolist() == [0.5, 0.0, 0.2, 0.7]


def test_what_was_edited_comes_first(changes: pd.DataFrame) -> None:
    titles = strongest_changes(changes, 2)["title"].tolist()
    assert titles == ["Kettle", "Camera", "Age band: 18-34"]


@BOTH
def test_both_sides_are_drawn_one_beside_the_other(
    changes: pd.DataFrame,
    explanation: Explanation,
    without_kettle: Explanation,
    colours: Palette,
) -> None:
    chart = json.dumps(lens_changes_chart(changes, colours).to_dict(), ensure_ascii=False)
    assert all(colour in chart for colour in colours.lenses)
    assert "left out" in chart
    shares = share_changes(explanation, without_kettle)
    rows = share_changes_chart(shares, colours).to_dict()["datasets"]["rows"]
    assert [(row["was"], row["said"]) for row in rows] == [
        ("+0.70", "+0.70"), ("+0.60", "+0.30"), ("+0.50", "+0.50"), ("+0.40", "+0.30"),
        ("0.00", "+0.10"),
    ]  # fmt: skip


def test_against_no_history_every_event_is_drawn_as_left_out(explanation: Explanation) -> None:
    nothing = replace(
        explanation,
        **{name: np.array([], dtype=int) for name in ("items", "times")},
        **{name: np.array([]) for name in ("attention", "gate", "contribution")},
        **{name: np.array([]) for name in ("influence", "influence_log")},
        item_ids=(),
        titles=(),
        event_types=(),
        features=np.zeros((0, 3)),
    )
    table = lens_changes(explanation, nothing, ("0", "1", "2"), ())
    assert (table["state"] == "removed").sum() == 3
    bars = lens_changes_chart(table, LIGHT).to_dict()["datasets"]["bars"]
    gone = [bar for bar in bars if bar["context"] == "left out"]
    assert {bar["title"] for bar in gone} == {"Camera", "Kettle", "Tripod"}
    assert all(bar["end_after"] == bar["start"] and bar["value"] == "" for bar in gone)
    profile = lens_changes_chart(lens_changes(nothing, nothing, (), ()), LIGHT).to_dict()
    said = [(bar["was"], bar["value"]) for bar in profile["datasets"]["bars"]]
    assert said == [("20%", "20%"), ("+0.70", "+0.70"), ("+0.50", "+0.50")]


def test_each_side_of_the_shares_sums_to_its_score(
    explanation: Explanation, without_kettle: Explanation
) -> None:
    table = share_changes(explanation, without_kettle)
    assert table["before"].sum() == pytest.approx(2.2)
    assert table["after"].sum() == pytest.approx(1.9)
    said = sentences_whatif.share_changes(explanation, without_kettle, table)
    assert said == (
        "The score goes from +2.20 to +1.90, mostly through “often bought together” (−0.30)."
    )


def test_lenses_say_what_became_first(changes: pd.DataFrame) -> None:
    said = sentences_whatif.lens_changes(changes)
    assert "Looked at most: Kettle before, now Camera (60%)" in said
    assert "Counted most: Camera (+0.50)" in said


def test_edits_are_said_in_words() -> None:
    history = dataset().history(7)
    title, other = dataset().items["title"].iloc[history.items[[0, 2]]]
    for made, said in (
        ((removed("0", "1"),), f"Without {title}"),
        ((removed("0", "2"),), f"Without {title} and {other}"),
        ((removed("0", "2", "4"),), "Without 3 events"),
        ((profiled(0, ()),), "Age band: unknown"),
        ((of_kind("0", 1), "x999"), f"{title} as a {dataset().event_types[1]}"),
        ((removed("0"), removed("2"), removed("4")), "After 3 edits"),
    ):
        assert sentences_whatif.edits(dataset(), apply(dataset(), history, made), made) == said


def test_the_newest_event_is_suggested_once_where_it_mattered_most(
    explanation: Explanation,
) -> None:
    rows = apply(dataset(), dataset().history(7), ()).rows[:7]
    longer = replace(
        explanation,
        **dict.fromkeys(("attention", "gate", "influence", "influence_log"), np.zeros(7)),
        times=np.zeros(7, dtype=int),
        features=np.zeros((7, 3)),
        items=np.array([1, 1, 2, 2, 3, 3, 7]),
        titles=("Camera",) * 6 + ("Tripod",),
        contribution=np.array([0.4, 0.4, 0.1, 0.1, 0.1, 0.1, 0.9]),
    )
    assert suggested(rows, longer) == {
        "x6": "Without Tripod",
        "x0.1": "Only the newest 5 events",
        "n": "Start from nothing",
    }
    assert list(suggested(rows, None)) == ["x6", "x0.1", "n"]


def test_a_counterfactual_says_no_more_than_was_found() -> None:
    found = Counterfactual(7, 10, True, (0, 1), ("Camera", "Camera"), 1, 14, 9, "Kettle", 5, 40)
    assert sentences_whatif.deletion(found) == (
        "Without Camera (2 events) it would leave the first 10 (rank 14); Kettle takes its place."
    )
    none = replace(found, events=None, titles=(), rank_after=None, other=None, other_title="")
    assert "No set of up to 5 events was found" in sentences_whatif.no_deletion(none)


@pytest.fixture
def audience() -> Audience:
    """Two of four customers get it; 0.1 + 0.2 + 0.9 + 0.3 = 1.5 of score."""
    return Audience(
        item=7,
        k=10,
        asked=400,
        users=np.arange(100),
        ranks=np.ones(100, dtype=int),
        buyers=5,
        reach_rank=2,
        buyers_rank=9,
        bias_rank=11,
        segments=pd.DataFrame(
            {
                "feature": ["age", "age", "age"],
                "value": ["old", "young", "few"],
                "users": [100, 280, 5],
                "receivers": [50, 48, 2],
                "rate": [0.5, 48 / 280, 0.4],
            }
        ),
        rivals=pd.DataFrame(
            {"item": [3], "item_id": ["i3"], "title": ["Kettle"], "lists": [60],
             "share": [0.6], "usual": [0.1], "above": [0.25]}
        ),
        shares=pd.DataFrame(
            {
                "feature": ["category", "+any", "age", "bias", "order_term"],
                "kind": ["event", "event", "profile", "bias", "order"],
                "contribution": [0.9, 0.2, 0.3, 0.1, 0.0],
            }
        ),
        causes=pd.DataFrame(
            {"item": [1, 2], "item_id": ["i1", "i2"], "title": ["Camera", "Camera"],
             "users": [60, 1], "contribution": [0.5, 0.1], "feature": ["category", "category"]}
        ),
        examples=pd.DataFrame(),
        explained=100,
    )  # fmt: skip


def test_what_any_event_adds_is_not_called_taste(audience: Audience) -> None:
    parts = part_table(audience).set_index("part")["contribution"]
    assert parts.to_dict() == {
        "bias": 0.1,
        "any": 0.2,
        "event": 0.9,
        "profile": 0.3,
        "order": 0.0,
    }
    said = sentences_item.parts(audience, 600)
    assert "Of the mean score of +1.50, taste gives +1.20, popularity +0.10" in said


def test_small_segments_are_chance_and_not_drawn(audience: Audience) -> None:
    assert segment_table(audience)["value"].tolist() == ["old", "young"]
    assert "age old (50%, 50 of 100)" in sentences_item.segments(audience)


def test_a_product_offered_more_than_it_sells_is_said(audience: Audience) -> None:
    assert "more than its sales would" in sentences_item.audience(audience, 600)
    less = replace(audience, reach_rank=90)
    assert "less than its sales would" in sentences_item.audience(less, 600)
    nobody = replace(audience, users=np.array([], dtype=int))
    assert sentences_item.audience(nobody, 600).startswith("Nobody has it among the first 10")


@BOTH
def test_a_products_charts_draw_what_their_tables_hold(
    audience: Audience, colours: Palette
) -> None:
    for chart, said in (
        (part_chart, ["+0.10", "+0.20", "+0.90", "+0.30"]),
        (feature_chart, ["+0.90", "+0.30"]),
        (cause_chart, ["+0.50", "+0.10"]),
        (segment_chart, ["50%", "17%"]),
    ):
        rows, *_line = chart(audience, colours).to_dict()["datasets"].values()
        assert [row["said"] for row in rows] == said, chart.__name__


def test_products_of_one_title_keep_a_bar_each(audience: Audience) -> None:
    drawn = json.dumps(cause_chart(audience, LIGHT).to_dict())
    assert "+0.50" in drawn
    assert "+0.10" in drawn


def test_somebodys_text_is_shown_as_it_is() -> None:
    assert literal("*bold* :red[x] $a$") == r"\*bold\* \:red\[x\] \$a\$"


# What the front end's Markdown makes a link of, in the text that escapes leave (GFM, autolinks).
AUTOLINKS = re.compile(r"(?i)https?://[-.\w]|www\.[-.\w]|[-.\w+]@[-\w]+\.[-\w]")


@pytest.mark.parametrize(
    "text", ["www.example.org", "a http://x.org/y", "HTTPS://x.org", "a.b+c@x.org", "(Www.x.org)"]
)
def test_no_address_in_somebodys_text_becomes_a_link(text: str) -> None:
    assert AUTOLINKS.search(text)
    seen = re.sub(r"\\(.)", r"\1", literal(text))
    assert not AUTOLINKS.search(seen)
    assert seen.replace("\u2060", "") == text


def test_every_term_has_a_meaning_in_one_sentence() -> None:
    names = [plain for plain, _term, _meaning in glossary()]
    assert names[:3] == ["Looked at", "Counted", "Mattered"]
    assert len(set(names)) == len(names)
    assert all(meaning.endswith(".") for _plain, _term, meaning in glossary())


def test_values_of_segments_stand_at_their_bars_and_what_is_left_out_is_said(
    audience: Audience,
) -> None:
    near = audience.segments.assign(rate=[0.5, 0.24, 0.4])
    for shown, stand in (
        (audience, [0.5, 48 / 280]),
        (replace(audience, segments=near), [0.5, 0.25]),
    ):
        spec = segment_chart(shown, LIGHT).to_dict()
        _bar, words, _line = (layer["encoding"] for layer in spec["layer"])
        assert words["x"]["field"] == "words"
        (rows,) = (rows for rows in spec["datasets"].values() if "words" in rows[0])
        assert [row["words"] for row in rows] == pytest.approx(stand)
    assert sentences_item.segments(audience).endswith(
        "1 segment of fewer than 20 customers is left out."
    )


def test_all_segments_are_drawn_or_their_number_is_said(audience: Audience) -> None:
    many = pd.DataFrame(
        {"feature": "age", "value": [str(n) for n in range(30)], "users": 50, "receivers": 25,
         "rate": 0.5}
    )  # fmt: skip
    crowded, full = replace(audience, segments=many), replace(audience, segments=many.head(24))
    assert sentences_item.segments(crowded).endswith("6 that get it least are not drawn.")
    assert sentences_item.segments(full).endswith("the line is everybody (25%).")
    assert len(segment_chart(full, LIGHT).layer[0].data) == 24
