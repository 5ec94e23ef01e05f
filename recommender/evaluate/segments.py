"""Users in groups, and how sure one can be of a group's mean: bootstrap intervals."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from recommender.data.dataset import Dataset
from recommender.data.features import Feature

RESAMPLES = 1000
MOST_GROUPS = 8
"""Values of a user feature that become groups of their own; the rarer ones are one group."""
HISTORY = "history"
UNKNOWN, OTHER = "unknown", "other"


def set_apart(label: str, names: Collection[str]) -> str:
    """A label of our own that none of these names is: in brackets where one is called so."""
    return set_apart(f"({label})", names) if label in names else label


@dataclass(frozen=True, eq=False)
class Grouping:
    """One way to put users in groups."""

    name: str
    """`history`, or a feature of users; in brackets one that is called `history` too."""
    groups: tuple[str, ...]
    code: Int[np.ndarray, " user"]
    """Group of each user."""


def groupings(dataset: Dataset, lengths: Int[np.ndarray, " user"]) -> tuple[Grouping, ...]:
    """By length of history (three groups alike in size), and by each categorical user feature."""
    named = {f.name for f in dataset.user_features}
    by_feature = [
        replace(_by_feature(f), name=set_apart(f.name, {HISTORY, *(named - {f.name})}))
        for f in dataset.user_features
        if f.kind in ("categorical", "multi")
    ]
    return (by_length(lengths), *(one for one in by_feature if len(one.groups) > 1))


def by_length(lengths: Int[np.ndarray, " user"]) -> Grouping:
    """Thirds of the users by events; the names say from how many to how many."""
    thirds = [1 / 3, 2 / 3] if len(lengths) else []
    edges = np.unique(np.quantile(lengths, thirds, method="lower"))
    code = np.searchsorted(edges, lengths, side="left")
    present = np.unique(code)
    names = tuple(
        f"{lengths[code == group].min():,}–{lengths[code == group].max():,}" for group in present
    )
    return Grouping(HISTORY, names, np.searchsorted(present, code))


def _by_feature(feature: Feature) -> Grouping:
    first = feature.codes[:, 0] if feature.codes.shape[1] else np.zeros(len(feature.codes), int)
    counts = np.bincount(first, minlength=len(feature.values) + 1)
    kept = [code for code in np.argsort(-counts, kind="stable") if code and counts[code]]
    kept = sorted((int(code) for code in kept[:MOST_GROUPS]), key=lambda c: feature.values[c - 1])
    place = np.full(len(counts), len(kept))
    place[kept] = np.arange(len(kept))
    place[0] = len(kept) + 1
    own = [feature.values[code - 1] for code in kept]
    names = [*own, set_apart(OTHER, own), set_apart(UNKNOWN, own)]
    code = place[first]
    present = np.unique(code)
    return Grouping(
        feature.name, tuple(names[group] for group in present), np.searchsorted(present, code)
    )


@dataclass(frozen=True)
class Interval:
    """A mean and where 95 % of resampled means lie."""

    mean: float
    low: float
    high: float


def bootstrap(values: Float[np.ndarray, " case"], seed: int = 0) -> Interval:
    """Percentile interval of the mean over cases drawn again with replacement (Efron 1979)."""
    if not len(values):
        return Interval(float("nan"), float("nan"), float("nan"))
    rng = np.random.default_rng(seed)
    means = np.array(
        [values[rng.integers(0, len(values), len(values))].mean() for _ in range(RESAMPLES)]
    )
    low, high = np.quantile(means, [0.025, 0.975])
    return Interval(float(values.mean()), float(low), float(high))
