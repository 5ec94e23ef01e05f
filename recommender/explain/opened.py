"""The forward pass opened up for gradients: attention weights and the events' presence."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from recommender.data.histories import History
from recommender.model.batches import stack
from recommender.model.inference import Scorer
from recommender.model.network import Queries, Rotary, Sequences


@dataclass(frozen=True, eq=False)
class Opened:
    """What one pass leaves in the graph."""

    vectors: Float[Tensor, "batch width"]
    """User vectors: their product with a candidate is its logit without bias and voters."""
    layers: tuple[Float[Tensor, "batch head query key"], ...]
    """Attention weights of each routing layer."""
    readout: Float[Tensor, "batch readout_head key"]
    """Softmax of the readout; the contextual readout does not use it."""


def opened(
    scorer: Scorer, history: History, presence: Float[Tensor, "batch event"] | None = None
) -> Opened:
    """Forward pass over the window, once for each row of presences.

    `presence` scales what is known of each event's item, in what routes and in what is read: at 1
    it is the event, at 0 an event of its type and time on a nameless item. Call it with gradients
    enabled.
    """
    network, before = scorer.network, scorer.network.n_placeless
    sequences, queries = stack([history], network.config.window)
    sequences, queries = sequences.to(scorer.device), queries.to(scorer.device)
    n_rows = 1 if presence is None else len(presence)
    sequences = Sequences(*(tensor.expand(n_rows, *tensor.shape[1:]) for tensor in sequences))
    rows = torch.arange(n_rows, device=scorer.device)
    queries = Queries(rows, queries.cuts.expand(n_rows), queries.as_of.expand(n_rows))
    x, values = network.embed(sequences), network.values(sequences)
    if presence is not None:
        absent = (1 - presence).unsqueeze(-1)
        x = _less(x, before, absent * network.routing_items.totals(sequences.items))
        values = _less(values, before, absent * network.value_items.totals(sequences.items))
    rotary = Rotary.of(sequences.times, before)
    with _RecordedAttention() as recorded:
        for layer in network.layers:
            x = layer(x, rotary, None)
    routed = network.norm(x)
    look = network.look(routed, sequences, queries)
    if network.config.readout == "contextual":
        vectors = network.order_vector(routed, sequences, queries)
    else:
        read = torch.einsum("bht,btw->bhw", look.softmax * look.gate, values)
        vectors = torch.einsum("bhw,hwv->bv", read, network.mix)
        if network.config.order_term:
            vectors = vectors + network.order_vector(routed, sequences, queries)
    return Opened(vectors, tuple(recorded.weights), look.softmax)


def _less(
    tokens: Float[Tensor, "batch token width"],
    before: int,
    less: Float[Tensor, "batch event width"],
) -> Float[Tensor, "batch token width"]:
    """The tokens, the events among them made smaller."""
    return tokens - functional.pad(less, (0, 0, before, 0))


class _RecordedAttention(TorchFunctionMode):
    """Within it, fused causal attention is computed step by step and its weights are kept."""

    def __init__(self) -> None:
        super().__init__()
        self.weights: list[Tensor] = []

    def __torch_function__(
        self,
        function: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        if function is not functional.scaled_dot_product_attention:
            return function(*args, **(kwargs or {}))
        q, k, v = args
        logits = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
        ahead = torch.ones(logits.shape[-2:], dtype=torch.bool, device=q.device).triu(1)
        weights = logits.masked_fill(ahead, -torch.inf).softmax(-1)
        self.weights.append(weights)
        return weights @ v
