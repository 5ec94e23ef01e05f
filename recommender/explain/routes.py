"""*Looked at*, in three ways: raw attention, rollout, and gradient times attention."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from recommender.data.histories import History
from recommender.explain.opened import opened
from recommender.explain.types import Attribution, Method
from recommender.model.inference import Scorer


@torch.inference_mode()
def attention(
    scorer: Scorer,
    history: History,
    items: Sequence[int],
    layer: int | None = None,
    head: int | None = None,
) -> Attribution:
    """Raw attention weights: the readout's softmax by default, or the last token's row of a layer.

    Mean over heads unless one is named. The contextual readout has no weights of its own: there,
    the last layer stands in. Attention does not depend on the candidate. Raises IndexError for a
    layer or head that is not there.
    """
    found = opened(scorer, history)
    if layer is None and scorer.network.config.readout == "contextual":
        layer = -1
    weights = (
        found.readout[0] if layer is None else found.layers[layer][0, :, _last(scorer, history)]
    )
    row = weights.mean(0) if head is None else weights[head]
    return _of_tokens("attention", scorer, history, items, row.expand(len(items), -1))


@torch.inference_mode()
def rollout(scorer: Scorer, history: History, items: Sequence[int]) -> Attribution:
    """Attention followed down through the layers, half of each token staying with itself.

    `R = Π_l (A_l + I) / 2`, A_l the mean over heads; the readout's row times R. Abnar & Zuidema
    2020. It does not depend on the candidate.
    """
    found = opened(scorer, history)
    rolled = rollout_matrix(torch.stack([layer[0] for layer in found.layers]))
    if scorer.network.config.readout == "contextual":
        row = rolled[_last(scorer, history)]
    else:
        row = found.readout[0].mean(0) @ rolled
    return _of_tokens("rollout", scorer, history, items, row.expand(len(items), -1))


def rollout_matrix(
    layers: Float[Tensor, "layer head query key"],
) -> Float[Tensor, "query key"]:
    """Where each token's content came from, through all layers; rows sum to 1."""
    itself = torch.eye(layers.shape[-1], device=layers.device)
    rolled = itself
    for weights in layers.mean(1):
        rolled = (weights + itself) / 2 @ rolled
    return rolled


def grad_attention(scorer: Scorer, history: History, items: Sequence[int]) -> Attribution:
    """Attention times its gradient, positive part, followed through the layers.

    `R ← R + E_h[(∇A ⊙ A)⁺] R` for each layer, then the readout's row of the same kind times R
    (Chefer, Gur & Wolf 2021). The two voters are read as two more heads of the readout: a vote is a
    weight times its own gradient already.
    """
    network, contextual = scorer.network, scorer.network.config.readout == "contextual"
    votes = np.add(*(np.maximum(part, 0) for part in scorer.voters.shares(history, items))).T
    with torch.enable_grad():
        found = opened(scorer, history)
        logits = found.vectors[0] @ scorer.candidates[list(items)].T
        used = (*found.layers, *(() if contextual else (found.readout,)))
        rows = []
        for logit in logits:
            slopes = torch.autograd.grad(logit, used, retain_graph=True, allow_unused=True)
            rows.append(_relevance(scorer, history, used, slopes))
    weights = torch.stack(rows).detach()
    n_heads = 1 if contextual else network.config.n_readout_heads
    whole = _of_tokens("grad_attention", scorer, history, items, n_heads * weights)
    return Attribution(
        method="grad_attention",
        items=whole.items,
        events=whole.events + votes,
        profile=whole.profile,
    )


def _relevance(
    scorer: Scorer,
    history: History,
    weights: Sequence[Float[Tensor, ...]],
    slopes: Sequence[Float[Tensor, ...] | None],
) -> Float[Tensor, " token"]:
    n_tokens = weights[0].shape[-1]
    relevance = torch.eye(n_tokens, device=scorer.device)
    steps = [
        torch.zeros_like(weight[0, 0])
        if slope is None
        else (slope * weight).clamp(min=0)[0].mean(0)
        for weight, slope in zip(weights, slopes, strict=True)
    ]
    for step in steps[: scorer.network.config.n_layers]:
        relevance = relevance + step @ relevance
    if scorer.network.config.readout == "contextual":
        # Identity is not relevance: what the last token says of itself by being there is left out.
        last = _last(scorer, history)
        return relevance[last] - torch.eye(n_tokens, device=scorer.device)[last]
    return steps[-1] @ relevance


def _last(scorer: Scorer, history: History) -> int:
    """The token that asks: the newest event's, or the last profile token without events."""
    network = scorer.network
    return network.n_placeless + min(len(history), network.config.window) - 1


def _of_tokens(
    method: Method,
    scorer: Scorer,
    history: History,
    items: Sequence[int],
    tokens: Float[Tensor, "candidate token"],
) -> Attribution:
    """Weights of tokens as weights of the profile's values and of the whole history's events."""
    before = scorer.network.n_placeless
    n_read = min(len(history), scorer.network.config.window)
    values = tokens.cpu().numpy()
    events = np.zeros((len(items), len(history)), dtype=values.dtype)
    events[:, len(history) - n_read :] = values[:, before : before + n_read]
    return Attribution(method, tuple(items), events, np.array(values[:, 1:before]))
