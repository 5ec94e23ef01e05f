"""Train our model for a while and make everyone's top-10; print what it took as JSON.

    python benchmarks/pace/ours.py USERS ITEMS HISTORY [--window N] [--batch N] [--seconds N]

Where training takes longer than the seconds, an epoch's cost is what its steps so far say.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from contest.exchange import peak_gb

from pace.generated import generated_shop
from recommender.data import Dataset, Split, split_dataset
from recommender.metrics.ranking import top_k
from recommender.model.inference import Scorer
from recommender.model.learning import TrainConfig
from recommender.model.neighbours import item_neighbours
from recommender.model.network import ModelConfig
from recommender.model.training import Progress, fit, new_network

SCORES, ASKED, ROUNDS = 2**22, 4096, 5
"""Scores made at once, users asked at most, and how often: one round may be over in a second."""
EPOCHS = 2
"""The second is the one that counts, where there is time for two."""


class _EnoughError(Exception):
    """Training has been watched long enough."""


@dataclass
class Watch:
    """Notes the steps of the first epoch, and ends training when it has been watched enough."""

    seconds: float
    began: float = field(default_factory=time.perf_counter)
    steps: list[tuple[float, int, int]] = field(default_factory=list)
    """Moment, step, steps of an epoch."""
    heard: float = 0.0
    """The last moment that was told of, whatever `fit` does after the last epoch."""

    def hear(self, now: Progress) -> None:
        """Note the step. Raises _EnoughError."""
        self.heard = time.perf_counter()
        if now.ndcg is not None:
            return
        self.steps.append((time.perf_counter(), now.step, now.steps // EPOCHS))
        if self.steps[-1][0] - self.steps[0][0] > self.seconds:
            raise _EnoughError

    @property
    def step_seconds(self) -> float:
        """Of the steps between the first and the last that were noted."""
        (first, from_step, _), (last, to_step, _) = self.steps[0], self.steps[-1]
        return (last - first) / (to_step - from_step)


def train(
    dataset: Dataset, split: Split, config: ModelConfig, training: TrainConfig, seconds: float
) -> dict[str, float]:
    """Events a second, seconds of an epoch, seconds from the start to the first steps."""
    watch = Watch(seconds)
    try:
        trained = fit(dataset, split, config, training, watch.hear, torch.device("cpu"))
    except _EnoughError:
        moment, step, steps = watch.steps[0]
        rate = int(split.train_end.sum()) / (watch.step_seconds * steps)
        before = moment - watch.began - step * watch.step_seconds
    else:
        row = trained.curve[-1]
        rate = float(row["events_a_second"])
        before = watch.heard - watch.began - float(row["seconds"])
    epoch = int(split.train_end.sum()) / rate
    return {"events_a_second": rate, "epoch_s": epoch, "before_s": before}


def top_ten(dataset: Dataset, config: ModelConfig) -> dict[str, float]:
    """Users a second, of an untrained network: the weights do not change the cost.

    The median of the rounds.
    """
    table = dataset.interactions
    shape = (len(dataset.users), len(dataset.items))
    users, items = (table[name].to_numpy()[:50_000] for name in ("user", "item"))
    neighbours = item_neighbours(users, items, shape, above_chance=True)[0]
    scorer = Scorer.of(new_network(dataset, config), neighbours)
    asked = np.random.default_rng(0).permutation(len(dataset.users))[:ASKED]
    histories = [dataset.history(int(user)) for user in asked]
    rates, chunk = [], max(SCORES // shape[1], 64)
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for start in range(0, len(asked), chunk):
            top_k(scorer.logits(histories[start : start + chunk]), 10)
        rates.append(len(asked) / (time.perf_counter() - began))
    return {"users_a_second": float(np.median(rates))}


def main() -> None:
    """Measure, print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("users", type=int)
    parser.add_argument("items", type=int)
    parser.add_argument("history", type=int)
    parser.add_argument("--window", type=int, default=ModelConfig().window)
    parser.add_argument("--batch", type=int, default=TrainConfig().events_a_batch)
    parser.add_argument("--seconds", type=float, default=60)
    asked = parser.parse_args()
    dataset = generated_shop(asked.users, asked.items, asked.history)
    config = ModelConfig(window=asked.window)
    training = TrainConfig(max_epochs=EPOCHS, events_a_batch=asked.batch)
    before = peak_gb()
    found: dict[str, Any] = train(dataset, split_dataset(dataset), config, training, asked.seconds)
    found |= {"data_gb": before, "training_gb": peak_gb()}
    found |= top_ten(dataset, config) | {"peak_gb": peak_gb()}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
