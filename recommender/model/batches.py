"""Batches for training and scoring: pieces of histories, grouped by length so little is padded.

A user's training events are cut into pieces of at most `window` events. Within a piece, every
moment just before a basket that holds target events is a query, and that basket's distinct items
are its targets: the order inside a basket means nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from recommender.data.dataset import Dataset
from recommender.data.histories import History
from recommender.model.network import Queries, Sequences, gap_buckets, moved, repeat_buckets
from recommender.model.voters import Votes, damping, later_repeats


class Batch(NamedTuple):
    """What a training step learns from, or a part of it.

    Target t says: query `target_query[t]` leads to that item.
    """

    sequences: Sequences
    queries: Queries
    votes: Votes
    vote_items: Int[np.ndarray, " item"]
    """The distinct history items that `votes` points into."""
    target_query: Int[Tensor, " target"]
    target_item: Int[np.ndarray, " target"]
    target_weight: Float[Tensor, " target"]
    fold: int
    """Users of this fold are absent from the fold's neighbours."""
    n_events: int

    def to(self, device: torch.device) -> Batch:
        """The batch on the device, copied without waiting where memory is pinned."""
        return self._replace(
            sequences=self.sequences.to(device),
            queries=self.queries.to(device),
            votes=Votes(*(moved(tensor, device) for tensor in self.votes)),
            target_query=moved(self.target_query, device),
            target_weight=moved(self.target_weight, device),
        )


@dataclass(frozen=True, eq=False)
class TrainingEvents:
    """What training may see, in flat arrays; rows of user u start at `offsets[u]`."""

    users: Int[np.ndarray, " event"]
    items: Int[np.ndarray, " event"]
    events: Int[np.ndarray, " event"]
    times: Int[np.ndarray, " event"]
    offsets: Int[np.ndarray, " user_plus_one"]
    profile: Int[np.ndarray, "user user_feature bag"]
    cuts: Int[np.ndarray, " query"]
    """Rows at which a basket with targets begins, rising."""
    target_offsets: Int[np.ndarray, " query_plus_one"]
    target_items: Int[np.ndarray, " target"]

    @classmethod
    def of(cls, dataset: Dataset, train_end: Int[np.ndarray, " user"]) -> TrainingEvents:
        """The first `train_end` events of each user."""
        table = dataset.interactions
        users = table["user"].to_numpy()
        seen = np.arange(len(users)) - dataset.offsets[users] < train_end[users]
        table = table[seen]
        users = users[seen].astype(np.int64)
        baskets = table["basket"].to_numpy().astype(np.int64)
        offsets = np.concatenate([[0], np.cumsum(train_end)]).astype(np.int64)
        starts = np.flatnonzero(
            np.diff(users, prepend=-1).astype(bool) | np.diff(baskets, prepend=-1).astype(bool)
        )
        target_codes = [dataset.event_types.index(name) for name in dataset.target_events]
        is_target = np.isin(table["event"].to_numpy(), target_codes)
        basket_of = np.searchsorted(starts, np.arange(len(users)), side="right") - 1
        items = table["item"].to_numpy().astype(np.int64)
        pairs = np.unique(basket_of[is_target] * len(dataset.items) + items[is_target])
        of_basket, item = np.divmod(pairs, len(dataset.items))
        with_targets, counts = np.unique(of_basket, return_counts=True)
        return cls(
            users=users,
            items=items,
            events=table["event"].to_numpy().astype(np.int64),
            times=table["time"].to_numpy().astype(np.int64),
            offsets=offsets,
            profile=profile_codes(dataset),
            cuts=starts[with_targets],
            target_offsets=np.concatenate([[0], np.cumsum(counts)]),
            target_items=item,
        )


def profile_codes(dataset: Dataset) -> Int[np.ndarray, "user user_feature bag"]:
    """Every user's feature codes, padded with 0 to the widest feature."""
    width = max((feature.codes.shape[1] for feature in dataset.user_features), default=1)
    codes = np.zeros((len(dataset.users), len(dataset.user_features), width), dtype=np.int64)
    for i, feature in enumerate(dataset.user_features):
        codes[:, i, : feature.codes.shape[1]] = feature.codes
    return codes


@dataclass(frozen=True, eq=False)
class Piece:
    """Rows [start, end) of one user's events with the queries (indices into `cuts`) inside."""

    user: int
    start: int
    end: int
    first_query: int
    last_query: int


