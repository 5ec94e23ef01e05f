"""Items that go together with one: by what the model counts for them, beside plain lift."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from recommender.data.dataset import Dataset
from recommender.explain.contrasts import with_purchase
from recommender.explain.contributions import contributions, feature_names
from recommender.explain.types import AGAIN, ANY
from recommender.model.device import threads
from recommender.model.run import Run
from recommender.said import StatedError

TRIED = 40
"""Items tried beside the first: those most bought by the same users."""
FEWEST = 3
"""Users who must have bought both of a pair."""


@dataclass(frozen=True)
class Bundle:
    """Two to four items, the one asked about first."""

    items: tuple[int, ...]
    """Item codes."""
    titles: tuple[str, ...]
    share: float
    """What a purchase of the ones before gives to each next one, in logits, mean over the pairs;
    repetition, and what any event gives, left out."""
    feature: str
    """What most of it comes through: an item feature, `item_id`, or `+together`."""
    users: int
    """Who bought the first and the second item."""
    lift: float
    """How many times as many they are as by chance."""


def bundles(run: Run, item: int, size: int = 3, most: int = 3) -> tuple[Bundle, ...]:
    """Bundles of up to `size` items (2 to 4), the strongest first; empty if nothing is bought with
    it. Raises ValueError for another size."""
    if not 2 <= size <= 4:
        raise StatedError("a bundle has two to four items, not {n}", n=size)
    shared, lift = together(run.dataset, item)
    near = np.argsort(-shared, kind="stable")[:TRIED]
    near = near[shared[near] >= FEWEST]
    if not len(near):
        return ()
    names = feature_names([feature.name for feature in run.dataset.item_features])
    told = np.array([name not in (AGAIN, ANY) for name in names])
    with threads(1):
        parts = {int(one): _shares(run, int(one), near) for one in (item, *near)}
    shares = {one: part[:, told].sum(1) for one, part in parts.items()}
    titles, found = run.dataset.items["title"].to_numpy(), []
    for start in np.argsort(-shares[item], kind="stable")[:most]:
        chosen = [item, int(near[start])]
        while len(chosen) < min(size, len(near) + 1):
            mean = np.mean([shares[one] for one in chosen], axis=0)
            mean[np.isin(near, chosen)] = -np.inf
            if mean.max() <= 0:
                break
            chosen.append(int(near[int(mean.argmax())]))
        first = parts[item][start] * told
        pairs = [
            float(shares[one][int(np.flatnonzero(near == other)[0])])
            for place, other in enumerate(chosen[1:], start=1)
            for one in chosen[:place]
        ]
        found.append(
            Bundle(
                items=tuple(chosen),
                titles=tuple(str(titles[one]) for one in chosen),
                share=float(np.mean(pairs)),
                feature=names[int(first.argmax())],
                users=int(shared[chosen[1]]),
                lift=float(lift[chosen[1]]),
            )
        )
    return tuple(sorted(found, key=lambda one: -one.share))


def by_lift(run: Run, item: int, most: int = 3) -> tuple[int, ...]:
    """The baseline: the items whose lift beside this one is highest."""
    shared, lift = together(run.dataset, item)
    lift = np.where(shared >= FEWEST, lift, 0.0)
    order = np.argsort(-lift, kind="stable")[:most]
    return tuple(int(one) for one in order if lift[one] > 0)


def together(
    dataset: Dataset, item: int
) -> tuple[Int[np.ndarray, " item"], Float[np.ndarray, " item"]]:
    """Users who bought this item and each other, and the pair's lift:
    P(both) / (P(one) P(other))."""
    table, n_items = dataset.interactions, len(dataset.items)
    bought = table.loc[dataset.asked, ["user", "item"]].drop_duplicates()
    users, items = bought["user"].to_numpy(), bought["item"].to_numpy()
    n_users = len(np.unique(users))
    ours = np.isin(users, users[items == item])
    shared = np.bincount(items[ours], minlength=n_items)
    own, shared[item] = int(shared[item]), 0
    each = np.bincount(items, minlength=n_items)
    lift = shared * n_users / np.maximum(own * each.astype(np.float64), 1)
    return shared, lift


def _shares(run: Run, item: int, near: np.ndarray) -> Float[np.ndarray, "candidate feature"]:
    """What one purchase of the item, by somebody unknown, gives to each of the others."""
    nobody = run.dataset.history(0, cut=0)
    nobody = replace(nobody, profile=np.zeros_like(nobody.profile))
    history = with_purchase(run, nobody, item)
    return contributions(run.scorer, history, [int(one) for one in near]).features[:, 0]
