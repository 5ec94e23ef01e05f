"""The two linear voters of a logit: *again* (the item itself) and *together* (bought with it).

Each event j votes with a weight that depends on its time gap, its event type, and how many later
events have its item, times a damping that all n events of the history share:

    again_i    = Σ_j 1[x_j = i] (n^-¼ κ_j ρ_j + 1[no later event has x_j] a_i)
    together_i = n^-½ Σ_j w_j ρ'_j B[x_j, i]

ρ lets a sum of votes grow as slowly as a log odds should when an item was taken many times, and
a_i is the item's own repeat appeal: bread is bought again, a wedding card is not. All but B are
learned.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from scipy import sparse
from torch import Tensor

from recommender.data.histories import History
from recommender.model.network import Network, gap_buckets, moved, repeat_buckets

warnings.filterwarnings("ignore", message="Sparse CSR tensor support is in beta")

FloatsOrTensor = TypeVar("FloatsOrTensor", np.ndarray, Tensor)


def damping(n_events: Int[np.ndarray, " history"] | int) -> Float[np.ndarray, " history"] | float:
    """n^-½: how much one vote for other items counts among n."""
    return np.maximum(n_events, 1) ** -0.5


def again_damping(damping: FloatsOrTensor) -> FloatsOrTensor:
    """n^-¼: how much one vote for its own item counts among n."""
    return damping**0.5


def later_repeats(keys: Int[np.ndarray, " entry"]) -> Int[np.ndarray, " entry"]:
    """How many later entries have the same key, for each entry."""
    order = np.argsort(keys, kind="stable")
    last = np.searchsorted(keys[order], keys[order], side="right") - 1
    later = np.empty(len(keys), dtype=np.int64)
    later[order] = last - np.arange(len(keys))
    return later


class Votes(NamedTuple):
    """Every history event of every query, flat, for training."""

    query: Int[Tensor, " vote"]
    item: Int[Tensor, " vote"]
    """Index into the batch's distinct history items."""
    gap: Int[Tensor, " vote"]
    event: Int[Tensor, " vote"]
    repeat: Int[Tensor, " vote"]
    """Bucket of how many later events of the query's history have the same item."""
    damping: Float[Tensor, " vote"]
    """n^-½ of the vote's query."""


class Similarities(NamedTuple):
    """Similarities of some items (rows) to some candidates (columns), both ways, sparse."""

    matrix: Tensor
    transposed: Tensor

    @classmethod
    def on(cls, device: torch.device, matrix: sparse.csr_matrix) -> Similarities:
        """The matrix on the device; dense where the device has no sparse products."""

        def placed(part: sparse.csr_matrix) -> Tensor:
            if device.type == "mps":
                return torch.from_numpy(part.toarray()).to(device)
            rows, columns, values = (
                moved(torch.from_numpy(array), device)
                for array in (part.indptr, part.indices, part.data)
            )
            return torch.sparse_csr_tensor(
                rows, columns, values, part.shape, check_invariants=False
            )

        return cls(placed(matrix), placed(matrix.T.tocsr()))

    def of(self, votes: Float[Tensor, "query item"]) -> Float[Tensor, "query candidate"]:
        """votes @ matrix, in float32 (sparse products know no other); gradients reach the votes."""
        with torch.autocast(votes.device.type, enabled=False):
            return _SparseProduct.apply(votes.float(), self.matrix, self.transposed)  # type: ignore[no-untyped-call]


class _SparseProduct(torch.autograd.Function):
    """dense @ sparse, where the gradient is asked for the dense side alone."""

    @staticmethod
    def forward(ctx: Any, dense: Tensor, matrix: Tensor, transposed: Tensor) -> Tensor:
        ctx.save_for_backward(matrix)
        return (transposed @ dense.T).T

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        (matrix,) = ctx.saved_tensors
        return (matrix @ gradient.T.contiguous()).T, None, None


