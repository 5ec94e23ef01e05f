"""Each fix is made unless it is refused, and refusing it changes what comes out."""

from __future__ import annotations

import pytest

from recommender.data import ReadOptions, TableError, Tables
from recommender.data.fixes import FIXES
from recommender.said import Said
from tests.data.shop import read

ROWS = [f"u{i % 7},p{i % 5},2024-01-{i % 28 + 1:02d},1,Thing {i % 5}" for i in range(120)]
HEADER = "user_id,item_id,time,quantity,title"


def table(*more: str) -> str:
    return "\n".join([HEADER, *dict.fromkeys(ROWS), *more]) + "\n"


def with_column(name: str, first: str, others: str) -> str:
    """A column more, which has something else in the rows of the first thing."""
    header, *rows = table().splitlines()
    cells = [first if row.endswith("Thing 0") else others for row in rows]
    return "\n".join([f"{header},{name}", *map(",".join, zip(rows, cells, strict=True))]) + "\n"


CASES = {
    "ragged": table("u1,p1,2024-03-01,1"),
    "quotes": 'user_id\titem_id\nu1\t"a" b\nu2\t"c\nu3\t"a" b\n',
    "non_rows": table("Total,all,2024-03-01,1,All things"),
    "order_lines": "order_id,user_id,item_id\n1,u1,p1\n1,,p2\n2,u2,p1\n2,,p3\n",
    "lists": 'user_id,item_id\nu1,"[1, 2]"\nu2,"[2]"\n',
    "whole_cells": 'user_id,item_id\nu1,"milk, bread"\nu2,"bread, milk"\nu3,milk\n',
    "undated": table("u1,p1,never,1,Thing 1"),
    "future": table("u1,p1,2095-01-01,1,Thing 1"),
    "numbers": table("u1,p1,2024-03-01,many,Thing 1"),
    "decimal_comma": "user_id;item_id;quantity;price\nu1;p1;1.000;2,50\nu2;p2;2.000;3,50\n",
    "decimal_mark": "user_id;item_id;quantity\nu1;p1;1.000\nu2;p2;2.000\n",
    "rounded_ids": table("u1,4.0E+12,2024-03-01,1,Thing 1"),
    "power_ids": "user_id,item_id\n" + "".join(f"{i}.0,1.000000{i}E7\n" for i in range(9)),
    "formula_ids": "user_id,item_id\n" + "".join(f'u{i},"=""0{i}"""\n' for i in range(9)),
    "unseen_signs": "user_id,item_id\nu1,p1\nu1\u200b,p2\nu2,p1\n",
    "nobody": "user_id,item_id\nu1,p1\nN/A,p2\nu2,p1\n",
    "user_spellings": "user_id,item_id\nu1,p1\nU1,p2\nu2,p1\n",
    "spellings": table("u1,P1,2024-03-01,1,Thing 1"),
    "services": table(
        *[f"u1,q{i},2024-03-01,1,Other {i}" for i in range(40)],
        *[f"u1,POST,2024-03-{i:02d},1,POSTAGE" for i in range(1, 3)],
    ),
    "nothing": table("u1,p1,2024-03-01,0,Thing 1"),
    "copies": table(ROWS[0], "u9,p1,2024-03-01,1,Thing 1", "u9,p1,2024-03-01,1,Thing 1"),
    "same_event": table("u9,p1,2024-03-01,1,Thing 1", "u9,p1,2024-03-01,2,Thing 1"),
    "returns": table("u9,p1,2024-03-01,1,Thing 1", "u9,p1,2024-03-02,-1,Thing 1"),
    "outcomes": with_column("clicked", "0", "1"),
    "removals": with_column("event", "remove_from_cart", "purchase"),
    "low_ratings": "user_id,item_id,rating\nu1,p1,1\nu2,p1,5\nu3,p2,4\n",
    "unrated": "user_id,item_id,rating\nu1,p1,0\nu2,p1,0\nu3,p2,8\nu3,p1,9\n",
    "decimal_ids": "user_id,item_id\n" + "".join(f"{i % 3}.0,{i}.0\n" for i in range(9)),
}


