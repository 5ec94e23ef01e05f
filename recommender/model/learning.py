"""One step of learning: which items are scored, the loss, the optimiser, the averaged weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from scipy import sparse
from torch import Tensor, nn
from torch.nn import functional

from recommender.model.batches import Batch
from recommender.model.device import side_by_side, training_precision
from recommender.model.distributed import averaging, n_processes, without_averaging
from recommender.model.dropout import drawing_from
from recommender.model.network import Network, moved
from recommender.model.voters import Similarities, voter_logits
from recommender.said import StatedError

STEPS = 1500
"""Optimiser steps that the learning rate falls over where no number of epochs is asked for."""
EPOCHS = 3, 30
"""Epochs at least and at most, however many or few steps they have."""


@dataclass(frozen=True)
class TrainConfig:
    """How to train."""

    max_epochs: int | None = None
    """Passes over the training events at most; None: as many as `STEPS` make, from 3 to 30."""
    patience: int = 4
    """Epochs without a better validation NDCG@10 before training stops."""
    learning_rate: float = 2e-3
    """Peak of AdamW's learning rate; it warms up for an epoch's tenth and falls to a tenth."""
    voter_speed: float = 20.0
    """How many times faster the voters' few weights learn than all else."""
    averaging: float = 0.99
    """The weights that are kept are a running mean: how much of it stays at each step."""
    new_items_loss: float = 0.5
    """Weight of the same loss over the items new to the user alone, beside that over all."""
    weight_decay: float = 0.05
    """AdamW's weight decay on matrices and tables."""
    events_a_batch: int = 4096
    """Events (with padding) in a batch."""
    queries_a_batch: int = 512
    """Moments to predict in a batch at most."""
    accumulate: int = 1
    """Batches whose gradients make one optimiser step."""
    event_dropout: float = 0.15
    """Share of events deleted from the sequences of a batch, so that the model does not lean on
    one event being there, nor on which one is first."""
    n_negatives: int = 1024
    """Negatives shared by the whole batch, where the softmax is sampled."""
    full_softmax_items: int = 16_384
    """Catalogues up to this size are scored whole while training."""
    n_folds: int = 4
    """User folds of the item neighbours: no user trains on neighbours fitted on themselves."""
    validation_cases: int = 2000
    """Validation cases measured after each epoch at most."""
    seed: int = 0
    """Seed of everything random."""

    def __post_init__(self) -> None:
        for name in (
            "max_epochs",
            "patience",
            "events_a_batch",
            "queries_a_batch",
            "n_folds",
            "accumulate",
        ):
            if (value := getattr(self, name)) is not None and value < 1:
                raise StatedError("{name} must be at least 1, not {value}", name=name, value=value)
        if not 0 <= self.averaging < 1:
            raise StatedError(
                "averaging must be from 0 to below 1, not {value}", value=self.averaging
            )
        if not 0 < self.learning_rate < 1:
            raise StatedError(
                "learning_rate must be between 0 and 1, not {value}", value=self.learning_rate
            )

    def epochs(self, n_events: int, n_processes: int = 1) -> int:
        """Passes over so many training events at most."""
        if self.max_epochs is not None:
            return self.max_epochs
        steps = max(n_events / (self.events_a_batch * self.accumulate * n_processes), 1)
        return int(np.clip(round(STEPS / steps), *EPOCHS))


class _Candidates(NamedTuple):
    """The items that a batch's softmax is over, rising."""

    items: Int[np.ndarray, " candidate"]
    log_q: Float[np.ndarray, " candidate"] | None
    """The sampling correction, where they were drawn."""


class _Task(NamedTuple):
    """A part of a batch to learn."""

    part: Batch
    weight: float
    """Of each of its queries in the step's loss."""
    source: np.random.Generator
    candidates: _Candidates