def voter_logits(
    network: Network,
    votes: Votes,
    shape: tuple[int, int],
    items: Int[Tensor, " item"],
    column: Int[Tensor, " item"],
    neighbours: Similarities,
) -> tuple[Float[Tensor, "query candidate"], Bool[Tensor, "query candidate"]]:
    """Both voters' share of the logits while training, and which candidates each history has.

    `shape` is queries × candidates; `items` are the distinct history items, `column` each one's
    column among the candidates, or their number where it is none of them; `neighbours` the
    similarities of history items (rows) to candidates.
    """
    n_queries, n_candidates = shape
    own_place = votes.query * (n_candidates + 1) + column[votes.item]
    nobody = torch.zeros(n_queries * (n_candidates + 1), dtype=torch.bool, device=items.device)
    had = nobody.index_fill(0, own_place, True).view(n_queries, -1)[:, :-1]
    kind = votes.gap * network.again_weight.shape[1] + votes.event
    logits = network.bias.new_zeros(())
    if network.config.again:
        weight = _picked(network.again_weight, kind) * again_damping(votes.damping)
        weight = weight * _picked(network.again_repeat, votes.repeat)
        appeal = _picked(network.again_item, items[votes.item])
        weight = weight + torch.where(votes.repeat == 0, appeal, 0.0)
        logits = _tally(weight, own_place, (n_queries, n_candidates + 1))[:, :-1]
    if network.config.together:
        weight = _picked(network.together_weight, kind) * votes.damping
        weight = weight * _picked(network.together_repeat, votes.repeat)
        place = votes.query * len(items) + votes.item
        logits = logits + neighbours.of(_tally(weight, place, (n_queries, len(items))))
    return logits, had


def _picked(table: Float[Tensor, "*shape"], places: Int[Tensor, " vote"]) -> Float[Tensor, " vote"]:
    return table.flatten().index_select(0, places)


def _tally(
    weight: Float[Tensor, " vote"], place: Int[Tensor, " vote"], shape: tuple[int, int]
) -> Float[Tensor, "query column"]:
    return weight.new_zeros(shape[0] * shape[1]).index_add(0, place, weight).view(shape)


