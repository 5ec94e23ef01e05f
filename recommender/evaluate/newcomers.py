"""Whom an item without sales would suit, and why: judged by its features alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float

from recommender.data.histories import History
from recommender.explain.attribution import attribute
from recommender.explain.types import WHOLE
from recommender.model.device import threads
from recommender.model.run import Run
from recommender.said import StatedError

SAMPLE, SUITED, SEED = 200, 0.1, 0
"""Users asked, the share of them that it suits best, and the seed that draws them."""


@dataclass(frozen=True)
class Suits:
    """One thing that those share whom the item would suit."""

    feature: str
    value: str
    share: float
    """Of an item feature: what it adds, in logits, mean over them. Of a profile feature: how many
    times as frequent the value is among them as among all asked."""


@dataclass(frozen=True)
class Newcomer:
    """Whom an item would suit by its features."""

    item: int
    title: str
    facts: tuple[tuple[str, str], ...]
    """Its own feature values."""
    sales: int
    users: tuple[int, ...]
    """Those it suits best, best first."""
    asked: int
    through: tuple[Suits, ...]
    """Categorical values in their histories through which it is suited, strongest first."""
    profiles: tuple[Suits, ...]
    """Profile values that are more frequent among them; two fifths more at least."""


def newcomer(run: Run, item: int) -> Newcomer:
    """Score the item by its features alone, its id, its popularity and all votes left out, for a
    fixed sample of users. Raises ValueError for the contextual readout."""
    dataset = run.dataset
    able = np.flatnonzero(np.diff(dataset.offsets) > 0)
    rng = np.random.default_rng(SEED)
    users = rng.choice(able, min(SAMPLE, len(able)), replace=False)
    fits = _fits(run, [dataset.history(int(user)) for user in users], item)
    best = np.argsort(-fits, kind="stable")[: max(1, round(SUITED * len(users)))]
    sums: dict[tuple[str, str], float] = {}
    for user in users[best]:
        for key, value in _by_value(run, dataset.history(int(user)), item).items():
            sums[key] = sums.get(key, 0.0) + value / len(best)
    through = sorted(sums.items(), key=lambda one: (-one[1], one[0]))[:3]
    bought = dataset.asked
    return Newcomer(
        item=item,
        title=str(dataset.items["title"].iloc[item]),
        facts=tuple(
            (feature.name, feature.label(item))
            for feature in dataset.item_features
            if feature.kind in ("categorical", "multi") and feature.label(item)
        ),
        sales=int((dataset.interactions["item"][bought] == item).sum()),
        users=tuple(int(users[place]) for place in best),
        asked=len(users),
        through=tuple(Suits(*key, value) for key, value in through if value > 0),
        profiles=_profiles(run, users, users[best]),
    )


@torch.inference_mode()
def _fits(run: Run, histories: list[History], item: int) -> Float[np.ndarray, " history"]:
    """What each history gives the item through the item's features, votes left out."""
    network = run.scorer.network
    if network.config.readout == "contextual":
        raise StatedError(
            "the contextual readout has no shares by feature, so it cannot say whom an item suits "
            "by its features"
        )
    parts = network.candidate_items(torch.tensor([item], device=run.scorer.device))[0]
    with threads(1):
        vectors = run.scorer.user_vectors(histories)
    return np.asarray((vectors @ parts[1:].sum(0)).cpu().numpy())


def _by_value(run: Run, history: History, item: int) -> dict[tuple[str, str], float]:
    """The same of one history by categorical value of its items, the profile left out."""
    cells = attribute(run, history, [item], "contribution").cells
    assert cells is not None
    kept = [name not in ("item_id", WHOLE) for name in cells.candidate_features]
    shares: Float[np.ndarray, "event feature"] = cells.events[0][:, :, kept].sum(2)
    found: dict[tuple[str, str], float] = {}
    for feature in run.dataset.item_features:
        if feature.kind == "categorical":
            column = shares[:, cells.event_features.index(feature.name)]
            for event, share in zip(history.items, column, strict=True):
                key = (feature.name, feature.label(int(event)))
                if key[1]:
                    found[key] = found.get(key, 0.0) + float(share)
    return found


def _profiles(run: Run, asked: np.ndarray, suited: np.ndarray) -> tuple[Suits, ...]:
    found = []
    for feature in run.dataset.user_features:
        labels = np.array([feature.label(int(user)) for user in asked])
        best = np.isin(asked, suited)
        for value in sorted(set(labels[best]) - {""}):
            ratio = float((labels[best] == value).mean() / (labels == value).mean())
            if ratio >= 1.4 and (labels[best] == value).sum() >= 3:
                found.append(Suits(feature.name, str(value), ratio))
    return tuple(sorted(found, key=lambda one: -one.share)[:3])
