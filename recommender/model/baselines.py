"""What a user would try first, and the best sum of it: all that needs no network.

Popularity, personal frequency, item-kNN, EASE and *blend* are one weighted sum. What is chosen for
them is chosen on the validation cases, as it is for a network; then they are fitted on everything
before the test, and what is bought lately is known to all of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from recommender.data.dataset import Dataset
from recommender.data.histories import SECONDS_A_DAY
from recommender.data.splits import Holdout
from recommender.metrics.evaluator import Cases, Scores
from recommender.metrics.ranking import rounded
from recommender.model.batches import TrainingEvents, ranges
from recommender.model.trend import Sales, Trend

BaselineName = Literal["popularity", "personal frequency", "item-kNN", "EASE", "blend"]
BASELINES: Final[tuple[BaselineName, ...]] = (
    "popularity",
    "personal frequency",
    "item-kNN",
    "EASE",
    "blend",
)
QUICK_EASE_ITEMS: Final = 3000
"""Catalogues up to this size have EASE among the baselines of every run."""
TIE: Final = 4e-7
"""What popularity counts among items that are level otherwise: less than half a last decimal."""


@dataclass(frozen=True)
class Recency:
    """How fast events fade: each half-life before the user's newest event halves the weight."""

    half_life: float = math.inf
    """In the unit; infinite: nothing fades."""
    unit: Literal["events", "days"] = "events"
    """Age is counted in later events of the user, or in days."""


@dataclass(frozen=True)
class Mix:
    """What a sum is made of."""

    counts: float = 0.0
    """Weight of how often the user took the item, fading."""
    together: float = 0.0
    """Weight of what was taken together with what the user took, fading."""
    popular: float = 0.0
    """Weight of the item's log share of all target events; 0: it only orders what is level."""
    lately: float = 0.0
    """Weight of what is bought lately, beside that log share."""
    days: float = 7.0
    """What is bought within so many days is bought lately."""
    counts_fade: Recency = Recency()
    together_fade: Recency = Recency()
    penalty: float | None = None
    """Of the EASE that says what is taken together; None: item-kNN says it."""


Similar: TypeAlias = sparse.csr_matrix | Float[np.ndarray, "item item"]


@dataclass(frozen=True, eq=False)
class Baseline:
    """A weighted sum of the user's fading events, their neighbours and the items' popularity."""

    name: BaselineName
    mix: Mix
    similar: Similar | None
    """What was taken together: how much an item (row) speaks for each other one."""
    share: Float[np.ndarray, " item"]
    """Logarithm of each item's share of the target events."""
    sales: Sales
    """What was bought when, as far as it is known."""

    def scores(self, dataset: Dataset, holdout: Holdout) -> Scores:
        """Scores of the holdout's cases from their full histories, for the evaluator.

        Each is rounded to 10⁻⁶; what is level then is ordered by popularity, and by code at last.
        """
        mix = self.mix
        counts = fading_histories(dataset, holdout, mix.counts_fade)
        together = fading_histories(dataset, holdout, mix.together_fade)

        def scores(cases: Int[np.ndarray, " case"]) -> Float[np.ndarray, "case item"]:
            own = self._own(holdout.as_of[cases])
            total = mix.popular * own
            if mix.counts:
                total += mix.counts * counts[cases].toarray()
            if self.similar is not None:
                total += mix.together * votes(together[cases], self.similar)
            return ordered(total, own)

        return scores

    def _own(self, as_of: Int[np.ndarray, " case"]) -> Float[np.ndarray, "case item"]:
        """What every item has of its own: its popularity, of all time and of late."""
        n_items, mix = len(self.share), self.mix
        if not mix.lately:
            return np.tile(self.share, (len(as_of), 1))
        return self.share + mix.lately * bought_lately(self.sales, n_items, mix.days, as_of)


def votes(histories: sparse.csr_matrix, similar: Similar) -> Float[np.ndarray, "case item"]:
    """How much what each user took speaks for every item."""
    found = histories.astype(similar.dtype) @ similar
    return np.asarray(found.toarray() if sparse.issparse(found) else found)


def bought_lately(
    sales: Sales, n_items: int, days: float, as_of: Int[np.ndarray, " case"]
) -> Float[np.ndarray, "case item"]:
    """How much more each item is bought in the days before each moment than usually, as a log."""
    moments, place = np.unique(as_of, return_inverse=True)
    return Trend(sales, n_items, days, 1.0).logits(moments)[place].astype(np.float64)


def ordered(
    total: Float[np.ndarray, "case item"], own: Float[np.ndarray, "case item"]
) -> Float[np.ndarray, "case item"]:
    """The totals, rounded, and a little of what each item has of its own, which decides alone
    where they are level."""
    least, most = own.min(axis=1, keepdims=True), own.max(axis=1, keepdims=True)
    return rounded(total) + TIE * rounded((own - least) / np.maximum(most - least, 1e-12))


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
    weight = 0.5 ** (age / recency.half_life)
    shape = (len(holdout.users), len(dataset.items))
    return sparse.csr_matrix((weight, (case, items)), shape=shape)


def popularity(data: TrainingEvents, n_items: int) -> Float[np.ndarray, " item"]:
    """How often each item was a target."""
    return np.bincount(data.target_items, minlength=n_items).astype(np.float64)


def log_share(counts: Float[np.ndarray, " item"]) -> Float[np.ndarray, " item"]:
    """Logarithm of each item's share, counted with a tenth of an event more."""
    return np.asarray(np.log((counts + 0.1) / (counts.sum() + 0.1 * len(counts))))


def quick_baselines(dataset: Dataset) -> tuple[BaselineName, ...]:
    """Those that every run is measured beside."""
    quick = len(dataset.items) <= QUICK_EASE_ITEMS
    return BASELINES if quick else tuple(name for name in BASELINES if name != "EASE")
