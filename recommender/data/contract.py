"""What every clean table keeps to, checked once before anyone relies on it."""

from __future__ import annotations

from typing import Final

import pandas as pd

from recommender.data.columns import (
    BASKET,
    EVENT,
    ITEM,
    PRICE,
    QUANTITY,
    TIME,
    TITLE,
    USER,
)
from recommender.data.ids import among

_CENTURY: Final = 4_200_000_000
"""Seconds from 1970 to the end of what `parse_times` reads."""


def check_tables(interactions: pd.DataFrame, items: pd.DataFrame, users: pd.DataFrame) -> None:
    """Raise pandera's SchemaError where a table breaks the contract: a defect, not bad input."""
    import pandera.pandas as pa  # a second of import, for those who read tables only

    number = pa.Column(float, nullable=True, required=False)
    pa.DataFrameSchema(
        {
            USER: pa.Column(pa.Category, pa.Check(lambda ids: _all_in(ids, users[USER]))),
            ITEM: pa.Column(pa.Category, pa.Check(lambda ids: _all_in(ids, items[ITEM]))),
            EVENT: pa.Column(pa.Category),
            TIME: pa.Column("int64", pa.Check.in_range(-_CENTURY, _CENTURY)),
            BASKET: pa.Column(pa.Category, nullable=True, required=False),
            QUANTITY: number,
            PRICE: number,
        },
        strict=True,
    ).validate(interactions)
    filled = pa.Check.str_length(min_value=1)
    for frame, key in ((items, ITEM), (users, USER)):
        text = {name: pa.Column(str) for name in frame}
        text[key] = pa.Column(str, filled, unique=True)
        if key == ITEM:
            text[TITLE] = pa.Column(str, filled)
            text[PRICE] = pa.Column(float, pa.Check.ge(0), nullable=True, required=False)
        pa.DataFrameSchema(text, strict=True).validate(frame)


def _all_in(ids: pd.Series, known: pd.Series) -> bool:
    return bool(among(ids.cat.categories, known).all())
