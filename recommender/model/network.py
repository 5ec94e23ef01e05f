"""The whole network: attention routes, values stay additive, so every share of a logit is exact.

A causal Transformer reads the history (pre-norm, SwiGLU, rotary in position and in time, as in
Su et al. 2021). Its output decides *where* the readout looks; *what* is read there are plain
sums of feature vectors, so a logit is a sum over events, features and heads. Two linear voters,
*again* (copy) and *together* (EASE), join that sum.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional

from recommender.data.features import Feature
from recommender.data.histories import SECONDS_A_DAY
from recommender.model.dropout import dropout, kept
from recommender.said import StatedError

GAP_EDGES_DAYS = (0.04, 0.25, 1, 3, 7, 14, 30, 60, 90, 180, 365)
"""Edges of the time-gap buckets, in days."""
N_GAPS = len(GAP_EDGES_DAYS) + 2
"""Buckets between the edges, and one (the last) for no gap at all: there is no event."""
POSITION_EDGES = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89)
"""Edges of the position buckets: how many events back, 0 is the newest."""
REPEAT_EDGES = (1, 2, 3, 5, 9, 17)
"""Edges of the repeat buckets: how many later events of the history have the same item."""
ROTARY_DAYS = (3.0, 14.0, 60.0, 400.0)
"""Periods of the rotary time angles, in days."""
ROTARY_POSITIONS = (4.0, 16.0, 64.0, 256.0)
"""Periods of the rotary position angles, in events."""
N_ROTATED = 2 * (len(ROTARY_DAYS) + len(ROTARY_POSITIONS))


@dataclass(frozen=True)
class ModelConfig:
    """Shape of the network."""

    width: int = 64
    """Size of every vector."""
    n_layers: int = 2
    """Routing layers."""
    n_heads: int = 2
    """Heads of a routing layer; width / n_heads must be 16 or more, for the rotary angles."""
    n_readout_heads: int = 4
    """Heads of the readout."""
    window: int = 100
    """How many of the newest events attention reads; the voters read the whole history."""
    dropout: float = 0.2
    """Share of values dropped in the routing stream while training."""
    feature_dropout: float = 0.2
    """Share of items whose id vector is dropped from a training batch, so that attributes carry
    what they can."""
    readout: Literal["additive", "contextual"] = "additive"
    """`contextual` is SASRec's readout (Kang & McAuley 2018), for comparison: not explainable."""
    order_term: bool | None = None
    """Whether what the order and combination of events adds enters as a term of its own; None:
    where nothing is bought again, so that what comes next hangs on what came last."""
    attention: bool = True
    """Whether attention reads the history; without it a logit is popularity and the two voters, for
    comparison."""
    again: bool = True
    """Whether each event votes for its own item (copy head)."""
    together: bool = True
    """Whether each event votes for the items often bought with its item."""

    def __post_init__(self) -> None:
        if self.width % self.n_heads or self.width // self.n_heads < N_ROTATED:
            raise StatedError(
                "width ({width}) must be a multiple of n_heads ({n_heads}) and leave each head at "
                "least {least}",
                width=self.width,
                n_heads=self.n_heads,
                least=N_ROTATED,
            )
        if self.readout not in ("additive", "contextual"):
            raise StatedError(
                "readout must be additive or contextual, not {readout!r}", readout=self.readout
            )
        if not self.attention and (self.readout != "additive" or self.order_term):
            raise StatedError("without attention the readout is additive and has no order term")
        if min(self.n_layers, self.n_readout_heads, self.window) < 1:
            raise StatedError("n_layers, n_readout_heads and window must be at least 1")


class Sequences(NamedTuple):
    """Histories as the routing stream reads them, padded at the end to one event or more."""

    items: Int[Tensor, "batch event"]
    events: Int[Tensor, "batch event"]
    times: Int[Tensor, "batch event"]
    """Seconds; padding repeats the last time."""
    profile: Int[Tensor, "batch user_feature bag"]

    def to(self, device: torch.device) -> Sequences:
        """The same on the device, copied without waiting where memory is pinned."""
        return Sequences(*(moved(tensor, device) for tensor in self))


