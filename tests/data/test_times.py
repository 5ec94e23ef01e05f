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


def test_numbers_of_two_units_are_told_apart_by_their_size() -> None:
    times = parse("1700000000", "1700000060", "1700000120000", "1700000180000000")
    assert times.seconds.tolist() == [1700000000, 1700000060, 1700000120, 1700000180]
    assert "of several kinds" in times.note


def test_a_few_seconds_beside_milliseconds_are_seconds() -> None:
    times = parse("1700000000000", "1700000060000", "1700000120")
    assert times.seconds.tolist() == [1700000000, 1700000060, 1700000120]


def test_digits_of_a_date_among_seconds_are_a_date() -> None:
    assert moments(parse("1700000000", "1700000001", "20240304"))[2] == "2024-03-04T00:00:00"


def test_dates_written_out_among_seconds_are_read() -> None:
    assert (
        moments(parse("1700000000", "1700000001", "2024-03-04 05:06"))[2] == "2024-03-04T05:06:00"
    )


def test_day_numbers_of_a_spreadsheet_beside_dates_are_read_and_the_danger_is_said() -> None:
    times = parse("45292", "45303", "13/1/2024", "30/1/2024")
    assert [str(moment)[:10] for moment in moments(times)] == [
        "2024-01-01",
        "2024-01-12",
        "2024-01-13",
        "2024-01-30",
    ]
    assert "may have taken the day for the month" in times.note


def test_numbers_among_small_ones_keep_their_unit() -> None:
    assert parse("1", "2", "45292").seconds.tolist() == [86_400, 172_800, 45_292 * 86_400]


@pytest.mark.parametrize(
    ("cells", "first", "last"),
    [
        (("24-01-01", "24-01-30"), "2024-01-01", "2024-01-30"),
        (("24/01/09", "24/02/10", "24/03/11"), "2024-01-09", "2024-03-11"),
        (("99.12.30", "99.12.31", "00.01.01"), "1999-12-30", "2000-01-01"),
        (("23-11-01", "24-01-02", "24-02-03"), "2023-11-01", "2024-02-03"),
    ],
)
def test_a_year_of_two_digits_may_come_first(cells: tuple[str, ...], first: str, last: str) -> None:
    times = parse(*cells)
    assert (moments(times)[0] or "")[:10] == first
    assert (moments(times)[-1] or "")[:10] == last


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (("01.02.24", "02.02.24", "13.02.24"), "2024-02-01"),
        (("01/02/24", "01/13/24", "01/14/24"), "2024-01-02"),
        (("05-01-23", "06-01-23", "07-01-24"), "2023-01-05"),
    ],
)
def test_a_year_of_two_digits_that_changes_least_comes_last(
    cells: tuple[str, ...], first: str
) -> None:
    assert (moments(parse(*cells))[0] or "")[:10] == first


def test_an_order_that_was_told_is_kept_for_years_of_two_digits() -> None:
    assert moments(parse("24-01-01", "24-01-30", day_first=True))[0] == "2001-01-24T00:00:00"


@pytest.mark.parametrize(
    "cell",
    [
        '"2024-03-04 05:06:07"',
        '="2024-03-04 05:06:07"',
        "[04/Mar/2024:05:06:07 +0000]",
        "Mon, 04 Mar 2024 05:06:07 +0000",
        "Mon Mar 04 2024 05:06:07 GMT+0000 (Coordinated Universal Time)",
        "٢٠٢٤-٠٣-٠٤ ٠٥:٠٦:٠٧",
        "２０２４年３月４日 5:06:07",
        "١٧٠٩٥٢٨٧٦٧",
    ],
)
def test_a_moment_in_quotes_logs_and_digits_of_other_scripts(cell: str) -> None:
    assert moments(parse(cell, cell)) == ["2024-03-04T05:06:07"] * 2


def test_six_digits_are_a_date() -> None:
    assert moments(parse("240131", "240201", "231224"))[0] == "2024-01-31T00:00:00"
    assert "unknown moment" in parse("240131", "240199", "931224").note


def test_moments_that_a_spreadsheet_rounded_are_told() -> None:
    assert "a spreadsheet rounded" in parse("1.7E+12", "1.7E+12", "1.70001E+12").note


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
    "seconds and milliseconds": ("1709528767", "1709528768", "1709528769000", "20240304"),
    "seconds and dates": ("1709528767", "1709528768", "2024-03-05", "13.3.2024"),
    "dates and day numbers": ("13/1/2024", "14/1/2024", "45292"),
    "year first": ("24-01-05", "24-01-06", "24-02-07"),
    "six digits": ("240131", "240201", "240202"),
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
