from __future__ import annotations

import math

import pandas as pd
import pytest

from recommender.data.cleaning.numerals import parse_numbers


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
    ],
)
def test_numbers_as_people_write_them(cell: str, number: float) -> None:
    assert parse_numbers(pd.Series([cell], dtype="str"))[0] == pytest.approx(number)


@pytest.mark.parametrize("cell", ["", "free", "inf", "-inf", "nan", "1-2", "3 or 4"])
def test_what_is_no_number_is_unknown(cell: str) -> None:
    assert math.isnan(parse_numbers(pd.Series([cell], dtype="str"))[0])
