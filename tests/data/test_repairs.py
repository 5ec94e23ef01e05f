from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.data.cleaning.repairs import take_back
from recommender.data.problems import Finder
from tests.data.shop import of, read

HEADER = "user_id,item_id,time,quantity\n"


def rows(content: str, **options: object) -> list[tuple[object, ...]]:
    events = read(content, **options).interactions
    return list(events[["user_id", "item_id", "quantity"]].itertuples(index=False, name=None))


def test_return_cancels_the_purchase_before_it() -> None:
    tables = read(HEADER + "u,a,2024-01-01,1\nu,b,2024-01-02,1\nu,a,2024-01-03,-1\n")
    assert tables.interactions["item_id"].tolist() == ["b"]
    (problem,) = of(tables.problems, "repaired")
    assert problem.rows == (4,)
    assert "1 return was taken off" in problem.message


def test_return_cancels_the_newest_earlier_purchase() -> None:
    content = HEADER + "u,a,2024-01-01,5\nu,a,2024-01-02,7\nu,a,2024-01-03,-7\nu,a,2024-01-04,9\n"
    assert rows(content) == [("u", "a", 5.0), ("u", "a", 9.0)]


def test_part_that_is_not_returned_stays_bought() -> None:
    assert rows(HEADER + "u,a,2024-01-01,12\nu,a,2024-01-03,-2\n") == [("u", "a", 10.0)]


def test_return_of_another_user_or_item_cancels_nothing() -> None:
    tables = read(HEADER + "u,a,2024-01-01,1\nv,a,2024-01-02,-1\nu,b,2024-01-02,-1\n")
    assert len(tables.interactions) == 1
    (problem,) = of(tables.problems, "repaired")
    assert (problem.count, problem.rows) == (2, (3, 4))
    assert "no earlier purchase" in problem.message


def test_return_before_the_purchase_cancels_nothing() -> None:
    content = HEADER + "u,a,2024-01-05,1\nu,a,2024-01-01,-1\n"
    assert rows(content) == [("u", "a", 1.0)]


def test_event_called_refund_takes_back_and_views_stay() -> None:
    tables = read(
        "user,item,time,event\nu,a,2024-01-01,view\nu,a,2024-01-02,buy\nu,a,2024-01-03,refund\n"
    )
    assert tables.interactions["event"].tolist() == ["view"]


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from("uv"), st.sampled_from("ab"), st.booleans()), max_size=30)
)
def test_returns_match_like_brackets(steps: list[tuple[str, str, bool]]) -> None:
    events = pd.DataFrame(steps, columns=["user_id", "item_id", "bought"])
    events["quantity"] = events.pop("bought").map({True: 1.0, False: -1.0}).astype(float)
    events["time"] = range(len(events))
    events["event"] = "purchase"
    for name in ("user_id", "item_id", "event"):
        events[name] = events[name].astype("str").astype("category")
    kept, _ = take_back(events, Finder("a.csv"))
    bought: dict[tuple[str, str], list[int]] = {}
    for row, (user, item, is_bought) in enumerate(steps):
        stack = bought.setdefault((user, item), [])
        if is_bought:
            stack.append(row)
        elif stack:
            stack.pop()
    assert kept.index.tolist() == sorted(row for stack in bought.values() for row in stack)


def test_quantity_zero_is_no_purchase() -> None:
    tables = read(HEADER + "u,a,2024-01-01,1\nu,b,2024-01-02,0\n")
    assert tables.interactions["item_id"].tolist() == ["a"]
    assert "nothing was bought" in tables.problems[0].message


def test_exact_copies_are_left_out_where_there_is_a_quantity() -> None:
    tables = read(HEADER + "u,a,2024-01-01,2\nu,a,2024-01-01,2\nu,b,2024-01-01,2\n")
    assert tables.interactions["quantity"].tolist() == [2.0, 2.0]
    (problem,) = of(tables.problems, "repaired")
    assert (problem.count, problem.rows) == (1, (3,))


def test_rows_of_one_purchase_become_one_with_quantities_summed() -> None:
    content = (
        "user,item,time,order_id,quantity,price\n"
        "u,a,2024-01-01,o1,2,10\nu,b,2024-01-01,o1,1,1\nu,a,2024-01-01,o1,3,12\n"
        "u,a,2024-01-01,o2,4,10\n"
    )
    events = read(content).interactions
    assert events["basket_id"].tolist() == ["o1", "o1", "o2"]
    assert events["quantity"].tolist() == [5.0, 1.0, 4.0]
    assert events["price"].tolist() == [11.0, 1.0, 10.0]


def test_without_quantities_copies_in_one_order_are_pieces() -> None:
    content = "user,item,order_id\nu,a,o1\nu,a,o1\nu,b,o1\nu,a,o2\n"
    assert rows(content) == [("u", "a", 2.0), ("u", "b", 1.0), ("u", "a", 1.0)]


def test_without_time_and_basket_copies_are_repeats() -> None:
    assert len(read("user,item\nu,a\nu,a\nu,a\n").interactions) == 3


def test_different_times_are_different_events() -> None:
    content = HEADER + "u,a,2024-01-01 10:00,1\nu,a,2024-01-01 11:00,1\n"
    assert len(rows(content)) == 2


RATINGS = "userId,movieId,rating,timestamp\n1,a,5,10\n1,b,3,20\n1,c,1,30\n2,a,4,10\n2,b,4,20\n"


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ({}, ["1a", "1b", "2a", "2b"]),
        ({"rating_rule": "threshold", "rating_threshold": 4.0}, ["1a", "2a", "2b"]),
        ({"rating_rule": "all"}, ["1a", "1b", "1c", "2a", "2b"]),
    ],
)
def test_rules_for_ratings(options: dict[str, object], kept: list[str]) -> None:
    tables = read(RATINGS, **options)
    events = tables.interactions
    assert (events["user_id"].astype("str") + events["item_id"].astype("str")).tolist() == kept
    assert events["event"].unique().tolist() == ["rating"]


def test_rule_for_ratings_is_said_with_its_count() -> None:
    assert read(RATINGS).notes[-1] == (
        "interactions.csv, column 'rating': ratings below the user's own mean are no interest: "
        "1 of 5 rows left out."
    )


def test_event_without_a_rating_stays() -> None:
    assert len(read("user,item,rating\nu,a,1\nu,b,5\nu,c,\n").interactions) == 2


@pytest.mark.parametrize(
    "options",
    [
        {"rating_rule": "threshold"},
        {"rating_threshold": 4.0},
        {"rating_rule": "best"},
        {"kinds": {"a": "colour"}},
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"rating|kind"):
        read(RATINGS, **options)
