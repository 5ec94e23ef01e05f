"""What is bought lately: the part of an item's popularity that changes with the day.

Before Christmas a shop sells other things than in May. So an item's own share of a logit may have a
second part: the logarithm of its share of the target events in the last days over its share in all,
times a weight. That recent sales say more than all sales is known of the popularity
baseline (Ji, Sun, Zhang & Li 2020). Only what was sold before the moment counts. Days and
weight are chosen on validation cases, after training, by the training events' sales; the validation
events' are added to them afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from jaxtyping import Float, Int

from recommender.data.dataset import Dataset, dated
from recommender.data.histories import SECONDS_A_DAY
from recommender.metrics.evaluator import Cases, Scores, View, evaluate, views_of

DAYS: Final = (3.0, 7.0, 14.0, 30.0)
"""Windows that are tried, in days."""
WEIGHTS: Final = (0.25, 0.5, 0.75, 1.0)
"""Weights that are tried, with the window that is best at the second."""
PRIOR: Final = 1.0
"""Made-up sales for each item, spread like all sales, that a window's are counted with."""
SURE: Final = 2.0
"""Standard errors that are taken off a gain: so much of it is sure, although it was chosen."""
MAX_LOGITS: Final = 2**26
"""Validation cases times items, at most."""


@dataclass(frozen=True, eq=False)
class Sales:
    """Items of known target events, and when (seconds, rising)."""

    items: Int[np.ndarray, " event"]
    times: Int[np.ndarray, " event"]

    @classmethod
    def of(cls, dataset: Dataset, ends: Int[np.ndarray, " user"]) -> Sales:
        """The target events among the first `ends` events of each user, as far as somebody said
        when they were: an added like, or a row without a date, was not bought on any day."""
        table = dataset.interactions
        users = table["user"].to_numpy()
        known = np.arange(len(users)) - dataset.offsets[users] < ends[users]
        sold = dated(table[known & dataset.asked])
        sold = sold.sort_values("time", kind="stable")
        return cls(
            sold["item"].to_numpy().astype(np.int64), sold["time"].to_numpy().astype(np.int64)
        )


@dataclass(frozen=True, eq=False)
class Trend:
    """How much each item is bought lately, as a share of its logit."""

    sales: Sales
    n_items: int
    days: float
    """The events of so many days before the moment count."""
    weight: float

    def logits(self, moments: Int[np.ndarray, " moment"]) -> Float[np.ndarray, "moment item"]:
        """Every item's share at each moment (seconds).

        0 is what the average sale has, and items that were never sold.
        """
        items, times, (sold, usual) = self.sales.items, self.sales.times, self._usual
        out = np.zeros((len(moments), self.n_items), dtype=np.float32)
        for row, moment in zip(out, moments, strict=True):
            start, end = np.searchsorted(times, [moment - self.days * SECONDS_A_DAY, moment])
            lately = np.bincount(items[start:end], minlength=self.n_items)
            lift = np.log(lately[sold] / usual + PRIOR * len(sold))
            row[sold] = self.weight * (lift - usual @ lift)
        return out

    @cached_property
    def _usual(self) -> tuple[Int[np.ndarray, " sold"], Float[np.ndarray, " sold"]]:
        """The items that were sold, and about what share of all sales each had."""
        sold, counts = np.unique(self.sales.items, return_counts=True)
        return sold, (counts + 0.1) / (counts + 0.1).sum()


def best_trend(
    sales: Sales, scores: Scores, cases: Cases, as_of: Int[np.ndarray, " case"]
) -> Trend | None:
    """The trend whose gain beside these scores is greatest, as far as it is sure.

    The gain is that of NDCG@10 relative to what it is without, mean of the views, less two standard
    errors. None where there is nothing to choose on, or where no trend's gain is sure.
    """
    n_cases, n_items = cases.seen.shape
    asked = np.linspace(0, n_cases - 1, min(n_cases, MAX_LOGITS // n_items)).astype(np.int64)
    if not len(asked) or not len(sales.items):
        return None
    cases = Cases(cases.seen[asked], cases.targets[asked])
    without = np.concatenate(
        [scores(part) for part in np.array_split(asked, len(asked) // 256 + 1)]
    )

    def measured(trend: Trend | None) -> dict[View, dict[str, np.ndarray]]:
        def with_it(tried: Int[np.ndarray, " case"]) -> Float[np.ndarray, "case item"]:
            return without[tried] + (trend.logits(as_of[asked[tried]]) if trend else 0.0)

        return evaluate(with_it, cases, views_of(cases))

    before = {view: was for view, was in measured(None).items() if was["ndcg@10"].any()}

    def sure_gain(trend: Trend) -> float:
        """A case's part in the mean is a sum over its views, which do not err apart."""
        now, parts = measured(trend), np.zeros(len(asked))
        for view, was in before.items():
            gains = (now[view]["ndcg@10"] - was["ndcg@10"]) / was["ndcg@10"].sum()
            parts[was["case"]] += gains / len(before)
        return float(parts.sum() - SURE * parts.std() * len(parts) ** 0.5)

    def best_of(trends: Iterable[Trend]) -> tuple[float, Trend]:
        return max(((sure_gain(trend), trend) for trend in trends), key=lambda tried: tried[0])

    first = best_of(Trend(sales, n_items, days, WEIGHTS[1]) for days in DAYS)
    others = (replace(first[1], weight=weight) for weight in WEIGHTS if weight != WEIGHTS[1])
    gain, best = max(first, best_of(others), key=lambda tried: tried[0])
    return best if gain > 0 else None
