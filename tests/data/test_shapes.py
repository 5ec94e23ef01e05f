"""Tables of users by items, and files of baskets, become one row an event."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pytest

from recommender.data import TableError, Tables, read_tables
from tests.data.shop import read


def told(tables: Tables, fix: str) -> str:
    return next(str(problem.message) for problem in tables.problems if problem.fix == fix)


def rated(tables: Tables) -> list[str]:
    rows = tables.interactions
    return [f"{user} {item}" for user, item in zip(rows["user_id"], rows["item_id"], strict=True)]


EVERY = {"rating_rule": "all"}
WIDE = "user_id,Alien,Brazil,Casablanca\nann,5,,3\nbob,,,4\neve,1,,\n"


def test_each_filled_cell_of_a_wide_table_is_an_event() -> None:
    tables = read(WIDE, **EVERY)
    assert rated(tables) == ["ann Alien", "ann Casablanca", "bob Casablanca", "eve Alien"]
    assert tables.interactions["event"].unique().tolist() == ["rating"]
    assert "3 rows would become 4 events" in told(tables, "wide")


def test_zeros_of_a_wide_table_of_flags_are_nothing() -> None:
    tables = read("customer,a,b,c,d\nann,1,0,0,1\nbob,0,1,0,0\n")
    assert rated(tables) == ["ann a", "ann d", "bob b"]


def test_items_may_have_the_rows_and_users_the_columns() -> None:
    tables = read("item_id,ann,bob,eve\nAlien,5,,4\nBrazil,,3,\n", **EVERY)
    assert rated(tables) == ["ann Alien", "eve Alien", "bob Brazil"]


def test_counts_in_a_wide_table_are_quantities() -> None:
    tables = read("user;a;b;c\nann;12;;\nbob;;;3\n")
    assert tables.interactions["quantity"].tolist() == [12, 3]


def test_wide_workbooks_and_parquet_are_read_alike() -> None:
    book = openpyxl.Workbook()
    for line in WIDE.splitlines():
        book.active.append(
            [int(cell) if cell.isdigit() else cell or None for cell in line.split(",")]
        )
    out = io.BytesIO()
    book.save(out)
    parquet = io.BytesIO()
    pd.read_csv(io.StringIO(WIDE)).to_parquet(parquet)
    for name, content in (("films.xlsx", out), ("films.parquet", parquet)):
        tables = read_tables((name, content.getvalue()))
        assert len(tables.interactions) + len(tables.uncounted) >= 3


def test_problems_in_a_wide_table_name_its_line() -> None:
    tables = read(WIDE.replace("bob", "N/A"), **EVERY)
    problem = next(problem for problem in tables.problems if problem.fix == "nobody")
    assert problem.rows == (3,)


@pytest.mark.parametrize(
    "content",
    [
        "user_id,age,income,visits\nann,31,52000,3\nbob,44,61000,9\neve,25,30000,1\n",
        "name,a,b,c\nann,1,2,3\nbob,3,2,1\neve,2,2,2\n",
    ],
)
def test_a_table_of_numbers_that_may_be_features_is_asked_about(content: str) -> None:
    with pytest.raises(TableError) as error:
        read(content)
    asked = [problem for problem in error.value.problems if problem.fix == "as_columns"]
    assert "would become 9 events" in asked[0].message
    assert len(read(content, refused=frozenset({"as_columns"}), **EVERY).interactions) == 9


BASKETS = "milk,eggs\neggs\nmilk,eggs,rice\nrice\nmilk\nrice,milk\n"


def test_each_thing_in_a_basket_is_an_event_of_that_basket() -> None:
    tables = read(BASKETS)
    assert rated(tables) == [
        "1 milk",
        "1 eggs",
        "2 eggs",
        "3 milk",
        "3 eggs",
        "3 rice",
        "4 rice",
        "5 milk",
        "6 rice",
        "6 milk",
    ]
    assert "10 items in 6 lines" in told(tables, "baskets")
    assert "each session counts as one" in "".join(tables.notes)


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_baskets_may_have_any_separator(mark: str) -> None:
    assert len(read(BASKETS.replace(",", mark)).interactions) == 10


def test_numbers_with_spaces_between_may_be_baskets() -> None:
    tables = read("3 7 9\n7\n9 3\n7 9\n3\n7 3 9\n")
    assert len(tables.interactions) == 12
    assert tables.items["item_id"].tolist() == ["3", "7", "9"]


def test_lines_that_begin_with_a_user_have_a_user() -> None:
    tables = read("0 7 9\n1 7 8 9\n2 9 7\n3 8 9\n4 8 7 9\n5 9 7\n")
    assert rated(tables)[:3] == ["0 7", "0 9", "1 7"]
    assert not any("session" in note for note in tables.notes)


def test_prose_is_no_basket() -> None:
    with pytest.raises(TableError):
        read("It was a shop, and a good one.\nIt sold lamps.\nRugs, mugs, and pans.\nWho,\ncame?\n")
