"""What the model says of a history with events deleted: many shortened histories in one batch.

Deleting closes the history up; `as_of` stays. The routing stream's window is cut before the
deletion, so nothing slides in.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from recommender.data.histories import History
from recommender.model.batches import stack
from recommender.model.inference import Scorer
from recommender.model.network import Queries, Sequences

TOKENS_A_BATCH = 1400
"""Tokens scored at once; more would leave the processor's cache."""
LEAST_SHARED = 4
"""Events that the parts of a batch must begin with alike for them to be read only once."""


def leave_one_out(n_events: int) -> Bool[np.ndarray, "part event"]:
    """Parts of a history that each miss one event, in the events' order."""
    return ~np.eye(n_events, dtype=bool)


@torch.inference_mode()
def part_logits(
    scorer: Scorer,
    history: History,
    kept: Bool[np.ndarray, "part event"],
    items: Sequence[int] | None = None,
) -> Float[np.ndarray, "part candidate"]:
    """Logits of the candidates (all items by default) when only the kept events are left."""
    vectors = part_vectors(scorer, history, kept)
    candidates, bias = scorer.candidates, scorer.popularity(history.as_of)
    if items is not None:
        candidates, bias = candidates[list(items)], bias[list(items)]
    learned = torch.addmm(bias, vectors, candidates.T).cpu().numpy()
    return np.asarray(learned + scorer.voters.logits_of_parts(history, kept, items))


@torch.inference_mode()
def part_vectors(
    scorer: Scorer, history: History, kept: Bool[np.ndarray, "part event"]
) -> Float[Tensor, "part width"]:
    """The user vector of each part. Parts that differ beyond the window alone are read once."""
    newest = history.newest(scorer.network.config.window)
    if len(newest) == 0:
        return scorer.user_vectors([newest]).expand(len(kept), -1)
    read = kept[:, len(history) - len(newest) :]
    different, place = _distinct(read)
    lengths, whole_from = different.sum(1), different.cumprod(1).sum(1)
    order = np.lexsort((whole_from, lengths))
    out = scorer.candidates.new_empty(len(different), scorer.candidates.shape[1])
    sequences, queries = stack([newest], len(newest))
    sequences, queries = sequences.to(scorer.device), queries.to(scorer.device)
    inputs: list[Tensor] = []
    for rows in _batches(order, lengths[order] + scorer.network.n_placeless):
        shortened, asked = _shortened(sequences, queries, different[rows])
        n_shared = min(int(whole_from[rows].min()), shortened.items.shape[1] - 1)
        routed = None
        if n_shared >= LEAST_SHARED:
            inputs = inputs or scorer.network.layer_inputs(sequences)
            n_tokens = scorer.network.n_placeless + n_shared
            routed = scorer.network.route_on(shortened, inputs, n_tokens)
        out[rows] = scorer.network.user_vectors(shortened, asked, routed=routed)
    return out[place]


def _distinct(
    rows: Bool[np.ndarray, "part event"],
) -> tuple[Bool[np.ndarray, "distinct event"], Int[np.ndarray, " part"]]:
    """The different rows, and which of them each row is."""
    packed = np.ascontiguousarray(np.packbits(rows, axis=1))
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, first, place = np.unique(keys, return_index=True, return_inverse=True)
    return rows[first], place


def _batches(
    order: Int[np.ndarray, " part"], n_tokens: Int[np.ndarray, " part"]
) -> list[Int[np.ndarray, " some"]]:
    """Parts in their order, `TOKENS_A_BATCH` or so at once."""
    batch = np.cumsum(n_tokens) // TOKENS_A_BATCH
    return np.split(order, np.flatnonzero(np.diff(batch)) + 1)


def _shortened(
    sequences: Sequences, queries: Queries, kept: Bool[np.ndarray, "part event"]
) -> tuple[Sequences, Queries]:
    """One sequence with only the kept events, a row for each part."""
    device, n = sequences.items.device, len(kept)
    lengths = kept.sum(1)
    # Deleted events go to the end of their row: what comes after the cut is padding.
    place = torch.from_numpy(np.argsort(~kept, axis=1, kind="stable"))
    place = place[:, : max(int(lengths.max()), 1)].to(device)
    items, events, times = (tensor[0, place] for tensor in sequences[:3])
    shortened = Sequences(items, events, times, sequences.profile.expand(n, -1, -1))
    cuts = torch.from_numpy(lengths).to(device)
    return shortened, Queries(torch.arange(n, device=device), cuts, queries.as_of.expand(n))
