"""What a user would try first: popularity, personal frequency, item-kNN. All linear, all sparse."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from jaxtyping import Float
from scipy import sparse

from recommender.data.dataset import Dataset
from recommender.data.splits import Holdout
from recommender.metrics.evaluator import VIEWS, Cases, Scores, View
from recommender.model.batches import TrainingEvents, ranges

DECAY = 0.995
"""How much less an event counts for each later event of the user."""


def holdout_cases(dataset: Dataset, holdout: Holdout) -> Cases:
    """The holdout as the evaluator wants it."""
    shape = (len(holdout.users), len(dataset.items))
    ones = np.ones(len(holdout.target_items), dtype=np.float32)
    targets = sparse.csr_matrix((ones, holdout.target_items, holdout.target_offsets), shape=shape)
    seen = _histories(dataset, holdout, decay=1.0)
    seen.data[:] = 1.0
    return Cases(seen, targets)


def views_of(cases: Cases) -> tuple[View, ...]:
    """The views that make sense: `all` only where some target is an item that its user has."""
    return VIEWS if cases.targets.multiply(cases.seen).nnz else ("new",)


def _histories(dataset: Dataset, holdout: Holdout, decay: float) -> sparse.csr_matrix:
    """Case × item: how often the user took the item, later events counting more."""
    first = dataset.offsets[holdout.users]
    last = first + holdout.cuts
    rows, case = ranges(first, last)
    weight = decay ** (last[case] - 1 - rows).astype(np.float64)
    items = dataset.interactions["item"].to_numpy()[rows]
    shape = (len(holdout.users), len(dataset.items))
    return sparse.csr_matrix((weight.astype(np.float32), (case, items)), shape=shape)


def popularity(data: TrainingEvents, n_items: int) -> Float[np.ndarray, " item"]:
    """How often each item was a target in training."""
    return np.bincount(data.target_items, minlength=n_items).astype(np.float32)


def baselines(
    dataset: Dataset, data: TrainingEvents, neighbours: sparse.csr_matrix, holdout: Holdout
) -> Mapping[str, Scores]:
    """The baselines by name, each scoring the cases of the holdout from their full histories."""
    popular = popularity(data, len(dataset.items))
    frequent = _histories(dataset, holdout, DECAY)
    # Ties are broken by popularity, too small to change any order that is there.
    tie_break = 1e-6 * popular / max(float(popular.max()), 1.0)

    def sparse_scores(rows: Callable[[np.ndarray], sparse.csr_matrix]) -> Scores:
        return lambda cases: np.asarray(rows(cases).toarray() + tie_break)

    return {
        "popularity": lambda cases: np.tile(popular, (len(cases), 1)),
        "personal frequency": sparse_scores(lambda cases: frequent[cases]),
        "item-kNN": sparse_scores(lambda cases: frequent[cases] @ neighbours),
    }
