from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recommender.data.cleaning.times import (
    TimeForm,
    Times,
    looks_like_dates,
    parse_times,
    read_times,
)


def parse(*cells: str, day_first: bool | None = None) -> Times:
    return parse_times(pd.Series(cells, dtype="str"), day_first)


def moments(times: Times) -> list[str | None]:
    return [
        str(np.datetime64(int(second), "s")) if readable else None
        for second, readable in zip(times.seconds, times.readable, strict=True)
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "2024-03-04 05:06:07",
        "2024-03-04T05:06:07Z",
        "2024-03-04T07:06:07+02:00",
        "2024/3/4 5:06:07",
        "2024.3.4 5:06:07",
        "2024年3月4日 5:06:07",
        "2024年3月4日5时6分7秒",
        "1709528767",
        "1709528767.9",
        "1709528767000",
        "1709528767000000",
        "1709528767000000000",
        "20240304050607",
    ],
)
def test_one_moment_in_many_forms(cell: str) -> None:
    assert moments(parse(cell)) == ["2024-03-04T05:06:07"]


@pytest.mark.parametrize("cell", ["2024-03-04", "2024/3/4", "20240304", "4 Mar 2024", "45355"])
def test_one_day_in_many_forms(cell: str) -> None:
    assert moments(parse(cell)) == ["2024-03-04T00:00:00"]


def test_day_above_twelve_shows_that_the_day_is_first() -> None:
    times = parse("01/12/2010 08:26", "13/12/2010 8:26")
    assert moments(times) == ["2010-12-01T08:26:00", "2010-12-13T08:26:00"]
    assert times.note == "day first"


def test_second_number_above_twelve_shows_that_the_month_is_first() -> None:
    times = parse("1/2/2010 08:26 PM", "1/13/2010 12:26 am")
    assert moments(times) == ["2010-01-02T20:26:00", "2010-01-13T00:26:00"]
    assert times.note == "month first"


def test_dates_that_show_nothing_are_taken_day_first_and_it_is_said() -> None:
    times = parse("01/02/2010", "03/04/2010")
    assert moments(times) == ["2010-02-01T00:00:00", "2010-04-03T00:00:00"]
    assert "assumed" in times.note


def test_order_of_day_and_month_can_be_told() -> None:
    assert moments(parse("01/02/2010", day_first=False)) == ["2010-01-02T00:00:00"]


def test_years_of_two_digits() -> None:
    assert moments(parse("31.12.69", "31.12.70")) == ["2069-12-31T00:00:00", "1970-12-31T00:00:00"]


def test_chinese_afternoon() -> None:
    assert moments(parse("2019年3月4日 下午3:05")) == ["2019-03-04T15:05:00"]


def test_forms_may_be_mixed_in_one_column() -> None:
    assert moments(parse("2019/3/4", "2019年3月5日", "2019-03-06", "7 Mar 2019")) == [
        "2019-03-04T00:00:00",
        "2019-03-05T00:00:00",
        "2019-03-06T00:00:00",
        "2019-03-07T00:00:00",
    ]


@pytest.mark.parametrize(
    "cell", ["", "soon", "31/04/2010", "2010-02-30", "9999-01-01", "10:30", "NaT", "12"]
)
def test_what_is_no_date_is_unreadable(cell: str) -> None:
    assert moments(parse(cell, "2010-01-01", "2010-01-02")) == [
        None,
        "2010-01-01T00:00:00",
        "2010-01-02T00:00:00",
    ]


def test_small_numbers_count_days_from_somewhere() -> None:
    times = parse("1", "2", "711")
    assert times.seconds.tolist() == [86_400, 172_800, 711 * 86_400]
    assert "day numbers" in times.note


def test_no_rows_give_no_times() -> None:
    assert len(parse().seconds) == 0


def test_dates_look_like_dates_and_numbers_do_not() -> None:
    assert looks_like_dates(pd.Series(["2020-01-01", "2021-05-06"], dtype="str"))
    assert not looks_like_dates(pd.Series(["2020", "2021"], dtype="str"))
    assert not looks_like_dates(pd.Series(["red", "blue"], dtype="str"))


MIXED = (
    "2019/3/4",
    "2019年3月5日 下午3:05",
    "2019-03-06T01:02:03Z",
    "7 Mar 2019",
    "13/02/2019 8:30",
)
COLUMNS = {
    "seconds": ("1709528767", "1709528768.9", "0", "-1", "soon"),
    "milliseconds": ("1709528767000", "1709528768900"),
    "digits": ("20240304", "20240305", "20241331", "7"),
    "months": ("202403", "202404"),
    "spreadsheet days": ("45355", "45356.5"),
    "days": ("1", "2", "711"),
    "words": (*MIXED, "soon", ""),
    "day first": ("01/12/2010 08:26", "13/12/2010 8:26"),
    "month first": ("1/2/2010 08:26 PM", "1/13/2010 12:26 am"),
    "assumed": ("01/02/2010", "03/04/2010"),
    "names": ("7 Mar 2019", "Mar 8, 2019", "2019-03-09", "9th of May"),
    "long": tuple(f"2024-01-{1 + i % 28:02d} 10:{i // 28:02d}" for i in range(1120)),
}  # fmt: skip


@pytest.mark.parametrize("name", COLUMNS)
def test_a_cell_is_read_by_the_form_of_its_column_whatever_stands_beside_it(name: str) -> None:
    cells = COLUMNS[name]
    whole = parse(*cells)
    assert any(whole.readable)
    alone = [read_times(pd.Series([cell], dtype="str"), whole.form) for cell in cells[:50]]
    assert [moments(one)[0] for one in alone] == moments(whole)[:50]
    backwards = read_times(pd.Series(cells[::-1], dtype="str"), whole.form)
    assert moments(backwards) == moments(whole)[::-1]


def test_the_order_that_a_column_has_shown_holds_for_what_does_not_show_it() -> None:
    form = parse("1/13/2010").form
    assert moments(read_times(pd.Series(["3/4/2010", "13/1/2010"], dtype="str"), form)) == [
        "2010-03-04T00:00:00",
        None,
    ]


def test_an_order_that_no_cell_has_shown_is_not_guessed_later() -> None:
    form = parse("2010-01-13", "7 Mar 2019").form
    assert moments(read_times(pd.Series(["3/4/2010", "Mar 7, 2019"], dtype="str"), form)) == [
        None,
        None,
    ]


def test_a_unit_of_time_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no unit of time called 'moons'"):
        TimeForm(unit="moons")
