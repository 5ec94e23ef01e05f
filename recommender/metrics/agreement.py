"""How alike two ways of ranking events are."""

from __future__ import annotations

import numpy as np
import pandas as pd
from jaxtyping import Float


def spearman(
    rows: Float[np.ndarray, "row event"], others: Float[np.ndarray, "row event"]
) -> Float[np.ndarray, " row"]:
    """Rank correlation of each row with its partner (Spearman 1904), in [-1, 1].

    Ties share their mean rank; NaN where one of the two ranks all events alike.
    """
    a, b = (_centred_ranks(values) for values in (rows, others))
    norms = np.sqrt((a**2).sum(1) * (b**2).sum(1))
    together = (a * b).sum(1)
    return np.divide(together, norms, out=np.full(len(a), np.nan), where=norms > 0)


def _centred_ranks(values: Float[np.ndarray, "row event"]) -> Float[np.ndarray, "row event"]:
    ranks = pd.DataFrame(values).rank(axis=1).to_numpy()
    return np.asarray(ranks - (values.shape[1] + 1) / 2)
