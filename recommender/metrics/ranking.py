"""Ranking metrics of top-k lists. Each takes hits and target counts and gives one value a case."""

from __future__ import annotations

from typing import Final

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy import sparse

DECIMALS: Final = 6
"""Of what is summed in an order that the processor chooses, as many decimals can be believed."""


def rounded(values: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """The values in float64, to 10⁻⁶, so that sums that differ in the last bit rank alike."""
    return np.round(values.astype(np.float64), DECIMALS)


def top_k(scores: Float[np.ndarray, "case item"], k: int) -> Int[np.ndarray, "case rank"]:
    """The k best items of each case, best first; among equal scores the lower code goes first.

    So it is where equal scores cross the k-th place too: which of them a partition leaves there
    depends on the processor, the k-th value does not. What is no number counts as −∞.
    """
    k = min(k, scores.shape[1])
    if k == 0:
        return np.zeros((len(scores), 0), dtype=np.int64)
    worse = np.where(np.isnan(scores), np.inf, -scores)
    last = np.partition(worse, k - 1, axis=1)[:, k - 1 : k]
    chosen = worse <= last
    _leave_k(chosen, worse, last, k)
    best = np.nonzero(chosen)[1].reshape(-1, k)
    order = np.argsort(np.take_along_axis(worse, best, 1), axis=1, kind="stable")
    return np.take_along_axis(best, order, 1)


def _leave_k(
    chosen: Bool[np.ndarray, "case item"],
    worse: Float[np.ndarray, "case item"],
    last: Float[np.ndarray, "case 1"],
    k: int,
) -> None:
    """Where several items stand level at the k-th place, choose those with the lowest codes."""
    crowded = np.flatnonzero(np.count_nonzero(chosen, axis=1) > k)
    level = worse[crowded] == last[crowded]
    places = k - np.count_nonzero(worse[crowded] < last[crowded], axis=1, keepdims=True)
    chosen[crowded] &= ~level | (np.cumsum(level, axis=1, dtype=np.int32) <= places)


def hits_at(
    top: Int[np.ndarray, "case rank"], targets: sparse.csr_matrix
) -> Bool[np.ndarray, "case rank"]:
    """Whether the item at each rank is one of the case's targets."""
    rows = np.repeat(np.arange(len(top)), top.shape[1])
    return np.asarray(targets[rows, top.ravel()]).reshape(top.shape) > 0


def ndcg(
    hits: Bool[np.ndarray, "case rank"], n_targets: Int[np.ndarray, " case"]
) -> Float[np.ndarray, " case"]:
    """Discounted gain over the best possible, in [0, 1] (Järvelin & Kekäläinen 2002)."""
    discount = 1.0 / np.log2(np.arange(hits.shape[1]) + 2)
    ideal = np.concatenate([[0.0], np.cumsum(discount)])
    return np.asarray(hits @ discount / ideal[np.minimum(n_targets, hits.shape[1])])


def recall(
    hits: Bool[np.ndarray, "case rank"], n_targets: Int[np.ndarray, " case"]
) -> Float[np.ndarray, " case"]:
    """Share of the targets that are in the list, in [0, 1]."""
    return np.asarray(hits.sum(1) / n_targets)


def mrr(hits: Bool[np.ndarray, "case rank"]) -> Float[np.ndarray, " case"]:
    """One over the rank of the first hit, 0 without one (Voorhees 1999)."""
    return np.where(hits.any(1), 1.0 / (hits.argmax(1) + 1), 0.0)
