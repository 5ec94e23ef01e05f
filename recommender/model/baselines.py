"""What a user would try first: popularity, personal frequency, item-kNN, EASE. All are linear."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from recommender.data.dataset import Dataset
from recommender.data.histories import SECONDS_A_DAY
from recommender.data.splits import Holdout, Split
from recommender.metrics.evaluator import VIEWS, Cases, Scores, View, evaluate
from recommender.model.batches import TrainingEvents, ranges
from recommender.model.ease import ease
from recommender.model.neighbours import item_neighbours, taken_by

BaselineName = Literal["popularity", "personal frequency", "item-kNN", "EASE"]
BASELINES: Final[tuple[BaselineName, ...]] = (
    "popularity",
    "personal frequency",
    "item-kNN",
    "EASE",
)
QUICK_EASE_ITEMS: Final = 3000
"""Catalogues up to this size have EASE among the baselines of every run."""
PENALTIES: Final = (20.0, 100.0, 500.0, 2500.0)
"""Ridge penalties that EASE chooses from on the validation cases."""
CASES_TRIED: Final = 1000
"""Validation cases that choose, at most; evenly spaced."""


@dataclass(frozen=True)
class Recency:
    """How fast events fade: each half-life before the user's newest event halves the weight."""

    half_life: float = math.inf
    """In the unit; infinite: nothing fades."""
    unit: Literal["events", "days"] = "events"
    """Age is counted in later events of the user, or in days."""


RECENCIES: Final = (
    Recency(),
    *(Recency(half_life, "events") for half_life in (3, 10, 30, 100, 300)),
    *(Recency(half_life, "days") for half_life in (7, 30, 90, 270)),
)
"""The grid that each baseline with recency chooses from on the validation cases."""


@dataclass(frozen=True, eq=False)
class Baseline:
    """Scores are the user's fading events times a fixed matrix, plus each item's popularity."""

    name: BaselineName
    recency: Recency
    similar: sparse.csr_matrix | Float[np.ndarray, "item item"]
    prior: Float[np.ndarray, " item"]
    """Popularity; so small beside events that it only breaks ties, or takes over where they have
    faded."""

    def scores(self, dataset: Dataset, holdout: Holdout) -> Scores:
        """Scores of the holdout's cases from their full histories, for the evaluator."""
        return self._scores_from(fading_histories(dataset, holdout, self.recency))

    def _scores_from(self, histories: sparse.csr_matrix) -> Scores:
        def scores(cases: Int[np.ndarray, " case"]) -> Float[np.ndarray, "case item"]:
            votes = histories[cases] @ self.similar
            dense = votes.toarray() if sparse.issparse(votes) else votes
            return np.asarray(dense + self.prior)

        return scores


def holdout_cases(dataset: Dataset, holdout: Holdout) -> Cases:
    """The holdout as the evaluator wants it.

    A user has what they did something with before the held-out moment, whether it counts or not.
    """
    shape = (len(holdout.users), len(dataset.items))
    ones = np.ones(len(holdout.target_items), dtype=np.float32)
    targets = sparse.csr_matrix((ones, holdout.target_items, holdout.target_offsets), shape=shape)
    rows, case = ranges(*dataset.uncounted_rows(holdout.users, holdout.cuts))
    items = dataset.uncounted["item"].to_numpy()[rows]
    left_out = sparse.csr_matrix((np.ones(len(rows), dtype=np.float32), (case, items)), shape=shape)
    seen = fading_histories(dataset, holdout, Recency()) + left_out
    seen.data[:] = 1.0
    return Cases(seen, targets)


def views_of(cases: Cases) -> tuple[View, ...]:
    """The views that make sense: `all` only where some target is an item that its user has."""
    return VIEWS if cases.targets.multiply(cases.seen).nnz else ("new",)


def fading_histories(dataset: Dataset, holdout: Holdout, recency: Recency) -> sparse.csr_matrix:
    """Case × item: the summed weights of the user's events with the item."""
    first = dataset.offsets[holdout.users]
    last = first + holdout.cuts
    rows, case = ranges(first, last)
    age = (last[case] - 1 - rows).astype(np.float64)
    if recency.unit == "days":
        times = dataset.interactions["time"].to_numpy()
        age = (times[last[case] - 1] - times[rows]) / SECONDS_A_DAY
    items = dataset.interactions["item"].to_numpy()[rows]
    weight = (0.5 ** (age / recency.half_life)).astype(np.float32)
    shape = (len(holdout.users), len(dataset.items))
    return sparse.csr_matrix((weight, (case, items)), shape=shape)


