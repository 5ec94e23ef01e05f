"""*Counted*: every event's exact share of a logit, by the feature it comes through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from recommender.data.histories import History
from recommender.explain.deletions import part_logits
from recommender.explain.types import AGAIN, ANY, TOGETHER, WHOLE, Attribution, Cells
from recommender.model.batches import stack
from recommender.model.inference import Scorer
from recommender.model.network import Queries, Readout, Sequences
from recommender.said import StatedError


@dataclass(frozen=True, eq=False)
class Shares:
    """Logits of some candidates for one history, taken apart.

    For each candidate, `bias + order_term + features.sum() + profile.sum()` is the logit.
    """

    bias: Float[np.ndarray, " candidate"]
    lately: Float[np.ndarray, " candidate"]
    """Of the bias, what more or fewer than usual buy these days."""
    order_term: Float[np.ndarray, " candidate"]
    features: Float[np.ndarray, "candidate event feature"]
    """Features: the id, the item features, then +again, +together, +any."""
    profile: Float[np.ndarray, "candidate user_feature"]
    heads: Float[np.ndarray, "candidate head event"]
    """What of `features`, all but the votes, comes through each head of the readout."""
    attention: Float[np.ndarray, "head token"]
    """Readout softmax over the start token, the profile tokens and the window's events."""
    gate: Float[np.ndarray, "head token"]

    @property
    def logits(self) -> Float[np.ndarray, " candidate"]:
        """The sum of all shares."""
        shares = self.features.sum((1, 2)) + self.profile.sum(1)
        return np.asarray(self.bias + self.order_term + shares)


@torch.inference_mode()
def contributions(scorer: Scorer, history: History, items: Sequence[int]) -> Shares:
    """Take the logits of the candidates apart, in one forward pass for all of them.

    A contextual readout has no shares by event other than the voters': all else is order term.
    """
    read = _read(scorer, history)
    candidates = scorer.candidates[list(items)]
    events, profile = _shares(scorer, read, candidates[:, None], len(history))
    votes = np.stack(scorer.voters.shares(history, items)).transpose(2, 1, 0)
    events, bias = events[..., 0], _popularity(scorer, history, items)
    return Shares(
        bias=bias,
        lately=bias - scorer.bias[list(items)].cpu().numpy(),
        order_term=_order_terms(scorer, read, candidates),
        features=np.concatenate([events[..., :-1], votes, events[..., -1:]], axis=2),
        profile=profile[..., 0],
        heads=_by_head(scorer, read, candidates, len(history)),
        attention=read.look.softmax[0].cpu().numpy(),
        gate=read.look.gate[0].cpu().numpy(),
    )


@torch.inference_mode()
def contribution(
    scorer: Scorer, history: History, items: Sequence[int], features: Sequence[str]
) -> Attribution:
    """Exact shares by event, event feature and candidate feature; `features` names the item's.

    Raises ValueError for the contextual readout, whose logits are no sum over events.
    """
    if scorer.network.config.readout == "contextual":
        raise StatedError(
            "the contextual readout mixes all events before it reads them, so it has no "
            "contributions by event: ask for influence, which it has"
        )
    read = _read(scorer, history)
    candidates = scorer.candidates[list(items)]
    parts = scorer.network.candidate_items(torch.tensor(list(items), device=scorer.device))
    events, profile = _shares(scorer, read, parts, len(history))
    votes = np.stack(scorer.voters.shares(history, items)).transpose(2, 1, 0)
    n_features = events.shape[2]
    cells = np.zeros((*events.shape[:2], n_features + 2, events.shape[3] + 1), dtype=np.float32)
    cells[:, :, : n_features - 1, :-1] = events[:, :, :-1]
    cells[:, :, n_features - 1 : -1, -1] = votes
    cells[:, :, -1, :-1] = events[:, :, -1]
    bias, order = _popularity(scorer, history, items), _order_terms(scorer, read, candidates)
    by_event = cells.sum((2, 3), dtype=np.float64)
    by_value = profile.sum(2, dtype=np.float64)
    logits = part_logits(scorer, history, np.ones((1, len(history)), dtype=bool), items)[0]
    return Attribution(
        method="contribution",
        items=tuple(items),
        events=by_event,
        profile=by_value,
        completeness_gap=bias + order + by_event.sum(1) + by_value.sum(1) - logits,
        cells=Cells(
            bias=bias,
            order_term=order,
            event_features=feature_names(features),
            candidate_features=("item_id", *features, WHOLE),
            events=cells,
            profile=np.pad(profile, ((0, 0), (0, 0), (0, 1))),
        ),
    )


