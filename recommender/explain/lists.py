"""Everybody's recommendations with the strongest reason for each, one row at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from recommender.explain.lenses import recommend
from recommender.model.run import Run

COLUMNS = (
    "user_id",
    "rank",
    "item_id",
    "title",
    "logit",
    "percentile",
    "reason_item_id",
    "reason_title",
    "reason_share",
    "reason_feature",
)


def listed(
    run: Run, users: Iterable[int], k: int, candidates: Literal["all", "new"]
) -> Iterator[dict[str, Any]]:
    """The top-k of each user (codes), with the event and the feature that counted most."""
    ids = run.dataset.items["item_id"].to_numpy()
    titles = run.dataset.items["title"].to_numpy()
    user_ids = run.dataset.users["user_id"].to_numpy()
    for user in users:
        history = run.history(user)
        for one in recommend(run, history, k, candidates):
            reason = None if one.reason_event is None else history.items[one.reason_event]
            yield {
                "user_id": user_ids[user],
                "rank": one.rank,
                "item_id": one.item_id,
                "title": one.title,
                "logit": one.logit,
                "percentile": one.percentile,
                "reason_item_id": "" if reason is None else ids[reason],
                "reason_title": "" if reason is None else titles[reason],
                "reason_share": one.reason_share,
                "reason_feature": one.reason_feature,
            }
