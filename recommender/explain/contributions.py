"""*Counted*: every event's exact share of a logit, by the feature it comes through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from recommender.data.histories import History
from recommender.explain.types import AGAIN, ANY, TOGETHER
from recommender.model.batches import stack
from recommender.model.inference import Scorer
from recommender.model.network import Sequences


@dataclass(frozen=True, eq=False)
class Shares:
    """Logits of some candidates for one history, taken apart.

    For each candidate, `bias + order_term + features.sum() + profile.sum()` is the logit.
    """

    bias: Float[np.ndarray, " candidate"]
    order_term: Float[np.ndarray, " candidate"]
    features: Float[np.ndarray, "candidate event feature"]
    """Features: the id, the item features, then +again, +together, +any."""
    profile: Float[np.ndarray, "candidate user_feature"]
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
    network = scorer.network
    sequences, queries = stack([history], network.config.window)
    sequences, queries = sequences.to(scorer.device), queries.to(scorer.device)
    routed = network.route(sequences)
    look = network.look(routed, sequences, queries)
    softmax, gate = look.softmax[0], look.gate[0]
    candidates = scorer.candidates[list(items)]
    events, profile = _readout_shares(scorer, sequences, softmax * gate, candidates, len(history))
    order = candidates.new_zeros(len(candidates))
    if network.config.order_term or network.config.readout == "contextual":
        order = candidates @ network.order_vector(routed, sequences, queries)[0]
    votes = np.stack(scorer.voters.shares(history, items)).transpose(2, 1, 0)
    events_np = events.cpu().numpy()
    return Shares(
        bias=scorer.bias[list(items)].cpu().numpy(),
        order_term=order.cpu().numpy(),
        features=np.concatenate([events_np[..., :-1], votes, events_np[..., -1:]], axis=2),
        profile=profile.cpu().numpy(),
        attention=softmax.cpu().numpy(),
        gate=gate.cpu().numpy(),
    )


def _readout_shares(
    scorer: Scorer,
    sequences: Sequences,
    weight: Float[Tensor, "head token"],
    candidates: Float[Tensor, "candidate width"],
    n_events: int,
) -> tuple[Float[Tensor, "candidate event feature"], Float[Tensor, "candidate user_feature"]]:
    """Shares through the readout; events beyond the window have none. Last feature: any."""
    network, before = scorer.network, scorer.network.n_placeless
    n_read = min(n_events, network.config.window)
    parts = network.value_items(sequences.items[0, :n_read])
    parts = torch.cat([parts, network.any_value.expand(n_read, 1, -1)], dim=1)
    profile = network.profile_vectors(network.value_profile, sequences.profile)[0]
    if network.config.readout == "contextual":
        weight = torch.zeros_like(weight)
    heads = torch.einsum("hwv,cv->chw", network.mix, candidates)
    read = torch.einsum("ht,tfw,chw->ctf", weight[:, before : before + n_read], parts, heads)
    whole = read.new_zeros(len(candidates), n_events, parts.shape[1])
    whole[:, n_events - n_read :] = read
    return whole, torch.einsum("hp,pw,chw->cp", weight[:, 1:before], profile, heads)


def feature_names(scorer_features: Sequence[str]) -> tuple[str, ...]:
    """Names of the last axis of `Shares.features`."""
    return ("item_id", *scorer_features, AGAIN, TOGETHER, ANY)
