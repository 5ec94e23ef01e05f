"""Training: next-basket softmax with shared negatives, stopped early on both validation views."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from scipy import sparse
from torch import Tensor

from recommender.data.dataset import Dataset
from recommender.data.splits import Holdout, Split
from recommender.metrics.evaluator import View, evaluate, views_of
from recommender.model import distributed
from recommender.model.balance import Balance, balance_parts
from recommender.model.baselines import holdout_cases
from recommender.model.batches import (
    Batch,
    Part,
    TrainingEvents,
    assemble,
    group_pieces,
    in_parts,
    pieces,
)
from recommender.model.checkpoints import State, key_of, load_checkpoint, save_checkpoint
from recommender.model.device import choose_device, threads
from recommender.model.inference import Scorer
from recommender.model.learning import Learner, TrainConfig
from recommender.model.neighbours import together_weights
from recommender.model.network import ModelConfig, Network
from recommender.model.newcomers import welcome_new_items
from recommender.model.trend import Trend
from recommender.model.uniqueness import make_shares_unique
from recommender.said import StatedError

EVENTS_A_PART = 2048
"""Events (with padding) that a CPU's thread learns from at once, or hardly more."""


@dataclass(frozen=True)
class Progress:
    """Where training stands."""

    step: int
    steps: int
    """Steps if it runs to the last epoch."""
    epoch: int
    loss: float
    ndcg: float | None
    """Validation NDCG@10, mean of the views; None before the first epoch has ended, and where
    there is no validation case."""
    seconds: float
    seconds_left: float
    """If it runs to the last epoch."""
    measured: bool = False
    """Whether the epoch is over, and `ndcg` its own."""


@dataclass(frozen=True, eq=False)
class Trained:
    """What training gives: the best network, its neighbours, and how it got there."""

    network: Network
    neighbours: sparse.csr_matrix
    trend: Trend | None = None
    balance: Balance = field(default_factory=Balance)
    """The factors that its parts were weighed with after training."""
    curve: list[dict[str, int | float]] = field(default_factory=list)
    """One row an epoch: epoch, step, seconds, loss, events_a_second, ndcg@10 (of each view)."""

    def scorer(self) -> Scorer:
        """The network ready to score."""
        return Scorer.of(self.network, self.neighbours, self.trend)