def pieces(data: TrainingEvents, window: int, rng: np.random.Generator) -> list[Piece]:
    """Cut every user's events into pieces of at most `window`, the first of random length."""
    result = []
    for user in range(len(data.offsets) - 1):
        first, last = int(data.offsets[user]), int(data.offsets[user + 1])
        if first == last:
            continue
        start = first
        end = min(last, first + window)
        if last - first > window:
            end = first + int(rng.integers(max(window // 2, 1), window + 1))
        while start < last:
            # A query at the user's very first row has no history but a profile: it belongs here.
            low, high = np.searchsorted(data.cuts, [start + (start > first), end + 1])
            if end == last:
                high = np.searchsorted(data.cuts, last)
            if high > low:
                result.append(Piece(user, start, end, int(low), int(high)))
            start, end = end, min(last, end + window)
    return result


def group_pieces(
    todo: Sequence[Piece], n_folds: int, events_a_batch: int, rng: np.random.Generator
) -> list[list[Piece]]:
    """Pieces of one fold and of like length together, so that little is padded."""
    lengths = np.array([piece.end - piece.start for piece in todo])
    folds = np.array([piece.user % n_folds for piece in todo])
    groups: list[list[Piece]] = []
    longest = 0
    for index in np.lexsort((lengths + rng.integers(0, 8, len(todo)), folds)):
        piece = todo[index]
        same_fold = bool(groups) and groups[-1][0].user % n_folds == folds[index]
        longest = max(longest, lengths[index])
        if not same_fold or (len(groups[-1]) + 1) * longest > events_a_batch:
            groups.append([])
            longest = lengths[index]
        groups[-1].append(piece)
    return groups


class Part(NamedTuple):
    """What is learned at once of a batch."""

    pieces: Sequence[Piece]
    n_queries: int
    """Moments to predict at most."""


def in_parts(group: Sequence[Piece], queries_a_batch: int, events_a_part: int) -> list[Part]:
    """A batch in parts of equally many pieces, one more or less, with about so many events (with
    padding) at most. If it has too many queries, each part keeps the same share of its own."""
    longest = max(piece.end - piece.start for piece in group)
    n_parts = min(math.ceil(len(group) * longest / events_a_part), len(group))
    bounds = [len(group) * nth // n_parts for nth in range(n_parts + 1)]
    n_queries = np.cumsum([0, *(piece.last_query - piece.first_query for piece in group)])[bounds]
    kept = np.round(n_queries * min(queries_a_batch / n_queries[-1], 1)).astype(int)
    return [
        Part(group[start:end], int(n))
        for (start, end), n in zip(pairwise(bounds), np.diff(kept), strict=True)
        if n
    ]


def ranges(starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All numbers of all ranges [start, end), flat, and which range each came from."""
    lengths = ends - starts
    which = np.repeat(np.arange(len(starts)), lengths)
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return starts[which] + within, which


def assemble(
    data: TrainingEvents,
    group: Sequence[Piece],
    n_queries: int,
    n_folds: int,
    event_dropout: float,
    rng: np.random.Generator,
) -> Batch:
    """Gather the arrays of a batch, or of a part; of too many queries a random part is kept.

    A share `event_dropout` of the events is deleted from the sequences, the rest closed up.
    """
    starts = np.array([piece.start for piece in group])
    ends = np.array([piece.end for piece in group])
    users = np.array([piece.user for piece in group])
    steps = starts[:, None] + np.arange((ends - starts).max())
    rows = np.minimum(steps, ends[:, None] - 1)
    kept = rng.random(rows.shape) >= event_dropout
    rows = np.take_along_axis(rows, np.argsort(~kept, axis=1, kind="stable"), axis=1)
    kept_before = np.concatenate([np.zeros((len(rows), 1), dtype=int), kept.cumsum(1)], axis=1)
    query, piece = ranges(
        np.array([p.first_query for p in group]), np.array([p.last_query for p in group])
    )
    if len(query) > n_queries:
        chosen = np.sort(rng.choice(len(query), n_queries, replace=False))
        query, piece = query[chosen], piece[chosen]
    nth = np.arange(len(piece)) - np.searchsorted(piece, piece)
    columns = int(nth.max()) + 1
    cut = data.cuts[query]
    as_of = data.times[cut]
    past, vote_query = ranges(data.offsets[users[piece]], cut)
    vote_items, vote_item = np.unique(data.items[past], return_inverse=True)
    target, target_query = ranges(data.target_offsets[query], data.target_offsets[query + 1])
    n_targets = data.target_offsets[query + 1] - data.target_offsets[query]
    tensor = torch.from_numpy
    return Batch(
        sequences=Sequences(
            tensor(data.items[rows]),
            tensor(data.events[rows]),
            tensor(data.times[rows]),
            tensor(data.profile[users]),
        ),
        queries=Queries(
            tensor(piece),
            tensor(kept_before[piece, cut - starts[piece]]),
            tensor(as_of),
            tensor(piece * columns + nth),
            columns,
        ),
        votes=Votes(
            tensor(vote_query),
            tensor(vote_item),
            gap_buckets(tensor(as_of[vote_query] - data.times[past])),
            tensor(data.events[past]),
            repeat_buckets(tensor(later_repeats(vote_query * len(vote_items) + vote_item))),
            tensor(np.float32(damping(np.bincount(vote_query)[vote_query]))),
        ),
        vote_items=vote_items,
        target_query=tensor(target_query),
        target_item=data.target_items[target],
        target_weight=tensor((1.0 / n_targets[target_query]).astype(np.float32)),
        fold=int(users[0] % n_folds),
        n_events=int((ends - starts).sum()),
    )


def stack(histories: Sequence[History], window: int) -> tuple[Sequences, Queries]:
    """Histories for inference, one query each at its end, padded to the longest window."""
    newest = [history.newest(window) for history in histories]
    length = max(1, *(len(history) for history in newest))

    def padded(values: list[np.ndarray], fill_last: bool = False) -> Tensor:
        out = np.zeros((len(values), length), dtype=np.int64)
        for row, value in zip(out, values, strict=True):
            row[: len(value)] = value
            if fill_last and len(value):
                row[len(value) :] = value[-1]
        return torch.from_numpy(out)

    sequences = Sequences(
        padded([history.items for history in newest]),
        padded([history.events for history in newest]),
        padded([history.times for history in newest], fill_last=True),
        torch.from_numpy(np.stack([history.profile for history in newest]).astype(np.int64)),
    )
    queries = Queries(
        torch.arange(len(newest)),
        torch.tensor([len(history) for history in newest]),
        torch.tensor([history.as_of for history in newest]),
    )
    return sequences, queries
