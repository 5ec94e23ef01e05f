from __future__ import annotations

import math

import pandas as pd
import pytest

from recommender.data.cleaning.numerals import parse_numbers
from tests.data.shop import read


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("7", 7.0),
        (" 7.50 ", 7.5),
        ("-3", -3.0),
        ("1e3", 1000.0),
        ("1,234.50", 1234.5),
        ("1.234,50", 1234.5),
        ("2,55", 2.55),
        ("£3.20", 3.2),
        ("12 元", 12.0),
        ("15 %", 15.0),
        ("2-", -2.0),
        ("2,50-", -2.5),
        ("1,234.50-", -1234.5),
        ("1.234,50-", -1234.5),
        ("3 -", -3.0),
        ("(2)", -2.0),
        ("( 2 )", -2.0),
        ("(1,234.50)", -1234.5),
        ("($3.20)", -3.2),
        ("$(3.20)", -3.2),
        ("(5 %)", -5.0),
        ("€ 7-", -7.0),
        ("\u22122", -2.0),
        ("\u20132.5", -2.5),
        ("（2）", -2.0),
        ("2\u2212", -2.0),
    ],
)
def test_numbers_as_people_write_them(cell: str, number: float) -> None:
    assert parse_numbers(pd.Series([cell], dtype="str"))[0] == pytest.approx(number)


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "free",
        "inf",
        "-inf",
        "nan",
        "1-2",
        "3 or 4",
        "(2",
        "2)",
        "-2-",
        "(-2)",
        "()",
        "-",
        "--2",
    ],
)
def test_what_is_no_number_is_unknown(cell: str) -> None:
    assert math.isnan(parse_numbers(pd.Series([cell], dtype="str"))[0])


@pytest.mark.parametrize("written", ["{}-", "({})", "-{}", "\u2212{}", "( {} )", "{} -", "（{}）"])
def test_returns_are_returns_however_minus_is_written(written: str) -> None:
    back = written.format(2)
    content = f"user,item,date,qty\nu,a,2024-01-01,2\nu,a,2024-01-02,{back}\nu,b,2024-01-03,2\n"
    tables = read(content)
    assert tables.interactions["item_id"].tolist() == ["b"]
    assert tables.uncounted["reason"].tolist() == ["taken_back", "return"]
