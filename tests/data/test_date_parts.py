"""Year, month and day in columns of their own are one date."""

from __future__ import annotations

import pytest

from recommender.data import Tables
from tests.data.shop import read


def dates(tables: Tables) -> list[str]:
    moments = tables.interactions["time"].to_numpy().astype("datetime64[s]")
    return [str(moment) for moment in moments]


@pytest.mark.parametrize(
    ("names", "cells"),
    [
        ("year,month,day", ("2023,11,7", "2024,2,29")),
        ("Day,Month,Year", ("7,11,2023", "29,02,2024")),
        ("order_year,order_month,order_day", ("2023,Nov,7", "2024,February,29")),
        ("Jahr,Monat,Tag", ("2023,November,7", "2024,Februar,29")),
        ("年,月,日", ("2023,11,7", "2024,2,29")),
        ("YEAR,MONTH,DAYOFMONTH", ("2023.0,11.0,7.0", "2024.0,2.0,29.0")),
    ],
)
def test_year_month_and_day_are_put_together(names: str, cells: tuple[str, str]) -> None:
    tables = read(f"user_id,item_id,{names}\nann,a,{cells[0]}\nbob,b,{cells[1]}\n")
    assert dates(tables) == ["2023-11-07T00:00:00", "2024-02-29T00:00:00"]
    assert "put together from the columns" in "".join(tables.notes)
    assert "not used" not in "".join(tables.notes)
    assert tables.kinds == {"items": {}, "users": {}}


def test_the_hour_goes_with_its_day() -> None:
    tables = read("user,item,year,month,day,hour\nann,a,2024,1,2,7\nbob,b,2024,1,2,18\n")
    assert dates(tables) == ["2024-01-02T07:00:00", "2024-01-02T18:00:00"]


def test_a_year_and_a_month_are_a_date_too() -> None:
    tables = read("user,item,year,month\nann,a,2024,1\nbob,b,2024,12\n")
    assert dates(tables) == ["2024-01-01T00:00:00", "2024-12-01T00:00:00"]
    assert "the first of the month" in "".join(tables.notes)


def test_a_column_with_the_time_goes_before_its_parts() -> None:
    rows = "ann,a,2024-01-02 10:00,2024,1,3\nbob,b,2024-01-05 10:00,2024,1,3\n"
    tables = read(f"user,item,timestamp,year,month,day\n{rows}")
    assert dates(tables) == ["2024-01-02T10:00:00", "2024-01-05T10:00:00"]


def test_the_year_of_a_birth_is_no_part_of_the_date() -> None:
    tables = read(
        "user,item,birth_year,month,time\nann,a,1990,1,2024-01-01\nbob,b,1980,2,2024-01-02\n"
    )
    assert dates(tables) == ["2024-01-01T00:00:00", "2024-01-02T00:00:00"]
    assert set(tables.kinds["users"]) | set(tables.kinds["items"]) >= {"birth_year", "month"}


def test_a_date_that_is_none_is_left_out_with_its_line() -> None:
    rows = "ann,a,2023,2,28\nbob,b,2023,2,30\neve,a,2023,3,1\n"
    tables = read(f"user,item,year,month,day\n{rows}")
    told = next(problem for problem in tables.problems if problem.fix == "undated")
    assert told.rows == (3,)
    assert dates(tables) == ["2023-02-28T00:00:00", "2023-03-01T00:00:00"]


@pytest.mark.parametrize("days", ["Monday Tuesday", "周一 周二", "lundi mardi", "Mo Di"])
def test_days_of_the_week_are_no_time_where_another_column_has_it(days: str) -> None:
    one, two = days.split()
    rows = f"ann,a,2024-01-01 08:00,{one}\nbob,b,2024-01-02 09:00,{two}\n"
    tables = read(f"user,item,visit_ts,day\n{rows}")
    assert dates(tables) == ["2024-01-01T08:00:00", "2024-01-02T09:00:00"]
    assert "column 'day': its cells are no dates, so it is not the time" in "".join(tables.notes)
