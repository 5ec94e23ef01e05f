"""One item seen from all users: who gets it in their top-k, what leads to it, what is beside it.

The lists of all users are computed once for each run (`top_lists`); what one item's page needs is
read off them, and the scores of some who get it are taken apart (`audience`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int

from recommender.data.histories import History, Moment
from recommender.evaluate.starts import buyers
from recommender.explain.contributions import Shares, contributions, feature_names
from recommender.explain.importance import popularity_rows
from recommender.explain.ranking import allowed_items, top_items
from recommender.explain.types import LATELY, USUALLY
from recommender.metrics.evaluator import View
from recommender.model.device import threads
from recommender.model.inference import HISTORIES_A_BATCH
from recommender.model.run import Run

DEPTH = 50
"""How many places of each list are kept."""
MOST_USERS = 5_000
"""Of more users a random sample is asked, always the same."""
MOST_EXPLAINED = 100
"""Of more users who get an item, as many are explained, spread evenly over the ranks."""
N_RIVALS = 10
N_CAUSES = 12
N_EXAMPLES = 8


@dataclass(frozen=True, eq=False)
class TopLists:
    """The best candidates of many users, as of the end of the data."""

    users: Int[np.ndarray, " user"]
    items: Int[np.ndarray, "user place"]
    """Item codes, best first; -1 where a user has fewer candidates."""
    n_users: int
    """How many users the data has, asked or not."""

    def ranks(self, item: int) -> Int[np.ndarray, " user"]:
        """The item's rank in each list, from 1; 0 where it is not in the list."""
        found = self.items == item
        return np.where(found.any(axis=1), found.argmax(axis=1) + 1, 0)

    def reach(self, k: int, n_items: int) -> Int[np.ndarray, " item"]:
        """In how many lists each item is among the first k."""
        first = self.items[:, :k]
        return np.bincount(first[first >= 0], minlength=n_items)


@dataclass(frozen=True, eq=False)
class Audience:
    """Who gets an item among their first k, and why. Those explained are receivers, or the users
    who come nearest where nobody gets it."""

    item: int
    k: int
    asked: int
    """Users whose lists were looked at."""
    users: Int[np.ndarray, " receiver"]
    """Who gets it, best rank first."""
    ranks: Int[np.ndarray, " receiver"]
    buyers: int
    """Users with a target event (a purchase) on it, of all users."""
    reach_rank: int
    """Its rank among all items by how many get it, from 1."""
    buyers_rank: int
    """Its rank among all items by how many bought it, from 1."""
    bias_rank: int
    """Its rank among all items if popularity alone decided, from 1."""
    segments: pd.DataFrame
    """Columns `feature`, `value`, `users` (asked), `receivers`, `rate`: one row a profile value."""
    rivals: pd.DataFrame
    """Columns `item`, `item_id`, `title`, `lists` (how many of the receivers' lists hold it too),
    `share` (of the receivers' lists), `usual` (share of all lists), `above` (share of the common
    lists in which it stands above)."""
    shares: pd.DataFrame
    """Columns `feature`, `kind` (`event`, `profile`, `bias`, `order`), `contribution`: means over
    those explained; they sum to the mean logit."""
    causes: pd.DataFrame
    """Columns `item`, `item_id`, `title`, `users` (of those explained, who have it in the history),
    `contribution` (mean over all explained), `feature` (through which most of it comes)."""
    examples: pd.DataFrame
    """Columns `user`, `rank`, `logit`, `cause` (item code, -1 for none), `time` (of that event, NaN
    where nobody said it), `number`, `of` (which of the user's events it is), `contribution`,
    `feature`: some of those explained, spread over the ranks."""
    explained: int
    """How many users the means are over."""


