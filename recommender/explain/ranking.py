"""Where an item stands among the candidates, and by how much it is in or out of the top-k."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Int

from recommender.data.histories import History
from recommender.explain.types import Place, Standing
from recommender.metrics.evaluator import View
from recommender.metrics.ranking import top_k


def allowed_items(history: History, n_items: int, view: View) -> Bool[np.ndarray, " item"]:
    """Which items are candidates: all, or those new to the user."""
    allowed = np.ones(n_items, dtype=bool)
    if view == "new":
        allowed[history.had] = False
    return allowed


def ranks(
    logits: Float[np.ndarray, "part item"], item: int, allowed: Bool[np.ndarray, " item"]
) -> Int[np.ndarray, " part"]:
    """The item's rank among the candidates, from 1; of equals the lower code stands before."""
    own = logits[:, [item]]
    before = logits > own
    before[:, :item] |= logits[:, :item] == own
    return 1 + (before & allowed).sum(1)


def standing_of(logits: Float[np.ndarray, " item"], history: History, item: int) -> Standing:
    """Where the item stands in each list that is made of these logits."""

    def place(view: View) -> Place:
        allowed = allowed_items(history, len(logits), view)
        rank = int(ranks(logits[None], item, allowed)[0]) if allowed[item] else 0
        return Place(rank, int(allowed.sum()))

    return Standing(all=place("all"), new=place("new"))


def margins(
    logits: Float[np.ndarray, "part item"], item: int, k: int, allowed: Bool[np.ndarray, " item"]
) -> Float[np.ndarray, " part"]:
    """How far above the k-th best other candidate the item scores: above 0 it is in the top-k.

    Infinite where there are fewer than k others.
    """
    others = allowed.copy()
    others[item] = False
    n_others = int(others.sum())
    if n_others < k:
        return np.full(len(logits), np.inf)
    bar = np.partition(logits[:, others], n_others - k, axis=1)[:, n_others - k]
    return logits[:, item] - bar


def top_items(
    logits: Float[np.ndarray, " item"], k: int, allowed: Bool[np.ndarray, " item"]
) -> Int[np.ndarray, " rank"]:
    """The k best candidates, best first; equal logits in the order of their codes."""
    candidates = np.flatnonzero(allowed)
    return candidates[top_k(logits[None, candidates], k)[0]]