class _Read(NamedTuple):
    """One forward pass of one history."""

    sequences: Sequences
    queries: Queries
    routed: Float[Tensor, "one token width"]
    look: Readout


def _read(scorer: Scorer, history: History) -> _Read:
    network = scorer.network
    sequences, queries = stack([history], network.config.window)
    sequences, queries = sequences.to(scorer.device), queries.to(scorer.device)
    routed = network.route(sequences)
    return _Read(sequences, queries, routed, network.look(routed, sequences, queries))


def _popularity(
    scorer: Scorer, history: History, items: Sequence[int]
) -> Float[np.ndarray, " candidate"]:
    return np.asarray(scorer.popularity(history.as_of)[list(items)].cpu().numpy())


def _order_terms(
    scorer: Scorer, read: _Read, candidates: Float[Tensor, "candidate width"]
) -> Float[np.ndarray, " candidate"]:
    network = scorer.network
    if not (network.config.order_term or network.config.readout == "contextual"):
        return np.zeros(len(candidates), dtype=np.float32)
    vector = network.order_vector(read.routed, read.sequences, read.queries)[0]
    return np.asarray((candidates @ vector).cpu().numpy())


def _shares(
    scorer: Scorer,
    read: _Read,
    candidates: Float[Tensor, "candidate part width"],
    n_events: int,
) -> tuple[
    Float[np.ndarray, "candidate event feature part"],
    Float[np.ndarray, "candidate user_feature part"],
]:
    """Shares through the readout, by part of the candidate; the last event feature is *any*.

    Events beyond the window have none.
    """
    network, before = scorer.network, scorer.network.n_placeless
    n_read = min(n_events, network.config.window)
    values = network.value_items(read.sequences.items[0, :n_read])
    values = torch.cat([values, network.any_value.expand(n_read, 1, -1)], dim=1)
    profile = network.profile_vectors(network.value_profile, read.sequences.profile)[0]
    weight = _weight(scorer, read)
    heads = torch.einsum("hwv,cgv->hcgw", network.mix, candidates)
    asked = torch.einsum("ht,hcgw->ctgw", weight[:, 1 : before + n_read], heads)
    of_events = torch.einsum("ctgw,tfw->ctfg", asked[:, before - 1 :], values)
    whole = of_events.new_zeros(len(candidates), n_events, *of_events.shape[2:])
    whole[:, n_events - n_read :] = of_events
    of_profile = torch.einsum("cpgw,pw->cpg", asked[:, : before - 1], profile)
    return whole.cpu().numpy(), of_profile.cpu().numpy()


def _weight(scorer: Scorer, read: _Read) -> Float[Tensor, "head token"]:
    """What each head reads of each token; nothing where the readout is another."""
    weight = read.look.softmax[0] * read.look.gate[0]
    return weight * (scorer.network.config.readout != "contextual")


def _by_head(
    scorer: Scorer, read: _Read, candidates: Float[Tensor, "candidate width"], n_events: int
) -> Float[np.ndarray, "candidate head event"]:
    """Shares through the readout, all features together, by head."""
    network, before = scorer.network, scorer.network.n_placeless
    n_read = min(n_events, network.config.window)
    newest = slice(before, before + n_read)
    heads = torch.einsum("hwv,cv->hcw", network.mix, candidates)
    values = network.values(read.sequences)[0, newest]
    found = torch.einsum("hcw,tw->cht", heads, values) * _weight(scorer, read)[:, newest]
    whole = found.new_zeros(*found.shape[:2], n_events)
    whole[..., n_events - n_read :] = found
    return np.asarray(whole.cpu().numpy())


def feature_names(scorer_features: Sequence[str]) -> tuple[str, ...]:
    """Names of the last axis of `Shares.features`."""
    return ("item_id", *scorer_features, AGAIN, TOGETHER, ANY)
