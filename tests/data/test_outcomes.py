"""What came of a row says whether it counts: clicks, votes, states of orders, low ratings."""

from __future__ import annotations

import pandas as pd
import pytest

from recommender.data import TableError, Tables
from recommender.data.outcomes import looks_like_outcomes, outcome_values
from recommender.data.scales import middle_of, not_rated
from tests.data.shop import built, read


def log(column: str, *cells: str) -> str:
    """Rows of users and items that all differ, with this column."""
    rows = [f"u{i % 4},p{i % 7},2024-01-{i + 1:02d},{cell}" for i, cell in enumerate(cells)]
    return "\n".join([f"user_id,item_id,time,{column}", *rows]) + "\n"


def counting(tables: Tables) -> int:
    return len(tables.interactions)


def said(tables: Tables) -> str:
    return "\n".join(str(problem) for problem in tables.problems)


@pytest.mark.parametrize(
    ("column", "cells", "kept"),
    [
        ("label", "1 0 0 1 0 1 0 0", 3),
        ("clicked", "0 1 0 1", 2),
        ("is_click", "1 1 0 0 0", 2),
        ("target", "1 0 1 0", 2),
        ("click", "1.0 0.0 0.0", 1),
        ("Clicked", "True False False", 1),
        ("purchased", "yes no yes no", 2),
        ("converted", "Y N N", 1),
        ("vote", "-1 1 -1 -1 1", 2),
        ("votes", "up down up", 2),
        ("voted_up", "True False True", 2),
        ("liked", "false true", 1),
        ("is_recommended", "true false true", 2),
        ("Recommended IND", "1 0 1 1", 3),
        ("sentiment", "positive negative positive", 2),
        ("returned", "0 1 0 0", 3),
        ("is_returned", "no yes no", 2),
        ("Returned", "False True False False", 3),
        ("cancelled", "0 0 1", 2),
        ("refunded", "N Y", 1),
        ("order_status", "delivered canceled shipped returned delivered", 3),
        ("Financial Status", "paid refunded paid voided", 2),
        ("是否点击", "1 0 0", 1),
        ("是否购买", "是 否 是", 2),
        ("订单状态", "已完成 已取消 已完成 交易关闭", 2),
        ("是否退货", "否 是 否", 2),
    ],
)
def test_rows_of_which_nothing_came_do_not_count(column: str, cells: str, kept: int) -> None:
    tables = read(log(column, *cells.split()))
    assert tables.mapping["interactions"][column] == "outcome"
    assert counting(tables) == kept
    told = next(problem for problem in tables.problems if problem.fix == "outcomes")
    assert told.count == len(cells.split()) - kept


def test_what_counts_is_told_with_its_counts() -> None:
    assert "4 rows with '0': 4 are no interest (those with '1': 2 are), and were left out" in said(
        read(log("label", *"100010"))
    )


def test_refusing_it_lets_all_rows_count() -> None:
    assert counting(read(log("label", *"1000"), refused=frozenset({"outcomes"}))) == 4


def test_the_values_that_count_can_be_named() -> None:
    states = log("status", "delivered", "shipped", "created", "canceled")
    assert counting(read(states)) == 3
    assert counting(read(states, counting=("delivered",))) == 1


def test_values_that_are_nowhere_cannot_count() -> None:
    with pytest.raises(TableError, match="no row has the value 'shiped', which was said to count"):
        read(log("status", "delivered", "shipped"), counting=("shiped",))
    with pytest.raises(TableError, match="no column has the outcome"):
        read("user,item\nu,a\n", counting=("1",))


def test_a_state_that_is_not_understood_counts_and_is_asked_about() -> None:
    tables = read(log("status", "delivered", "delivered", "on hold", "canceled"))
    assert counting(tables) == 3
    assert "what these values mean for a row is not known" in said(tables)
    assert "'on hold': 1" in said(tables)


def test_a_column_named_as_outcome_whose_values_say_nothing_is_refused_until_told() -> None:
    content = log("flag", "A", "B", "A")
    with pytest.raises(TableError, match="which values count as interest is not known"):
        read(content, columns={"outcome": "flag"})
    assert counting(read(content, columns={"outcome": "flag"}, counting=("A",))) == 2


@pytest.mark.parametrize(
    ("column", "cells", "reasons"),
    [
        ("clicked", ("1", "0", "0"), []),
        ("vote", ("1", "-1", "1"), ["rated_low"]),
        ("returned", ("0", "1", "0"), ["taken_back"]),
        ("order_status", ("delivered", "cancelled"), ["taken_back"]),
        ("is_recommended", ("True", "False"), ["rated_low"]),
    ],
)
def test_only_what_a_user_had_is_not_new(
    column: str, cells: tuple[str, ...], reasons: list[str]
) -> None:
    assert read(log(column, *cells)).uncounted["reason"].tolist() == reasons


