"""The interactions of a file as typed columns: ids, time, event type, numbers."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from recommender.data.cleaning.ids import clean_ids, pruned, with_ids
from recommender.data.cleaning.kinds import MISSING
from recommender.data.cleaning.numerals import parse_numbers
from recommender.data.cleaning.synonyms import COLUMN_NAMES, plain
from recommender.data.cleaning.times import Times, looks_like_dates, parse_times
from recommender.data.columns import (
    BASKET,
    EVENT,
    ITEM,
    OUTCOME,
    PRICE,
    QUANTITY,
    RATING,
    TIME,
    UNDATED,
    USER,
)
from recommender.data.histories import SECONDS_A_DAY
from recommender.data.problems import NOTHING, Finder, Problem
from recommender.data.uncounted import REASON
from recommender.said import Said

GUESSED: Final = "guessed"
"""No reason to leave a row out: its owner wants it at the time of the row before it."""
MAX_EVENT_TYPES: Final = 30
"""A column with more values than this is not taken for the type of an event."""


@dataclass(frozen=True, eq=False)
class Typed:
    """Interactions with their columns read; the index still holds the line numbers."""

    events: pd.DataFrame
    """`user_id`, `item_id`, `event`, `basket_id` as categories, `time` as int64 seconds,
    `quantity`, `price`, `rating` as float64, `outcome` as categories. Only `user_id`, `item_id`,
    `time`, `event` are always there; without a time column `time` counts the rows. `undated` where
    some rows have the time of the row before them."""
    left_out: pd.DataFrame
    """Rows that have a user and an item and cannot be used all the same: the same columns and the
    `reason`. Unreadable times are missing."""
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
            columns[role], found = clean_ids(raw[role], names[role], finder)
            problems += found
    columns[EVENT] = _event_types(raw, names, finder, problems)
    if OUTCOME in raw:
        columns[OUTCOME] = _trimmed(raw[OUTCOME])
    for role in (QUANTITY, PRICE, RATING):
        if role in raw:
            columns[role] = _numbers(raw[role], names[role], finder, problems)
    columns[TIME], reason = _times(raw, names, finder, day_first, problems)
    if not finder.accepts("numbers"):
        for role in (QUANTITY, PRICE, RATING):
            reason[_no_numbers(raw, role, columns.get(role)) & (reason == "")] = "no_number"
    if (guessed := (reason == GUESSED)).any():
        columns[UNDATED] = guessed
        reason[guessed] = ""
    events = pd.DataFrame(columns, index=raw.index)
    named = np.ones(len(events), dtype=bool)
    for role in (USER, ITEM):
        named &= with_ids(events[role], names[role], finder, problems)
    events, left_out = events[named & (reason == "")], _told(events, reason, named)
    for role in (USER, ITEM):
        events[role] = pruned(events[role])
    return Typed(events, left_out, TIME in raw, problems)


def _told(events: pd.DataFrame, reason: np.ndarray, named: np.ndarray) -> pd.DataFrame:
    """Rows that have a reason not to be used; a time that is unreadable is none."""
    wrong = named & (reason != "")
    left_out = events[wrong].assign(**{REASON: reason[wrong]})
    left_out[TIME] = left_out[TIME].astype(np.float64).where(left_out[REASON] != "undated")
    return left_out


def _times(
    raw: pd.DataFrame,
    names: dict[str, str],
    finder: Finder,
    day_first: bool | None,
    problems: list[Problem],
) -> tuple[np.ndarray, np.ndarray]:
    """Seconds, and why a row's cannot be used ("" where they can, `GUESSED`
    where it is that of the row before).

    Without a time column, the numbers of the rows.
    """
    reason = np.full(len(raw), "", dtype=object)
    if TIME not in raw:
        message = Said("there is no time column, so the order of the rows stands in for time")
        remedy = Said("Add a column with the time of each row if you can")
        problems.append(finder.note(message, remedy))
        return np.arange(len(raw)), reason
    written = _with_day(raw, names, finder, problems)
    times = parse_times(written, day_first)
    problems += _time_problems(written, times, names[TIME], finder)
    seconds, readable = times.seconds, times.readable
    past = _not_future(seconds, readable, raw.index, names[TIME], finder, problems)
    reason[~past], reason[~readable] = "future", "undated"
    if not finder.accepts("undated") and readable.any():
        # The row before, as logs go; the first rows have the time of the first that has one.
        before = np.maximum.accumulate(np.where(readable, np.arange(len(seconds)), -1))
        seconds = seconds[np.where(before < 0, np.argmax(readable), before)]
        reason[~readable] = GUESSED
    return seconds, reason


def _not_future(
    seconds: np.ndarray,
    readable: np.ndarray,
    lines: pd.Index,
    name: str,
    finder: Finder,
    problems: list[Problem],
) -> np.ndarray:
    """Which rows are not later than tomorrow; where most are, the data are of a made-up time."""
    future = readable & (seconds > time.time() + SECONDS_A_DAY)
    if not future.any():
        return ~future
    if future.sum() > 0.5 * readable.sum():
        message = Said("most times lie in the future; they were taken as they are")
        problems.append(finder.note(message, Said("Check the column"), column=name))
        return np.ones(len(seconds), dtype=bool)
    found = Said("{n} row{|s} {has|have} a time in the future and", n=future.sum())
    problems.append(finder.fixed("future", lines[future], found, Said("Mend the times"), name))
    return ~future if finder.accepts("future") else np.ones(len(seconds), dtype=bool)


def _no_numbers(raw: pd.DataFrame, role: str, numbers: object) -> np.ndarray:
    """Cells that say something and no number."""
    if numbers is None:
        return np.zeros(len(raw), dtype=bool)
    wrong = np.isnan(np.asarray(numbers, dtype=np.float64))
    wrong[wrong] = ~raw[role][wrong].str.strip().isin(MISSING).to_numpy()
    return wrong


def _numbers(values: pd.Series, name: str, finder: Finder, problems: list[Problem]) -> np.ndarray:
    numbers = parse_numbers(values)
    wrong = _no_numbers(values.to_frame(name), name, numbers)
    if wrong.any():
        example = values[wrong].iloc[0]
        lines = values.index[wrong]
        found = Said(
            "{n} cell{|s} {is no number|are no numbers}, such as {example!r};",
            n=len(lines),
            example=_short(example),
        )
        problems.append(finder.fixed("numbers", lines, found, Said("Mend the cells"), name))
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
        message = Said(
            "the day and the time of day were put together from it and {column!r}", column=name
        )
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
        remedy = NOTHING if times.form.unit else Said("Set day_first if that is wrong")
        message = Said("dates were read as {how}", how=times.note)
        problems.append(finder.note(message, remedy, column=name))
    if times.readable.all():
        return problems
    wrong = values.index[~times.readable]
    example = values[~times.readable].iloc[0]
    if times.readable.mean() < 0.5:
        message = Said(
            "most cells ({n} of {all}) are no dates, such as {example!r}",
            n=len(wrong),
            all=len(values),
            example=_short(example),
        )
        remedy = Said("Write dates like 2024-01-31 or 2024-01-31 18:30, or name another column")
        return [*problems, finder.in_rows("error", wrong, message, remedy, column=name)]
    found = Said(
        "{n} row{|s} {has|have} no readable date, such as {example!r}, and",
        n=len(wrong),
        example=_short(example),
    )
    remedy = Said("Write dates like 2024-01-31 or 2024-01-31 18:30")
    return [*problems, finder.fixed("undated", wrong, found, remedy, name)]


def _short(cell: str) -> str:
    """An example that fits a sentence."""
    return cell if len(cell) <= 60 else cell[:59] + "…"


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
        message = Said(
            "{n} different values are no types of events; not used as such", n=first.nunique()
        )
        remedy = Said("Name the column with the type of the event, or none")
        problems.append(finder.note(message, remedy, column=names[EVENT]))
    return pd.Categorical.from_codes(np.zeros(len(raw), dtype=np.int8), categories=[unnamed])


def _trimmed(values: pd.Series) -> pd.Categorical:
    codes, distinct = pd.factorize(values)
    words = pd.Series(distinct, dtype="str").str.strip().astype("category")
    return pd.Categorical.from_codes(words.cat.codes.to_numpy()[codes], dtype=words.dtype)


def _unnamed_type(raw: pd.DataFrame) -> str:
    if any(role in raw for role in (QUANTITY, PRICE, BASKET)):
        return "purchase"
    return "rating" if RATING in raw else "interaction"
