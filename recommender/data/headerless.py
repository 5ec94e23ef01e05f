"""Tables without a line of names: columns are named by what stands in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import pandas as pd

from recommender.data.cleaning.synonyms import COLUMN_NAMES, FUNNEL, PURCHASES, RETURNS, plain
from recommender.data.cleaning.times import looks_like_dates
from recommender.data.columns import EVENT, ITEM, RATING, TIME, TITLE, USER
from recommender.data.problems import Finder, Problem
from recommender.said import Said

_NAMES: Final = frozenset(name for names in COLUMN_NAMES.values() for name in names)
_EVENTS: Final = frozenset().union(PURCHASES, RETURNS, *FUNNEL)
_FEW: Final = 5
"""Rows from which on columns can be told by what stands in them."""
_SAMPLE: Final = 5_000
_ALIKE: Final = 0.6
"""Share of the cells of the first line that are like those below them."""
_MOST: Final = 0.75
_NUMBER: Final = r"[+-]?\d+(?:[.,]\d+)?"
_MOMENT: Final = r"1\d{9}(?:\d{3})?(?:\.\d+)?"
_ITEMS: Final = re.compile(
    r"(?:B0[0-9A-Z]{8}|(?:97[89])?\d{9}[\dX]|(?:p|i|item|prod|product|sku|m|tt)[-_]?\d+)", re.I
)
_USERS: Final = re.compile(
    r"(?:A[0-9A-Z]{11,14}|(?:u|c|user|cust|customer|member|visitor)[-_]?\d+)", re.I
)


def named_by_cells(
    frame: pd.DataFrame, header: Sequence[str], finder: Finder
) -> tuple[pd.DataFrame, list[str], list[Problem]] | None:
    """The frame with its first line as a row, and names for its columns; None where the first line
    names them, or where it cannot be told which column has users and which items."""
    if not _is_row(frame, header):
        return None
    names = _named(frame)
    if names is None:
        return None
    said = Said(
        "the first line holds values ({example}), no names; the columns are taken for {names}, and "
        "the line",
        example=", ".join(header[:5]),
        names=", ".join(names),
    )
    remedy = Said("Put a first line with the names of the columns, such as user_id, item_id, time")
    line = int(frame.index[0]) - 1
    problem = finder.fixed("headerless", [line], said, remedy)
    if not finder.accepts("headerless"):
        return frame, list(header), [problem]
    first = pd.DataFrame([list(header)], columns=frame.columns, index=[line], dtype="str")
    return pd.concat([first, frame]), names, [problem]


def _is_row(frame: pd.DataFrame, header: Sequence[str]) -> bool:
    """Whether the cells of the first line are like those below them."""
    if len(header) < 2 or len(frame) < _FEW or not all(cell.strip() for cell in header):
        return False
    if any(plain(cell) in _NAMES for cell in header):
        return False
    alike = [_is_like(cell.strip(), frame.iloc[:, i]) for i, cell in enumerate(header)]
    return sum(alike) >= _ALIKE * len(alike)


def _is_like(cell: str, column: pd.Series) -> bool:
    cells = column.head(_SAMPLE).str.strip()
    if (cells == cell).any():
        return True
    if re.fullmatch(_NUMBER, cell):
        return bool(cells.str.fullmatch(_NUMBER).mean() > _MOST)
    one = pd.Series([cell], dtype="str")
    if looks_like_dates(one):
        return looks_like_dates(cells[cells != ""].drop_duplicates())
    shapes = _shapes(cells)
    return any(sign.isdigit() for sign in cell) and _shapes(one)[0] in set(shapes)


def _shapes(cells: pd.Series) -> pd.Series:
    letters = cells.str.replace(r"[^\W\d_]+", "a", regex=True)
    return letters.str.replace(r"\d+", "9", regex=True)


def _named(frame: pd.DataFrame) -> list[str] | None:
    """Users come before items in files without names, unless their ids show that they do not."""
    names = [_name(frame.iloc[:, i]) for i in range(frame.shape[1])]
    free = [i for i, name in enumerate(names) if name is None]
    if free and frame.iloc[:, free[0]].is_unique:
        return _of_entities(frame, free)
    if len(free) < 2:  # ids of a few users look like ratings
        free = [i for i, name in enumerate(names) if name in (None, RATING)]
    if len(free) < 2:
        return None
    user, item = free[:2]
    if _share(frame.iloc[:, user], _ITEMS) + _share(frame.iloc[:, item], _USERS) > 1.5:
        user, item = item, user
    taken: dict[str, int] = {USER: user, ITEM: item}
    for i, name in enumerate(names):
        if name is not None and i not in (user, item) and name not in taken:
            taken[name] = i
    of = {i: name for name, i in taken.items()}
    return [of.get(i, f"column {i + 1}") for i in range(len(names))]


def _of_entities(frame: pd.DataFrame, free: Sequence[int]) -> list[str]:
    """Names for a table with a row for each item or user."""
    titles = [i for i in free[1:] if frame.iloc[:, i].nunique() > 0.9 * len(frame)]
    of = {free[0]: "id"} | ({titles[0]: TITLE} if titles else {})
    return [of.get(i, f"column {i + 1}") for i in range(frame.shape[1])]


def _share(column: pd.Series, pattern: re.Pattern[str]) -> float:
    cells = column.head(_SAMPLE).str.strip().drop_duplicates()
    return float(cells.map(lambda cell: pattern.fullmatch(cell) is not None).mean())


def _name(column: pd.Series) -> str | None:
    """What a column holds for certain; None for ids and whatever else."""
    cells = column.head(_SAMPLE).str.strip()
    distinct = cells[cells != ""].drop_duplicates()
    if distinct.empty:
        return "blank"
    if distinct.str.fullmatch(_MOMENT).all() or looks_like_dates(distinct):
        return TIME
    if distinct.str.casefold().isin(_EVENTS).mean() > 0.5:
        return EVENT
    if 3 <= len(distinct) <= 11 and distinct.str.fullmatch(r"(?:[0-9]|10)(?:\.[05]0?)?").all():
        return RATING
    return None
