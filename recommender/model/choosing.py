"""The baselines, chosen on the validation cases and fitted on everything before the test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, TypeVar

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from recommender.data.dataset import Dataset
from recommender.data.splits import Holdout, Split
from recommender.metrics.evaluator import evaluate, views_of
from recommender.model.baselines import (
    BASELINES,
    QUICK_EASE_ITEMS,
    Baseline,
    BaselineName,
    Mix,
    Recency,
    Similar,
    bought_lately,
    fading_histories,
    holdout_cases,
    log_share,
    ordered,
    popularity,
    votes,
)
from recommender.model.batches import TrainingEvents
from recommender.model.ease import ease
from recommender.model.neighbours import item_neighbours, taken_by
from recommender.model.trend import DAYS, Sales, best_trend

T = TypeVar("T")

RECENCIES: Final = (
    Recency(),
    *(Recency(half_life, "events") for half_life in (3, 10, 30, 100, 300)),
    *(Recency(half_life, "days") for half_life in (7, 30, 90, 270)),
)
"""How events may fade."""
PENALTIES: Final = (20.0, 100.0, 500.0, 2500.0)
"""Ridge penalties of EASE."""
POPULAR: Final = (0.0, *(2.0**-power for power in range(7)))
"""What a log of popularity may count beside a vote."""
COARSE: Final = (0.0, 0.25, 0.5, 2.0, 4.0)
"""What a weight of the blend is tried times, one weight after the other; a weight of 0 counts as
1."""
FINE: Final = (0.5, 0.7, 1.4, 2.0)
"""What it is tried times at last, when all else is settled."""
CASES_TRIED: Final = 2000
"""Validation cases that choose, at most, as many as choose a network; evenly spaced."""
MAX_SCORES: Final = 2**24
"""Validation cases times items, at most."""
LEAST_CASES: Final = 200
"""So many cases are tried however many items there are."""


def fit_baselines(
    dataset: Dataset,
    split: Split,
    names: Iterable[BaselineName] = BASELINES,
    ease_items: int = QUICK_EASE_ITEMS,
) -> tuple[Baseline, ...]:
    """The named baselines, fitted on all events before the test.

    How fast events fade, the penalty of EASE, and what popularity and what is bought lately count,
    is what ranks the validation cases best when the events before them are known. In larger
    catalogues than `ease_items` the blend takes item-kNN instead of EASE.
    """
    chosen = _Chosen(_Trials.of(dataset, split), len(dataset.items) <= ease_items)
    known, matrices = _Known.of(dataset, split.test_start), dict[float | None, Similar]()

    def fitted(name: BaselineName) -> Baseline:
        mix = chosen.mix(name)
        if mix.together and mix.penalty not in matrices:
            matrices[mix.penalty] = known.similar(mix.penalty)
        similar = matrices[mix.penalty] if mix.together else None
        return Baseline(name, mix, similar, known.share, known.sales)

    return tuple(fitted(name) for name in names)


@dataclass(frozen=True, eq=False)
class _Known:
    """The events that may be known."""

    data: TrainingEvents
    share: Float[np.ndarray, " item"]
    sales: Sales

    @classmethod
    def of(cls, dataset: Dataset, ends: Int[np.ndarray, " user"]) -> _Known:
        data = TrainingEvents.of(dataset, ends)
        share = log_share(popularity(data, len(dataset.items)))
        return cls(data, share, Sales.of(dataset, ends))

    def similar(self, penalty: float | None) -> Similar:
        """What was taken together: by EASE with the penalty, or by item-kNN without one."""
        users, items = self.data.users, self.data.items
        shape = len(self.data.offsets) - 1, len(self.share)
        if penalty is None:
            return item_neighbours(users, items, shape)[0]
        return ease(taken_by(users, items, shape), penalty)


class _Trials:
    """The validation cases that choose, and what is known before them."""

    def __init__(self, dataset: Dataset, holdout: Holdout, known: _Known) -> None:
        self.dataset, self.holdout, self.known = dataset, holdout, known
        self.cases = holdout_cases(dataset, holdout)
        self.views = views_of(self.cases)
        self._worth: dict[Mix, float] = {}
        # One of each stands in memory: they are large, and hardly anything is asked for by turns.
        self._parts: dict[str, tuple[object, Any]] = {}

    @classmethod
    def of(cls, dataset: Dataset, split: Split) -> _Trials:
        """At most `CASES_TRIED` cases, and fewer where there are many items."""
        n, most = len(split.validation), max(MAX_SCORES // max(len(dataset.items), 1), LEAST_CASES)
        rows = np.linspace(0, max(n - 1, 0), min(n, CASES_TRIED, most)).astype(np.int64)
        return cls(dataset, split.validation.of(rows), _Known.of(dataset, split.train_end))

    def best(self, mixes: Iterable[Mix]) -> Mix:
        """The mix that ranks the cases best; the first of equals, and where there are no cases."""
        tried = list(dict.fromkeys(mixes))
        return max(tried, key=self.worth) if len(self.holdout) else tried[0]

    def worth(self, mix: Mix) -> float:
        """NDCG@10, geometric mean of the views: what a view gains counts beside what it has."""
        if mix not in self._worth:
            scores = self.scores(mix)
            by_view = evaluate(lambda tried: scores[tried], self.cases, self.views)
            found = [values["ndcg@10"].mean() for values in by_view.values() if len(values["case"])]
            self._worth[mix] = float(np.exp(np.mean(np.log(np.maximum(found, 1e-9)))))
        return self._worth[mix]

    def scores(self, mix: Mix) -> Float[np.ndarray, "tried item"]:
        """What the mix says of every item."""
        own = self._own(mix)
        total = mix.popular * own
        if mix.counts:
            total += mix.counts * self._counts(mix.counts_fade)
        if mix.together:
            total += mix.together * self._together(mix)
        return ordered(total, own)

    def _kept(self, what: str, key: object, made: Callable[[], T]) -> T:
        if what not in self._parts or self._parts[what][0] != key:
            self._parts.pop(what, None)
            self._parts[what] = key, made()
        return self._parts[what][1]

    def _own(self, mix: Mix) -> Float[np.ndarray, "tried item"]:
        share, sales = self.known.share, self.known.sales
        if not mix.lately:
            return np.tile(share, (len(self.holdout), 1))
        days, as_of = mix.days, self.holdout.as_of
        lately = self._kept("lately", days, lambda: bought_lately(sales, len(share), days, as_of))
        return np.asarray(share + mix.lately * lately)

    def _counts(self, recency: Recency) -> Float[np.ndarray, "tried item"]:
        return self._kept("counts", recency, lambda: self._histories(recency).toarray())

    def _together(self, mix: Mix) -> Float[np.ndarray, "tried item"]:
        def made() -> Float[np.ndarray, "tried item"]:
            return votes(self._histories(mix.together_fade), self._similar(mix.penalty))

        return self._kept("together", (mix.penalty, mix.together_fade), made)

    def _similar(self, penalty: float | None) -> Similar:
        return self._kept("similar", penalty, lambda: self.known.similar(penalty))

    def _histories(self, recency: Recency) -> sparse.csr_matrix:
        return fading_histories(self.dataset, self.holdout, recency)


class _Chosen:
    """What each baseline is made of."""

    def __init__(self, trials: _Trials, with_ease: bool) -> None:
        self.trials, self.with_ease = trials, with_ease
        self.recencies = [
            one for one in RECENCIES if trials.dataset.has_time or one.unit == "events"
        ]

    def mix(self, name: BaselineName) -> Mix:
        """What the named baseline is made of."""
        mixes = {
            "popularity": lambda: self.popular,
            "personal frequency": lambda: self.personal,
            "item-kNN": lambda: self.neighbours,
            "EASE": lambda: self.linear,
            "blend": lambda: self.blend,
        }
        return mixes[name]()

    @cached_property
    def popular(self) -> Mix:
        """Popularity, and what is bought lately where it surely helps."""
        trials, mix = self.trials, Mix(popular=1.0)
        if not trials.dataset.has_time or not len(trials.holdout):
            return mix
        scores, sales = trials.scores(mix), trials.known.sales
        trend = best_trend(sales, lambda tried: scores[tried], trials.cases, trials.holdout.as_of)
        return replace(mix, lately=trend.weight, days=trend.days) if trend else mix

    @cached_property
    def personal(self) -> Mix:
        mix = replace(self.popular, counts=1.0, popular=0.0)
        return self._backed(
            self.trials.best(replace(mix, counts_fade=recency) for recency in self.recencies)
        )

    @cached_property
    def neighbours(self) -> Mix:
        return self._faded(replace(self.popular, together=1.0, popular=0.0))

    @cached_property
    def linear(self) -> Mix:
        """With the penalty that is best while nothing fades."""
        mix = replace(self.popular, together=1.0, popular=0.0)
        return self._faded(self.trials.best(replace(mix, penalty=penalty) for penalty in PENALTIES))

    def _faded(self, mix: Mix) -> Mix:
        return self._backed(
            self.trials.best(replace(mix, together_fade=recency) for recency in self.recencies)
        )

    def _backed(self, mix: Mix) -> Mix:
        return self.trials.best(replace(mix, popular=popular) for popular in POPULAR)

    @cached_property
    def blend(self) -> Mix:
        """The best sum that is found from the best ways to count what the user took, and what was
        taken together, by changing one setting after the other."""
        one, other = self.personal, self.neighbours
        if self.with_ease:
            other = self.trials.best([self.linear, self.neighbours])
        counts, together = (1 / max(mix.popular, min(POPULAR[1:])) for mix in (one, other))
        mix = replace(
            other, counts=counts, counts_fade=one.counts_fade, together=together, popular=1.0
        )
        mix = self.trials.best([mix, replace(mix, counts=0.0), replace(mix, together=0.0)])
        mix = self._weighed(mix, COARSE)
        fades = [replace(mix, counts_fade=one) for one in self.recencies if mix.counts]
        mix = self.trials.best([mix, *fades])
        fades = [replace(mix, together_fade=one) for one in self.recencies if mix.together]
        mix = self.trials.best([mix, *fades])
        mix = self.trials.best([mix, *(replace(mix, days=days) for days in DAYS if mix.lately)])
        return self.trials.best([self._weighed(mix, FINE), one, other, self.popular])

    def _weighed(self, mix: Mix, factors: Sequence[float]) -> Mix:
        """The best weights of a blend but that of popularity, which the others stand beside."""
        for name in ("counts", "together", *["lately"] * self.trials.dataset.has_time):
            weight = getattr(mix, name) or 1.0
            changes: list[dict[str, Any]] = [{name: factor * weight} for factor in factors]
            tried = (replace(mix, **change) for change in changes)
            mix = self.trials.best([mix, *tried])
        return mix