class Queries(NamedTuple):
    """Moments to recommend at: the first `cut` events of sequence `row`, as of `as_of`."""

    rows: Int[Tensor, " query"]
    cuts: Int[Tensor, " query"]
    as_of: Int[Tensor, " query"]
    slots: Int[Tensor, " query"] | None = None
    """Each query's place if every row had `columns` of them; None: each row has one, in order."""
    columns: int = 1
    """Queries of one row at most."""

    def to(self, device: torch.device) -> Queries:
        """The same on the device, copied without waiting where memory is pinned."""
        slots = None if self.slots is None else moved(self.slots, device)
        rows, cuts, as_of = (moved(tensor, device) for tensor in self[:3])
        return Queries(rows, cuts, as_of, slots, self.columns)

    def by_row(
        self, values: Float[Tensor, "query ..."], n_rows: int
    ) -> Float[Tensor, "batch column ..."]:
        """The queries' values, laid out by row; zero where a row has fewer queries than others."""
        if self.slots is None:
            return values.unsqueeze(1)
        laid = values.new_zeros(n_rows * self.columns, *values.shape[1:])
        return laid.index_copy(0, self.slots, values).unflatten(0, (n_rows, self.columns))

    def in_line(self, laid: Float[Tensor, "batch column ..."]) -> Float[Tensor, "query ..."]:
        """`by_row` undone."""
        values = laid.flatten(0, 1)
        return values if self.slots is None else values.index_select(0, self.slots)


class Readout(NamedTuple):
    """Where the readout looks. Keys are the start token, the profile tokens, the events."""

    softmax: Float[Tensor, "query head key"]
    gate: Float[Tensor, "query head key"]


def moved(tensor: Tensor, device: torch.device) -> Tensor:
    """The tensor on the device; from pinned memory, so that the copy overlaps with computing."""
    pinned = tensor.pin_memory() if device.type == "cuda" else tensor
    return pinned.to(device, non_blocking=True)


def runs_behind(device: torch.device) -> bool:
    """Whether the device computes while the program goes on, until a value or size is asked for."""
    return device.type == "cuda"


@cache
def constant(numbers: tuple[float, ...], device: torch.device) -> Tensor:
    """The numbers on the device, sent there once: sending waits for the device."""
    return torch.tensor(numbers, device=device)


def gap_buckets(seconds: Int[Tensor, ...]) -> Int[Tensor, ...]:
    """Time-gap bucket of each gap; negative gaps count as none passed."""
    edges = constant(GAP_EDGES_DAYS, seconds.device) * SECONDS_A_DAY
    return torch.bucketize(seconds.clamp(min=0).float(), edges, right=True)


def repeat_buckets(later: Int[Tensor, ...]) -> Int[Tensor, ...]:
    """Repeat bucket of events that so many later events of the same item follow."""
    return torch.bucketize(later, constant(REPEAT_EDGES, later.device), right=True)


class FeatureVectors(nn.Module):
    """A vector for each row of a feature: the mean of its values', or a linear map of its text."""

    codes: Tensor
    vectors: Tensor

    def __init__(self, feature: Feature, width: int) -> None:
        super().__init__()
        self.is_text = feature.vectors is not None
        if feature.vectors is not None:
            table = torch.tensor(feature.vectors, dtype=torch.float32)
            self.register_buffer("vectors", table, persistent=False)
            self.weight = nn.Parameter(torch.randn(table.shape[1], width) * 0.02)
        else:
            codes = torch.tensor(feature.codes, dtype=torch.long)
            self.register_buffer("codes", codes, persistent=False)
            self.weight = nn.Parameter(torch.randn(len(feature.values) + 1, width) * 0.02)
        self.offset = nn.Parameter(torch.zeros(width), requires_grad=False)
        """Set once, when the shares are made unique."""

    def forward(self, rows: Int[Tensor, "*shape"]) -> Float[Tensor, "*shape width"]:
        """The vectors of these rows."""
        if self.is_text:
            return self.vectors[rows] @ self.weight + self.offset
        return bag_mean(self.weight, self.codes[rows]) + self.offset


