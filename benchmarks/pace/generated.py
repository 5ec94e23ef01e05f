"""Made-up shops of any size, for measuring cost. They are not meant to be learned from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from recommender.data import Dataset, Feature

CATEGORIES = 50
START, DAY = 1_600_000_000, 86_400


def generated_shop(users: int, items: int, history: int, seed: int = 0) -> Dataset:
    """A shop whose users have `history` events on average, from a third to three times as many.

    Popularity falls with the rank (Zipf); half of a user's events are in the user's own category;
    an event is a basket of its own.
    """
    rng = np.random.default_rng(seed)
    sizes = np.clip(rng.lognormal(0, 0.5, users), 1 / 3, 3)
    sizes = np.maximum((sizes * history / sizes.mean()).round(), 4).astype(np.int64)
    user = np.repeat(np.arange(users), sizes)
    category = rng.integers(0, CATEGORIES, items)
    by_category = [np.flatnonzero(category == one) for one in range(CATEGORIES)]
    by_category = [one if len(one) else np.arange(items) for one in by_category]
    popular = _zipf(rng, items, len(user))
    liked = rng.integers(0, CATEGORIES, users)[user]
    share = rng.random(len(user))
    own = np.empty(len(user), dtype=np.int64)
    for one, members in enumerate(by_category):
        rows = liked == one
        own[rows] = members[_zipf(rng, len(members), int(rows.sum()))]
    table = pd.DataFrame(
        {
            "user": user.astype(np.int32),
            "item": np.where(share < 0.5, own, popular).astype(np.int32),
            "event": np.zeros(len(user), dtype=np.int8),
        }
    )
    nth = np.arange(len(user)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    table["time"] = (START + nth * DAY).astype(np.int64)
    table["basket"] = nth.astype(np.int32)
    table["quantity"], table["price"] = np.float32(1), np.float32(np.nan)
    return _dataset(table, category, users, items)


def _zipf(rng: np.random.Generator, items: int, n: int) -> np.ndarray:
    """Codes drawn with a chance that falls with the rank, by inverting its integral."""
    return np.minimum((items + 1) ** rng.random(n) - 1, items - 1).astype(np.int64)


def _dataset(table: pd.DataFrame, category: np.ndarray, users: int, items: int) -> Dataset:
    names = tuple(f"c{one}" for one in range(CATEGORIES))
    codes = (category + 1)[:, None]
    return Dataset(
        name="generated",
        interactions=table,
        items=pd.DataFrame({"item_id": np.arange(items).astype(str)}).assign(title="an item"),
        users=pd.DataFrame({"user_id": np.arange(users).astype(str)}),
        item_features=(Feature("category", "categorical", names, codes),),
        user_features=(),
        event_types=("purchase",),
        target_events=("purchase",),
        repeats=True,
        has_time=True,
        notes=(),
        fingerprint=f"generated-{users}-{items}-{len(table)}",
    )
