"""How sure the proposed role of a column is, from its name and from what stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from recommender.data.cleaning.events import MAX_EVENT_TYPES
from recommender.data.cleaning.kinds import MISSING
from recommender.data.cleaning.mapping import propose_mapping
from recommender.data.cleaning.numerals import parse_numbers
from recommender.data.cleaning.synonyms import COLUMN_NAMES, plain
from recommender.data.cleaning.times import parse_times
from recommender.data.columns import (
    BASKET,
    EVENT,
    IMAGE,
    ITEM,
    PRICE,
    QUANTITY,
    RATING,
    TIME,
    TITLE,
    USER,
    TableName,
)

Why = Literal["name", "values", "loose name"]

_SAMPLE: Final = 2_000
_VAGUE: Final = "id 编号 date day name label no score number"
_LOOSE: Final = frozenset(_VAGUE.split())
"""Names that say little by themselves."""


@dataclass(frozen=True)
class Guess:
    """The proposed role of one column."""

    column: str
    role: str | None
    """None: at most a feature."""
    confidence: float
    """From 0 to 1: how much the name says, times the share of cells that fit the role."""
    why: Why
    """What lowers it: the `values` do not all fit, or it is a `loose name`; else `name`."""


def guess_roles(frame: pd.DataFrame, table: TableName) -> tuple[Guess, ...]:
    """The proposed role of each column and how sure that is; a sample of the rows is looked at."""
    names = [str(name) for name in frame.columns]
    proposed = propose_mapping(names, table)
    sample = frame.sample(_SAMPLE, random_state=0) if len(frame) > _SAMPLE else frame
    return tuple(_guess(name, proposed[name], sample[name]) for name in names)


def _guess(column: str, role: str | None, values: pd.Series) -> Guess:
    if role is None:
        return Guess(column, None, 1.0, "name")
    known = COLUMN_NAMES[role]
    rank = known.index(plain(column)) / len(known) if plain(column) in known else 1.0
    said = 0.7 if plain(column) in _LOOSE or rank == 1.0 else 1.0 - 0.2 * rank
    fit = _fit(role, values)
    why: Why = "values" if fit < 0.9 else "loose name" if said < 0.8 else "name"
    return Guess(column, role, round(said * fit, 2), why)


def _fit(role: str, values: pd.Series) -> float:
    """Share of the cells that are what the role wants."""
    trimmed = values.astype("str").str.strip()
    filled = trimmed[~trimmed.isin(MISSING)]
    if filled.empty:
        return 0.0
    if role in (USER, ITEM):
        return len(filled) / len(trimmed)
    if role == TIME:
        return float(parse_times(filled).readable.mean())
    if role in (QUANTITY, PRICE, RATING):
        return float((~pd.isna(parse_numbers(filled))).mean())
    if role == EVENT:
        return 1.0 if filled.nunique() <= MAX_EVENT_TYPES else 0.0
    if role == IMAGE:
        return float(filled.str.contains(r"[/.]", regex=True).mean())
    assert role in (BASKET, TITLE)
    return 1.0