def new_network(dataset: Dataset, config: ModelConfig) -> Network:
    """An untrained network of the data set's shape; what is left open is settled by the data."""
    if config.order_term is None:
        config = replace(config, order_term=config.attention and not dataset.repeats)
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

    With `checkpoint`, the state is written there after each epoch, and training goes on from what
    stands there, to the same result as if it had never stopped; a file of another data set or
    configuration is written over. Started by `torchrun`, several processes train together: each
    calls this, all get the same weights, and the first alone tells and writes.
    """
    device = device or choose_device()
    torch.manual_seed(config.seed)
    with threads(distributed.own_threads()):
        return _Fit(dataset, split, model, config, device).run(on_progress, checkpoint)


def finished(trained: Trained, dataset: Dataset, split: Split) -> Trained:
    """What a run keeps of a trained network, which is changed in place.

    Shares are made unique, items without a training event get their place, and neighbours are
    those of all events before the test, the validation part's too: for when all is chosen, since
    until then the validation cases must not be known.
    """
    counts = np.bincount(
        TrainingEvents.of(dataset, split.train_end).items, minlength=len(dataset.items)
    )
    make_shares_unique(trained.network, counts)
    welcome_new_items(trained.network, trained.neighbours, dataset, split.validation, counts)
    if not trained.network.config.together:
        return trained
    known = TrainingEvents.of(dataset, split.test_start)
    shape = len(dataset.users), len(dataset.items)
    return replace(trained, neighbours=together_weights(known.users, known.items, shape)[0])


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
        self.dataset, self.split, self.config = dataset, split, config
        self.rng = np.random.default_rng(config.seed)
        self.data = TrainingEvents.of(dataset, split.train_end)
        network = new_network(dataset, model).to(device)
        n_folds = config.n_folds if model.together else 0
        shape = (len(dataset.users), len(dataset.items))
        self.neighbours, *without = together_weights(
            self.data.users, self.data.items, shape, n_folds
        )
        self.validation = _sample(split.validation, config.validation_cases, self.rng)
        counts = np.bincount(self.data.target_items, minlength=len(dataset.items))
        folds = without or [self.neighbours] * config.n_folds
        self.together = distributed.n_processes()
        self.epochs = config.epochs(len(self.data.items), self.together)
        own_rng = self.rng if self.together == 1 else np.random.default_rng(config.seed)
        self.learner = Learner(network, config, counts, folds, own_rng)
        together = [self.together] if self.together > 1 else []
        settings = split.name, asdict(model), asdict(config), EVENTS_A_PART
        self.key = key_of(dataset.fingerprint, *settings, *together)

    def run(self, on_progress: Callable[[Progress], None], checkpoint: Path | None) -> Trained:
        state = self._resume(checkpoint)
        started = time.perf_counter() - state.seconds
        while state.epoch < self.epochs and state.since_best < self.config.patience:
            row = self._epoch(state, started, on_progress)
            state.curve.append(row)
            if checkpoint and distributed.rank() == 0:
                save_checkpoint(checkpoint, self.key, state, self.learner)
        network, loss = self.learner.network, self.config.new_items_loss
        network.load_state_dict(state.best)
        asked = self.dataset, self.split, self.validation
        balance, trend = balance_parts(network, self.neighbours, *asked, loss)
        return Trained(network, self.neighbours, trend, balance, state.curve)

    def _resume(self, checkpoint: Path | None) -> State:
        found = load_checkpoint(checkpoint, self.key, self.learner) if checkpoint else None
        state = found or State(best=self._weights())
        if distributed.as_first(state.epoch) != state.epoch:
            raise StatedError("{file} must be the same file for all processes", file=checkpoint)
        return state

    def _epoch(
        self, state: State, started: float, on_progress: Callable[[Progress], None]
    ) -> dict[str, int | float]:
        """One pass over the training events, and what came of it; `state` moves on."""
        if self.together > 1:
            distributed.reseed(self.config.seed, state.epoch, self.rng, self.learner.rng)
        groups = self._groups()
        steps = state.step + (self.epochs - state.epoch) * len(groups)
        state.epoch += 1

        def report(losses: list[Tensor], measured: bool = False) -> None:
            loss = float(torch.stack(losses).mean()) if losses else 0.0
            seconds = time.perf_counter() - started
            left = seconds / max(state.step, 1) * max(steps - state.step, 0)
            if distributed.rank() == 0:
                now = (state.step, steps, state.epoch, loss, state.ndcg, seconds, left)
                on_progress(Progress(*now, measured))

        losses: list[Tensor] = []
        n_events, epoch_started = 0, time.perf_counter()
        for group in groups:
            batches = self._assemble(group)
            losses.append(self.learner.step(batches, self._rate(state.step, steps)))
            n_events += sum(part.n_events for part in chain(*batches))
            state.step += 1
            if state.step % 10 == 0:
                report(losses[-10:])  # the only moment that waits for the device
        trained_seconds = time.perf_counter() - epoch_started
        views = self._validate(state)
        state.seconds = time.perf_counter() - started
        report(losses, measured=True)
        loss = float(torch.stack(losses).mean()) if losses else 0.0
        events = distributed.mean(n_events, self.learner.device) * self.together
        return {
            "epoch": state.epoch,
            "step": state.step,
            "seconds": state.seconds,
            "loss": distributed.mean(loss, self.learner.device),
            "events_a_second": events / trained_seconds,
            **{f"ndcg@10 {view}": value for view, value in views.items()},
        }

    def _validate(self, state: State) -> dict[View, float]:
        """Measure the averaged weights, and keep them if they are the best so far."""
        with self.learner.averaged():
            views = distributed.as_first(self.validate() if distributed.rank() == 0 else {})
            state.ndcg = float(np.mean(list(views.values()))) if views else None
            state.since_best += 1
            if state.ndcg is None or state.ndcg > state.best_ndcg:
                state.best, state.since_best = self._weights(), 0
                state.best_ndcg = state.best_ndcg if state.ndcg is None else state.ndcg
        return views

    def _weights(self) -> dict[str, Tensor]:
        network = self.learner.network
        return {name: w.detach().cpu().clone() for name, w in network.state_dict().items()}

    def _groups(self) -> list[list[list[Part]]]:
        """For each optimiser step the batches that this process learns, in their parts."""
        todo = pieces(self.data, self.learner.network.config.window, self.rng)
        n_folds, n_events = self.config.n_folds, self.config.events_a_batch
        groups = group_pieces(todo, n_folds, n_events, self.rng)
        order = distributed.own_share(self.rng.permutation(len(groups)).tolist())
        side_by_side = self.learner.device.type == "cpu" and self.together == 1
        at_once = EVENTS_A_PART if side_by_side else n_events
        parted = [in_parts(groups[i], self.config.queries_a_batch, at_once) for i in order]
        n = self.config.accumulate
        return [parted[start : start + n] for start in range(0, len(parted), n)]

    def _assemble(self, group: Sequence[Sequence[Part]]) -> list[list[Batch]]:
        n_folds, chance, rng = self.config.n_folds, self.config.event_dropout, self.learner.rng
        return [
            [assemble(self.data, *part, n_folds, chance, rng) for part in parts] for parts in group
        ]

    def _rate(self, step: int, steps: int) -> float:
        """Warm-up over a tenth of an epoch, then half a cosine down to a tenth."""
        warm = max(steps // (10 * self.epochs), 10)
        fall = 0.1 + 0.45 * (1 + math.cos(math.pi * min(step / max(steps, 1), 1)))
        return min((step + 1) / warm, 1) * fall

    def validate(self) -> dict[View, float]:
        """NDCG@10 of each view on the validation cases."""
        if not len(self.validation.users):
            return {}
        scorer = Scorer.of(self.learner.network, self.neighbours)
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
    return holdout.of(np.sort(rng.choice(len(holdout.users), n, replace=False)))
