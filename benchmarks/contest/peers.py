"""The peers, in an environment of their own: implicit's ALS and RecTools' eSASRec.

    python benchmarks/contest/peers.py MODEL QUESTIONS OUT [--seed N] [--minutes N]

It takes as many threads as there are cores that it may run on. Both peers are given the same events
as the other contestants. What they leave open is chosen on the validation cases: the settings of
ALS, and after which epoch eSASRec stops.
"""

from __future__ import annotations

import argparse
import itertools
import logging
import os
import sys
import warnings
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from contest.exchange import (
    Clock,
    Lists,
    PartName,
    Questions,
    answer,
    mean_ndcg,
    read_questions,
)
from recommender.metrics import View
from recommender.metrics.evaluator import views_of
from recommender.metrics.ranking import top_k

FACTORS, CONFIDENCE, REGULARISATION = (64, 128), (1.0, 10.0), (0.01, 1.0)
"""The grid of ALS."""
PATIENCE = 8
"""Epochs of eSASRec without a better validation NDCG@10 before it stops."""
TRIAL_EPOCHS = 3
"""Epochs after which one choice of events is left."""


@dataclass
class Budget:
    """Processor seconds that training may take."""

    minutes: float
    clock: Clock = field(default_factory=Clock)

    @property
    def spent(self) -> bool:
        """Whether it is used up."""
        return self.clock.seconds()["cpu_seconds"] > 60 * self.minutes


def event_choices(questions: Questions) -> tuple[str, ...]:
    """Which events a peer learns from: where some are not predicted, both ways are tried."""
    return ("predicted",) if questions.events["target"].all() else ("predicted", "all")


def chosen_events(table: pd.DataFrame, events: str) -> pd.DataFrame:
    return table[table["target"]] if events == "predicted" else table


class Als:
    """implicit's alternating least squares (Hu, Koren & Volinsky 2008), counts as confidence."""

    def __init__(self, questions: Questions, seed: int, threads: int) -> None:
        self.questions, self.seed, self.threads = questions, seed, threads
        self.model: Any = None
        self.events = "predicted"

    def train(self, budget: Budget) -> dict[str, Any]:
        """Fit the grid, keep what validates best."""
        cases, best, curve = self.questions.cases("validation"), (-1.0, None, ""), []
        grid = itertools.product(event_choices(self.questions), FACTORS, CONFIDENCE, REGULARISATION)
        for events, factors, alpha, regularisation in grid:
            if budget.spent:
                break
            self.events, self.model = events, self._fitted(events, factors, alpha, regularisation)
            ndcg = mean_ndcg(self.lists(10, "validation", views_of(cases)), cases)
            setting = {"factors": factors, "alpha": alpha, "regularization": regularisation}
            curve.append({**budget.clock.seconds(), "ndcg@10": ndcg, "events": events, **setting})
            best = max(best, (ndcg, self.model, events), key=lambda one: one[0])
        self.model, self.events = best[1:]
        return budget.clock.seconds() | {"curve": curve, "chosen": max(curve, key=_ndcg)}

    def _fitted(self, events: str, factors: int, alpha: float, regularisation: float) -> Any:
        from implicit.als import AlternatingLeastSquares

        model = AlternatingLeastSquares(
            factors=factors,
            alpha=alpha,
            regularization=regularisation,
            random_state=self.seed,
            num_threads=self.threads,
        )
        seen = chosen_events(self.questions.training(), events)
        shape = (len(self.questions.train_end), self.questions.n_items)
        model.fit(_counts(seen["user"], seen["item"], shape), show_progress=False)
        return model

    def lists(self, k: int, part: PartName, views: tuple[View, ...]) -> Lists:
        """The best `k` items of each case, in these views."""
        n_cases = len(self.questions.parts[part])
        history = chosen_events(self.questions.histories(part), self.events)
        counts = _counts(history["case"], history["item"], (n_cases, self.questions.n_items))
        seen = self.questions.cases(part).seen
        found = {}
        for view in views:
            rows = [
                self._top(counts, seen, start, min(start + 1024, n_cases), k, view == "new")
                for start in range(0, n_cases, 1024)
            ]
            found[view] = np.concatenate(rows)
        return Lists(found)

    def _top(
        self,
        counts: sparse.csr_matrix,
        seen: sparse.csr_matrix,
        start: int,
        end: int,
        k: int,
        new: bool,
    ) -> np.ndarray:
        vectors = self.model.recalculate_user(np.arange(end - start), counts[start:end])
        scores = vectors @ self.model.item_factors.T
        if new:
            scores[seen[start:end].nonzero()] = -np.inf
        return top_k(scores, k)


def _ndcg(row: dict[str, Any]) -> float:
    return float(row["ndcg@10"])


def _counts(rows: pd.Series, columns: pd.Series, shape: tuple[int, int]) -> sparse.csr_matrix:
    ones = np.ones(len(rows), dtype=np.float32)
    return sparse.csr_matrix((ones, (rows.to_numpy(), columns.to_numpy())), shape=shape)


@dataclass(frozen=True)
class SasrecConfig:
    """How eSASRec is configured."""

    history: int
    batch: int
    loss: str
    n_negatives: int


