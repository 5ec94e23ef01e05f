"""The two linear voters of a logit: *again* (the item itself) and *together* (bought with it).

Each event j votes with a weight that depends on its time gap and event type alone, times a damping
that all n events of the history share: `again_i = s(n) Σ_j 1[x_j = i] κ_j`,
`together_i = s(n) Σ_j w_j B[x_j, i]`. Without the damping the votes of a long history drown all
else.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from scipy import sparse
from torch import Tensor

from recommender.data.histories import History
from recommender.model.network import Network, gap_buckets

warnings.filterwarnings("ignore", message="Sparse CSR tensor support is in beta")

N_NEIGHBOURS = 100
"""Neighbours kept of each item."""


def damping(n_events: Int[np.ndarray, " history"] | int) -> Float[np.ndarray, " history"] | float:
    """s(n) = 1 / sqrt(n): how much one vote counts among n."""
    return np.maximum(n_events, 1) ** -0.5


def item_neighbours(
    users: Int[np.ndarray, " event"],
    items: Int[np.ndarray, " event"],
    shape: tuple[int, int],
    n_folds: int = 0,
    n_neighbours: int = N_NEIGHBOURS,
    shrink: float = 10.0,
) -> tuple[sparse.csr_matrix, ...]:
    """Cosine item-kNN on who bought what (Sarwar et al. 2001), shrunk where few did.

    `shape` is (users, items). Row i of a matrix holds the `n_neighbours` items nearest to i; never
    i itself. The first matrix is of all users; the others leave out the users of each fold
    (user code modulo `n_folds`).
    """
    ones = np.ones(len(users), dtype=np.float32)
    bought = sparse.csr_matrix((ones, (users, items)), shape=shape)
    bought.data[:] = 1.0
    folds = [bought[fold :: max(n_folds, 1)] for fold in range(max(n_folds, 1))]
    by_item = [part.T.tocsr() for part in folds]
    popularity = [np.asarray(part.sum(0)).ravel() for part in folds]
    rows: list[list[sparse.csr_matrix]] = [[] for _ in range(1 + n_folds)]
    step = max(1, min(1024, 2**24 // shape[1]))
    for start in range(0, shape[1], step):
        chunk = slice(start, start + step)
        counts = [(t[chunk] @ part).toarray() for t, part in zip(by_item, folds, strict=True)]
        without = [0.0, *counts][: 1 + n_folds]
        taken = [np.zeros(shape[1]), *popularity][: 1 + n_folds]
        for matrix, left_out, fewer in zip(rows, without, taken, strict=True):
            norm = np.sqrt(np.maximum(sum(popularity) - fewer, 0), dtype=np.float32)
            similar = (sum(counts) - left_out) / (np.outer(norm[chunk], norm) + shrink)
            matrix.append(_nearest(similar, start, n_neighbours))
    return tuple(sparse.csr_matrix(sparse.vstack(matrix, format="csr")) for matrix in rows)


def _nearest(
    similar: Float[np.ndarray, "row item"], start: int, n_neighbours: int
) -> sparse.csr_matrix:
    """The largest values of each row, without the item itself (row r is item start + r)."""
    similar[np.arange(len(similar)), start + np.arange(len(similar))] = 0.0
    k = min(n_neighbours, similar.shape[1])
    value, item = torch.from_numpy(similar).topk(k, dim=1)
    matrix = sparse.csr_matrix(
        (value.flatten().numpy(), item.flatten().numpy(), np.arange(0, k * len(similar) + 1, k)),
        shape=similar.shape,
    )
    matrix.eliminate_zeros()
    matrix.sort_indices()
    return matrix


class Votes(NamedTuple):
    """Every history event of every query, flat, for training."""

    query: Int[Tensor, " vote"]
    item: Int[Tensor, " vote"]
    """Index into the batch's distinct history items."""
    gap: Int[Tensor, " vote"]
    event: Int[Tensor, " vote"]
    damping: Float[Tensor, " vote"]
    """s(n) of the vote's query."""


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
            rows, columns = torch.from_numpy(part.indptr), torch.from_numpy(part.indices)
            values, size = torch.from_numpy(part.data), part.shape
            made = torch.sparse_csr_tensor(rows, columns, values, size, check_invariants=False)
            return made.to(device)

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
    n_queries: int,
    own_column: Int[Tensor, " candidate"],
    neighbours: Similarities,
) -> Float[Tensor, "query candidate"]:
    """Both voters' share of the logits while training.

    `own_column` is each candidate's index among the distinct history items, or their number where
    it is none of them; `neighbours` the similarities of history items (rows) to candidates.
    """
    n_items = neighbours.matrix.shape[0]
    place = votes.query * (n_items + 1) + votes.item
    logits = votes.damping.new_zeros(n_queries, len(own_column))
    if network.config.again:
        weight = network.again_weight[votes.gap, votes.event] * votes.damping
        again = _tally(weight, place, n_queries, n_items + 1)
        logits = logits + again[:, own_column]
    if network.config.together:
        weight = network.together_weight[votes.gap, votes.event] * votes.damping
        together = _tally(weight, place, n_queries, n_items + 1)
        logits = logits + neighbours.of(together[:, :-1])
    return logits


