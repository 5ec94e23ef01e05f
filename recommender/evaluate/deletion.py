"""The deletion protocol: do the events that an attribution names decide the recommendation?

After LXR (Barkan et al., WWW 2024). The target is the model's own first recommendation. Events are
deleted in ten steps, most important first or least important first, the history closed up each
time, and the target ranked anew among the same candidates. Only the nine points between the full
and the empty history count: at both ends all methods are alike. Beside them, the first five single
deletions, and the curve over all ten steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from recommender.data.histories import History
from recommender.explain.deletions import part_logits
from recommender.model.inference import Scorer

TENTHS = np.arange(1, 10)
FIRST = np.arange(1, 6)
LEAST_EVENTS = 10
"""Shorter histories have no ten steps and are not asked about."""
MEASURES = ("pos@5", "neg@5", "cdcg", "del", "ins")
LOWER_IS_BETTER = ("pos@5", "cdcg", "del")
SPANS = ("tenths", "first")
"""Over which deletions a measure is the mean: the nine tenths, or the first five events."""
CURVES = ("shown", "probability")
"""What a curve follows: whether the target is among the first five, and its probability relative
to that of the full history."""
N_STEPS = len(TENTHS) + 2
"""Of a curve: the full history, nine tenths, the empty history."""


class Asked(NamedTuple):
    """One attribution to be judged: how much each event counts for the target."""

    target: int
    """Item code."""
    allowed: Bool[np.ndarray, " item"]
    """The candidates that the target is ranked among."""
    values: Float[np.ndarray, " event"]


class Judged(NamedTuple):
    """What deleting says of each attribution."""

    measures: Float[np.ndarray, "asked span measure"]
    curves: Float[np.ndarray, "asked curve step"]
    """Most important events deleted first; nothing at step 0, everything at step 10."""


class _Seen(NamedTuple):
    """The target's place in some shortened histories."""

    rank: Int[np.ndarray, " part"]
    probability: Float[np.ndarray, " part"]
    """Softmax among the candidates, relative to that of the full history."""


def judge(
    scorer: Scorer, history: History, asked: Sequence[Asked], rng: np.random.Generator
) -> Judged:
    """All measures of all attributions of one history, their shortened histories in one batch.

    `pos@5`: share of the points where the target is still among the first five, most important
    events deleted first (lower is better); `neg@5`: the same, least important first (higher is
    better); `cdcg`: mean of 1 / log2(1 + rank), most important first (lower); `del`: mean
    probability of the target relative to the full history, most important first (lower); `ins`: the
    same with only the most important events left (higher). Ties are broken at random.
    """
    kept = [_parts(_order(one.values, rng)) for one in asked]
    n_parts = len(kept[0])
    whole = np.ones((1, len(history)), dtype=bool)
    logits = part_logits(scorer, history, np.concatenate([whole, ~whole, *kept]))
    measures = np.zeros((len(asked), len(SPANS), len(MEASURES)))
    curves = np.zeros((len(asked), len(CURVES), N_STEPS))
    for i, one in enumerate(asked):
        rows = slice(2 + i * n_parts, 2 + (i + 1) * n_parts)
        seen = _seen(np.concatenate([logits[:2], logits[rows]]), one)
        measures[i] = _measures(_Seen(seen.rank[2:], seen.probability[2:]))
        curves[i] = _curves(seen)
    return Judged(measures, curves)


def _order(values: Float[np.ndarray, " event"], rng: np.random.Generator) -> np.ndarray:
    """Events from most to least important."""
    return np.lexsort((rng.random(len(values)), -values))


def _parts(order: Int[np.ndarray, " event"]) -> Bool[np.ndarray, "part event"]:
    """What is left: tenths from the front, tenths from the back, the first five, the last five."""
    n = len(order)
    place = order.argsort()
    tenths = np.floor(TENTHS * n / 10 + 0.5)
    front = [place >= count for count in (*tenths, *FIRST)]
    back = [place < n - count for count in (*tenths, *FIRST)]
    return np.array(front + back)


def _seen(logits: Float[np.ndarray, "part item"], one: Asked) -> _Seen:
    """The target's place in each part; the first part is the full history."""
    logits, target = logits[:, one.allowed], one.allowed[: one.target].sum()
    own = logits[:, [target]]
    probability = 1 / np.exp(logits - own).sum(1)
    rank = 1 + (logits > own).sum(1)
    return _Seen(rank, probability / probability[0])


def _curves(seen: _Seen) -> Float[np.ndarray, "curve step"]:
    """From the full history (part 0) over the nine tenths to the empty one (part 1)."""
    steps = [0, *range(2, 2 + len(TENTHS)), 1]
    return np.array([seen.rank[steps] <= 5, seen.probability[steps]])


def _measures(seen: _Seen) -> Float[np.ndarray, "span measure"]:
    n = len(TENTHS) + len(FIRST)
    spans = (slice(0, len(TENTHS)), slice(len(TENTHS), n))
    rows = []
    for span in spans:
        front, back = slice(span.start, span.stop), slice(n + span.start, n + span.stop)
        rows.append(
            [
                (seen.rank[front] <= 5).mean(),
                (seen.rank[back] <= 5).mean(),
                (1 / np.log2(1 + seen.rank[front])).mean(),
                seen.probability[front].mean(),
                seen.probability[back].mean(),
            ]
        )
    return np.array(rows)
