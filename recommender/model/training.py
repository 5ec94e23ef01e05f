"""Training: next-basket softmax with shared negatives, stopped early on both validation views."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from safetensors.torch import save_file
from scipy import sparse
from torch import Tensor, nn
from torch.nn import functional

from recommender.data.dataset import Dataset
from recommender.data.splits import Holdout, Split
from recommender.metrics.evaluator import View, evaluate
from recommender.model.baselines import holdout_cases, views_of
from recommender.model.batches import (
    Batch,
    Piece,
    TrainingEvents,
    assemble,
    group_pieces,
    pieces,
)
from recommender.model.device import choose_device, threads, training_precision
from recommender.model.inference import Scorer
from recommender.model.network import ModelConfig, Network
from recommender.model.voters import Similarities, item_neighbours, voter_logits


@dataclass(frozen=True)
class TrainConfig:
    """How to train."""

    max_epochs: int = 30
    """Passes over the training events at most."""
    patience: int = 4
    """Epochs without a better validation NDCG@10 before training stops."""
    learning_rate: float = 2e-3
    """Peak of AdamW's learning rate; it warms up for an epoch's tenth and falls to a tenth."""
    weight_decay: float = 0.05
    """AdamW's weight decay on matrices and tables."""
    events_a_batch: int = 4096
    """Events (with padding) in a batch."""
    queries_a_batch: int = 512
    """Moments to predict in a batch at most."""
    event_dropout: float = 0.15
    """Share of events deleted from the sequences of a batch, so that the model does not lean on
    one event being there, nor on which one is first."""
    n_negatives: int = 1024
    """Negatives shared by the whole batch, where the softmax is sampled."""
    full_softmax_items: int = 4096
    """Catalogues up to this size are scored whole while training."""
    n_folds: int = 4
    """User folds of the item neighbours: no user trains on neighbours fitted on themselves."""
    validation_cases: int = 2000
    """Validation cases measured after each epoch at most."""
    seed: int = 0
    """Seed of everything random."""

    def __post_init__(self) -> None:
        for name in ("max_epochs", "patience", "events_a_batch", "queries_a_batch", "n_folds"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, not {getattr(self, name)}")
        if not 0 < self.learning_rate < 1:
            raise ValueError(f"learning_rate must be between 0 and 1, not {self.learning_rate}")


@dataclass(frozen=True)
class Progress:
    """Where training stands."""

    step: int
    steps: int
    """Steps if it runs to the last epoch."""
    epoch: int
    loss: float
    ndcg: float | None
    """Validation NDCG@10, mean of the views; None before the first epoch has ended."""
    seconds: float
    seconds_left: float
    """If it runs to the last epoch."""


@dataclass(frozen=True, eq=False)
class Trained:
    """What training gives: the best network, its neighbours, and how it got there."""

    network: Network
    neighbours: sparse.csr_matrix
    curve: list[dict[str, int | float]] = field(default_factory=list)
    """One row an epoch: epoch, step, seconds, loss, events_a_second, ndcg@10 (of each view)."""


def new_network(dataset: Dataset, config: ModelConfig) -> Network:
    """An untrained network of the data set's shape."""
    return Network(
        config,
        dataset.item_features,
        dataset.user_features,
        n_items=len(dataset.items),
        n_event_types=len(dataset.event_types),
    )


def fit(
    dataset: Dataset,
    split: Split,
    model: ModelConfig,
    config: TrainConfig,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    device: torch.device | None = None,
    checkpoint: Path | None = None,
) -> Trained:
    """Train on what the split leaves to training; keep the epoch that validates best.

    With `checkpoint`, the best weights so far are written there after each better epoch.
    """
    device = device or choose_device()
    torch.manual_seed(config.seed)
    with threads():
        return _Fit(dataset, split, model, config, device).run(on_progress, checkpoint)


class _Fit:
    """The loop's moving parts, so that each step reads as one thing."""

    def __init__(
        self,
        dataset: Dataset,
        split: Split,
        model: ModelConfig,
        config: TrainConfig,
        device: torch.device,
    ) -> None:
        self.dataset, self.config, self.device = dataset, config, device
        self.rng = np.random.default_rng(config.seed)
        self.data = TrainingEvents.of(dataset, split.train_end)
        self.network = new_network(dataset, model).to(device)
        shape = (len(dataset.users), len(dataset.items))
        n_folds = config.n_folds if model.together else 0
        self.neighbours, *without = item_neighbours(
            self.data.users, self.data.items, shape, n_folds
        )
        self.fold_neighbours = without or [self.neighbours] * config.n_folds
        self.validation = _sample(split.validation, config.validation_cases, self.rng)
        self.optimizer = _optimizer(self.network, config)
        self.precision = training_precision(device)
        counts = np.bincount(self.data.target_items, minlength=len(dataset.items))
        self.popularity = counts / max(counts.sum(), 1)

    def run(self, on_progress: Callable[[Progress], None], checkpoint: Path | None) -> Trained:
        curve: list[dict[str, int | float]] = []
        best, best_state, since_best = -1.0, self._state(), 0
        started, step = time.perf_counter(), 0
        ndcg: float | None = None
        for epoch in range(1, self.config.max_epochs + 1):
            losses, events, epoch_started = [], 0, time.perf_counter()
            groups = self._groups()
            steps = step + (self.config.max_epochs - epoch + 1) * len(groups)
            for group in groups:
                batch = self._assemble(group)
                self._set_learning_rate(step, steps)
                losses.append(self.step(batch))
                events, step = events + batch.n_events, step + 1
                seconds = time.perf_counter() - started
                if step % 10 == 0:
                    # The only moment that waits for the device.
                    loss = float(torch.stack(losses[-10:]).mean())
                    left = seconds / step * max(steps - step, 0)
                    on_progress(Progress(step, steps, epoch, loss, ndcg, seconds, left))
            trained_seconds = time.perf_counter() - epoch_started
            views = self.validate()
            ndcg = float(np.mean(list(views.values()))) if views else 0.0
            loss = float(torch.stack(losses).mean()) if losses else 0.0
            seconds = time.perf_counter() - started
            row = {"epoch": epoch, "step": step, "seconds": seconds, "loss": loss}
            row["events_a_second"] = events / trained_seconds
            curve.append(row | {f"ndcg@10 {view}": value for view, value in views.items()})
            left = seconds / max(step, 1) * max(steps - step, 0)
            on_progress(Progress(step, steps, epoch, loss, ndcg, seconds, left))
            since_best += 1
            if ndcg > best or not views:
                best, best_state, since_best = ndcg, self._state(), 0
                if checkpoint:
                    save_file(best_state, checkpoint)
            if since_best >= self.config.patience:
                break
        self.network.load_state_dict(best_state)
        return Trained(self.network, self.neighbours, curve)

    def _state(self) -> dict[str, Tensor]:
        return {k: v.detach().cpu().clone() for k, v in self.network.state_dict().items()}

    def _groups(self) -> list[list[Piece]]:
        todo = pieces(self.data, self.network.config.window, self.rng)
        n_folds, n_events = self.config.n_folds, self.config.events_a_batch
        groups = group_pieces(todo, n_folds, n_events, self.rng)
        return [groups[i] for i in self.rng.permutation(len(groups))]

    def _assemble(self, group: list[Piece]) -> Batch:
        config = self.config
        return assemble(
            self.data,
            group,
            config.queries_a_batch,
            config.n_folds,
            config.event_dropout,
            self.rng,
        )

    def _set_learning_rate(self, step: int, steps: int) -> None:
        warm = max(steps // (10 * self.config.max_epochs), 10)
        fall = 0.1 + 0.45 * (1 + math.cos(math.pi * min(step / max(steps, 1), 1)))
        for group in self.optimizer.param_groups:
            group["lr"] = self.config.learning_rate * min((step + 1) / warm, 1) * fall

    def step(self, batch: Batch) -> Tensor:
        """One optimiser step; the loss stays on the device."""
        self.network.train()
        candidates, column, log_q = self._candidates(batch)
        neighbours = self.fold_neighbours[batch.fold][batch.vote_items][:, candidates]
        moved = batch.to(self.device)
        own_column = _columns_of(batch.vote_items, candidates, len(self.dataset.items))
        mixed = self.precision != torch.float32
        with torch.autocast(self.device.type, self.precision, enabled=mixed):
            logits = self._logits(
                moved,
                torch.from_numpy(candidates).to(self.device),
                torch.from_numpy(own_column).to(self.device),
                Similarities.on(self.device, neighbours),
            )
        logits = logits.float()
        if log_q is not None:
            logits = logits - torch.from_numpy(log_q).to(self.device)
        column_of = torch.from_numpy(column).to(self.device)
        chosen = functional.log_softmax(logits, dim=-1)[moved.target_query, column_of]
        loss = -(chosen * moved.target_weight).sum() / len(batch.queries.rows)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        return loss.detach()

    def _logits(
        self, batch: Batch, candidates: Tensor, own_column: Tensor, neighbours: Similarities
    ) -> Float[Tensor, "query candidate"]:
        users = self.network.user_vectors(batch.sequences, batch.queries)
        learned = users @ self.network.candidates(candidates).T + self.network.bias[candidates]
        n_queries = len(batch.queries.rows)
        return learned + voter_logits(self.network, batch.votes, n_queries, own_column, neighbours)

    def _candidates(
        self, batch: Batch
    ) -> tuple[Int[np.ndarray, " candidate"], Int[np.ndarray, " target"], np.ndarray | None]:
        """Items to score, each target's column among them, and the sampling correction."""
        n_items = len(self.dataset.items)
        if n_items <= self.config.full_softmax_items:
            return np.arange(n_items), batch.target_item, None
        drawn = self.rng.integers(0, n_items, self.config.n_negatives)
        candidates = np.unique(np.concatenate([batch.target_item, drawn]))
        column = np.searchsorted(candidates, batch.target_item)
        # How often an item is expected among the candidates (Bengio & Senécal 2008).
        expected = len(batch.target_item) * self.popularity[candidates]
        expected = np.minimum(expected + self.config.n_negatives / n_items, 1.0)
        return candidates, column, np.log(expected).astype(np.float32)

    def validate(self) -> dict[View, float]:
        """NDCG@10 of each view on the validation cases."""
        if not len(self.validation.users):
            return {}
        scorer = Scorer.of(self.network, self.neighbours)
        cases = holdout_cases(self.dataset, self.validation)
        scores = case_scores(scorer, self.dataset, self.validation)
        measured = evaluate(scores, cases, views_of(cases))
        return {
            view: float(np.mean(values["ndcg@10"]))
            for view, values in measured.items()
            if len(values["case"])
        }


def case_scores(
    scorer: Scorer, dataset: Dataset, holdout: Holdout
) -> Callable[[Int[np.ndarray, " case"]], Float[np.ndarray, "case item"]]:
    """The network's scores of a holdout's cases, for the evaluator."""

    def scores(cases: Int[np.ndarray, " case"]) -> Float[np.ndarray, "case item"]:
        return scorer.logits(
            [
                dataset.history(int(holdout.users[i]), int(holdout.cuts[i]), int(holdout.as_of[i]))
                for i in cases
            ]
        )

    return scores


def _sample(holdout: Holdout, n: int, rng: np.random.Generator) -> Holdout:
    if len(holdout.users) <= n:
        return holdout
    kept = np.sort(rng.choice(len(holdout.users), n, replace=False))
    targets = [holdout.targets(case) for case in kept]
    return Holdout(
        users=holdout.users[kept],
        cuts=holdout.cuts[kept],
        as_of=holdout.as_of[kept],
        target_offsets=np.cumsum([0, *map(len, targets)]),
        target_items=np.concatenate(targets),
    )


def _columns_of(items: np.ndarray, candidates: np.ndarray, n_items: int) -> np.ndarray:
    """Each candidate's index in `items` (sorted), or `len(items)` where it is not there."""
    place = np.full(n_items, len(items))
    place[items] = np.arange(len(items))
    return place[candidates]


def _optimizer(network: Network, config: TrainConfig) -> torch.optim.Optimizer:
    decayed = [p for p in network.parameters() if p.requires_grad and p.ndim > 1]
    others = [p for p in network.parameters() if p.requires_grad and p.ndim <= 1]
    return torch.optim.AdamW(
        [
            {"params": decayed, "weight_decay": config.weight_decay},
            {"params": others, "weight_decay": 0.0},
        ],
        lr=config.learning_rate,
        betas=(0.9, 0.98),
        fused=network.bias.device.type != "mps",
    )
