"""What counts the rows of a table is no feature of what is in them."""

from __future__ import annotations

import pytest

from tests.data.shop import read

EVENTS = "user_id,item_id\n" + "".join(f"u{i % 5},p{i % 4}\n" for i in range(20))


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("Unnamed: 0", "0 1 2 3"),
        ("", "5 9 12 40"),
        ("index", "5 9 12 40"),
        ("row_number", "1 2 3 4"),
        ("序号", "1 2 3 4"),
        ("X", "1 2 3 4"),
        ("#", "1 2 3 4"),
    ],
)
def test_row_numbers_are_left_out_with_the_reason(name: str, numbers: str) -> None:
    rows = "".join(f"{n},p{i},{'ab'[i % 2]}\n" for i, n in enumerate(numbers.split()))
    tables = read(EVENTS, f"{name},item_id,colour\n{rows}")
    assert set(tables.kinds["items"]) == {"colour"}
    assert "it counts the rows, which is no feature" in "".join(tables.notes)


def test_the_row_number_that_is_the_id_stays_the_id() -> None:
    tables = read(
        EVENTS.replace("p", ""),
        "index,title\n0,Rug\n1,Mug\n2,Pan\n3,Pot\n",
        columns={"items.item_id": "index"},
    )
    assert tables.items["title"].tolist() == ["Rug", "Mug", "Pan", "Pot"]


@pytest.mark.parametrize("numbers", ["4 1 3 2", "1 2 2 4", "1.5 2 3 4"])
def test_an_index_that_does_not_count_the_rows_is_a_feature(numbers: str) -> None:
    rows = "".join(f"{n},p{i}\n" for i, n in enumerate(numbers.split()))
    assert "index" in read(EVENTS, f"index,item_id\n{rows}").kinds["items"]
