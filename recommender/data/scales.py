"""What the numbers of a rating mean: the middle of the scale, and the one for *not rated*."""

from __future__ import annotations

from typing import Final

import pandas as pd

_RARE: Final = 0.001
"""Share of rows below which a number is taken for a slip and no end of the scale."""
_FEW: Final = 11
"""Numbers of a scale of stars, or from 0 to 10; more may be counts, which have no middle."""
_ABOVE: Final = 0.2
"""Share of rows that reach the middle of a scale of many numbers."""
_NO_RATING: Final = (99.0, 999.0)
"""Far above a scale, they mean not rated."""


def middle_of(ratings: pd.Series) -> float | None:
    """Half way between the lowest and the highest rating; None where there is no such scale.

    What lies below is no interest, of two numbers the lower.
    """
    counts = ratings.value_counts()
    usual = counts.index[counts >= _RARE * counts.sum()]
    if len(usual) < 2:
        return None
    middle = float(usual.min() + usual.max()) / 2
    if len(usual) > _FEW and (ratings >= middle).sum() < _ABOVE * counts.sum():
        return None
    return middle


def not_rated(ratings: pd.Series) -> float | None:
    """The number that may mean *not rated*, if there is one.

    It is 0 or -1 at the lower end, apart from the others or commoner than each, or 99 far above.
    """
    counts = ratings.value_counts().sort_index()
    if len(counts) < 3:
        return None
    values = counts.index.to_numpy()
    steps = values[1:] - values[:-1]
    if values[-1] in _NO_RATING and 2 * values[-2] < values[-1]:
        return float(values[-1])
    apart = steps[0] > steps[1:].min() + 1e-9
    common = values[0] == 0 and counts.iloc[0] == counts.max()
    return float(values[0]) if values[0] in (0, -1) and (apart or common) else None
