"""What every clean table keeps to, checked once before anyone relies on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd

from recommender.data.cleaning.ids import among
from recommender.data.columns import (
    BASKET,
    EVENT,
    ITEM,
    PRICE,
    QUANTITY,
    TIME,
    TITLE,
    UNDATED,
    USER,
)

_CENTURY: Final = 4_200_000_000
"""Seconds from 1970 to the end of what `parse_times` reads."""


class ContractError(RuntimeError):
    """A clean table is not what it should be: a defect of the reading, not of the file."""


def check_tables(interactions: pd.DataFrame, items: pd.DataFrame, users: pd.DataFrame) -> None:
    """Raise ContractError with everything in which a table breaks the contract."""
    broken = [
        *_events(interactions, items, users),
        *_entities(items, ITEM),
        *_entities(users, USER),
    ]
    if broken:
        raise ContractError("; ".join(broken))


def _events(events: pd.DataFrame, items: pd.DataFrame, users: pd.DataFrame) -> Iterable[str]:
    needed, possible = {USER, ITEM, EVENT, TIME}, {BASKET, QUANTITY, PRICE, UNDATED}
    names = set(events.columns)
    if missing := needed - names:
        yield f"interactions have no {', '.join(sorted(missing))}"
        return
    if more := names - needed - possible:
        yield f"interactions have {', '.join(sorted(more))} too"
    for name in names & {USER, ITEM, EVENT, BASKET}:
        if not isinstance(events[name].dtype, pd.CategoricalDtype):
            yield f"{name} is {events[name].dtype}, not categories"
        elif name != BASKET and (events[name].cat.codes < 0).any():
            yield f"{name} is blank in some rows"
    for name, known in ((USER, users), (ITEM, items)):
        if not among(pd.Index(events[name].unique()), known[name]).all():
            yield f"{name} has ids that its own table has not"
    if events[TIME].dtype != np.int64 or (events[TIME].abs() > _CENTURY).any():
        yield "time is not in whole seconds of this century or the last"
    if UNDATED in names and events[UNDATED].dtype != np.bool_:
        yield f"{UNDATED} is {events[UNDATED].dtype}, not true or false"
    for name in names & {QUANTITY, PRICE}:
        if events[name].dtype != np.float64:
            yield f"{name} is {events[name].dtype}, not float64"


def _entities(table: pd.DataFrame, key: str) -> Iterable[str]:
    for name in table.columns:
        number = name == PRICE and key == ITEM
        if number and (table[name].dtype != np.float64 or (table[name] < 0).any()):
            yield "the price of an item is no number, or below 0"
        if not number and (table[name].dtype != "str" or table[name].isna().any()):
            yield f"{name} is not text throughout"
    if not table[key].is_unique:
        yield f"{key} comes twice"
    for name in {key, TITLE} & set(table.columns) if key == ITEM else {key}:
        if (table[name] == "").any():
            yield f"{name} is blank in some rows"