class Learner:
    """A network while it learns. `average` is the running mean of its weights."""

    def __init__(
        self,
        network: Network,
        config: TrainConfig,
        target_counts: Int[np.ndarray, " item"],
        fold_neighbours: Sequence[sparse.csr_matrix],
        rng: np.random.Generator,
    ) -> None:
        self.network, self.config, self.rng = network, config, rng
        self.fold_neighbours = fold_neighbours
        self.popularity = target_counts / max(target_counts.sum(), 1)
        _start_from_popularity(network, target_counts)
        self.optimizer = _optimizer(network, config)
        self.average = [weight.detach().clone() for weight in network.parameters()]
        self.n_steps = 0
        self.device = network.bias.device
        self.scoring = averaging(_Scoring(network), self.device)
        self.precision = training_precision(self.device)

    def step(self, batches: Sequence[Sequence[Batch]], rate: float) -> Float[Tensor, ""]:
        """One optimiser step on these batches, each in its parts; the loss stays on the device.

        `rate` is the share of each weight's peak learning rate. The batches count alike, and all
        queries of a batch do: its parts change how it is computed, not what is learned. One
        process on a CPU learns them side by side, each draws its dropout from a source of its own.
        """
        self.network.train()
        self.optimizer.zero_grad(set_to_none=True)
        learn = self._side_by_side if n_processes() == 1 else self._by_turns
        total = learn([task for parts in batches for task in self._tasks(parts, len(batches))])
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        for group in self.optimizer.param_groups:
            group["lr"] = group["peak"] * rate
        self.optimizer.step()
        self._follow()
        return total

    def _tasks(self, parts: Sequence[Batch], n_batches: int) -> list[_Task]:
        """What there is to learn of one of so many batches."""
        candidates = self._candidates(np.concatenate([part.target_item for part in parts]))
        weight = 1 / (n_batches * sum(len(part.queries.rows) for part in parts))
        sources = map(np.random.default_rng, self.rng.integers(2**63, size=len(parts)))
        return [
            _Task(part, weight, source, candidates)
            for part, source in zip(parts, sources, strict=True)
        ]

    def _side_by_side(self, tasks: Sequence[_Task]) -> Tensor:
        """Leave each weight the sum of its gradients, added in the order of the tasks."""
        weights = [weight for weight in self.network.parameters() if weight.requires_grad]

        def learn(task: _Task) -> tuple[Tensor, list[Tensor | None]]:
            loss = self._loss(task)
            return loss.detach(), list(torch.autograd.grad(loss, weights, allow_unused=True))

        total = torch.zeros((), device=self.device)
        # No more gradients are held than are computed at once.
        at_once = torch.get_num_threads() if self.device.type == "cpu" else 1
        for start in range(0, len(tasks), at_once):
            for loss, gradients in side_by_side(learn, tasks[start : start + at_once], self.device):
                total += loss
                for weight, gradient in zip(weights, gradients, strict=True):
                    if gradient is not None and weight.grad is not None:
                        weight.grad.add_(gradient)
                    elif gradient is not None:
                        weight.grad = gradient.contiguous()
        return total

    def _by_turns(self, tasks: Sequence[_Task]) -> Tensor:
        """The same where the gradients of several processes are averaged."""
        total = torch.zeros((), device=self.device)
        for task in tasks:
            with nullcontext() if task is tasks[-1] else without_averaging(self.scoring):
                loss = self._loss(task)
                loss.backward()
            total += loss.detach()
        return total

    def _follow(self) -> None:
        self.n_steps += 1
        pull = max(1 - self.config.averaging, 1 / (self.n_steps + 1))
        weights = [weight.detach() for weight in self.network.parameters()]
        torch._foreach_lerp_(self.average, weights, pull)

    @contextmanager
    def averaged(self) -> Iterator[Network]:
        """The network with the averaged weights in place, while the context lasts."""
        own = [weight.detach().clone() for weight in self.network.parameters()]
        _put(self.network, self.average)
        try:
            yield self.network
        finally:
            _put(self.network, own)

    def _loss(self, task: _Task) -> Float[Tensor, ""]:
        """Next-basket cross entropy over all items, and again over those new to the user; the
        part's share of the step's."""
        batch, weight_of_query, source, (candidates, log_q) = task
        neighbours = self.fold_neighbours[batch.fold][batch.vote_items][:, candidates]
        on_device = batch.to(self.device)
        n_items = len(self.popularity)
        own_column = _columns_of(candidates, batch.vote_items, n_items)
        mixed = self.precision != torch.float32
        with (
            torch.autocast(self.device.type, self.precision, enabled=mixed),
            drawing_from(source if self.device.type == "cpu" else None),
        ):
            logits, had = self.scoring(
                on_device,
                self._sent(candidates),
                self._sent(batch.vote_items),
                self._sent(own_column),
                Similarities.on(self.device, neighbours),
            )
        logits = logits.float()
        if log_q is not None:
            logits = logits - self._sent(log_q)
        column = _columns_of(candidates, batch.target_item, n_items)
        target = on_device.target_query, self._sent(column)
        chosen = functional.log_softmax(logits, dim=-1)[target]
        loss = -(chosen * on_device.target_weight).sum()
        if self.config.new_items_loss:
            fresh = functional.log_softmax(logits.masked_fill(had, -1e4), dim=-1)[target]
            weight = on_device.target_weight * ~had[target]
            loss = loss - self.config.new_items_loss * (fresh * weight).sum()
        return loss * weight_of_query

    def _sent(self, array: np.ndarray) -> Tensor:
        return moved(torch.from_numpy(array), self.device)

    def _candidates(self, targets: Int[np.ndarray, " target"]) -> _Candidates:
        """All items, or of a large catalogue the batch's targets and negatives that are drawn."""
        n_items, n_negatives = len(self.popularity), self.config.n_negatives
        if n_items <= self.config.full_softmax_items:
            return _Candidates(np.arange(n_items), None)
        drawn = self.rng.integers(0, n_items, n_negatives)
        candidates = np.unique(np.concatenate([targets, drawn]))
        # How probable it is that an item is among the candidates (Bengio & Senécal 2008).
        expected = len(targets) * self.popularity[candidates] + n_negatives / n_items
        return _Candidates(candidates, np.log(-np.expm1(-expected)).astype(np.float32))


