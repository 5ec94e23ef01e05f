"""Ranking metrics of top-k lists. Each takes hits and target counts and gives one value a case."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy import sparse


def top_k(scores: Float[np.ndarray, "case item"], k: int) -> Int[np.ndarray, "case rank"]:
    """The k best items of each case, best first; among equal scores the lower code goes first."""
    k = min(k, scores.shape[1])
    best = np.sort(np.argpartition(-scores, k - 1, axis=1)[:, :k], axis=1)
    order = np.argsort(-np.take_along_axis(scores, best, 1), axis=1, kind="stable")
    return np.take_along_axis(best, order, 1)


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
