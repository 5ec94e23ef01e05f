"""A data set small enough to train on within a test, made by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from recommender.data.dataset import Dataset
from recommender.data.features import Feature


def tiny_dataset(n_users: int = 60, n_items: int = 24, seed: int = 0) -> Dataset:
    """Users who like one of three categories and mostly buy again or stay in it."""
    rng = np.random.default_rng(seed)
    category = np.arange(n_items) % 3
    rows = []
    for user in range(n_users):
        liked = np.flatnonzero(category == user % 3)
        time = 1_700_000_000 + int(rng.integers(0, 30)) * 86_400
        for basket in range(int(rng.integers(3, 8))):
            time += int(rng.integers(1, 20)) * 86_400
            for item in rng.choice(liked, int(rng.integers(1, 4)), replace=False):
                rows.append((user, item, time, int(rng.integers(0, 2)), basket))
    table = pd.DataFrame(rows, columns=["user", "item", "time", "event", "basket"])
    table = table.astype({"user": "int32", "item": "int32", "event": "int8", "basket": "int32"})
    table["quantity"] = np.float32(1)
    table["price"] = np.float32(np.nan)
    return Dataset(
        name="tiny",
        interactions=table,
        items=pd.DataFrame(
            {
                "item_id": [f"i{i:02d}" for i in range(n_items)],
                "title": [f"Item {i}" for i in range(n_items)],
                "category": [f"c{c}" for c in category],
            }
        ),
        users=pd.DataFrame({"user_id": [f"u{u:02d}" for u in range(n_users)]}),
        item_features=(
            Feature("category", "categorical", ("c0", "c1", "c2"), category[:, None] + 1),
            Feature(
                "tags",
                "multi",
                ("red", "blue"),
                np.stack([rng.integers(0, 3, n_items), rng.integers(0, 2, n_items)], axis=1),
            ),
            Feature(
                "title",
                "text",
                (),
                np.zeros((n_items, 0), dtype=np.int64),
                rng.normal(size=(n_items, 4)).astype(np.float32),
            ),
        ),
        user_features=(
            Feature("age", "categorical", ("young", "old"), rng.integers(0, 3, (n_users, 1))),
        ),
        event_types=("view", "purchase"),
        target_events=("purchase",),
        repeats=True,
        has_time=True,
        notes=(),
        fingerprint="0" * 16,
    )