FILMS = "user,A,B,C,D\nu1,5,,,1\nu2,,4,,\nu3,,,3,2\n"
SHAPES = {
    "headerless": "".join(f"u{i % 3},p{i % 4},2024-01-{i + 1:02d}\n" for i in range(12)),
    "wide": FILMS,
    "as_columns": FILMS.replace("user", "who"),
    "baskets": "milk,eggs\neggs\nmilk,eggs,rice\nrice\nmilk\nrice,milk\n",
}
"""Files that are none of interactions where the fix is refused, or made (where it is asked)."""


def outcome(tables: Tables) -> object:
    events = tables.interactions
    total = float(events["quantity"].sum()) if "quantity" in events else 0
    return len(events), total, sorted(tables.items["item_id"]), sorted(tables.users["user_id"])


def test_every_fix_has_a_case_here() -> None:
    assert set(CASES) | set(SHAPES) | {"repeated_ids"} == set(FIXES)


@pytest.mark.parametrize("fix", SHAPES)
def test_a_shape_is_read_one_way_and_told_in_the_other(fix: str) -> None:
    asked = fix == "as_columns"
    refused = frozenset({fix})
    tables = read(SHAPES[fix], refused=refused if asked else frozenset())
    assert len(tables.interactions) >= 3
    assert fix in {problem.fix for problem in tables.problems}
    with pytest.raises(TableError, match=r"no column is known as|more or fewer cells"):
        read(SHAPES[fix], refused=frozenset() if asked else refused)


@pytest.mark.parametrize("fix", CASES)
def test_refusing_a_fix_is_told_and_changes_the_outcome(fix: str) -> None:
    made, refused = read(CASES[fix]), read(CASES[fix], refused=frozenset({fix}))
    assert fix in {problem.fix for problem in made.problems}
    told = next(problem for problem in refused.problems if problem.fix == fix)
    assert FIXES[fix].instead.but(n=told.count) in told.message  # type: ignore[index]
    if fix == "copies":  # what is no copy any more is merged, and its quantity counts
        assert refused.interactions["quantity"].sum() > made.interactions["quantity"].sum()
    else:
        assert outcome(made) != outcome(refused)


def test_the_last_row_of_an_id_stays_where_that_is_asked() -> None:
    items = "item_id,title\np1,First\np1,Last\n"
    made = read("user_id,item_id\nu,p1\n", items)
    refused = read("user_id,item_id\nu,p1\n", items, refused=frozenset({"repeated_ids"}))
    assert (made.items["title"].tolist(), refused.items["title"].tolist()) == (["First"], ["Last"])


def test_a_row_without_time_takes_that_of_the_row_before() -> None:
    tables = read(CASES["undated"], refused=frozenset({"undated"}))
    times = tables.interactions["time"]
    assert times.iloc[-1] == times.iloc[-2]


def test_a_refused_postage_stays_a_product() -> None:
    tables = read(CASES["services"], refused=frozenset({"services"}))
    assert "POST" in set(tables.items["item_id"])


def test_an_unknown_fix_is_named() -> None:
    with pytest.raises(ValueError, match="no fix called 'all'"):
        ReadOptions(refused=frozenset({"all"}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "0 rows were left out"),
        (1, "1 row was left out"),
        (2, "2 rows were left out"),
        (21, "21 rows were left out"),
        (1234, "1,234 rows were left out"),
    ],
)
def test_words_go_with_their_number(n: int, said: str) -> None:
    assert Said("{n} row{|s} {was|were} left out", n=n) == said


def test_one_faulty_row_is_told_of_in_the_singular() -> None:
    said = [problem.message for problem in read(CASES["undated"]).problems]
    assert "1 row has no readable date, such as 'never', and was left out" in said
    refused = read(CASES["same_event"], refused=frozenset({"same_event"})).problems
    assert (
        "1 row stands for an event that another row has already and stays an event of its own"
        in [problem.message for problem in refused]
    )


def test_braces_in_a_cell_stand_as_they_are() -> None:
    (problem,) = read(table("u1,p1,{n} {a|b},1,Thing 1")).problems
    assert problem.message.startswith("1 row has no readable date, such as '{n} {a|b}',")
