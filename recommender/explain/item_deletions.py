"""What is lost without all that a history has of one item.

A view, a cart and a purchase of one item stand for each other: without any one of them little is
lost, without all of them much may be. Items of one title count as one, since words name titles.
"""

from __future__ import annotations

import numpy as np

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
    allowed = allowed_items(history, len(run.dataset.items), candidates or run.default_view)
    with threads(1):
        shares = contributions(run.scorer, history, [item]).features[0].sum(1)
        titles = run.dataset.items["title"].to_numpy()[history.items].astype(str)
        past, place = np.unique(titles, return_inverse=True)
        order = np.argsort(-np.bincount(place, weights=shares), kind="stable")[:TRIED]
        kept = np.concatenate([np.ones((1, len(history)), bool), place != order[:, None]])
        logits = part_logits(run.scorer, history, kept)
    lost = logits[0, item] - logits[1:, item]
    rank = ranks(logits, item, allowed)
    return tuple(
        ItemDeletion(
            title=str(past[order[row]]),
            events=tuple(np.flatnonzero(~kept[1 + row]).tolist()),
            loss=float(lost[row]),
            rank_before=int(rank[0]),
            rank_after=int(rank[1 + row]),
        )
        for row in np.argsort(-lost, kind="stable")[:NAMED]
        if lost[row] > 0
    )
