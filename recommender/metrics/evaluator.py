"""One evaluation for every model: same cases, same candidates, all items ranked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from recommender.metrics.ranking import hits_at, mrr, ndcg, recall, top_k

View = Literal["all", "new"]
VIEWS: tuple[View, ...] = ("all", "new")
"""`all`: every item is a candidate. `new`: only items that the user does not have yet."""

Scores = Callable[[Int[np.ndarray, " case"]], Float[np.ndarray, "case item"]]
"""Gives the scores of all items for some cases, by their numbers."""


@dataclass(frozen=True, eq=False)
class Cases:
    """What is asked (each row one case): which items the user has, and which they took next."""

    seen: sparse.csr_matrix
    targets: sparse.csr_matrix

    @property
    def n_targets(self) -> Int[np.ndarray, " case"]:
        """Distinct targets of each case."""
        return np.diff(self.targets.indptr)

    def of_view(self, view: View) -> Cases:
        """The same cases with only the targets that the view can have."""
        if view == "all":
            return self
        had = self.targets.multiply(self.seen)
        targets = sparse.csr_matrix(self.targets - had)
        targets.eliminate_zeros()
        return Cases(self.seen, targets)


def views_of(cases: Cases) -> tuple[View, ...]:
    """The views that make sense: `all` only where some target is an item that its user has."""
    return VIEWS if cases.targets.multiply(cases.seen).nnz else ("new",)


def evaluate(
    scores: Scores, cases: Cases, views: tuple[View, ...] = VIEWS, k: int = 10
) -> dict[View, dict[str, np.ndarray]]:
    """Metrics of each case by view; a case that has no target in a view is left out of it.

    The keys of a view are `case` (numbers of the cases), `ndcg@k`, `recall@k`, `mrr@k`.
    """
    by_view = {view: cases.of_view(view) for view in views}
    parts: dict[View, list[tuple[np.ndarray, ...]]] = {view: [] for view in views}
    for start in range(0, cases.seen.shape[0], 256):
        chunk = np.arange(start, min(start + 256, cases.seen.shape[0]))
        all_scores = scores(chunk)
        for view in views:
            parts[view].append(_measure(all_scores, by_view[view], chunk, view, k))
    names = ("case", f"ndcg@{k}", f"recall@{k}", f"mrr@{k}")
    return {
        view: dict(zip(names, map(np.concatenate, zip(*parts[view], strict=True)), strict=True))
        for view in views
        if parts[view]
    }


def _measure(
    scores: Float[np.ndarray, "case item"],
    cases: Cases,
    chunk: Int[np.ndarray, " case"],
    view: View,
    k: int,
) -> tuple[np.ndarray, ...]:
    asked = cases.n_targets[chunk] > 0
    case, scores = chunk[asked], scores[asked]
    if view == "new":
        scores = np.where(cases.seen[case].toarray() > 0, -np.inf, scores)
    targets, n_targets = cases.targets[case], cases.n_targets[case]
    hits = hits_at(top_k(scores, k), targets) if len(case) else np.zeros((0, k), dtype=bool)
    return case, ndcg(hits, n_targets), recall(hits, n_targets), mrr(hits)