SASREC = {
    "esasrec": SasrecConfig(200, 128, "sampled_softmax", 256),
    "esasrec-fast": SasrecConfig(100, 32, "softmax", 1),
}
"""As its paper configures it, and as it is fastest on a processor. Both are 64 wide with two
layers, as our own model is by default."""


class Sasrec:
    """RecTools' SASRec with LiGR layers (eSASRec, RecSys 2025), ids only."""

    def __init__(self, questions: Questions, config: SasrecConfig, events: str, seed: int) -> None:
        from pytorch_lightning import seed_everything
        from rectools.models import SASRecModel
        from rectools.models.nn.transformers.ligr import LiGRLayers

        self.questions, self.events, self.epoch = questions, events, 0
        self.cases = questions.cases("validation")
        self.best, self.best_epoch, self.best_state = -1.0, 0, {}
        seed_everything(seed)
        self.model: Any = SASRecModel(
            n_blocks=2,
            n_heads=4,
            n_factors=64,
            session_max_len=config.history,
            batch_size=config.batch,
            loss=config.loss,
            n_negatives=config.n_negatives,
            transformer_layers_type=LiGRLayers,
            lr=1e-3,
            dropout_rate=0.2,
            epochs=1,
            recommend_torch_device="cpu",
        )
        self.training = self._dataset(None)

    def train_epoch(self) -> dict[str, Any]:
        """An epoch and its validation; the optimiser goes on where it was."""
        self.model.fit_partial(self.training, 1, 1)
        self.epoch += 1
        ndcg = mean_ndcg(self.lists(10, "validation", views_of(self.cases)), self.cases)
        if ndcg > self.best:
            self.best, self.best_epoch = ndcg, self.epoch
            self.best_state = deepcopy(self.model.lightning_model.state_dict())
        return {"epoch": self.epoch, "events": self.events, "ndcg@10": ndcg}

    @property
    def stalled(self) -> bool:
        """Whether the last epochs brought nothing."""
        return self.epoch - self.best_epoch >= PATIENCE

    def take_best(self) -> None:
        """Put the weights of the best epoch back."""
        self.model.lightning_model.load_state_dict(self.best_state)

    def _dataset(self, part: PartName | None) -> Any:
        """Interactions of RecTools; events that are not predicted weigh nothing in the loss."""
        from rectools import Columns
        from rectools.dataset import Dataset

        rows = self.questions.training() if part is None else self.questions.histories(part)
        rows = chosen_events(rows, self.events)
        table = pd.DataFrame(
            {
                Columns.User: rows["user" if part is None else "case"].to_numpy(),
                Columns.Item: rows["item"].to_numpy(),
                Columns.Weight: rows["target"].to_numpy(dtype=np.float64),
                # The order is what it reads, not the time.
                Columns.Datetime: pd.to_datetime(rows.index.to_numpy(), unit="s"),
            }
        )
        return Dataset.construct(table)

    def lists(self, k: int, part: PartName, views: tuple[View, ...]) -> Lists:
        """The best `k` items of each case, in these views."""
        from rectools import Columns

        known, dataset = self.questions, self._dataset(part)
        found = {}
        for view in views:
            table = self.model.recommend(
                users=dataset.user_id_map.external_ids,
                dataset=dataset,
                k=k,
                filter_viewed=view == "new",
                on_unsupported_targets="ignore",
            )
            items = np.full((len(known.parts[part]), k), -1)
            items[table[Columns.User], table[Columns.Rank] - 1] = table[Columns.Item]
            found[view] = items
        return Lists(found)


def train_sasrec(
    questions: Questions, config: SasrecConfig, seed: int, budget: Budget
) -> tuple[Sasrec, dict[str, Any]]:
    """Try each choice of events for some epochs, go on with the better one until it stalls."""
    models = [Sasrec(questions, config, events, seed) for events in event_choices(questions)]
    curve: list[dict[str, Any]] = []

    def epoch_of(model: Sasrec) -> None:
        curve.append(model.train_epoch() | budget.clock.seconds())
        print(curve[-1], file=sys.stderr, flush=True)

    if len(models) > 1:
        for _ in range(TRIAL_EPOCHS):
            for model in models:
                epoch_of(model)
    model = max(models, key=lambda one: one.best)
    while not (budget.spent or model.stalled):
        epoch_of(model)
    model.take_best()
    chosen = max(curve, key=_ndcg)
    facts = {"curve": curve, "chosen": chosen, "capped": budget.spent and not model.stalled}
    return model, budget.clock.seconds() | facts


def main() -> None:
    """Train one peer, write its answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", choices=("als", *SASREC))
    parser.add_argument("questions", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=30)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)
    questions = read_questions(asked.questions)
    budget, threads = Budget(asked.minutes), len(os.sched_getaffinity(0))
    if asked.model == "als":
        model: Als | Sasrec = Als(questions, asked.seed, threads)
        facts = model.train(budget)
    else:
        import torch

        torch.set_num_threads(threads)
        config = SASREC[asked.model]
        model, facts = train_sasrec(questions, config, asked.seed, budget)
    facts |= {"minutes": asked.minutes, "seed": asked.seed}
    answer(asked.out, questions, model.lists, facts)


if __name__ == "__main__":
    # One thread for the linear algebra of implicit: its own threads are the parallel ones.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    main()
