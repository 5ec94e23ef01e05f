"""Recommendations that somebody liked, as additional events of a data set.

A like is a preference without a moment of its own. It stands where training reads: right before
what is held out of the customer's history, or at its end where nothing is. It is no test case, and
nobody becomes one through it (`splits.py`): what is asked stays the same, whoever likes what. A
like of what is held out is left out: pages had shown the answer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
from jaxtyping import Bool, Int

from recommender.data.columns import ITEM, UNDATED, USER
from recommender.data.dataset import Dataset
from recommender.data.fingerprints import dataset_fingerprint
from recommender.data.splits import Split, SplitName, split_dataset
from recommender.said import Said, StatedError

LIKED: Final = "liked"
"""Its event type: what it counts for is learned, as for every other type."""


def add_likes(
    dataset: Dataset, likes: pd.DataFrame, split_name: SplitName | None = None
) -> Dataset:
    """The data set with an event of type `liked` for each row (`user_id`, `item_id`).

    The type is one of those that training predicts. `split_name` is the split that the training
    will have, by default the proposed one. Rows of customers or products that the data does not
    have, of products that are held out of the customer's history, and of customers whose whole
    history is held out, are left out and counted in the notes. Raises ValueError if no row is left.
    """
    pairs = likes[[USER, ITEM]].astype(str).drop_duplicates()
    users = pd.Index(dataset.users[USER]).get_indexer(pairs[USER])
    items = pd.Index(dataset.items[ITEM]).get_indexer(pairs[ITEM])
    known = (users >= 0) & (items >= 0)
    split = split_dataset(dataset, split_name)
    fair = known & ~_held_out(dataset, split, users, items)
    if not fair.any():
        raise StatedError(
            "none of {n} likes can be learned from: they are of users or items that this data set "
            "does not have, or of what is held out",
            n=len(pairs),
        )
    name = dataset.liked_event or _free_name(dataset.event_types)
    types = _with(dataset.event_types, name)
    grown = replace(
        dataset,
        interactions=_events(dataset, split, types.index(name), users[fair], items[fair]),
        uncounted=_moved(dataset, split, users[fair]),
        event_types=types,
        target_events=_with(dataset.target_events, name),
        liked_event=name,
        notes=(*dataset.notes, _note(name, known, fair)),
    )
    return replace(grown, fingerprint=dataset_fingerprint(grown))


def _free_name(taken: tuple[str, ...]) -> str:
    """A file may have events of its own that are called so."""
    return LIKED if LIKED not in taken else f"{LIKED} recommendation"


def _with(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return names if name in names else (*names, name)


def _note(name: str, known: Bool[np.ndarray, " like"], fair: Bool[np.ndarray, " like"]) -> Said:
    n, unknown, shown = int(fair.sum()), int((~known).sum()), int((known & ~fair).sum())
    added = Said(
        "{n} liked recommendation{|s} {was|were} added as {an event|events} of type {type!r}",
        n=n,
        type=name,
    )
    left_out = []
    if unknown:
        left_out.append(Said("; {n} of unknown users or items {was|were} left out", n=unknown))
    if shown:
        left_out.append(Said("; {n} of what is held out {was|were} left out", n=shown))
    return Said("{added}{left_out}.", added=added, left_out=tuple(left_out))


def _held_out(
    dataset: Dataset,
    split: Split,
    users: Int[np.ndarray, " like"],
    items: Int[np.ndarray, " like"],
) -> Bool[np.ndarray, " like"]:
    """Whether the product is an answer for this customer, or all that the customer did is."""
    answers: set[tuple[int, int]] = set()
    for holdout in (split.validation, split.test):
        sizes = np.diff(holdout.target_offsets)
        owners = np.repeat(holdout.users, sizes)
        answers |= set(zip(owners.tolist(), holdout.target_items.tolist(), strict=True))
    pairs = zip(users.tolist(), items.tolist(), strict=True)
    answer = np.array([pair in answers for pair in pairs], dtype=bool)
    return answer | ((split.train_end == 0) & (np.diff(dataset.offsets) > 0))[users]


def _events(
    dataset: Dataset,
    split: Split,
    liked: int,
    users: Int[np.ndarray, " like"],
    items: Int[np.ndarray, " like"],
) -> pd.DataFrame:
    """All events in their order; likes get a basket of their own and the time of their place."""
    old = dataset.interactions
    place = np.asarray(split.train_end, dtype=np.int64)[users]
    new = pd.DataFrame(
        {
            "user": users.astype(old["user"].dtype),
            "item": items.astype(old["item"].dtype),
            "time": _times(dataset, split, users, place).astype(old["time"].dtype),
            "event": np.full(len(users), liked, dtype=np.int8),
            "basket": -1 - np.arange(len(users), dtype=old["basket"].dtype),
            "quantity": np.full(len(users), np.nan, dtype=np.float32),
            "price": np.full(len(users), np.nan, dtype=np.float32),
            UNDATED: True,
        }
    )
    old = old if UNDATED in old else old.assign(**{UNDATED: False})
    start = dataset.offsets[:-1]
    order = np.concatenate([np.arange(len(old)) * 2 + 1, (start[users] + place) * 2])
    both = pd.concat([old, new], ignore_index=True)
    both = both.iloc[np.lexsort((order, both["user"]))].reset_index(drop=True)
    both["basket"] = _renumbered(both).astype(old["basket"].dtype)
    return both


def _moved(dataset: Dataset, split: Split, users: Int[np.ndarray, " like"]) -> pd.DataFrame:
    """What does not count, with the likes among the events that stand before it."""
    rows = dataset.uncounted
    user, place = rows["user"].to_numpy(), rows["place"].to_numpy()
    likes = np.bincount(users, minlength=len(dataset.users))
    later = place > split.train_end[user]
    return rows.assign(place=(place + likes[user] * later).astype(np.int32))


def _times(
    dataset: Dataset,
    split: Split,
    users: Int[np.ndarray, " like"],
    place: Int[np.ndarray, " like"],
) -> Int[np.ndarray, " like"]:
    """The time of the event before, or else of the last event that training reads."""
    times, owners = (dataset.interactions[name].to_numpy() for name in ("time", "user"))
    read = np.arange(len(times)) - dataset.offsets[owners] < split.train_end[owners]
    before = times[np.maximum(dataset.offsets[users] + place - 1, 0)]
    return np.where(place > 0, before, times[read].max(initial=times.min()))


def _renumbered(events: pd.DataFrame) -> Int[np.ndarray, " event"]:
    """Number of the basket within the user, anew wherever it changes."""
    user, basket = events["user"].to_numpy(), events["basket"].to_numpy()
    fresh = np.append(True, user[1:] != user[:-1])
    changed = fresh | np.append(True, basket[1:] != basket[:-1])
    running = np.cumsum(changed) - 1
    lengths = np.diff(np.append(np.flatnonzero(fresh), len(user)))
    return running - np.repeat(running[fresh], lengths)