@dataclass(frozen=True, eq=False)
class Voters:
    """The trained voters, for inference."""

    again_weight: Float[np.ndarray, "gap event"]
    again_repeat: Float[np.ndarray, " repeat"]
    again_item: Float[np.ndarray, " item"]
    together_weight: Float[np.ndarray, "gap event"]
    together_repeat: Float[np.ndarray, " repeat"]
    neighbours: sparse.csr_matrix

    @classmethod
    def of(cls, network: Network, neighbours: sparse.csr_matrix) -> Voters:
        """The network's voter weights (zero where switched off) with the similarities."""
        on = network.config

        def plain(weight: Tensor, used: bool) -> np.ndarray:
            return np.asarray(weight.detach().cpu().float().numpy() * np.float32(used))

        return cls(
            plain(network.again_weight, on.again),
            plain(network.again_repeat, on.again),
            plain(network.again_item, on.again),
            plain(network.together_weight, on.together),
            plain(network.together_repeat, on.together),
            neighbours,
        )

    def apart(self) -> tuple[Voters, Voters]:
        """Those who vote for the item itself alone, and those who vote for others alone."""
        nothing = np.zeros_like
        again = replace(self, together_weight=nothing(self.together_weight))
        silent = nothing(self.again_weight), nothing(self.again_item)
        return again, replace(self, again_weight=silent[0], again_item=silent[1])

    def logits(self, histories: Sequence[History]) -> Float[np.ndarray, "history item"]:
        """Both voters' share of every item's logit, for each history."""
        lengths = np.array([len(history) for history in histories])
        row = np.repeat(np.arange(len(histories)), lengths)
        item = np.concatenate([history.items for history in histories])
        event = np.concatenate([history.events for history in histories])
        times = np.concatenate([history.times for history in histories])
        gap = _gaps(np.repeat([history.as_of for history in histories], lengths), times)
        shape = (len(histories), self.neighbours.shape[0])
        later = later_repeats(row * shape[1] + item)
        damp = np.asarray(damping(lengths), dtype=np.float32)[row]
        again, together = self._weigh(item, (gap, event), later, damp)
        votes = sparse.csr_matrix((together, (row, item)), shape) @ self.neighbours
        return np.asarray((votes + sparse.csr_matrix((again, (row, item)), shape)).toarray())

    def shares(
        self, history: History, items: Sequence[int]
    ) -> tuple[Float[np.ndarray, "event candidate"], Float[np.ndarray, "event candidate"]]:
        """Each event's share *again* and share *together* of these items' logits."""
        again, together = (weights[0] for weights in self._weights(history, _whole(history)))
        similar = self.neighbours[history.items][:, list(items)].toarray()
        itself = history.items[:, None] == np.asarray(items)
        return again[:, None] * itself, together[:, None] * similar

    def logits_of_parts(
        self,
        history: History,
        kept: Bool[np.ndarray, "part event"],
        items: Sequence[int] | None = None,
    ) -> Float[np.ndarray, "part candidate"]:
        """Both voters' share of the logits when only these events are left, a row a part.

        The votes that stay are damped less. All items, or only the candidates asked for.
        """
        again, together = self._weights(history, kept)
        different, place = np.unique(history.items, return_inverse=True)
        shape = (len(history), len(different))
        of_item = sparse.csr_matrix(
            (np.ones(len(place), dtype=np.float32), (np.arange(len(place)), place)), shape
        )
        own, others = again @ of_item, together @ of_item
        similar = self.neighbours[different]
        if items is not None:
            similar = similar[:, list(items)]
            return np.asarray(
                own @ (different[:, None] == np.asarray(items)) + others @ similar, dtype=np.float32
            )
        votes = np.asarray(others @ similar, dtype=np.float32)
        votes[:, different] += own
        return votes

    def _weights(
        self, history: History, kept: Bool[np.ndarray, "part event"]
    ) -> tuple[Float[np.ndarray, "part event"], Float[np.ndarray, "part event"]]:
        """What each event's votes weigh in each part; zero where it is not kept."""
        items, events, gaps = _votes(history)
        later = _kept_repeats(items, kept)
        damp = np.asarray(damping(kept.sum(1)), dtype=np.float32)[:, None]
        again, together = self._weigh(items, (gaps, events), later, damp)
        return again * kept, together * kept

    def _weigh(
        self,
        items: Int[np.ndarray, "*vote"],
        place: tuple[np.ndarray, np.ndarray],
        later: Int[np.ndarray, "*vote"],
        damp: Float[np.ndarray, "*vote"],
    ) -> tuple[Float[np.ndarray, "*vote"], Float[np.ndarray, "*vote"]]:
        """What a vote weighs for its own item and for others; `place` is its gap and event."""
        repeat = repeat_buckets(torch.from_numpy(later)).numpy()
        again = again_damping(damp) * self.again_weight[place] * self.again_repeat[repeat]
        again += (later == 0) * self.again_item[items]
        return again, damp * self.together_weight[place] * self.together_repeat[repeat]


def _votes(history: History) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Item, event type and time-gap bucket of each event."""
    return history.items, history.events, _gaps(history.as_of, history.times)


def _gaps(as_of: Int[np.ndarray, " event"] | int, times: Int[np.ndarray, " event"]) -> np.ndarray:
    return gap_buckets(torch.from_numpy(as_of - times.astype(np.int64))).numpy()


def _whole(history: History) -> Bool[np.ndarray, "1 event"]:
    return np.ones((1, len(history)), dtype=bool)


def _kept_repeats(
    items: Int[np.ndarray, " event"], kept: Bool[np.ndarray, "part event"]
) -> Int[np.ndarray, "part event"]:
    """For each event of each part, how many later kept events have the same item."""
    order = np.argsort(items, kind="stable")
    last = np.searchsorted(items[order], items[order], side="right") - 1
    so_far = kept[:, order].cumsum(1)
    later = np.empty(kept.shape, dtype=np.int64)
    later[:, order] = so_far[:, last] - so_far
    return later
