"""Numbers are read as their whole column, or their file, writes them."""

from __future__ import annotations

import pandas as pd
import pytest

from recommender.data import Tables
from recommender.data.cleaning.kinds import infer_kind, separator
from recommender.data.cleaning.numerals import parse_numbers
from tests.data.shop import read


def sold(*cells: str, also: str = "", **options: object) -> Tables:
    """Rows of these quantities; `also` is the price in each row."""
    rows = "".join(f"u{i};p{i};{cell};{also}\n" for i, cell in enumerate(cells))
    return read(f"user;item;quantity;price\n{rows}", **options)


def quantities(tables: Tables) -> list[float]:
    return tables.interactions["quantity"].tolist()


def fixes(tables: Tables) -> list[str]:
    return [problem.fix for problem in tables.problems if problem.fix is not None]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.234", "999,50"], [1234, 999.5]),
        (["1.234", "0,500"], [1234, 0.5]),
        (["1,234", "2,55"], [1.234, 2.55]),
        (["1,234", "1.234,5"], [1.234, 1234.5]),
        (["1.234", "1.234.567"], [1234, 1234567]),
        (["1,234", "1,234,567"], [1234, 1234567]),
        (["1,234", "2.55"], [1234, 2.55]),
        (["1.234", "2.5"], [1.234, 2.5]),
        (["1.234", "0.250"], [1.234, 0.25]),
        (["1 234,5", "2 000"], [1234.5, 2000]),
        (["1'234.50", "2'000"], [1234.5, 2000]),
        (["1.234 €", "1,50 €"], [1234, 1.5]),
        (["١٢", "٣٫٥"], [12, 3.5]),
        (["１２", "3"], [12, 3]),
    ],
)
def test_a_column_has_one_decimal_mark(cells: list[str], expected: list[float]) -> None:
    tables = sold(*cells)
    assert quantities(tables) == expected
    assert fixes(tables) == []


def test_what_a_column_does_not_show_the_file_does() -> None:
    tables = sold("1.000", "2.500", also="9,95")
    assert quantities(tables) == [1000, 2500]
    told = next(problem for problem in tables.problems if problem.fix == "decimal_comma")
    assert (told.column, told.rows) == ("quantity", (2, 3))
    refused = sold("1.000", "2.500", also="9,95", refused=frozenset({"decimal_comma"}))
    assert quantities(refused) == [1, 2.5]


def test_a_file_with_decimal_points_has_no_thousands_of_points() -> None:
    tables = sold("1.000", "2.500", also="9.95")
    assert quantities(tables) == [1, 2.5]
    assert fixes(tables) == []


def test_where_nothing_shows_the_mark_it_is_asked() -> None:
    asked = sold("1.000", "2.500")
    assert quantities(asked) == [1, 2.5]
    told = next(problem for problem in asked.problems if problem.fix == "decimal_mark")
    assert told.severity == "note" and "'1.000' may be meant either way" in str(told)
    assert quantities(sold("1.000", "2.500", refused=frozenset({"decimal_mark"}))) == [1000, 2500]


def test_features_are_read_like_the_other_numbers() -> None:
    items = "item_id;weight;price\np1;1.250;9,95\np2;2.500;1.000,00\np3;2.500;5,00\n"
    tables = read("user,item\na,p1\nb,p2\nc,p3\n", items)
    assert tables.items["weight"].tolist() == ["1250", "2500", "2500"]
    assert tables.items["price"].tolist() == [9.95, 1000.0, 5.0]


def test_ids_and_codes_are_no_numbers() -> None:
    tables = read("user;item;quantity\n1.234;7,5;2,5\n1.235;7,6;1,5\n")
    assert tables.interactions["user_id"].tolist() == ["1.234", "1.235"]
    assert tables.interactions["item_id"].tolist() == ["7,5", "7,6"]


def values(*cells: str) -> pd.Series:
    return pd.Series(cells, dtype="str", name="sizes")


@pytest.mark.parametrize(
    "cells",
    [
        ("36 42", "38", "36 38 40", "44", "42 44", "40"),
        ("100 150", "100", "150 200", "200", "150"),
        ("8 10", "10 12", "8", "12"),
    ],
)
def test_numbers_with_spaces_between_are_a_list(cells: tuple[str, ...]) -> None:
    assert infer_kind(values(*cells)) == "multi"
    assert separator(values(*cells)) == " "


def test_thousands_with_spaces_are_numbers() -> None:
    cells = values("1 234", "12 000", "999", "2 500")
    assert infer_kind(cells) == "numeric"
    assert parse_numbers(cells).tolist() == [1234, 12000, 999, 2500]