def popularity(data: TrainingEvents, n_items: int) -> Float[np.ndarray, " item"]:
    """How often each item was a target in training."""
    return np.bincount(data.target_items, minlength=n_items).astype(np.float32)


def quick_baselines(dataset: Dataset) -> tuple[BaselineName, ...]:
    """Those that every run is measured beside: all that take seconds."""
    quick = len(dataset.items) <= QUICK_EASE_ITEMS
    return BASELINES if quick else tuple(name for name in BASELINES if name != "EASE")


def fit_baselines(
    dataset: Dataset,
    split: Split,
    names: Iterable[BaselineName] = BASELINES,
) -> tuple[Baseline, ...]:
    """The named baselines, fitted on what the split leaves to training.

    How fast events fade, and the penalty of EASE, is what ranks the validation cases best (NDCG@10,
    mean of the views).
    """
    data, n_items = TrainingEvents.of(dataset, split.train_end), len(dataset.items)
    popular = popularity(data, n_items)
    prior = 1e-6 * popular / max(float(popular.max()), 1.0)
    tuning = _Tuning.of(dataset, split.validation)

    def fitted(name: BaselineName) -> Baseline:
        match name:
            case "popularity":
                nothing = sparse.csr_matrix((n_items, n_items), dtype=np.float32)
                return Baseline(name, Recency(), nothing, prior)
            case "personal frequency":
                itself = sparse.identity(n_items, dtype=np.float32, format="csr")
                return tuning.best_recency(name, itself, prior)
            case "item-kNN":
                return tuning.best_recency(
                    name, _cosines(data, (len(dataset.users), n_items)), prior
                )
            case "EASE":
                return tuning.best_recency(name, _best_ease(data, tuning, prior), prior)

    return tuple(fitted(name) for name in names)


def _best_ease(
    data: TrainingEvents, tuning: _Tuning, prior: Float[np.ndarray, " item"]
) -> Float[np.ndarray, "item item"]:
    """EASE with the best penalty while nothing fades."""
    taken = taken_by(data.users, data.items, (len(data.offsets) - 1, len(prior)))
    best, best_ndcg = None, -1.0
    for penalty in PENALTIES:
        similar = ease(taken, penalty)
        ndcg = tuning.ndcg(Baseline("EASE", Recency(), similar, prior))
        if ndcg > best_ndcg:
            best, best_ndcg = similar, ndcg
    assert best is not None
    return best


def _cosines(data: TrainingEvents, shape: tuple[int, int]) -> sparse.csr_matrix:
    (similar,) = item_neighbours(data.users, data.items, shape)
    return similar


@dataclass(frozen=True, eq=False)
class _Tuning:
    """The validation cases that choose."""

    dataset: Dataset
    holdout: Holdout
    rows: Int[np.ndarray, " tried"]
    cases: Cases

    @classmethod
    def of(cls, dataset: Dataset, holdout: Holdout) -> _Tuning:
        n_tried = min(len(holdout), CASES_TRIED)
        rows = np.linspace(0, max(len(holdout) - 1, 0), n_tried).astype(np.int64)
        cases = holdout_cases(dataset, holdout)
        return cls(dataset, holdout, rows, Cases(cases.seen[rows], cases.targets[rows]))

    def ndcg(self, baseline: Baseline) -> float:
        """NDCG@10, mean of the views; 0 where there is nothing to validate on."""
        if not len(self.rows):
            return 0.0
        scores = baseline.scores(self.dataset, self.holdout)
        measured = evaluate(
            lambda tried: scores(self.rows[tried]), self.cases, views_of(self.cases)
        )
        values = [values["ndcg@10"].mean() for values in measured.values() if len(values["case"])]
        return float(np.mean(values))

    def best_recency(
        self,
        name: BaselineName,
        similar: sparse.csr_matrix | Float[np.ndarray, "item item"],
        prior: Float[np.ndarray, " item"],
    ) -> Baseline:
        """The baseline with the recency that validates best; the first of equals."""
        tried = [Baseline(name, recency, similar, prior) for recency in RECENCIES]
        return max(tried, key=self.ndcg)