def bag_mean(
    weight: Float[Tensor, "value width"], codes: Int[Tensor, "*shape bag"]
) -> Float[Tensor, "*shape width"]:
    """Mean of the value vectors of each bag; 0 pads, and an empty bag is the value *unknown*."""
    if codes.shape[-1] == 1:
        return functional.embedding(codes[..., 0], weight)
    known = (codes > 0).to(weight.dtype).unsqueeze(-1)
    n_known = known.sum(-2)
    mean = (functional.embedding(codes, weight) * known).sum(-2) / n_known.clamp(min=1)
    return torch.where(n_known > 0, mean, weight[0])


class ItemVectors(nn.Module):
    """One stream's vectors of the items, feature by feature; the id is feature 0."""

    def __init__(self, features: Sequence[Feature], n_items: int, width: int) -> None:
        super().__init__()
        self.ids = nn.Parameter(torch.randn(n_items, width) * 0.02)
        self.attributes = nn.ModuleList(FeatureVectors(feature, width) for feature in features)
        self.frozen: Tensor | None = None
        """The totals of all items, where nothing is learned any more."""

    def freeze(self) -> None:
        """Compute the totals of all items once; training forgets them."""
        items = torch.arange(len(self.ids), device=self.ids.device)
        self.frozen = torch.cat([self(part).sum(-2) for part in items.split(8192)])

    def train(self, mode: bool = True) -> ItemVectors:
        """Switch to training (or back), and forget the frozen totals."""
        self.frozen = None
        return super().train(mode)

    def forward(
        self, items: Int[Tensor, "*shape"], id_dropout: float = 0.0
    ) -> Float[Tensor, "*shape feature width"]:
        """Each item's vectors, by feature."""
        ids = functional.embedding(items, self.ids)
        if id_dropout and self.attributes:
            ids = ids * self._keep(items, id_dropout).unsqueeze(-1).to(ids.dtype)
        return torch.stack([ids, *(attribute(items) for attribute in self.attributes)], dim=-2)

    def _keep(self, items: Int[Tensor, "*shape"], id_dropout: float) -> Bool[Tensor, "*shape"]:
        """Whether the id is left; the same wherever an item stands in the batch."""
        if runs_behind(items.device):
            return kept((len(self.ids),), id_dropout, items.device)[items]
        return kept(items.shape, id_dropout, items.device)

    def totals(
        self, items: Int[Tensor, "*shape"], id_dropout: float = 0.0
    ) -> Float[Tensor, "*shape width"]:
        """The sum over features, computed once for each different item."""
        if self.frozen is not None:
            return functional.embedding(items, self.frozen)
        if runs_behind(items.device):
            # How many are different could only be known after waiting for the device.
            return self(items, id_dropout).sum(-2)
        different, place = items.unique(return_inverse=True)
        return functional.embedding(place, self(different, id_dropout).sum(-2))


class Rotary(NamedTuple):
    """Cosines and sines; zero for tokens that have neither position nor time."""

    cos: Float[Tensor, "batch 1 token angle"]
    sin: Float[Tensor, "batch 1 token angle"]

    @classmethod
    def of(cls, times: Int[Tensor, "batch event"], n_placeless: int) -> Rotary:
        """Angles of the events by their place in the sequence and in time."""
        days = (times - times[:, :1]).float() / SECONDS_A_DAY
        steps = torch.arange(times.shape[1], device=times.device).expand_as(days).float()
        frequencies = constant(ROTARY_POSITIONS + ROTARY_DAYS, times.device)
        place = torch.cat(
            [
                steps.unsqueeze(-1).expand(-1, -1, len(ROTARY_POSITIONS)),
                days.unsqueeze(-1).expand(-1, -1, len(ROTARY_DAYS)),
            ],
            dim=-1,
        )
        angles = place * (2 * math.pi / frequencies)
        pad = (0, 0, n_placeless, 0)
        return cls(
            functional.pad(angles.cos(), pad).unsqueeze(1),
            functional.pad(angles.sin(), pad).unsqueeze(1),
        )

    def part(self, tokens: slice) -> Rotary:
        """The angles of some tokens."""
        return Rotary(self.cos[:, :, tokens], self.sin[:, :, tokens])

    def first(self) -> Rotary:
        """The angles of the first sequence."""
        return Rotary(self.cos[:1], self.sin[:1])

    def turn(self, x: Float[Tensor, "*some batch head token size"]) -> Float[Tensor, ...]:
        """Turn the first part of each vector; the rest stays as it is."""
        half = N_ROTATED // 2
        a, b, rest = x[..., :half], x[..., half:N_ROTATED], x[..., N_ROTATED:]
        cos, sin = self.cos.to(x.dtype), self.sin.to(x.dtype)
        turned = torch.addcmul(a * cos, b, sin, value=-1), torch.addcmul(a * sin, b, cos)
        return torch.cat([*turned, rest], dim=-1)


