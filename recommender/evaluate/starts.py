"""Users worth looking at first: the model right against the odds, and lenses that disagree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Int

from recommender.data.dataset import Dataset
from recommender.explain.lenses import explain, recommend
from recommender.explain.ranking import standing_of
from recommender.metrics.agreement import spearman
from recommender.model.device import threads
from recommender.model.run import Run

SURPRISED_AMONG = 400
"""Of more users with a held-out purchase a random sample is looked through."""
COMPARED_AMONG = 60
"""The same for the comparison of lenses, which costs an explanation each."""
FEWEST_EVENTS = 8
"""Lenses are compared where there are as many events or more."""
K = 10


@dataclass(frozen=True)
class Start:
    """One user to start from."""

    kind: Literal["surprising", "disagreeing"]
    user: int
    item: int
    """The item that shows it: the held-out one that was found, or the one first recommended."""
    value: float
    """Surprising: share of users who bought the item. Disagreeing: Spearman's correlation of what
    was looked at with what mattered."""


def interesting_users(run: Run, seed: int = 0) -> tuple[Start, ...]:
    """The most surprising hit and the strongest disagreement, among users drawn at random.

    Surprising: the rarest product that a user bought next, that they never had, and that stood
    among the first ten of the list that they are shown by default. A kind of which there is no user
    is left out.
    """
    rng = np.random.default_rng(seed)
    users = run.split.test.users
    drawn = users[np.sort(rng.permutation(len(users))[:SURPRISED_AMONG])]
    lengths = np.diff(run.dataset.offsets)
    long = np.flatnonzero(lengths >= FEWEST_EVENTS)
    compared = long[np.sort(rng.permutation(len(long))[:COMPARED_AMONG])]
    found = (_surprising(run, drawn), _disagreeing(run, compared))
    return tuple(start for start in found if start is not None)


def _surprising(run: Run, users: Int[np.ndarray, " user"]) -> Start | None:
    bought = buyers(run.dataset) / max(len(run.dataset.users), 1)
    best: Start | None = None
    for user in map(int, users):
        held_out = run.held_out(user)
        assert held_out is not None, "users of the test part have one"
        history = run.history(user, before_held_out=True)
        fresh = [item for item in held_out.items if item not in history.had]
        rare = [item for item in fresh if best is None or bought[item] < best.value]
        if not rare:
            continue
        with threads(1):
            logits = run.scorer.logits([history])[0]
        for item in rare:
            rank = standing_of(logits, history, item).among(run.default_view).rank
            if rank <= K and (best is None or bought[item] < best.value):
                best = Start("surprising", user, item, float(bought[item]))
    return best


def _disagreeing(run: Run, users: Int[np.ndarray, " user"]) -> Start | None:
    best: Start | None = None
    for user in map(int, users):
        history = run.history(user)
        top = recommend(run, history, k=1)
        if not top:
            continue
        explained = explain(run, history, top[0].item)
        (agreement,) = map(float, spearman(explained.attention[None], explained.influence[None]))
        if not np.isnan(agreement) and (best is None or agreement < best.value):
            best = Start("disagreeing", user, top[0].item, agreement)
    return best


def buyers(dataset: Dataset) -> Int[np.ndarray, " item"]:
    """How many users have a target event on each item."""
    bought = dataset.interactions[dataset.asked]
    n_items = len(dataset.items)
    pairs = np.unique(
        bought["user"].to_numpy().astype(np.int64) * n_items + bought["item"].to_numpy()
    )
    return np.bincount(pairs % n_items, minlength=n_items)