def _tally(
    weight: Float[Tensor, " vote"], place: Int[Tensor, " vote"], n_rows: int, n_columns: int
) -> Float[Tensor, "row column"]:
    zeros = weight.new_zeros(n_rows * n_columns)
    return zeros.index_add(0, place, weight).view(n_rows, n_columns)


@dataclass(frozen=True, eq=False)
class Voters:
    """The trained voters, for inference."""

    again_weight: Float[np.ndarray, "gap event"]
    together_weight: Float[np.ndarray, "gap event"]
    neighbours: sparse.csr_matrix

    @classmethod
    def of(cls, network: Network, neighbours: sparse.csr_matrix) -> Voters:
        """The network's voter weights (zero where switched off) with the similarities."""
        again = network.again_weight.detach().cpu().float().numpy()
        together = network.together_weight.detach().cpu().float().numpy()
        on = network.config
        return cls(again * on.again, together * on.together, neighbours)

    def weights(
        self, history: History
    ) -> tuple[Float[np.ndarray, " event"], Float[np.ndarray, " event"]]:
        """s(n) κ and s(n) w of every event of the history."""
        gap = gap_buckets(torch.from_numpy(history.as_of - history.times.astype(np.int64))).numpy()
        place = gap, history.events
        scale = np.float32(damping(len(history)))
        return scale * self.again_weight[place], scale * self.together_weight[place]

    def logits(self, history: History) -> Float[np.ndarray, " item"]:
        """Both voters' share of every item's logit."""
        n_items = self.neighbours.shape[0]
        again, together = self.weights(history)
        votes = np.bincount(history.items, weights=together, minlength=n_items)
        own = np.bincount(history.items, weights=again, minlength=n_items)
        together_votes = (sparse.csr_matrix(votes) @ self.neighbours).toarray().ravel()
        return np.asarray(own + together_votes, dtype=np.float32)

    def shares(
        self, history: History, items: Sequence[int]
    ) -> tuple[Float[np.ndarray, "event candidate"], Float[np.ndarray, "event candidate"]]:
        """Each event's share *again* and share *together* of these items' logits."""
        again, together = self.weights(history)
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
        less_damped = np.asarray(damping(kept.sum(1)) / damping(len(history)))
        if items is not None:
            left = kept.astype(np.float32) @ np.add(*self.shares(history, items))
        elif 2 * kept.sum() > kept.size:
            left = self.logits(history) - self._sums(history, ~kept)
        else:
            left = self._sums(history, kept)
        return np.asarray(left * less_damped[:, None], dtype=np.float32)

    def _sums(
        self, history: History, chosen: Bool[np.ndarray, "part event"]
    ) -> Float[np.ndarray, "part item"]:
        """The votes of the chosen events for every item, with the whole history's damping."""
        shape = (len(history), self.neighbours.shape[0])
        place = np.arange(len(history)), history.items
        again, together = (
            sparse.csr_matrix((weight, place), shape=shape) for weight in self.weights(history)
        )
        votes = again + together @ self.neighbours
        return (sparse.csr_matrix(chosen, dtype=np.float32) @ votes).toarray()