def top_lists(
    run: Run,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    most_users: int = MOST_USERS,
    seed: int = 0,
) -> dict[View, TopLists]:
    """Everybody's best candidates in both views; `on_progress` is told (users done, users)."""
    n_users, n_items = len(run.dataset.users), len(run.dataset.items)
    users = np.arange(n_users)
    if n_users > most_users:
        users = np.sort(np.random.default_rng(seed).choice(n_users, most_users, replace=False))
    found: dict[View, list[np.ndarray]] = {"all": [], "new": []}
    for start in range(0, len(users), HISTORIES_A_BATCH):
        on_progress(start, len(users))
        histories = [run.history(int(user)) for user in users[start : start + HISTORIES_A_BATCH]]
        with threads(1):
            logits = run.scorer.logits(histories)
        for row, history in zip(logits, histories, strict=True):
            found["all"].append(_best(row, np.ones(n_items, dtype=bool)))
            found["new"].append(_best(row, allowed_items(history, n_items, "new")))
    on_progress(len(users), len(users))
    return {view: TopLists(users, np.stack(rows), n_users) for view, rows in found.items()}


def _best(
    logits: Float[np.ndarray, " item"], allowed: Bool[np.ndarray, " item"]
) -> Int[np.ndarray, " place"]:
    """The first places; −1 where there are fewer candidates."""
    best = np.full(DEPTH, -1, dtype=np.int32)
    top = top_items(logits, DEPTH, allowed)
    best[: len(top)] = top
    return best


def audience(run: Run, lists: TopLists, item: int, k: int = 10) -> Audience:
    """Who gets the item among the first k, and why.

    Scores of up to 100 of them are taken apart; where nobody gets it, of those who come nearest,
    within the first 50.
    """
    ranks = lists.ranks(item)
    gets = (ranks > 0) & (ranks <= k)
    order = np.lexsort((lists.users[gets], ranks[gets]))
    users, placed = lists.users[gets][order], ranks[gets][order]
    n_buyers, reach = buyers(run.dataset), lists.reach(k, len(run.dataset.items))
    own = run.scorer.popularity(run.dataset.history(0).as_of)
    near = gets if gets.any() else ranks > 0
    nearest = np.flatnonzero(near)[np.lexsort((lists.users[near], ranks[near]))]
    asked = nearest[_spread(len(nearest), MOST_EXPLAINED)]
    explained = [_explained(run, int(lists.users[i]), item) for i in asked]
    return Audience(
        item=item,
        k=k,
        asked=len(lists.users),
        users=users,
        ranks=placed,
        buyers=int(n_buyers[item]),
        reach_rank=1 + int((reach > reach[item]).sum()),
        buyers_rank=1 + int((n_buyers > n_buyers[item]).sum()),
        bias_rank=1 + int((own > own[item]).sum()),
        segments=_segments(run, lists.users, gets),
        rivals=_rivals(run, lists, item, k, gets),
        shares=_mean_shares(run, explained),
        causes=_causes(run, explained),
        examples=_examples(run, lists.users[asked], ranks[asked], explained),
        explained=len(explained),
    )


def _spread(n: int, most: int) -> Int[np.ndarray, " place"]:
    """At most so many of n places, evenly spread, the first among them."""
    return np.unique(np.linspace(0, n - 1, min(n, most)).round().astype(int)) if n else np.arange(0)


def _segments(
    run: Run, asked: Int[np.ndarray, " user"], gets: Bool[np.ndarray, " user"]
) -> pd.DataFrame:
    rows = []
    for feature in run.dataset.user_features:
        for code, value in enumerate(feature.values, start=1):
            member = (feature.codes[asked] == code).any(axis=1)
            n, receivers = int(member.sum()), int((member & gets).sum())
            if n:
                rows.append((feature.name, value, n, receivers, receivers / n))
    return pd.DataFrame(rows, columns=["feature", "value", "users", "receivers", "rate"])


