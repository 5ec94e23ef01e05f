"""Shapley values of the events: each event's mean gain over all orders in which they could come."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

import numpy as np
from jaxtyping import Bool, Float

from recommender.data.histories import History
from recommender.explain.deletions import part_logits
from recommender.explain.types import Attribution
from recommender.model.inference import Scorer
from recommender.said import StatedError

EXACT_UP_TO = 10
"""Events up to which all subsets are scored."""
PERMUTATIONS = 8
"""Orders tried of longer histories."""


def shapley(
    scorer: Scorer,
    history: History,
    items: Sequence[int],
    n_permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> Attribution:
    """Shapley (1953) values of the game *logit of the history with only these events*.

    Exact up to 10 events. Beyond, the mean over `n_permutations` random orders, each with its
    reverse (antithetic: Mitchell et al. 2022), with standard errors over the pairs. The values sum
    to the logit minus the logit of the empty history. Raises ValueError unless the number of orders
    is even and at least 4.
    """
    if n_permutations % 2 or n_permutations < 4:
        raise StatedError("n_permutations must be even and at least 4, not {n}", n=n_permutations)
    exact = len(history) <= EXACT_UP_TO
    kept = _subsets(len(history)) if exact else _prefixes(len(history), n_permutations, seed)
    logits = part_logits(scorer, history, kept, items).astype(np.float64)
    if exact:
        values = _mean_gains(kept, logits)
        error = np.zeros_like(values)
        whole = logits[-1] - logits[0]
    else:
        orders = kept.reshape(n_permutations, len(history) + 1, -1)
        gains = _gains(orders, logits.reshape(n_permutations, len(history) + 1, -1))
        pairs = (gains[::2] + gains[1::2]) / 2
        values, error = pairs.mean(0), pairs.std(0, ddof=1) / np.sqrt(len(pairs))
        whole = logits[len(history)] - logits[0]
    return Attribution(
        method="shapley",
        items=tuple(items),
        events=values,
        standard_error=error,
        completeness_gap=values.sum(1) - whole,
    )


def _subsets(n_events: int) -> Bool[np.ndarray, "subset event"]:
    """Every subset; row s holds event j if bit j of s is set."""
    return (np.arange(2**n_events)[:, None] >> np.arange(n_events) & 1).astype(bool)


def _mean_gains(
    kept: Bool[np.ndarray, "subset event"], logits: Float[np.ndarray, "subset candidate"]
) -> Float[np.ndarray, "candidate event"]:
    n = kept.shape[1]
    sizes, subsets = kept.sum(1), np.arange(len(kept))
    values = np.zeros((logits.shape[1], n))
    for event in range(n):
        without = subsets[~kept[:, event]]
        weight = np.array([1 / (n * comb(n - 1, size)) for size in sizes[without]])
        values[:, event] = weight @ (logits[without | 1 << event] - logits[without])
    return values


def _prefixes(n_events: int, n_permutations: int, seed: int) -> Bool[np.ndarray, "part event"]:
    """Of each order: the empty history, its first event, its first two …; pairs are reverses."""
    rng = np.random.default_rng(seed)
    half = [rng.permutation(n_events) for _ in range(n_permutations // 2)]
    orders = np.array([order for one in half for order in (one, one[::-1])])
    place = orders.argsort(1)
    kept = place[:, None] < np.arange(n_events + 1)[:, None]
    return kept.reshape(-1, n_events)


def _gains(
    kept: Bool[np.ndarray, "order size event"], logits: Float[np.ndarray, "order size candidate"]
) -> Float[np.ndarray, "order candidate event"]:
    """What each event added when it came."""
    came = kept[:, 1:] & ~kept[:, :-1]
    return np.einsum("ose,osc->oce", came, np.diff(logits, axis=1))
