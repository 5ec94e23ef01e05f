"""Tables with a column for each item, or for each user, as one row an event."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd
from jaxtyping import Bool

from recommender.data.cleaning.kinds import MISSING
from recommender.data.cleaning.numerals import parse_numbers
from recommender.data.cleaning.synonyms import COLUMN_NAMES, plain
from recommender.data.columns import ITEM, QUANTITY, RATING, USER
from recommender.data.fixes import FixName
from recommender.data.limits import MAX_UNROLLED
from recommender.data.problems import Finder, Problem
from recommender.data.reading.files import RawTable
from recommender.said import Said

_NAMES: Final = frozenset(name for names in COLUMN_NAMES.values() for name in names)
_SAMPLE: Final = 2_000
_LEAST: Final = 3
"""Columns of items that make a table wide."""
_MOST: Final = 0.95
_LEVELS: Final = 21
"""Different values that a rating may have: 0 to 10 by halves."""
_SPARSE: Final = 0.3
"""Share of blank or zero cells from which a table of numbers is surely one of users and items."""


@dataclass(frozen=True)
class _Wide:
    """How a wide table is to be read."""

    key: str
    """The column with whom, or what, a row is about."""
    rows: Literal["user_id", "item_id"]
    sure: bool
    zeros: bool
    """Whether 0 is a value as any other; else it says that there is none."""


def one_row_an_event(table: RawTable, finder: Finder) -> RawTable:
    """A table of interactions with a column for each item (or user) as one row an event.

    Several rows come of one line then, and share its number. Where it may be a table of features,
    it is asked about.
    """
    wide = _wide(table.frame)
    if wide is None:
        return table
    filled = _filled(table.frame, wide)
    problem = _problem(table.frame, wide, filled, finder)
    if problem.severity != "error" and wide.sure == finder.accepts(problem.fix or "wide"):
        table = replace(table, frame=_long(table.frame, wide, filled))
    return replace(table, problems=(*table.problems, problem))


def _wide(frame: pd.DataFrame) -> _Wide | None:
    """None where the table is not wide."""
    if frame.shape[1] < _LEAST + 1 or not len(frame):
        return None
    key, *others = (str(name) for name in frame.columns)
    if any(plain(name) in _NAMES for name in others) or not frame[key].is_unique:
        return None
    cells = frame[others].head(_SAMPLE).to_numpy(dtype=object).ravel()
    written = pd.Series(cells, dtype="str").str.strip()
    written = written[~written.isin(MISSING)]
    numbers = parse_numbers(written.drop_duplicates())
    if not len(numbers) or np.isnan(numbers).any():
        return None
    named = "user_id" if plain(key) in COLUMN_NAMES[USER] else "item_id" if _is_item(key) else ""
    zeros = float((written.str.fullmatch(r"0+(?:\.0+)?")).sum()) / len(cells)
    empty = 1 - len(written) / len(cells) + zeros
    few = len(np.unique(numbers)) <= _LEVELS and numbers.min() >= -10 and numbers.max() <= 10
    whole = bool((numbers == np.floor(numbers)).all())
    sure = named != "" and (few or whole) and empty >= _SPARSE
    return _Wide(key, "item_id" if named == "item_id" else "user_id", sure, zeros < _SPARSE)


def _is_item(name: str) -> bool:
    return plain(name) in COLUMN_NAMES[ITEM]


def _filled(frame: pd.DataFrame, wide: _Wide) -> Bool[np.ndarray, "row item"]:
    """Which cells are events."""
    others = frame.drop(columns=wide.key)
    cells = others.apply(lambda column: column.str.strip())
    blank = cells.isin(MISSING)
    if not wide.zeros:
        blank |= cells.apply(lambda column: column.str.fullmatch(r"0+(?:\.0+)?"))
    return ~blank.to_numpy()


def _problem(frame: pd.DataFrame, wide: _Wide, filled: np.ndarray, finder: Finder) -> Problem:
    n = int(filled.sum())
    if n > MAX_UNROLLED:
        message = Said(
            "the table has {n} cells that would be events; at most {most} are read",
            n=n,
            most=MAX_UNROLLED,
        )
        return finder.error(message, Said("Write a row for each event"))
    columns = frame.shape[1] - 1
    said = {"rows": len(frame), "columns": columns, "events": n, "key": wide.key}
    found = Said(
        "this looks like a table with a column for each item or user ({columns} columns beside "
        "{key!r}), of which {rows} row{|s} would become {events} event{|s}; it",
        **said,
    )
    lines = frame.index[:1]
    remedy = Said("Write a row for each event: user_id, item_id, and what was said of it")
    fix: FixName = "wide" if wide.sure else "as_columns"
    problem = finder.fixed(fix, lines, found, remedy)
    return replace(problem, rows=(), severity="repaired" if wide.sure else "note")


def _long(frame: pd.DataFrame, wide: _Wide, filled: np.ndarray) -> pd.DataFrame:
    """One row a filled cell, in the order of the file."""
    others = frame.drop(columns=wide.key)
    row, column = np.nonzero(filled)
    keys = frame[wide.key].to_numpy(dtype=object)[row]
    names = others.columns.to_numpy(dtype=object)[column]
    values = others.to_numpy(dtype=object)[row, column]
    users, items = (keys, names) if wide.rows == USER else (names, keys)
    long = {USER: users, ITEM: items}
    numbers = parse_numbers(pd.Series(values, dtype="str").drop_duplicates())
    if len(numbers) > 1:
        long[RATING if np.nanmax(numbers) <= 10 else QUANTITY] = values
    return pd.DataFrame(long, index=frame.index[row], dtype="str")
