"""Our contestants: the additive model, its variants, and the baselines.

    python benchmarks/contest/ours.py MODEL DATASET QUESTIONS OUT [--seed N] [--minutes N]

It takes as many threads as there are cores that it may run on.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch

from contest.exchange import Clock, Lists, ListsOf, PartName, answer, read_questions
from recommender.data import SPLITS, Dataset, Holdout, Split, load_dataset, split_dataset
from recommender.metrics import View
from recommender.metrics.evaluator import Scores
from recommender.metrics.ranking import top_k
from recommender.model.balance import balance_parts, best_balance, weigh
from recommender.model.baselines import BASELINES, holdout_cases
from recommender.model.batches import TrainingEvents
from recommender.model.checkpoints import best_weights
from recommender.model.choosing import fit_baselines
from recommender.model.inference import Scorer
from recommender.model.learning import TrainConfig
from recommender.model.neighbours import together_weights
from recommender.model.network import ModelConfig
from recommender.model.plain import plain_config
from recommender.model.training import (
    Progress,
    Trained,
    case_scores,
    finished,
    fit,
    new_network,
)
from recommender.model.trend import Sales

NETWORKS: dict[str, Callable[[Dataset], ModelConfig]] = {
    "additive": lambda dataset: ModelConfig(),
    "contextual": lambda dataset: ModelConfig(readout="contextual"),
    "order otherwise": lambda dataset: ModelConfig(order_term=dataset.repeats),
    "without trend": lambda dataset: ModelConfig(),
    "without attention": lambda dataset: plain_config(ModelConfig()),
}
"""`order otherwise` has the order term where the first has none, and none where it has one."""
ScoresOf = Callable[[Holdout], Scores]
CHUNK = 256
EASE_ITEMS = 20_000
"""Catalogues up to this size have EASE, alone and in the blend."""


class _TimeIsUpError(Exception):
    """Training has had its minutes."""


def train_network(
    dataset: Dataset,
    split: Split,
    config: ModelConfig,
    seed: int,
    minutes: float,
    out: Path,
    with_trend: bool = True,
) -> tuple[ScoresOf, dict[str, Any]]:
    """Train as `train` does, within its processor minutes; the best epoch counts."""
    clock, points, best = Clock(), {}, out / "best.safetensors"
    training = TrainConfig(seed=seed)

    def on_progress(now: Progress) -> None:
        # The last word on an epoch is the one after its validation.
        points[now.epoch] = {"epoch": now.epoch, "ndcg@10": now.ndcg} | clock.seconds()
        if clock.seconds()["cpu_seconds"] > 60 * minutes and best.exists():
            raise _TimeIsUpError

    capped = False
    try:
        trained = fit(dataset, split, config, training, on_progress, torch.device("cpu"), best)
    except _TimeIsUpError:
        capped, trained = True, _balanced(dataset, split, config, training, best, with_trend)
    if not (capped or with_trend):
        trained = _balanced(dataset, split, config, training, best, with_trend)
    best.unlink(missing_ok=True)
    scorer = finished(trained, dataset, split).scorer()
    facts = {
        "curve": [point for point in points.values() if point["ndcg@10"] is not None],
        "capped": capped,
        "model": asdict(config),
        "training": asdict(training),
        "trend": scorer.trend and {"days": scorer.trend.days, "weight": scorer.trend.weight},
    }
    return lambda holdout: case_scores(scorer, dataset, holdout), clock.seconds() | facts


def _balanced(
    dataset: Dataset,
    split: Split,
    config: ModelConfig,
    training: TrainConfig,
    best: Path,
    with_trend: bool,
) -> Trained:
    """The best epoch of a training, its parts weighed by all validation cases; without a trend
    the other parts are weighed as if there were none."""
    network = new_network(dataset, config)
    network.load_state_dict(best_weights(best))
    data = TrainingEvents.of(dataset, split.train_end)
    shape = len(dataset.users), len(dataset.items)
    neighbours = together_weights(data.users, data.items, shape)[0]
    asked = split.validation, training.new_items_loss
    if with_trend:
        _, trend = balance_parts(network, neighbours, dataset, split, *asked)
        return Trained(network, neighbours, trend)
    validation, loss = asked
    nothing = Sales.of(dataset, np.zeros_like(split.train_end))
    scorer = Scorer.of(network, neighbours)
    balance, _ = best_balance(scorer, dataset, validation, nothing, loss)
    weigh(network, balance)
    return Trained(network, neighbours)


def fit_baseline(dataset: Dataset, split: Split, name: str) -> tuple[ScoresOf, dict[str, Any]]:
    """A baseline with what it chose on the validation cases."""
    clock = Clock()
    (baseline,) = fit_baselines(dataset, split, [name], EASE_ITEMS)  # type: ignore[list-item]
    facts = {"curve": [], "capped": False, "mix": str(baseline.mix)}
    return lambda holdout: baseline.scores(dataset, holdout), clock.seconds() | facts


def lists_from(dataset: Dataset, split: Split, scores_of: ScoresOf) -> ListsOf:
    """What makes the lists of the best items from scores."""
    holdouts = {"validation": split.validation, "test": split.test}
    cases_of = {part: holdout_cases(dataset, holdout) for part, holdout in holdouts.items()}

    def lists(k: int, part: PartName, views: tuple[View, ...]) -> Lists:
        cases, scores = cases_of[part], scores_of(holdouts[part])
        rows: dict[Any, list[np.ndarray]] = {view: [] for view in views}
        for start in range(0, cases.seen.shape[0], CHUNK):
            chunk = np.arange(start, min(start + CHUNK, cases.seen.shape[0]))
            all_scores = scores(chunk)
            for view in views:
                seen = cases.seen[chunk].toarray() > 0 if view == "new" else False
                rows[view].append(top_k(np.where(seen, -np.inf, all_scores), k))
        return Lists({view: np.concatenate(parts) for view, parts in rows.items()})

    return lists


def main() -> None:
    """Train one contestant, write its answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", choices=(*NETWORKS, *BASELINES))
    parser.add_argument("dataset", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--split", choices=SPLITS, help="default: the proposed one")
    parser.add_argument("--minutes", type=float, default=30)
    asked = parser.parse_args()
    dataset = load_dataset(asked.dataset)
    split = split_dataset(dataset, asked.split)
    if asked.model in NETWORKS:
        config = NETWORKS[asked.model](dataset)
        trend = asked.model != "without trend"
        made = train_network(dataset, split, config, asked.seed, asked.minutes, asked.out, trend)
    else:
        made = fit_baseline(dataset, split, asked.model)
    scores_of, facts = made
    lists = lists_from(dataset, split, scores_of)
    facts |= {"minutes": asked.minutes, "seed": asked.seed}
    answer(asked.out, read_questions(asked.questions), lists, facts)


if __name__ == "__main__":
    main()
