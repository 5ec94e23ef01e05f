"""Dates as people write them, turned into seconds since 1970."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Bool, Float, Int
from pandas.tseries.api import guess_datetime_format

from recommender.data.cleaning.numerals import ascii_digits, plain_numbers
from recommender.data.histories import SECONDS_A_DAY
from recommender.said import Said, StatedError

_NEVER: Final = np.datetime64("NaT", "s")
_NUMBER: Final = r"^[+-]?\d+(\.\d*)?([eE]\+?\d+)?$"
_DATE: Final = (
    r"^(?P<a>\d{1,4})\s*[./\-年]\s*(?P<b>\d{1,2})\s*[./\-月]\s*(?P<c>\d{1,4})日?"
    r"(?:[T\s,]*(?P<early>上午|下午)?\s*(?P<hour>\d{1,2})"
    r"(?:[:时点](?P<minute>\d{1,2})分?(?::?(?P<second>\d{1,2})秒?(?:\.\d+)?)?)?"
    r"\s*(?P<late>[AaPp])?\.?[Mm]?\.?)?$"
)
_ISO: Final = r"^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?)?$"
_UNUSUAL: Final = r"[^0-9+\-.:/ TZ]"
_MANY: Final = 1_000
"""Rows from which the quick way is worth trying."""
_FIRST, _LAST = -2_208_988_800, 4_133_980_800
"""The first second of 1900 and of 2101."""
_EXCEL_ZERO: Final = -25_569
"""1899-12-30, from which spreadsheets count, in days since 1970."""
_DIGITS: Final = {"%Y%m%d": 19e6, "%Y%m%d%H%M%S": 19e12, "%Y%m": 19e4}
"""Ways to write a date as one number, and the number of 1900 so written."""
_SHORT: Final = "%y%m%d"
_FEW: Final = 3
"""Dates of six digits from which on chance is ruled out."""
_COUNTS: Final = {"ns": 1e9, "us": 1e6, "ms": 1e3, "s": 1.0, "seconds from somewhere": 1.0}
"""Units that numbers may count, by how many make a second."""
_DAYS: Final = {"spreadsheet days": _EXCEL_ZERO, "days": 0}
"""Days that numbers may count, by the day of 1970 that is their first."""
_NOTES: Final = {
    "spreadsheet days": Said("spreadsheet day numbers"),
    "days": Said("day numbers; day 0 is called 1970-01-01"),
    "seconds from somewhere": Said("seconds from an unknown moment, which is called 1970-01-01"),
}
_MOST_PATTERNS: Final = 5
_LIKELY: Final = (631_152_000, 4_102_444_800)
"""Seconds of 1990 and 2100: where a moment is looked for that is not written like most."""
_WRAPPED: Final = r'^[=\s"\'\[]+|["\'\]\s]+$'
"""Quotes and brackets that logs and formulas leave around a time."""
_LOGGED: Final = r"^(\d{1,2}/[A-Za-z]{3}/\d{4}):"
_WEEKDAY: Final = r"(?i)^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+(?=\w)"
_ZONE: Final = r"\s*\([A-Z][\w ]*\)$|\bGMT(?=[+-]\d)"
_ROUNDED: Final = r"^\d(?:[.,]\d{1,5})?[eE]\+\d+$"
"""A moment as a spreadsheet shows it, 1.7E+12."""


@dataclass(frozen=True)
class TimeForm:
    """How a column writes its times: by it each cell is read alike, whatever stands beside it."""

    unit: str = ""
    """Of numbers: what they count, such as `ms` or `days`, or the order of their digits, such as
    `%Y%m%d`. Blank where times are words."""
    day_first: bool | None = None
    """Of words: whether 03/04/2024 is the third of April; None where no cell asked."""
    year_first: bool = False
    """Of words: whether 24-01-05 is the fifth of January 2024."""
    patterns: tuple[str, ...] = ()
    """Of words: forms with names of months, in the order in which they are tried."""

    def __post_init__(self) -> None:
        if self.unit not in ("", *_COUNTS, *_DAYS, *_DIGITS, _SHORT):
            raise StatedError("there is no unit of time called {unit!r}", unit=self.unit)


@dataclass(frozen=True, eq=False)
class Times:
    """A column of times, read."""

    seconds: Int[np.ndarray, " row"]
    """Since 1970-01-01, UTC; 0 where unreadable."""
    readable: Bool[np.ndarray, " row"]
    note: str
    """How the column was read where that is not plain; else empty."""
    form: TimeForm
    """By which other cells of the same kind are read."""


def parse_times(values: pd.Series, day_first: bool | None = None) -> Times:
    """Read a column of text as dates or timestamps, whatever form they have.

    `day_first` says how to read 03/04/2024; by default a day above 12 anywhere in the column
    shows it, and where none does, the day is taken to stand first.
    """
    if (plain := _plain(values)) is not None:
        return plain
    codes, words = _distinct(values)
    numbers = _as_numbers(words)
    unit = _unit(numbers) if words.head(1000).str.match(_NUMBER).mean() > 0.5 else ""
    moments, form, order = _moments_of(words, numbers, day_first, unit, None)
    return _times(codes, moments, _note(words, numbers, moments, form, order), form)


def read_times(values: pd.Series, form: TimeForm) -> Times:
    """Read other cells as those of the column were that has the form; what it does not know is
    unreadable."""
    codes, words = _distinct(values)
    moments, _, _ = _moments_of(words, _as_numbers(words), form.day_first, form.unit, form)
    return _times(codes, moments, "", form)


def _moments_of(
    words: pd.Series,
    numbers: Float[np.ndarray, " word"],
    day_first: bool | None,
    unit: str,
    known: TimeForm | None,
) -> tuple[np.ndarray, TimeForm, str]:
    """The moments, their form, and how the order of day, month and year is known.

    Numbers are read by their unit; where that makes no sense, and beside words, by their size.
    """
    moments = np.full(len(words), _NEVER)
    is_number = ~np.isnan(numbers)
    moments[is_number] = _from_numbers(numbers[is_number], unit)
    if is_number.all():
        return moments, TimeForm(unit=unit), ""
    moments[~is_number], order, form = _from_words(words[~is_number], day_first, known)
    return moments, replace(form, unit=unit), order


def _note(
    words: pd.Series,
    numbers: Float[np.ndarray, " word"],
    moments: np.ndarray,
    form: TimeForm,
    order: str,
) -> str:
    """How the column was read, where that is not plain."""
    how = order or _NOTES.get(form.unit, "")
    read = ~np.isnat(moments)
    is_number = ~np.isnan(numbers)
    by_unit = _by_unit(numbers, form.unit) if form.unit else np.full(len(words), _NEVER)
    others = read & is_number & (by_unit != moments)
    if words[read & is_number].head(1000).str.match(_ROUNDED).mean() > 0.5:
        return Said("numbers that a spreadsheet rounded, so that moments near each other are one")
    if not others.any() and not (form.unit and read[~is_number].any()):
        return how
    if not how:
        return Said("numbers and dates of several kinds, each by its size and form")
    if _may_be_swapped(moments[others], moments[read & ~is_number]):
        return Said(
            "{how}; numbers beside them as spreadsheet day numbers, in which the spreadsheet may "
            "have taken the day for the month",
            how=how,
        )
    return Said("{how}; numbers and dates of other kinds each by its size and form", how=how)


def _may_be_swapped(numbers: np.ndarray, words: np.ndarray) -> bool:
    """Whether only days that could be months became numbers: then they may be swapped."""
    if not len(numbers) or not len(words):
        return False
    day, other = (
        one.astype("datetime64[D]") - one.astype("datetime64[M]") for one in (numbers, words)
    )
    return bool(day.astype(int).max() < 12 <= other.astype(int).min())


def _distinct(values: pd.Series) -> tuple[np.ndarray, pd.Series]:
    codes, distinct = pd.factorize(values.astype("str").str.strip())
    words = pd.Series(distinct, dtype="str")
    odd = np.asarray(pc.match_substring_regex(pa.array(words, pa.large_string()), _UNUSUAL))
    if odd.any():
        words[odd] = _unwrapped(words[odd])
    return codes, words


def _unwrapped(words: pd.Series) -> pd.Series:
    """Times as logs, formulas and programs write them, without what is no time."""
    bare = ascii_digits(words).str.replace(_WRAPPED, "", regex=True)
    for pattern, instead in ((_LOGGED, r"\1 "), (_WEEKDAY, ""), (_ZONE, "")):
        bare = bare.str.replace(pattern, instead, regex=True)
    return bare


def _as_numbers(words: pd.Series) -> Float[np.ndarray, " word"]:
    """NaN for words; only what looks like a number is tried, since trying is slow."""
    numbers = np.full(len(words), np.nan)
    text = pa.array(words, type=pa.large_string())
    numeric = np.asarray(pc.match_substring_regex(text, _NUMBER))
    numbers[numeric] = plain_numbers(words[numeric])
    return numbers


def _times(codes: np.ndarray, moments: np.ndarray, note: str, form: TimeForm) -> Times:
    """The column of which these are the distinct moments."""
    years = moments.astype("datetime64[Y]").astype(np.int64) + 1970
    readable = ~np.isnat(moments) & (years >= 1900) & (years <= 2100)
    seconds = np.where(readable, moments.astype(np.int64), 0)
    return Times(seconds[codes], readable[codes], note, form)


def _plain(values: pd.Series) -> Times | None:
    """Times as programs write them, without a zone and all alike; None for any other column."""
    text = pa.array(values, type=pa.large_string())
    if len(values) < _MANY or not pc.all(pc.match_substring_regex(text[:100], _ISO)).as_py():
        return None
    try:
        moments = pc.cast(text, pa.timestamp("s"))
    except pa.ArrowInvalid:  # one cell that is written otherwise
        return None
    seconds = np.asarray(moments.cast(pa.int64()))
    readable = (seconds >= _FIRST) & (seconds < _LAST)
    return Times(np.where(readable, seconds, 0), readable, "", TimeForm())


def looks_like_dates(distinct: pd.Series) -> bool:
    """Whether nearly all of these values are dates, and not plain numbers."""
    sample = distinct.head(500)
    if sample.str.match(_NUMBER).mean() > 0.5:
        return False
    return bool(parse_times(sample).readable.mean() > 0.95)


def _unit(numbers: Float[np.ndarray, " word"]) -> str:
    """What the numbers count: dates as digits, seconds or finer, or days from somewhere."""
    typical = float(np.nanmedian(np.abs(numbers)))
    if digits := _digits(numbers):
        return digits
    for least, unit in ((1e17, "ns"), (1e14, "us"), (1e11, "ms"), (1e8, "s")):
        if typical >= least:
            return unit
    if 20_000 <= typical <= 80_000:
        return "spreadsheet days"
    return "days" if typical < 20_000 else "seconds from somewhere"


def _from_numbers(numbers: Float[np.ndarray, " word"], unit: str) -> np.ndarray:
    """Each by the unit; where that leads to no likely moment, by its size.

    Small numbers from an unknown moment say nothing by their size.
    """
    if unit in ("days", "seconds from somewhere"):
        return _by_unit(numbers, unit)
    moments = _by_unit(numbers, unit) if unit else np.full(len(numbers), _NEVER)
    first, last = (np.datetime64(second, "s") for second in _LIKELY)
    unlikely = np.isnat(moments) | (moments < first) | (moments >= last)
    if unlikely.any():
        by_size = _by_size(numbers[unlikely])
        moments[unlikely] = np.where(np.isnat(by_size), moments[unlikely], by_size)
    return moments


def _by_size(numbers: Float[np.ndarray, " word"]) -> np.ndarray:
    """Moments of 1990 to 2099, of which each kind of number has a size of its own."""
    moments = np.full(len(numbers), _NEVER)
    first, last = _LIKELY
    for unit, many in (*_COUNTS.items(), ("spreadsheet days", 1 / SECONDS_A_DAY)):
        start = _DAYS[unit] * SECONDS_A_DAY if unit in _DAYS else 0
        inside = (numbers >= (first - start) * many) & (numbers < (last - start) * many)
        moments[inside] = _by_unit(numbers[inside], unit)
    for form in ("%Y%m%d", "%Y%m%d%H%M%S"):
        least = _DIGITS[form]
        inside = (numbers >= least / 19 * 19.9) & (numbers < least / 19 * 21)
        moments[inside] = _seconds(_as_dates(numbers[inside], form))
    return moments


def _by_unit(numbers: Float[np.ndarray, " word"], unit: str) -> np.ndarray:
    if unit in _DIGITS or unit == _SHORT:
        return _seconds(_as_dates(numbers, unit))
    numbers = np.where(numbers < 0, np.nan, numbers)  # -1 is how programs write unknown
    if unit in _DAYS:
        return _moments((numbers + _DAYS[unit]) * SECONDS_A_DAY)
    known = numbers if unit in _NOTES else np.where(numbers == 0, np.nan, numbers)
    return _moments(known / _COUNTS[unit])


def _moments(seconds: Float[np.ndarray, " row"]) -> np.ndarray:
    inside = np.abs(np.nan_to_num(seconds, nan=np.inf)) < 1e11
    return np.where(inside, np.where(inside, seconds, 0).astype("datetime64[s]"), _NEVER)


def _six_digits(numbers: Float[np.ndarray, " word"]) -> bool:
    """Whether these are dates such as 240131: of other numbers one in twenty-five is one."""
    present = numbers[~np.isnan(numbers)]
    inside = (present >= 10_000) & (present < 1_000_000) & (present == np.floor(present))
    if len(present) < _FEW or inside.mean() < 0.95 or np.median(present) < 100_000:
        return False
    return bool(_as_dates(present, _SHORT).notna().mean() > 0.95)


def _digits(numbers: Float[np.ndarray, " word"]) -> str:
    """How dates are written as digits, 20240131 or 202401, if nearly all are; else blank."""
    present = ~np.isnan(numbers)
    for form, least in _DIGITS.items():
        inside = (numbers[present] >= least) & (numbers[present] < least / 19 * 21.01)
        if inside.mean() >= 0.9 and _as_dates(numbers, form)[present].notna().mean() > 0.9:
            return form
    return _SHORT if _six_digits(numbers) else ""


def _as_dates(numbers: Float[np.ndarray, " word"], form: str) -> pd.Series:
    whole = pd.Series(np.nan_to_num(numbers).astype(np.int64)).astype("str")
    whole = whole.str.zfill(6) if form == _SHORT else whole
    return pd.to_datetime(whole, format=form, errors="coerce")


def _seconds(dates: pd.Series) -> np.ndarray:
    naive = dates.dt.tz_localize(None) if dates.dt.tz is not None else dates
    return np.asarray(naive.to_numpy().astype("datetime64[s]"))


def _from_words(
    words: pd.Series, day_first: bool | None, known: TimeForm | None
) -> tuple[np.ndarray, str, TimeForm]:
    """The moments, how they were read, and the form; nothing is guessed where it is known."""
    moments = _seconds(pd.to_datetime(words, format="ISO8601", errors="coerce", utc=True))
    note, year_first = "", known.year_first if known else False
    if (left := np.isnat(moments)).any():
        order = _Order(day_first, year_first)
        moments[left], order, note = _from_parts(words[left], order, known is None)
        day_first, year_first = order.day_first, order.year_first
    # Names of months, in whatever order: a form is tried on all that is left.
    patterns = list(known.patterns if known else ())
    for i in range(_MOST_PATTERNS if known is None else len(patterns)):
        left = np.isnat(moments) & (words != "").to_numpy()
        if known is None:
            found = guess_datetime_format(words[left].iloc[0]) if left.any() else None
            if found is None:
                break
            patterns.append(found)
        dates = pd.to_datetime(words[left], format=patterns[i], errors="coerce", utc=True)
        moments[left] = _seconds(dates)
    return moments, note, TimeForm("", day_first, year_first, tuple(patterns))


@dataclass(frozen=True)
class _Order:
    """Of the numbers in a date, as in `TimeForm`."""

    day_first: bool | None
    year_first: bool


def _from_parts(words: pd.Series, order: _Order, guess: bool) -> tuple[np.ndarray, _Order, str]:
    """Dates of numbers with something between: 31/12/2024 8:30, 12-31-24, 2024年12月31日.

    With them, the order of their numbers, and how that is known. Unless it may be guessed, dates
    are unreadable where it is not told.
    """
    parts = pc.extract_regex(pa.array(words, type=pa.string()), _DATE)

    def number(name: str) -> np.ndarray:
        digits = pc.fill_null(pc.struct_field(parts, name), "")
        filled = pc.if_else(pc.equal(digits, ""), "0", digits)
        return np.asarray(pc.cast(filled, pa.int64()))

    a, b, c = number("a"), number("b"), number("c")
    matched = np.asarray(pc.is_valid(parts))
    dated = matched & (a <= 31)
    note = ""
    if order.day_first is None and guess and dated.any():
        short = matched & (a < 100)
        order, note = _order(a[short], b[short], c[short])
    year_first = (a > 31) | (dated & order.year_first & (c <= 31))
    day_of_two, month_of_two = (a, b) if order.day_first else (b, a)
    year = _four_digits(np.where(year_first, a, c))
    month = np.where(year_first, b, month_of_two)
    day = np.where(year_first, c, day_of_two)
    hour = _hours(number("hour"), parts)
    seconds = (hour * 60 + number("minute")) * 60 + number("second")
    valid = matched & (hour < 24) & (year_first | (order.day_first is not None))
    return _on_calendar(year, month, day, seconds, valid), order, note


def _four_digits(year: np.ndarray) -> np.ndarray:
    return np.where(year >= 100, year, np.where(year < 70, year + 2000, year + 1900))


def _order(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> tuple[_Order, str]:
    """The order of the numbers, and how that is known: a number above 12 is no month."""
    if _year_is_first(a, b, c):
        return _Order(None, True), Said("year first")
    first, second = int((a > 12).sum()), int((b > 12).sum())
    if first or second:
        day_first = first > second
        return _Order(day_first, False), Said("day first") if day_first else Said("month first")
    return _Order(True, False), Said("day first, which is assumed: no day above 12 shows it")


def _year_is_first(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> bool:
    """Whether 24-01-05 begins with the year: the part that changes least, in no later year."""
    this_year = int(np.datetime64("now", "Y").astype(int)) - 30
    if (c > 31).any() or (b > 12).any() or (c < 1).any():
        return False
    if (a > 31).any():
        return True
    if len(np.unique(a)) == len(np.unique(c)):
        return bool((c > this_year).any())
    return len(np.unique(a)) < len(np.unique(c))


def _hours(hour: np.ndarray, parts: pa.StructArray) -> np.ndarray:
    late = pc.is_in(pc.struct_field(parts, "late"), pa.array(["p", "P"]))
    afternoon = np.asarray(pc.or_(late, pc.equal(pc.struct_field(parts, "early"), "下午")))
    early = pc.is_in(pc.struct_field(parts, "late"), pa.array(["a", "A"]))
    midnight = np.asarray(pc.fill_null(early, False)) & (hour == 12)
    later = np.asarray(afternoon, dtype=bool) & (hour < 12)
    return np.where(midnight, 0, np.where(later, hour + 12, hour))


def _on_calendar(
    year: np.ndarray, month: np.ndarray, day: np.ndarray, seconds: np.ndarray, valid: np.ndarray
) -> np.ndarray:
    valid = valid & (month >= 1) & (month <= 12) & (day >= 1)
    months = np.where(valid, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + np.where(valid, day - 1, 0)
    valid = valid & (days.astype("datetime64[M]") == months)  # no 31st of April
    return np.where(valid, days.astype("datetime64[s]") + seconds, _NEVER)
