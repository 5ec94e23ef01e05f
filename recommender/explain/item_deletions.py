"""The past items that hold a candidate most, for words and files."""

from __future__ import annotations

from collections.abc import Sequence

from recommender.data.histories import History
from recommender.explain.by_item import by_item
from recommender.explain.types import ItemDeletion
from recommender.metrics.evaluator import View
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