class RoutingLayer(nn.Module):
    """Causal self-attention and a SwiGLU feed-forward, each normed before and added after."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        width = config.width
        self.n_heads = config.n_heads
        self.dropout = config.dropout
        self.attention_norm = nn.RMSNorm(width)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.forward_norm = nn.RMSNorm(width)
        self.up = nn.Linear(width, 4 * width, bias=False)
        self.down = nn.Linear(2 * width, width, bias=False)

    def _heads(self, x: Tensor, rotary: Rotary) -> tuple[Tensor, Tensor, Tensor]:
        shape = (*x.shape[:2], 3, self.n_heads, -1)
        qkv = self.qkv(self.attention_norm(x)).view(shape).permute(2, 0, 3, 1, 4)
        q, k = rotary.turn(qkv[:2])
        return q, k, qkv[2]

    def forward(
        self,
        x: Float[Tensor, "batch token width"],
        rotary: Rotary,
        visible: Bool[Tensor, "batch_or_1 1 token key"] | None,
        shared: Float[Tensor, "1 earlier width"] | None = None,
    ) -> Float[Tensor, "batch token width"]:
        """The layer's output; without `visible` each token sees itself and what came before.

        `shared` is what the layer reads at earlier tokens that all rows have in common; `rotary` is
        of all tokens.
        """
        if shared is None:
            q, k, v = self._heads(x, rotary)
        else:
            n = shared.shape[1]
            q, k, v = self._heads(x, rotary.part(slice(n, None)))
            _, k_shared, v_shared = self._heads(shared, rotary.part(slice(n)).first())
            k = torch.cat([k_shared.expand(len(x), -1, -1, -1), k], dim=2)
            v = torch.cat([v_shared.expand(len(x), -1, -1, -1), v], dim=2)
        mixed = functional.scaled_dot_product_attention(
            q, k, v, attn_mask=visible, is_causal=visible is None
        )
        x = x + self._drop(self.out(mixed.transpose(1, 2).flatten(2)))
        gate, up = self.up(self.forward_norm(x)).chunk(2, dim=-1)
        return x + self._drop(self.down(functional.silu(gate) * up))

    def weights(
        self, x: Float[Tensor, "batch token width"], rotary: Rotary
    ) -> Float[Tensor, "batch head token token"]:
        """The attention weights themselves, which the fused kernel never writes out."""
        q, k, _ = self._heads(x, rotary)
        logits = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
        ahead = torch.ones(logits.shape[-2:], dtype=torch.bool, device=x.device).triu(1)
        return logits.masked_fill(ahead, -torch.inf).softmax(-1)

    def _drop(self, x: Tensor) -> Tensor:
        return dropout(x, self.dropout) if self.training else x


class Network(nn.Module):
    """Additive readout over a routing Transformer, with the weights of the two voters."""

    def __init__(
        self,
        config: ModelConfig,
        item_features: Sequence[Feature],
        user_features: Sequence[Feature],
        n_items: int,
        n_event_types: int,
    ) -> None:
        super().__init__()
        self.config = config
        width, heads = config.width, config.n_readout_heads
        self.routing_items = ItemVectors(item_features, n_items, width)
        self.value_items = ItemVectors(item_features, n_items, width)
        self.candidate_items = ItemVectors(item_features, n_items, width)
        self.any_value = nn.Parameter(torch.zeros(width), requires_grad=False)
        """What every event says whatever its item; set once, when the shares are made unique."""
        self.bias = nn.Parameter(torch.zeros(n_items))
        sizes = [len(feature.values) + 1 for feature in user_features]
        self.routing_profile = _tables(sizes, width)
        self.value_profile = _tables(sizes, width)
        self.start = nn.Parameter(torch.randn(width) * 0.02)
        self.routing_event = nn.Parameter(torch.randn(n_event_types, width) * 0.02)
        self.routing_gap = nn.Parameter(torch.randn(N_GAPS, width) * 0.02)
        self.layers = nn.ModuleList(RoutingLayer(config) for _ in range(config.n_layers))
        self.norm = nn.RMSNorm(width)
        self.query_gap = nn.Parameter(torch.zeros(N_GAPS, width))
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, width, bias=False)
        self.gate = nn.Linear(width, heads)
        self.gap_bias = nn.Parameter(torch.zeros(heads, N_GAPS))
        self.position_bias = nn.Parameter(torch.zeros(heads, len(POSITION_EDGES) + 1))
        self.mix = nn.Parameter(torch.randn(heads, width, width) / math.sqrt(width))
        self.order = nn.Linear(width, width, bias=False)
        self.order_scale = nn.Parameter(torch.tensor(float(bool(config.order_term))))
        self.again_weight = nn.Parameter(torch.full((N_GAPS, n_event_types), 2.5))
        self.again_repeat = nn.Parameter(1.0 / torch.tensor((1.0, *REPEAT_EDGES)))
        self.again_item = nn.Parameter(torch.zeros(n_items))
        self.together_weight = nn.Parameter(torch.full((N_GAPS, n_event_types), 5.0))
        self.together_repeat = nn.Parameter(torch.ones(1 + len(REPEAT_EDGES)))

    @property
    def n_placeless(self) -> int:
        """Tokens before the first event: the start token and one for each user feature."""
        return 1 + len(self.routing_profile)

    @property
    def voter_weights(self) -> list[nn.Parameter]:
        """The weights of the two voters; a few numbers that everything else leans on."""
        again = [self.again_weight, self.again_repeat, self.again_item]
        return [*again, self.together_weight, self.together_repeat]

    def embed(self, sequences: Sequences) -> Float[Tensor, "batch token width"]:
        """The routing stream's input."""
        items, events, times, profile = sequences
        gaps = gap_buckets(times[:, 1:] - times[:, :-1])
        gaps = functional.pad(gaps, (1, 0), value=N_GAPS - 1)
        dropout = self.config.feature_dropout if self.training else 0.0
        x = self.routing_items.totals(items, dropout)
        x = x + functional.embedding(events, self.routing_event)
        x = x + functional.embedding(gaps, self.routing_gap)
        start = self.start.to(x.dtype).expand(len(items), 1, -1)
        return torch.cat([start, self.profile_vectors(self.routing_profile, profile), x], dim=1)

    def profile_vectors(
        self, tables: nn.ParameterList, profile: Int[Tensor, "batch user_feature bag"]
    ) -> Float[Tensor, "batch user_feature width"]:
        """One vector for each user feature."""
        vectors = [bag_mean(table, profile[:, i]) for i, table in enumerate(tables)]
        if not vectors:
            return self.start.new_zeros(len(profile), 0, self.config.width)
        return torch.stack(vectors, dim=1)

    def route(
        self, sequences: Sequences, dropped_tokens: Bool[Tensor, "batch token"] | None = None
    ) -> Float[Tensor, "batch token width"]:
        """The routing stream's output; `dropped_tokens` (profile tokens) are seen by nobody."""
        x = self.embed(sequences)
        if self.training:
            x = dropout(x, self.config.dropout)
        rotary = Rotary.of(sequences.times, self.n_placeless)
        visible = None
        if dropped_tokens is not None:
            n = x.shape[1]
            past = torch.ones(n, n, dtype=torch.bool, device=x.device).tril()
            itself = torch.eye(n, dtype=torch.bool, device=x.device)
            visible = (past & (~dropped_tokens[:, None, None, :] | itself)).contiguous()
        for layer in self.layers:
            x = layer(x, rotary, visible)
        return self.norm(x)

    def layer_inputs(self, sequences: Sequences) -> list[Float[Tensor, "batch token width"]]:
        """What each routing layer reads; last, what comes out of them before the norm."""
        x = self.embed(sequences)
        rotary = Rotary.of(sequences.times, self.n_placeless)
        inputs = [x]
        for layer in self.layers:
            inputs.append(layer(inputs[-1], rotary, None))
        return inputs

    def route_on(
        self,
        sequences: Sequences,
        inputs: Sequence[Float[Tensor, "1 whole width"]],
        n_shared: int,
    ) -> Float[Tensor, "batch token width"]:
        """`route` where the first `n_shared` tokens of all rows are those of one other sequence.

        `inputs` are that sequence's `layer_inputs`: what they hold is not computed again. At least
        the first event must be shared, since it is where rotary angles are counted from.
        """
        rotary = Rotary.of(sequences.times, self.n_placeless)
        x = self.embed(sequences)
        n = x.shape[1]
        visible = torch.ones(n, n, dtype=torch.bool, device=x.device).tril()[None, None, n_shared:]
        x = x[:, n_shared:]
        for layer, shared in zip(self.layers, inputs, strict=False):
            x = layer(x, rotary, visible, shared[:, :n_shared])
        first = inputs[-1][:, :n_shared].expand(len(x), -1, -1)
        return self.norm(torch.cat([first, x], dim=1))

    def routing_weights(
        self, sequences: Sequences
    ) -> list[Float[Tensor, "batch head token token"]]:
        """Attention weights of every routing layer, for looking at."""
        x = self.embed(sequences)
        rotary = Rotary.of(sequences.times, self.n_placeless)
        weights = []
        for layer in self.layers:
            assert isinstance(layer, RoutingLayer)
            weights.append(layer.weights(x, rotary))
            x = layer(x, rotary, None)
        return weights

    def look(
        self,
        routed: Float[Tensor, "batch token width"],
        sequences: Sequences,
        queries: Queries,
        dropped_tokens: Bool[Tensor, "query token"] | None = None,
    ) -> Readout:
        """Where each query looks. The start token is looked at only when there is nothing else."""
        last = self._last(routed, sequences, queries, dropped_tokens)
        q = queries.by_row(self._query_vectors(last), len(routed))
        k = self._key_vectors(routed)
        logits = queries.in_line(torch.einsum("bchs,bths->bcht", q, k)) / math.sqrt(q.shape[-1])
        logits = logits + self._place_bias(sequences, queries)
        hidden = self._hidden_tokens(routed.shape[1], queries)
        if dropped_tokens is not None:
            hidden = hidden | dropped_tokens
            hidden[:, 0] = ~hidden[:, 1:].all(-1)
        softmax = logits.float().masked_fill(hidden.unsqueeze(1), -torch.inf).softmax(-1)
        gate = 2 * self.gate(routed).float().sigmoid().transpose(1, 2)
        return Readout(softmax, gate.index_select(0, queries.rows) * self.config.attention)

    def _last(
        self, routed: Tensor, sequences: Sequences, queries: Queries, dropped: Tensor | None
    ) -> Tensor:
        """The newest token that is seen: an event, else of the profile, else the start token."""
        last = (queries.cuts - 1).clamp(min=0)
        gap = gap_buckets(queries.as_of - sequences.times[queries.rows, last])
        gap = torch.where(queries.cuts > 0, gap, N_GAPS - 1)
        newest = queries.cuts + self.n_placeless - 1
        if dropped is not None:
            places = torch.arange(routed.shape[1], device=newest.device)
            seen = ~dropped & (places <= newest.unsqueeze(1))
            newest = torch.where(seen, places, 0).amax(1)
        tokens = routed[queries.rows, newest]
        return tokens + functional.embedding(gap, self.query_gap)

    def _query_vectors(self, last: Float[Tensor, "query width"]) -> Tensor:
        return self.query(last).view(len(last), self.config.n_readout_heads, -1)

    def _key_vectors(self, routed: Tensor) -> Tensor:
        return self.key(routed).view(*routed.shape[:2], self.config.n_readout_heads, -1)

    def _place_bias(self, sequences: Sequences, queries: Queries) -> Tensor:
        """Each head's taste for time gap and position, `query head token`; 0 before the events."""
        gaps = gap_buckets(queries.as_of.unsqueeze(1) - sequences.times[queries.rows])
        steps = torch.arange(gaps.shape[1], device=gaps.device)
        back = (queries.cuts.unsqueeze(1) - 1 - steps).clamp(min=0)
        position = torch.bucketize(back, constant(POSITION_EDGES, gaps.device), right=True)
        bias = functional.embedding(gaps, self.gap_bias.T)
        bias = bias + functional.embedding(position, self.position_bias.T)
        return functional.pad(bias.transpose(1, 2), (self.n_placeless, 0))

    def _hidden_tokens(self, n_tokens: int, queries: Queries) -> Bool[Tensor, "query token"]:
        steps = torch.arange(n_tokens, device=queries.cuts.device) - self.n_placeless
        hidden = steps >= queries.cuts.unsqueeze(1)
        hidden[:, 0] = (self.n_placeless > 1) | (queries.cuts > 0)
        return hidden

    def values(self, sequences: Sequences) -> Float[Tensor, "batch token width"]:
        """What is read at each token: nothing at the start, sums of feature vectors elsewhere."""
        dropout = self.config.feature_dropout if self.training else 0.0
        events = self.value_items.totals(sequences.items, dropout) + self.any_value
        profile = self.profile_vectors(self.value_profile, sequences.profile)
        nothing = torch.zeros_like(events[:, :1])
        return torch.cat([nothing, profile, events], dim=1)

    def user_vectors(
        self,
        sequences: Sequences,
        queries: Queries,
        dropped_tokens: Bool[Tensor, "batch token"] | None = None,
        routed: Float[Tensor, "batch token width"] | None = None,
    ) -> Float[Tensor, "query width"]:
        """The vector u with logit = bias + ⟨u, candidate⟩ + voters; `routed` if it is known."""
        if routed is None:
            routed = self.route(sequences, dropped_tokens)
        dropped = None if dropped_tokens is None else dropped_tokens[queries.rows]
        if self.config.readout == "contextual":
            return self.order_vector(routed, sequences, queries, dropped)
        softmax, gate = self.look(routed, sequences, queries, dropped)
        values = self.values(sequences)
        weights = queries.by_row((softmax * gate).to(values.dtype), len(values))
        read = queries.in_line(torch.einsum("bcht,btw->bchw", weights, values))
        vector = torch.einsum("qhw,hwv->qv", read, self.mix)
        if self.config.order_term:
            vector = vector + self.order_vector(routed, sequences, queries, dropped)
        return vector

    def order_vector(
        self,
        routed: Tensor,
        sequences: Sequences,
        queries: Queries,
        dropped_tokens: Bool[Tensor, "query token"] | None = None,
    ) -> Float[Tensor, "query width"]:
        """λ W h_last: what order and combination add; everything, in the contextual readout."""
        vector = self.order(self._last(routed, sequences, queries, dropped_tokens))
        return vector if self.config.readout == "contextual" else self.order_scale * vector

    def candidates(self, items: Int[Tensor, " item"]) -> Float[Tensor, "item width"]:
        """Vectors of the candidates."""
        dropout = self.config.feature_dropout if self.training else 0.0
        return self.candidate_items.totals(items, dropout)


def _tables(sizes: Sequence[int], width: int) -> nn.ParameterList:
    return nn.ParameterList(nn.Parameter(torch.randn(size, width) * 0.02) for size in sizes)