def test_an_item_that_was_shown_and_not_clicked_stays_new() -> None:
    dataset = built(log("clicked", "1", "0", "0", "0", "1", "0"))
    first = dataset.items["item_id"][dataset.history(0).had].tolist()
    assert first == ["p0", "p4"]


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("vote", ["3", "17", "0", "1"]),  # helpful votes, as reviews have them
        ("status", ["gold", "silver"]),
        ("like", ["12", "0", "3"]),
        ("label", ["red", "blue"]),
        ("target", ["women", "men"]),
        ("clicked", ["1", "1"]),
        ("state", ["NY", "CA"]),
    ],
)
def test_other_values_are_no_outcomes(column: str, cells: list[str]) -> None:
    assert not looks_like_outcomes(pd.Series(cells, dtype="str"), column)


def test_the_state_of_a_customer_is_no_outcome() -> None:
    states = ("active", "closed", "paid")
    rows = [f"u{i % 3},p{i % 5},{states[i % 3]}" for i in range(30)]
    tables = read("\n".join(["user_id,item_id,status", *rows]) + "\n")
    assert tables.mapping["interactions"]["status"] is None
    assert counting(tables) == 30


@pytest.mark.parametrize(
    ("column", "value", "counts"),
    [
        ("status", "Not delivered", False),
        ("status", "partially_refunded", True),
        ("returned", "returned", False),
        ("returned", "not returned", True),
        ("payment_status", "declined", False),
        ("状态", "未付款", False),
        ("status", "on hold", None),
    ],
)
def test_what_a_value_means(column: str, value: str, counts: bool | None) -> None:
    assert outcome_values(pd.Series([value, "paid"], dtype="str"), column)[value] is counts


RATED = "user_id,item_id,rating\n"


@pytest.mark.parametrize(
    ("ratings", "kept"),
    [
        ("-1 1 -1 1", 2),
        ("0 1 0 1", 2),
        ("5 1 5 1", 2),
        ("1 2 1 2", 2),
        ("1 2 3 4 5", 3),
        ("0.5 1 2.5 5 4.5", 2),
        ("10 20 100 60", 2),
        ("2 4 6 8 10", 3),
    ],
)
def test_of_lone_ratings_the_lower_half_is_no_interest(ratings: str, kept: int) -> None:
    rows = [f"u{i},p{i % 3},{rating}\n" for i, rating in enumerate(ratings.split())]
    tables = read(RATED + "".join(rows))
    assert counting(tables) == kept
    assert tables.uncounted["reason"].tolist() == ["rated_low"] * (len(rows) - kept)


def test_who_rated_everything_low_likes_nothing() -> None:
    tables = read(RATED + "u1,a,1\nu1,b,2\nu2,a,5\nu2,b,4\n")
    assert tables.interactions["user_id"].tolist() == ["u2"]
    assert "1 further rating is in the lower half of what the column holds (below 3)" in said(
        tables
    )


def test_counts_in_place_of_ratings_have_no_middle() -> None:
    plays = pd.Series([1.0, 2, 1, 3, 5, 2, 1, 9, 4, 6, 7, 8, 10, 11, 400] * 2)
    assert middle_of(plays) is None


@pytest.mark.parametrize(
    ("ratings", "value"),
    [
        ([0, 0, 0, 5, 7, 8, 10], 0),
        ([0, 3, 4, 5, 4], 0),
        ([-1, -1, 7, 8, 10], -1),
        ([-3.5, 1.25, 9.75, 99, 99], 99),
        ([1, 2, 3, 4, 5], None),
        ([0, 1, 2, 2, 3, 4, 5], None),
        ([0.5, 1, 2, 5], None),
        ([0, 1], None),
        ([-1, 0, 1], None),
    ],
)
def test_a_number_that_may_mean_not_rated(ratings: list[float], value: float | None) -> None:
    assert not_rated(pd.Series(ratings, dtype="float64")) == value


def test_a_rating_of_nought_that_may_mean_not_rated_is_asked_about() -> None:
    content = RATED + "u1,a,0\nu1,b,8\nu2,a,0\nu2,b,0\nu3,a,9\n"
    assert counting(read(content)) == 2
    assert "3 rows have the rating 0, which is the lowest or means not rated" in said(read(content))
    assert counting(read(content, refused=frozenset({"unrated"}))) == 5