class _Scoring(nn.Module):
    """The whole way from a batch to logits, as one module whose gradients may be averaged."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(
        self,
        batch: Batch,
        candidates: Tensor,
        vote_items: Tensor,
        own_column: Tensor,
        neighbours: Similarities,
    ) -> tuple[Float[Tensor, "query candidate"], Bool[Tensor, "query candidate"]]:
        """The candidates' logits, and which of them the user has already."""
        users = self.network.user_vectors(batch.sequences, batch.queries)
        bias = self.network.bias.index_select(0, candidates)
        learned = torch.addmm(bias, users, self.network.candidates(candidates).T)
        shape = len(users), len(candidates)
        votes, had = voter_logits(
            self.network, batch.votes, shape, vote_items, own_column, neighbours
        )
        return learned + votes, had


@torch.no_grad()
def _put(network: Network, weights: Sequence[Tensor]) -> None:
    for own, weight in zip(network.parameters(), weights, strict=True):
        own.copy_(weight)


def _columns_of(candidates: np.ndarray, items: np.ndarray, n_items: int) -> np.ndarray:
    """Each item's index in `candidates`, or `len(candidates)` where it is not there."""
    place = np.full(n_items, len(candidates))
    place[candidates] = np.arange(len(candidates))
    return place[items]


@torch.no_grad()
def _start_from_popularity(network: Network, counts: Int[np.ndarray, " item"]) -> None:
    """Biases start at the log popularity; repeat appeal at minus half of it.

    What a user takes again depends on that user's habit more than on how popular the item is.
    """
    log_share = np.log((counts + 0.1) / (counts.sum() + 0.1 * len(counts)))
    bias = log_share - log_share.mean()
    network.bias.copy_(torch.from_numpy(bias))
    network.again_item.copy_(torch.from_numpy(-0.5 * bias))


def _optimizer(network: Network, config: TrainConfig) -> torch.optim.Optimizer:
    voters = network.voter_weights
    fast = {id(weight) for weight in voters}
    others = [w for w in network.parameters() if w.requires_grad and id(w) not in fast]
    rate = config.learning_rate
    groups = [
        {"params": [w for w in others if w.ndim > 1], "peak": rate},
        {"params": [w for w in others if w.ndim <= 1], "peak": rate, "weight_decay": 0.0},
        {"params": voters, "peak": rate * config.voter_speed, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(
        groups,
        lr=rate,
        betas=(0.9, 0.98),
        weight_decay=config.weight_decay,
        fused=network.bias.device.type != "mps",
    )
