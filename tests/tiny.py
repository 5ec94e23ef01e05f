"""A data set small enough to train on within a test, made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import torch

from recommender.data.dataset import Dataset
from recommender.data.features import Feature
from recommender.data.fingerprints import dataset_fingerprint
from recommender.model.batches import TrainingEvents
from recommender.model.inference import Scorer
from recommender.model.neighbours import item_neighbours
from recommender.model.network import ModelConfig
from recommender.model.training import new_network


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
            bought = rng.choice(liked, int(rng.integers(1, 4)), replace=False)
            rows += [(user, item, time, int(rng.integers(0, 2)), basket) for item in bought]
    table = pd.DataFrame(rows, columns=["user", "item", "time", "event", "basket"])
    table = table.astype({"user": "int32", "item": "int32", "event": "int8", "basket": "int32"})
    table["quantity"] = np.float32(1)
    table["price"] = np.float32(np.nan)
    made = Dataset(
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
        fingerprint="",
    )
    return replace(made, fingerprint=dataset_fingerprint(made))


def random_scorer(dataset: Dataset, seed: int = 0, **config: object) -> Scorer:
    """A scorer with random weights large enough that everything matters."""
    torch.manual_seed(seed)
    network = new_network(dataset, ModelConfig(width=32, n_heads=2, window=12, **config))  # type: ignore[arg-type]
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.requires_grad:
                parameter.normal_(0, 0.3)
    data = TrainingEvents.of(dataset, np.diff(dataset.offsets))
    shape = (len(dataset.users), len(dataset.items))
    return Scorer.of(network, *item_neighbours(data.users, data.items, shape, n_neighbours=5))
