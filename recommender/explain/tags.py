"""Interest tags: the feature values of a user's past that count most over the whole top-k."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from recommender.data.features import Feature
from recommender.data.histories import History
from recommender.explain.contributions import contributions, feature_names
from recommender.explain.ranking import allowed_items, top_items
from recommender.explain.types import AGAIN, ANY, TOGETHER
from recommender.metrics.evaluator import View
from recommender.model.device import threads
from recommender.model.run import Run

DRIVEN = 5
"""Recommendations that a tag names at most."""


@dataclass(frozen=True)
class Tag:
    """One value of one feature, and what it gives to the recommendations."""

    feature: str
    """`item_id`, an item feature, or the reserved `+again`, `+together`."""
    value: str
    """The value in words; a title where the feature is the item itself or a vote."""
    weight: float
    """Share of the logit it gives, mean over the recommendations."""
    drives: tuple[int, ...]
    """Codes of the recommendations it gives most to, best first."""


@dataclass(frozen=True)
class InterestTags:
    """Tags with weights that add up: `sum of weights + rest == total`."""

    tags: tuple[Tag, ...]
    """Strongest first; only those that speak for the recommendations."""
    rest: float
    """All other values, texts, and what speaks against."""
    total: float
    """What the whole history gives to a recommendation, in logits, mean over them."""
    items: tuple[int, ...]
    """Codes of the recommendations; of several users, each once."""


def interest_tags(
    run: Run, history: History, k: int = 10, candidates: View | None = None, most: int = 12
) -> InterestTags:
    """Tags of one user's history over their top-k. Text features count as rest: no word has a
    share of its own."""
    return segment_tags(run, [history], k, candidates, most)


def segment_tags(
    run: Run,
    histories: Iterable[History],
    k: int = 10,
    candidates: View | None = None,
    most: int = 12,
) -> InterestTags:
    """The same over several users, all alike in weight."""
    tally = _Tally(run)
    with threads(1):
        for history in histories:
            logits = run.scorer.logits([history])[0]
            view = candidates or run.default_view
            items = top_items(logits, k, allowed_items(history, len(logits), view))
            if len(items):
                shares = contributions(run.scorer, history, [int(item) for item in items])
                tally.add(history, items, shares.features)
    return tally.result(most)


class _Tally:
    """Sums by (feature, value), with what each recommendation got."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._names = feature_names([feature.name for feature in run.dataset.item_features])
        self._weights: dict[tuple[int, int], dict[int, float]] = {}
        self._total, self._n = 0.0, 0

    def add(
        self,
        history: History,
        items: Int[np.ndarray, " candidate"],
        shares: Float[np.ndarray, "candidate event feature"],
    ) -> None:
        self._total += float(shares.sum((1, 2)).mean())
        self._n += 1
        for f, (codes, parts) in enumerate(self._codes(history)):
            values, place = np.unique(codes, return_inverse=True)
            sums = np.zeros((len(values), len(items)))
            split = shares[:, :, f].T[:, None] * parts
            np.add.at(sums, place.ravel(), split.reshape(-1, len(items)))
            for value, row in zip(values, sums / len(items), strict=True):
                if value >= 0:
                    known = self._weights.setdefault((f, int(value)), {})
                    for item, weight in zip(items, row, strict=True):
                        known[int(item)] = known.get(int(item), 0.0) + float(weight)

    def _codes(
        self, history: History
    ) -> Iterable[tuple[Int[np.ndarray, "event bag"], Float[np.ndarray, "event bag 1"]]]:
        """For each feature the value codes of each event, and how its share is split over them."""
        features = {feature.name: feature for feature in self._run.dataset.item_features}
        for name in self._names:
            if name in ("item_id", AGAIN, TOGETHER):
                yield history.items[:, None].astype(np.int64), np.ones((len(history), 1, 1))
            elif name == ANY or features[name].vectors is not None:
                yield np.full((len(history), 1), -1), np.ones((len(history), 1, 1))
            else:
                yield _of_bag(features[name], history.items)

    def result(self, most: int) -> InterestTags:
        n = max(self._n, 1)
        sums = {key: sum(by_item.values()) / n for key, by_item in self._weights.items()}
        best = sorted((key for key in sums if sums[key] > 0), key=lambda key: (-sums[key], key))
        tags = tuple(self._tag(key, sums[key]) for key in best[:most])
        total = self._total / n
        items = {item for by_item in self._weights.values() for item in by_item}
        rest = total - sum(tag.weight for tag in tags)
        return InterestTags(tags, rest, total, tuple(sorted(items)))

    def _tag(self, key: tuple[int, int], weight: float) -> Tag:
        feature, value = key
        by_item = self._weights[key]
        drives = sorted((item for item in by_item if by_item[item] > 0), key=lambda i: -by_item[i])
        name = self._names[feature]
        return Tag(name, self._value(name, value), weight, tuple(drives[:DRIVEN]))

    def _value(self, name: str, value: int) -> str:
        if name in ("item_id", AGAIN, TOGETHER):
            return str(self._run.dataset.items["title"].iloc[value])
        feature = next(one for one in self._run.dataset.item_features if one.name == name)
        return feature.values[value - 1] if value else "unknown"


def _of_bag(
    feature: Feature, items: Int[np.ndarray, " event"]
) -> tuple[Int[np.ndarray, "event bag"], Float[np.ndarray, "event bag 1"]]:
    """A bag's vector is the mean of its values', so each value has an equal part of the share."""
    codes = feature.codes[items].astype(np.int64)
    known = codes > 0
    n_known = known.sum(1, keepdims=True)
    parts = np.where(known, 1 / np.maximum(n_known, 1), 0.0)
    parts[:, 0] += n_known[:, 0] == 0
    return np.where(known | (n_known == 0), codes, -1), parts[:, :, None]
