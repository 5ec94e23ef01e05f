"""The interactions of a file as typed columns: ids, time, event type, numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from recommender.data.columns import (
    BASKET,
    EVENT,
    ITEM,
    PRICE,
    QUANTITY,
    RATING,
    TIME,
    USER,
)
from recommender.data.ids import clean_ids, with_ids
from recommender.data.kinds import MISSING
from recommender.data.numerals import parse_numbers
from recommender.data.problems import Finder, Problem
from recommender.data.synonyms import COLUMN_NAMES, plain
from recommender.data.times import Times, looks_like_dates, parse_times

MAX_EVENT_TYPES: Final = 30
"""A column with more values than this is not taken for the type of an event."""


@dataclass(frozen=True, eq=False)
class Typed:
    """Interactions with their columns read; the index still holds the line numbers."""

    events: pd.DataFrame
    """`user_id`, `item_id`, `event`, `basket_id` as categories, `time` as int64 seconds,
    `quantity`, `price`, `rating` as float64. Only `user_id`, `item_id`, `time`, `event` are
    always there; without a time column `time` counts the rows."""
    has_time: bool
    problems: list[Problem]


def type_events(
    raw: pd.DataFrame, names: dict[str, str], finder: Finder, day_first: bool | None
) -> Typed:
    """Read the columns with a role; rows without user, item or readable time are left out.

    `raw` has its columns named by role, `names` gives what they are called in the file.
    """
    problems: list[Problem] = []
    columns: dict[str, object] = {}
    for role in (USER, ITEM, BASKET):
        if role in raw:
            columns[role] = clean_ids(raw[role], names[role], finder, problems)
    columns[EVENT] = _event_types(raw, names, finder, problems)
    for role in (QUANTITY, PRICE, RATING):
        if role in raw:
            columns[role] = _numbers(raw[role], names[role], finder, problems)
    columns[TIME], keep = _times(raw, names, finder, day_first, problems)
    events = pd.DataFrame(columns, index=raw.index)
    for role in (USER, ITEM):
        keep &= with_ids(events[role], names[role], finder, problems)
    events = events[keep]
    for role in (USER, ITEM):
        events[role] = events[role].cat.remove_unused_categories()
    return Typed(events, TIME in raw, problems)


def _times(
    raw: pd.DataFrame,
    names: dict[str, str],
    finder: Finder,
    day_first: bool | None,
    problems: list[Problem],
) -> tuple[np.ndarray, np.ndarray]:
    """Seconds and which rows have them; without a time column, the numbers of the rows."""
    if TIME not in raw:
        message = "there is no time column, so the order of the rows stands in for time"
        problems.append(finder.note(message, "Add a column with the time of each row if you can"))
        return np.arange(len(raw)), np.ones(len(raw), dtype=bool)
    written = _with_day(raw, names, finder, problems)
    times = parse_times(written, day_first)
    problems += _time_problems(written, times, names[TIME], finder)
    return times.seconds, times.readable.copy()


def _numbers(values: pd.Series, name: str, finder: Finder, problems: list[Problem]) -> np.ndarray:
    numbers = parse_numbers(values)
    wrong = np.isnan(numbers)
    wrong[wrong] = ~values[wrong].str.strip().isin(MISSING).to_numpy()
    if wrong.any():
        example = values[wrong].iloc[0]
        message = f"{{n}} cells are no numbers, such as {example!r}; they count as unknown"
        lines = values.index[wrong]
        problems.append(finder.in_rows("repaired", lines, message, "Mend the cells", column=name))
    return numbers


def _with_day(
    raw: pd.DataFrame, names: dict[str, str], finder: Finder, problems: list[Problem]
) -> pd.Series:
    """The time column; where day and time of day stand in two columns, both together."""
    own_is_clock = _is_clock(raw[TIME])
    for name in raw:
        if name == TIME or plain(str(name)) not in COLUMN_NAMES[TIME]:
            continue
        other = raw[name]
        if own_is_clock and not _is_clock(other) and looks_like_dates(other[other != ""]):
            day, clock = other, raw[TIME]
        elif not own_is_clock and _is_clock(other):
            day, clock = raw[TIME], other
        else:
            continue
        message = f"the day and the time of day were put together from it and {name!r}"
        problems.append(finder.note(message, column=names[TIME]))
        return day + " " + clock
    return raw[TIME]


def _is_clock(values: pd.Series) -> bool:
    """Whether these are times of day without a day."""
    filled = values[values != ""].head(1000)
    return len(filled) > 0 and bool(filled.str.match(r"\s*\d{1,2}:\d{2}").mean() > 0.9)


def _time_problems(values: pd.Series, times: Times, name: str, finder: Finder) -> list[Problem]:
    problems = []
    if times.note:
        remedy = "Set day_first if that is wrong" if "first" in times.note else ""
        problems.append(finder.note(f"dates were read as {times.note}", remedy, column=name))
    if times.readable.all():
        return problems
    wrong = values.index[~times.readable]
    example = values[~times.readable].iloc[0]
    if times.readable.mean() < 0.5:
        message = f"most cells ({{n}} of {len(values):,}) are no dates, such as {example!r}"
        remedy = "Write dates like 2024-01-31 or 2024-01-31 18:30, or name another column"
        return [*problems, finder.in_rows("error", wrong, message, remedy, column=name)]
    message = f"{{n}} rows have no readable date, such as {example!r}, and were left out"
    remedy = "Write dates like 2024-01-31 or 2024-01-31 18:30"
    return [*problems, finder.in_rows("repaired", wrong, message, remedy, column=name)]


def _event_types(
    raw: pd.DataFrame, names: dict[str, str], finder: Finder, problems: list[Problem]
) -> pd.Categorical:
    unnamed = _unnamed_type(raw)
    if EVENT in raw:
        codes, distinct = pd.factorize(raw[EVENT])
        words = pd.Series(distinct, dtype="str").str.strip()
        words = words.where(~words.isin(MISSING), unnamed)
        # View and view are one type; the first spelling in the file stays.
        first = words.groupby(words.str.casefold(), sort=False).transform("first")
        if first.nunique() <= MAX_EVENT_TYPES:
            types = first.astype("category")
            return pd.Categorical.from_codes(types.cat.codes.to_numpy()[codes], dtype=types.dtype)
        message = f"{first.nunique():,} different values are no types of events; not used as such"
        remedy = "Name the column with the type of the event, or none"
        problems.append(finder.note(message, remedy, column=names[EVENT]))
    return pd.Categorical.from_codes(np.zeros(len(raw), dtype=np.int8), categories=[unnamed])


def _unnamed_type(raw: pd.DataFrame) -> str:
    if any(role in raw for role in (QUANTITY, PRICE, BASKET)):
        return "purchase"
    return "rating" if RATING in raw else "interaction"
