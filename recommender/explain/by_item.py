"""What is lost without all that a history has of one item.

A view, a cart and a purchase of one item stand for each other: without any one of them little is
lost, without all of them much may be. Items of one title count as one, since words name titles.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float, Int

from recommender.data.histories import History
from recommender.explain.contributions import contributions
from recommender.explain.deletions import part_logits
from recommender.explain.ranking import allowed_items, ranks
from recommender.explain.types import ItemDeletion
from recommender.metrics.evaluator import View
from recommender.model.device import threads
from recommender.model.run import Run

TRIED = 10
"""Items tried for each candidate: those whose events' shares of its score sum to most."""


def by_item(
    run: Run, history: History, items: Sequence[int], candidates: View | None = None
) -> tuple[tuple[ItemDeletion, ...], ...]:
    """For each of the `items` recommended, the past items that were tried, largest loss first.

    All are tried in one batch. A loss below nought is a gain: the past item speaks against it.
    """
    if not len(history) or not len(items):
        return ((),) * len(items)
    allowed = allowed_items(history, len(run.dataset.items), candidates or run.default_view)
    titles = run.dataset.items["title"].to_numpy()[history.items].astype(str)
    past, place = np.unique(titles, return_inverse=True)
    with threads(1):
        shares = _by_event(run, history, items)
        tried = np.stack([_most(row, place, len(past)) for row in shares])
        named = np.unique(tried)
        kept = np.concatenate([np.ones((1, len(history)), bool), place != named[:, None]])
        logits = part_logits(run.scorer, history, kept)
    rows = np.searchsorted(named, tried)
    return tuple(
        _deletions(past[named], ~kept[1:], logits, row, item, allowed)
        for item, row in zip(items, rows, strict=True)
    )


def _by_event(
    run: Run, history: History, items: Sequence[int]
) -> Float[np.ndarray, "candidate event"]:
    return np.asarray(contributions(run.scorer, history, items).features.sum(2))


def _most(
    shares: Float[np.ndarray, " event"], place: Int[np.ndarray, " event"], n_past: int
) -> Int[np.ndarray, " tried"]:
    """The past items whose events' shares sum to most."""
    sums = np.bincount(place, weights=shares, minlength=n_past)
    return np.argsort(-sums, kind="stable")[:TRIED]


def _deletions(
    titles: Sequence[str],
    events: Bool[np.ndarray, "deleted event"],
    logits: Float[np.ndarray, "part item"],
    rows: Int[np.ndarray, " tried"],
    item: int,
    allowed: Bool[np.ndarray, " item"],
) -> tuple[ItemDeletion, ...]:
    """Those of one candidate; the first of the `logits` are with all events."""
    lost = logits[0, item] - logits[1 + rows, item]
    rank = ranks(logits, item, allowed)
    return tuple(
        ItemDeletion(
            title=str(titles[rows[place]]),
            events=tuple(np.flatnonzero(events[rows[place]]).tolist()),
            loss=float(lost[place]),
            rank_before=int(rank[0]),
            rank_after=int(rank[1 + rows[place]]),
        )
        for place in np.argsort(-lost, kind="stable")
    )
