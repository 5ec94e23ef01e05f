"""The two linear voters of a logit: *again* (the item itself) and *together* (bought with it).

Each event j votes with a weight that depends on its time gap and event type alone, times a damping
that all n events of the history share: `again_i = s(n) Σ_j 1[x_j = i] κ_j`,
`together_i = s(n) Σ_j w_j B[x_j, i]`. Without the damping the votes of a long history drown all
else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from scipy import sparse
from torch import Tensor

from recommender.data.histories import History
from recommender.model.network import Network, gap_buckets

N_NEIGHBOURS = 100


def damping(n_events: Int[np.ndarray, " history"] | int) -> Float[np.ndarray, " history"] | float:
    """s(n) = 1 / sqrt(n): how much one vote counts among n."""
    return np.maximum(n_events, 1) ** -0.5


def item_neighbours(
    users: Int[np.ndarray, " event"],
    items: Int[np.ndarray, " event"],
    shape: tuple[int, int],
    n_neighbours: int = N_NEIGHBOURS,
    shrink: float = 10.0,
) -> sparse.csr_matrix:
    """Cosine item-kNN on who bought what (Sarwar et al. 2001), shrunk where few did.

    `shape` is (users, items). Row i holds the `n_neighbours` items nearest to i; never i itself.
    """
    ones = np.ones(len(users), dtype=np.float32)
    bought = sparse.csr_matrix((ones, (users, items)), shape=shape)
    bought.data[:] = 1.0
    norm = np.sqrt(np.asarray(bought.sum(0)).ravel())
    by_item = bought.T.tocsr()
    rows = [
        _nearest(by_item[start : start + 512] @ bought, start, norm, n_neighbours, shrink)
        for start in range(0, shape[1], 512)
    ]
    return sparse.csr_matrix(sparse.vstack(rows, format="csr", dtype=np.float32))


def _nearest(
    counts: sparse.csr_matrix, start: int, norm: np.ndarray, n_neighbours: int, shrink: float
) -> sparse.csr_matrix:
    similar = counts.tocoo()
    item = similar.row + start
    value = similar.data / (norm[item] * norm[similar.col] + shrink)
    other = item != similar.col
    row, col, value = similar.row[other], similar.col[other], value[other]
    order = np.lexsort((col, -value, row))
    row, col, value = row[order], col[order], value[order]
    first = np.searchsorted(row, row, side="left")
    kept = np.arange(len(row)) - first < n_neighbours
    return sparse.csr_matrix((value[kept], (row[kept], col[kept])), shape=counts.shape)


class Votes(NamedTuple):
    """Every history event of every query, flat, for training."""

    query: Int[Tensor, " vote"]
    item: Int[Tensor, " vote"]
    """Index into the batch's distinct history items."""
    gap: Int[Tensor, " vote"]
    event: Int[Tensor, " vote"]
    damping: Float[Tensor, " vote"]
    """s(n) of the vote's query."""


def voter_logits(
    network: Network,
    votes: Votes,
    n_queries: int,
    own_column: Int[Tensor, " candidate"],
    neighbours: Float[Tensor, "item candidate"],
) -> Float[Tensor, "query candidate"]:
    """Both voters' share of the logits while training.

    `own_column` is each candidate's index among the distinct history items, or their number where
    it is none of them; `neighbours` the similarities of history items (rows) to candidates.
    """
    n_items = len(neighbours)
    place = votes.query * (n_items + 1) + votes.item
    logits = neighbours.new_zeros(n_queries, len(own_column))
    if network.config.again:
        weight = network.again_weight[votes.gap, votes.event] * votes.damping
        again = _tally(weight, place, n_queries, n_items + 1)
        logits = logits + again[:, own_column]
    if network.config.together:
        weight = network.together_weight[votes.gap, votes.event] * votes.damping
        together = _tally(weight, place, n_queries, n_items + 1)
        logits = logits + together[:, :-1] @ neighbours
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

    def logits_without(self, history: History) -> Float[np.ndarray, "event item"]:
        """The same without each event in turn; the votes that stay are damped a little less."""
        again, together = self.weights(history)
        of_event = self.neighbours[history.items].multiply(together[:, None]).toarray()
        of_event[np.arange(len(history)), history.items] += again
        less_damped = damping(len(history) - 1) / damping(len(history))
        return np.asarray((self.logits(history) - of_event) * less_damped, dtype=np.float32)

    def shares(
        self, history: History, item: int
    ) -> tuple[Float[np.ndarray, " event"], Float[np.ndarray, " event"]]:
        """Each event's share *again* and share *together* of one item's logit."""
        again, together = self.weights(history)
        column = self.neighbours[:, [item]].toarray().ravel()
        return again * (history.items == item), together * column[history.items]
