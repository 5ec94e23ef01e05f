"""What is lost without all that a history has of one item: all of them, or those worth naming."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Int

from recommender.data.histories import History
from recommender.explain.by_item import by_item
from recommender.explain.deletions import part_logits
from recommender.explain.ranking import allowed_items, ranks
from recommender.explain.types import ItemDeletion
from recommender.metrics.evaluator import View
from recommender.model.device import threads
from recommender.model.run import Run

NAMED = 3


def item_deletions(
    run: Run, history: History, item: int, candidates: View | None = None
) -> tuple[ItemDeletion, ...]:
    """The items of the history whose deletion lowers the candidate's logit most, three at most."""
    (found,) = by_item(run, history, [item], candidates)
    return worth_naming(found)


def worth_naming(found: Sequence[ItemDeletion]) -> tuple[ItemDeletion, ...]:
    """Of all that were tried, largest loss first, those that speak for the candidate."""
    return tuple(one for one in found[:NAMED] if one.loss > 0)


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
