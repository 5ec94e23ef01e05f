"""How good a run is, for whom and at what price: by group, by fame, and beyond accuracy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int
from scipy import sparse

from recommender.evaluate.beyond import (
    attribute_values,
    concentration,
    coverage,
    diversity,
    mean_popularity,
    novelty,
)
from recommender.evaluate.lists import MODEL, MOST_CASES, Lists, ranked_lists
from recommender.evaluate.segments import Grouping, bootstrap, groupings
from recommender.model.batches import TrainingEvents
from recommender.model.run import Run

FIFTHS = 5


@dataclass(frozen=True, eq=False)
class Quality:
    """What was measured on the test cases, all lists ten long."""

    beyond: pd.DataFrame
    """One row a view and method: `users`, `ndcg` with `low` and `high`, `coverage`,
    `concentration`, `popularity`, `novelty` (bits), `diversity`."""
    segments: pd.DataFrame
    """One row a view, method, grouping and group: `users`, `ndcg`, `low`, `high`, and `exposure`
    with `exposure_low` and `exposure_high`: the share of attention in the group's lists that goes
    to lesser-known products."""
    fame: pd.DataFrame
    """One row a view, method and fifth of the catalogue by popularity (1: the least popular):
    `shown`, the share of places it gets; `taken`, its share of what was really taken next."""
    cases: int
    """Test cases that were asked."""


def measure_quality(run: Run, most: int = MOST_CASES) -> Quality:
    """Measure the model and the quick baselines on at most `most` test cases."""
    owned = owned_share(TrainingEvents.of(run.dataset, run.split.train_end), len(run.dataset.items))
    attributes = attribute_values(run.dataset.item_features, len(run.dataset.items))
    lengths = np.diff(run.dataset.offsets)
    ways, lists = groupings(run.dataset, lengths), ranked_lists(run, most)
    fifth = fifths(owned)
    return Quality(
        pd.DataFrame([_beyond(one, owned, attributes) for one in lists]),
        pd.DataFrame([row for one in lists for way in ways for row in _segments(one, way, fifth)]),
        pd.DataFrame([row for one in lists for row in _fame(one, fifth)]),
        max((len(one.users) for one in lists if one.method == MODEL), default=0),
    )


def owned_share(events: TrainingEvents, n_items: int) -> Float[np.ndarray, " item"]:
    """Share of the users with training events who have the item there."""
    pairs = np.unique(events.users * n_items + events.items)
    counts = np.bincount(pairs % n_items, minlength=n_items).astype(float)
    return counts / max(len(np.unique(events.users)), 1)


def fifths(owned: Float[np.ndarray, " item"]) -> Int[np.ndarray, " item"]:
    """Fifth of the catalogue that the item is in by popularity, from 1 (least popular) to 5."""
    rank = np.empty(len(owned), dtype=np.int64)
    rank[np.argsort(owned, kind="stable")] = np.arange(len(owned))
    return rank * FIFTHS // max(len(owned), 1) + 1


def lesser_known(
    items: Int[np.ndarray, "case rank"], famous: Bool[np.ndarray, " item"]
) -> Float[np.ndarray, " case"]:
    """Share of a list's attention that goes to products that are not famous, in [0, 1].

    Attention falls with rank as 1 / log2(rank + 1), as in NDCG (Singh & Joachims 2018).
    """
    weight = 1 / np.log2(np.arange(items.shape[1]) + 2)
    return np.asarray(~famous[items] @ weight / weight.sum())


def _beyond(
    one: Lists, owned: Float[np.ndarray, " item"], attributes: sparse.csr_matrix
) -> dict[str, object]:
    interval = bootstrap(one.ndcg)
    apart = diversity(one.items, attributes)
    return {
        "view": one.view,
        "method": one.method,
        "users": len(one.users),
        "ndcg": interval.mean,
        "low": interval.low,
        "high": interval.high,
        "coverage": coverage(one.items, len(owned)),
        "concentration": concentration(one.items, len(owned)),
        "popularity": mean_popularity(one.items, owned),
        "novelty": novelty(one.items, owned),
        "diversity": float(apart.mean()) if len(apart) else 0.0,
    }


def _segments(
    one: Lists, way: Grouping, fifth: Int[np.ndarray, " item"]
) -> list[dict[str, object]]:
    shares = lesser_known(one.items, fifth == FIFTHS)
    rows: list[dict[str, object]] = []
    for group, name in enumerate(way.groups):
        here = way.code[one.users] == group
        if not here.any():
            continue
        gain, exposure = bootstrap(one.ndcg[here]), bootstrap(shares[here])
        rows.append(
            {
                "view": one.view,
                "method": one.method,
                "grouping": way.name,
                "group": name,
                "users": int(here.sum()),
                "ndcg": gain.mean,
                "low": gain.low,
                "high": gain.high,
                "exposure": exposure.mean,
                "exposure_low": exposure.low,
                "exposure_high": exposure.high,
            }
        )
    return rows


def _fame(one: Lists, fifth: Int[np.ndarray, " item"]) -> list[dict[str, object]]:
    taken = np.concatenate([*one.targets, np.zeros(0, dtype=np.int64)]).astype(np.int64)
    shown_by = np.bincount(fifth[one.items.ravel()], minlength=FIFTHS + 1)[1:]
    taken_by = np.bincount(fifth[taken], minlength=FIFTHS + 1)[1:]
    return [
        {
            "view": one.view,
            "method": one.method,
            "fifth": part + 1,
            "shown": shown_by[part] / max(shown_by.sum(), 1),
            "taken": taken_by[part] / max(taken_by.sum(), 1),
        }
        for part in range(FIFTHS)
    ]
