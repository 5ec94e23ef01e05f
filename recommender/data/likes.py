"""Recommendations that somebody liked, as additional events of a data set.

A like is a preference without a moment of its own. It stands where training reads: right before
what is held out of the customer's history, never after it, so no test purchase moves and the test
stays one of purchases. A like of what is held out is left out: pages had shown the answer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
from jaxtyping import Int

from recommender.data.columns import ITEM, USER
from recommender.data.dataset import Dataset
from recommender.data.fingerprints import dataset_fingerprint
from recommender.data.problems import counted
from recommender.data.splits import Split, split_dataset

LIKED: Final = "liked"
"""Its event type: what it counts for is learned, as for every other type."""


def add_likes(dataset: Dataset, likes: pd.DataFrame) -> Dataset:
    """The data set with an event of type `liked` for each row (`user_id`, `item_id`).

    The type is one of those that are predicted. Rows of customers or products that the data does
    not have, and of products that are held out of the customer's history, are left out and counted
    in the notes. Raises ValueError if no row is left.
    """
    pairs = likes[[USER, ITEM]].astype(str).drop_duplicates()
    users = pd.Index(dataset.users[USER]).get_indexer(pairs[USER])
    items = pd.Index(dataset.items[ITEM]).get_indexer(pairs[ITEM])
    known = (users >= 0) & (items >= 0)
    split = split_dataset(dataset)
    fair = known & ~_held_out(split, users, items)
    if not fair.any():
        raise ValueError(
            f"none of {len(pairs):,} likes can be learned from: they are of customers or products "
            "that this data set does not have, or of what is held out"
        )
    added = _events(dataset, split, users[fair], items[fair])
    grown = replace(
        dataset,
        interactions=added,
        uncounted=_moved(dataset, _places(dataset, split), users[fair]),
        event_types=_with(dataset.event_types),
        target_events=_with(dataset.target_events),
        notes=(*dataset.notes, _note(int(fair.sum()), int((~known).sum()), known, fair)),
    )
    return replace(grown, fingerprint=dataset_fingerprint(grown))


def _with(names: tuple[str, ...]) -> tuple[str, ...]:
    return names if LIKED in names else (*names, LIKED)


def _note(
    n: int, unknown: int, known: Int[np.ndarray, " like"], fair: Int[np.ndarray, " like"]
) -> str:
    shown = int((known & ~fair).sum())
    added = counted("{n} liked recommendation{|s} {was|were} added", n)
    told = f"{added} as {counted('{an event|events}', n)} of type {LIKED!r}"
    if unknown:
        of_unknown = counted("{n} of unknown customers or products {was|were} left out", unknown)
        told += f"; {of_unknown}"
    if shown:
        told += f"; {counted('{n} of what is held out {was|were} left out', shown)}"
    return f"{told}."


def _held_out(
    split: Split, users: Int[np.ndarray, " like"], items: Int[np.ndarray, " like"]
) -> np.ndarray:
    """Whether the product is an answer of validation or test for this customer."""
    answers: set[tuple[int, int]] = set()
    for holdout in (split.validation, split.test):
        sizes = np.diff(holdout.target_offsets)
        owners = np.repeat(holdout.users, sizes)
        answers |= set(zip(owners.tolist(), holdout.target_items.tolist(), strict=True))
    pairs = zip(users.tolist(), items.tolist(), strict=True)
    return np.array([pair in answers for pair in pairs], dtype=bool)


def _events(
    dataset: Dataset,
    split: Split,
    users: Int[np.ndarray, " like"],
    items: Int[np.ndarray, " like"],
) -> pd.DataFrame:
    """All events in their order; likes get a basket of their own and the time of their place."""
    old = dataset.interactions
    place = _places(dataset, split)[users]
    new = pd.DataFrame(
        {
            "user": users.astype(old["user"].dtype),
            "item": items.astype(old["item"].dtype),
            "time": _times(dataset, users, place).astype(old["time"].dtype),
            "event": np.full(len(users), _with(dataset.event_types).index(LIKED), dtype=np.int8),
            "basket": -1 - np.arange(len(users), dtype=old["basket"].dtype),
            "quantity": np.full(len(users), np.nan, dtype=np.float32),
            "price": np.full(len(users), np.nan, dtype=np.float32),
        }
    )
    start = dataset.offsets[:-1]
    order = np.concatenate([np.arange(len(old)) * 2 + 1, (start[users] + place) * 2])
    both = pd.concat([old, new], ignore_index=True)
    both = both.iloc[np.lexsort((order, both["user"]))].reset_index(drop=True)
    both["basket"] = _renumbered(both).astype(old["basket"].dtype)
    return both


def _places(dataset: Dataset, split: Split) -> Int[np.ndarray, " user"]:
    """Before which event a like stands: the first one held out, else the last basket."""
    places = np.asarray(split.train_end, dtype=np.int64).copy()
    lengths = np.diff(dataset.offsets)
    for user in np.flatnonzero((places == lengths) & (lengths > 0)):
        rows = slice(int(dataset.offsets[user]), int(dataset.offsets[user + 1]))
        baskets = dataset.interactions["basket"].to_numpy()[rows]
        places[user] = int(np.flatnonzero(baskets == baskets[-1])[0])
    return places


def _moved(
    dataset: Dataset, places: Int[np.ndarray, " user"], users: Int[np.ndarray, " like"]
) -> pd.DataFrame:
    """What does not count, with the likes among the events that stand before it."""
    rows = dataset.uncounted
    user, place = rows["user"].to_numpy(), rows["place"].to_numpy()
    likes = np.bincount(users, minlength=len(dataset.users))
    later = place > places[user]
    return rows.assign(place=(place + likes[user] * later).astype(np.int32))


def _times(
    dataset: Dataset, users: Int[np.ndarray, " like"], place: Int[np.ndarray, " like"]
) -> Int[np.ndarray, " like"]:
    """The time of the event before, or of the first; the end of the data where there is none."""
    times = dataset.interactions["time"].to_numpy()
    start, end = dataset.offsets[users], dataset.offsets[users + 1]
    row = np.where(place > 0, start + place - 1, start)
    return np.where(end > start, times[np.minimum(row, len(times) - 1)], times.max())


def _renumbered(events: pd.DataFrame) -> Int[np.ndarray, " event"]:
    """Number of the basket within the user, anew wherever it changes."""
    user, basket = events["user"].to_numpy(), events["basket"].to_numpy()
    fresh = np.append(True, user[1:] != user[:-1])
    changed = fresh | np.append(True, basket[1:] != basket[:-1])
    running = np.cumsum(changed) - 1
    lengths = np.diff(np.append(np.flatnonzero(fresh), len(user)))
    return running - np.repeat(running[fresh], lengths)
