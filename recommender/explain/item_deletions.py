"""What is lost without all that a history has of one item.

A view, a cart and a purchase of one item stand for each other: without any one of them little is
lost, without all of them much may be. Where words name titles, items of one title count as one.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Int

from recommender.data.histories import History
from recommender.explain.contributions import contributions
from recommender.explain.deletions import part_logits
from recommender.explain.ranking import allowed_items, ranks
from recommender.explain.types import ItemDeletion
from recommender.metrics.evaluator import View
from recommender.model.device import threads
from recommender.model.run import Run

TRIED = 10
"""Items tried: those whose events' shares sum to most."""
NAMED = 3


def item_deletions(
    run: Run, history: History, item: int, candidates: View | None = None
) -> tuple[ItemDeletion, ...]:
    """The items of the history whose deletion lowers the candidate's logit most, three at most."""
    if not len(history):
        return ()
    with threads(1):
        shares = contributions(run.scorer, history, [item]).features[0].sum(1)
    titles = run.dataset.items["title"].to_numpy()[history.items].astype(str)
    _, place = np.unique(titles, return_inverse=True)
    order = np.argsort(-np.bincount(place, weights=shares), kind="stable")[:TRIED]
    found = _without(run, history, item, place == order[:, None], candidates)
    worst = sorted(found, key=lambda one: -one.loss)[:NAMED]
    return tuple(one for one in worst if one.loss > 0)


def all_item_deletions(
    run: Run, history: History, item: int, candidates: View | None = None
) -> tuple[ItemDeletion, ...]:
    """What is lost without each item of the history, in the order of their first events.

    Here items of one title are apart: each entry has all events of one item, and nothing else.
    """
    if not len(history):
        return ()
    return _without(run, history, item, history.items == past_items(history)[:, None], candidates)


def past_items(history: History) -> Int[np.ndarray, " past"]:
    """The different items of a history, in the order of their first events."""
    items, first = np.unique(history.items, return_index=True)
    return np.asarray(items[np.argsort(first)])


def _without(
    run: Run,
    history: History,
    item: int,
    deleted: Bool[np.ndarray, "group event"],
    candidates: View | None,
) -> tuple[ItemDeletion, ...]:
    """What is lost without each group of events, all groups in one batch."""
    allowed = allowed_items(history, len(run.dataset.items), candidates or run.default_view)
    kept = np.concatenate([np.ones((1, len(history)), bool), ~deleted])
    with threads(1):
        logits = part_logits(run.scorer, history, kept)
    rank = ranks(logits, item, allowed)
    titles = run.dataset.items["title"].to_numpy()[history.items]
    events = [tuple(np.flatnonzero(group).tolist()) for group in deleted]
    return tuple(
        ItemDeletion(
            title=str(titles[events[row][0]]),
            events=events[row],
            loss=float(logits[0, item] - logits[1 + row, item]),
            rank_before=int(rank[0]),
            rank_after=int(rank[1 + row]),
        )
        for row in range(len(deleted))
    )
