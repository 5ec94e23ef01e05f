"""What the first line of an order says holds for its other lines."""

from __future__ import annotations

import pytest

from recommender.data import Tables
from tests.data.shop import read

SHOP = """Order,Email,Paid at,Lineitem name,Lineitem sku
#7,ann@x.example,2024-02-01 10:00,Kettle,K1
#7,,,Mug,M1
#7,,,Rug,R1
#8,bob@x.example,2024-02-02 10:00,Mug,M1
#9,ann@x.example,2024-02-03 10:00,Tent,T1
#9,,,Kettle,K1
"""
SAID = {"user_id": "Email", "item_id": "Lineitem sku", "time": "Paid at"}


def bought(tables: Tables) -> list[str]:
    rows = tables.interactions
    return [
        f"{user[0]} {item}" for user, item in zip(rows["user_id"], rows["item_id"], strict=True)
    ]


def test_lines_below_the_first_have_its_buyer_and_its_time() -> None:
    tables = read(SHOP, columns=SAID)
    assert bought(tables) == ["a K1", "a M1", "a R1", "b M1", "a T1", "a K1"]
    assert tables.interactions["time"].nunique() == 3
    assert tables.interactions["basket_id"].tolist() == ["#7", "#7", "#7", "#8", "#9", "#9"]
    told = next(problem for problem in tables.problems if problem.fix == "order_lines")
    assert (told.rows, told.column) == ((3, 4, 7), "Email")


def test_an_order_number_under_any_name_is_found_by_what_it_does() -> None:
    tables = read(SHOP.replace("Order", "Name"), columns=SAID)
    assert tables.interactions["basket_id"].tolist() == ["#7", "#7", "#7", "#8", "#9", "#9"]
    assert tables.items["title"].tolist() == ["Kettle", "Mug", "Rug", "Tent"]


def test_filling_down_can_be_refused() -> None:
    tables = read(SHOP, columns=SAID, refused=frozenset({"order_lines"}))
    assert bought(tables) == ["a K1", "b M1", "a T1"]


def test_merged_cells_without_a_number_are_filled_where_buyer_and_time_are_both_blank() -> None:
    rows = "ann,2024-01-01,a\n,,b\nbob,2024-01-02,a\n,,c\neve,2024-01-02,a\n"
    tables = read(f"customer,date,product\n{rows}")
    assert bought(tables) == ["a a", "a b", "b a", "b c", "e a"]


@pytest.mark.parametrize(
    "content",
    [
        "invoice,user,item,time\n1,ann,a,2024-01-01\n2,,b,2024-01-02\n2,,c,2024-01-02\n3,bob,a,2024-01-03\n",
        "user,item,time\nann,a,2024-01-01\n,b,2024-01-02\nbob,a,2024-01-03\n",
        "user,item\nann,a\n,b\nbob,a\n",
    ],
    ids=["an order of nobody", "a line of nobody", "no order and no time"],
)
def test_lines_of_nobody_are_not_given_to_the_buyer_above(content: str) -> None:
    assert bought(read(content)) == ["a a", "b a"]
