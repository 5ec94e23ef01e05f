"""The deletion protocol: do the events that an attribution names decide the recommendation?

After LXR (Barkan et al., WWW 2024). The target is the model's own first recommendation. Events are
deleted in ten steps, most important first or least important first, the history closed up each
time, and the target ranked anew among the same candidates. Only the nine points between the full
and the empty history count: at both ends all methods are alike. Beside them, the first five single
deletions.
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


class Asked(NamedTuple):
    """One attribution to be judged: how much each event counts for the target."""

    target: int
    """Item code."""
    allowed: Bool[np.ndarray, " item"]
    """The candidates that the target is ranked among."""
    values: Float[np.ndarray, " event"]


class _Seen(NamedTuple):
    """The target's place in some shortened histories."""

    rank: Int[np.ndarray, " part"]
    probability: Float[np.ndarray, " part"]
    """Softmax among the candidates, relative to that of the full history."""


def judge(
    scorer: Scorer, history: History, asked: Sequence[Asked], rng: np.random.Generator
) -> Float[np.ndarray, "asked span measure"]:
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
    logits = part_logits(scorer, history, np.concatenate([whole, *kept]))
    found = np.zeros((len(asked), len(SPANS), len(MEASURES)))
    for i, one in enumerate(asked):
        rows = slice(1 + i * n_parts, 1 + (i + 1) * n_parts)
        found[i] = _measures(_seen(logits[:1], logits[rows], one))
    return found


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


def _seen(
    full: Float[np.ndarray, "1 item"], logits: Float[np.ndarray, "part item"], one: Asked
) -> _Seen:
    logits, target = np.concatenate([full, logits])[:, one.allowed], one.allowed[: one.target].sum()
    own = logits[:, [target]]
    probability = 1 / np.exp(logits - own).sum(1)
    rank = 1 + (logits > own).sum(1)
    return _Seen(rank[1:], probability[1:] / probability[0])


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