def _rivals(
    run: Run, lists: TopLists, item: int, k: int, gets: Bool[np.ndarray, " user"]
) -> pd.DataFrame:
    """What stands in the same lists most often."""
    first, n_items = lists.items[:, :k], len(run.dataset.items)
    usual = lists.reach(k, n_items) / max(len(first), 1)
    theirs, own = first[gets], lists.ranks(item)[gets]
    beside = theirs[theirs >= 0]
    counts = np.bincount(beside, minlength=n_items)
    place = np.broadcast_to(np.arange(1, theirs.shape[1] + 1), theirs.shape)
    above = np.bincount(theirs[(place < own[:, None]) & (theirs >= 0)], minlength=n_items)
    counts[item] = 0
    best = np.argsort(-counts, kind="stable")[:N_RIVALS]
    best = best[counts[best] > 0]
    return pd.DataFrame(
        {
            "item": best,
            "item_id": run.dataset.items["item_id"].to_numpy()[best].astype(str),
            "title": run.dataset.items["title"].to_numpy()[best].astype(str),
            "lists": counts[best],
            "share": counts[best] / max(len(theirs), 1),
            "usual": usual[best],
            "above": above[best] / np.maximum(counts[best], 1),
        }
    )


@dataclass(frozen=True, eq=False)
class _Explained:
    """One receiver's score, taken apart."""

    history: History
    shares: Shares


def _explained(run: Run, user: int, item: int) -> _Explained:
    history = run.history(user)
    with threads(1):
        return _Explained(history, contributions(run.scorer, history, [item]))


def _event_features(run: Run) -> tuple[str, ...]:
    return feature_names([feature.name for feature in run.dataset.item_features])


def _mean_shares(run: Run, explained: list[_Explained]) -> pd.DataFrame:
    events = _event_features(run)
    profile = [feature.name for feature in run.dataset.user_features]
    rows = [
        np.concatenate(
            [
                one.shares.features[0].sum(0),
                one.shares.profile[0],
                one.shares.bias - one.shares.lately,
                one.shares.lately,
                one.shares.order_term,
            ]
        )
        for one in explained
    ]
    kinds = ["event"] * len(events) + ["profile"] * len(profile) + ["bias", "bias", "order"]
    table = pd.DataFrame(
        {
            "feature": [*events, *profile, USUALLY, LATELY, "order_term"],
            "kind": kinds,
            "contribution": np.mean(rows, axis=0) if rows else 0.0,
        }
    )
    return popularity_rows(run, table, "bias")


def _causes(run: Run, explained: list[_Explained]) -> pd.DataFrame:
    """Items in the receivers' histories that add most to the score."""
    n_items, names = len(run.dataset.items), _event_features(run)
    total = np.zeros((n_items, len(names)))
    users = np.zeros(n_items, dtype=int)
    for one in explained:
        np.add.at(total, one.history.items, one.shares.features[0])
        users[np.unique(one.history.items)] += 1
    mean = total / max(len(explained), 1)
    best = np.argsort(-mean.sum(axis=1), kind="stable")[:N_CAUSES]
    best = best[mean[best].sum(axis=1) > 0]
    return pd.DataFrame(
        {
            "item": best,
            "item_id": run.dataset.items["item_id"].to_numpy()[best].astype(str),
            "title": run.dataset.items["title"].to_numpy()[best].astype(str),
            "users": users[best],
            "contribution": mean[best].sum(axis=1),
            "feature": [names[feature] for feature in mean[best].argmax(axis=1)],
        }
    )


def _examples(
    run: Run,
    users: Int[np.ndarray, " receiver"],
    ranks: Int[np.ndarray, " receiver"],
    explained: list[_Explained],
) -> pd.DataFrame:
    names, rows = _event_features(run), []
    for i in _spread(len(explained), N_EXAMPLES):
        one = explained[i]
        features = one.shares.features[0]
        by_event = features.sum(axis=1)
        top = int(by_event.argmax()) if len(by_event) and by_event.max() > 0 else None
        cause = (
            (-1, np.nan, 0, 0, 0.0, "")
            if top is None
            else (
                int(one.history.items[top]),
                *_when(one.history.moment(top)),
                float(by_event[top]),
                names[int(features[top].argmax())],
            )
        )
        logit = float(one.shares.logits[0])
        rows.append((int(users[i]), int(ranks[i]), logit, *cause))
    when = ["time", "number", "of"]
    columns = ["user", "rank", "logit", "cause", *when, "contribution", "feature"]
    return pd.DataFrame(rows, columns=columns)


def _when(moment: Moment) -> tuple[float, int, int]:
    return np.nan if moment.time is None else float(moment.time), moment.number, moment.of
