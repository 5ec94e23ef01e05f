"""From clean tables to a data set: codes, baskets, features."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from recommender.data.cleaning.ids import among
from recommender.data.cleaning.tables import Tables
from recommender.data.columns import (
    BASKET,
    EVENT,
    ITEM,
    PRICE,
    QUANTITY,
    TIME,
    UNDATED,
    USER,
)
from recommender.data.dataset import Dataset, DatasetError
from recommender.data.encoding import encode_features
from recommender.data.event_types import step_of, targets_among
from recommender.data.fingerprints import dataset_fingerprint
from recommender.data.text_encoder import TextEncoder
from recommender.data.uncounted import coded_rows
from recommender.data.vocabulary import Vocabulary, propose_vocabulary
from recommender.said import Said

REPEATS_FROM: Final = 0.08
"""Share of target events that repeat an item from which repeats are proposed."""
_AGAIN: Final = Said(
    "{share} of what is predicted was in an earlier basket of the user, so items a user already "
    "has are recommended again.",
    share="0%",
)
_NOT_AGAIN: Final = Said(
    "{share} of what is predicted was in an earlier basket of the user, so items a user already "
    "has are not recommended again.",
    share="0%",
)
_RARE_ITEMS: Final = Said(
    "{n} item{|s} with fewer than {least} events {was|were:n} left out.", n=2, least=2
)
_RARE_USERS: Final = Said(
    "{n} user{|s} with fewer than {least} events {was|were:n} left out.", n=2, least=2
)


def build_dataset(
    tables: Tables,
    name: str,
    *,
    min_item_events: int = 1,
    min_user_events: int = 1,
    repeats: bool | None = None,
    text_encoder: TextEncoder | None = None,
    vocabulary: Vocabulary | None = None,
) -> Dataset:
    """Turn clean tables into a data set.

    Items with fewer events than asked are dropped with their events, then users likewise. At 1,
    items that nobody had yet and users without a history stay. `repeats` and `vocabulary` None
    mean as proposed.
    Texts of items go through the encoder if there is one. Raises DatasetError if that fails.
    """
    notes: list[Said] = []
    events, items, users = _often_enough(tables, min_item_events, min_user_events, notes)
    items = items.sort_values(ITEM, ignore_index=True)
    users = users.sort_values(USER, ignore_index=True)
    event_types = _ordered(events[EVENT].unique())
    told = tuple(name for name in event_types if name in tables.predicted)
    targets = told or targets_among(event_types) or event_types
    interactions = coded_events(events, items, users, event_types)
    if targets != event_types:
        notes.append(Said("What is predicted: {events}.", events=", ".join(targets)))
    if repeats is None:
        repeats = _propose_repeats(interactions, event_types, targets, notes)
    dataset = Dataset(
        name=name,
        interactions=interactions,
        items=items.drop(columns=list(tables.vectors)),
        users=users,
        item_features=encode_features(items, tables.kinds["items"], tables.vectors, text_encoder),
        user_features=encode_features(users, tables.kinds["users"]),
        event_types=event_types,
        target_events=targets,
        repeats=repeats,
        has_time=tables.has_time,
        notes=(*tables.notes, *notes),
        fingerprint="",
        uncounted=coded_rows(tables.uncounted, interactions, items, users, tables.has_time),
        vocabulary=vocabulary or proposed_vocabulary(tables, name),
    )
    return replace(dataset, fingerprint=dataset_fingerprint(dataset))


def proposed_vocabulary(tables: Tables, name: str) -> Vocabulary:
    """What its own people would say of the data, as far as columns, events and name tell."""
    types = tuple(map(str, tables.interactions[EVENT].cat.categories))
    return propose_vocabulary(tables.mapping, targets_among(types) or types, name)


def _often_enough(
    tables: Tables, min_item_events: int, min_user_events: int, notes: list[Said]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    events, items, users = tables.interactions, tables.items, tables.users
    kept_items = _frequent(events[ITEM], items[ITEM], min_item_events)
    events = events[_of(events[ITEM], items[ITEM][kept_items])]
    kept_users = _frequent(events[USER], users[USER], min_user_events)
    events = events[_of(events[USER], users[USER][kept_users])]
    if not len(events):
        raise DatasetError(
            "no event is left of items with {of_item} and users with {of_user} events at least; "
            "ask for fewer",
            of_item=min_item_events,
            of_user=min_user_events,
        )
    for words, kept, least in (
        (_RARE_ITEMS, kept_items, min_item_events),
        (_RARE_USERS, kept_users, min_user_events),
    ):
        if not kept.all():
            notes.append(words.but(n=(~kept).sum(), least=least))
    return events, items[kept_items], users[kept_users]


def _of(ids: pd.Series, kept: pd.Series) -> np.ndarray:
    return np.asarray(among(ids.cat.categories, kept)[ids.cat.codes.to_numpy()])


def _frequent(seen: pd.Series, ids: pd.Series, least: int) -> np.ndarray:
    """Which ids come often enough; at 1 all do, even those never seen."""
    if least <= 1:
        return np.ones(len(ids), dtype=bool)
    return np.asarray(seen.value_counts().reindex(ids).fillna(0).to_numpy() >= least)


def _ordered(names: Iterable[str]) -> tuple[str, ...]:
    """Event types from the first glance to the purchase."""

    def rank(name: str) -> tuple[int, str]:
        return step_of(name), name

    return tuple(sorted((str(name) for name in names), key=rank))


def coded_events(
    events: pd.DataFrame, items: pd.DataFrame, users: pd.DataFrame, event_types: tuple[str, ...]
) -> pd.DataFrame:
    """The events as `Dataset.interactions` has them; ids become row numbers of the tables."""
    nothing = np.full(len(events), np.nan, dtype=np.float32)
    coded = pd.DataFrame(
        {
            "user": _row_numbers(events[USER], users[USER]),
            "item": _row_numbers(events[ITEM], items[ITEM]),
            "time": events[TIME].to_numpy(dtype=np.int64),
            "event": _row_numbers(events[EVENT], event_types).astype(np.int8),
            "basket": _basket_keys(events),
            "quantity": events[QUANTITY].astype(np.float32) if QUANTITY in events else nothing,
            "price": events[PRICE].astype(np.float32) if PRICE in events else nothing,
        }
    )
    if UNDATED in events:
        coded[UNDATED] = events[UNDATED].to_numpy(dtype=bool)
    # Two orders of the same moment stay apart: the one that the file has first goes first.
    _, first_rows, basket = np.unique(coded["basket"], return_index=True, return_inverse=True)
    start = first_rows[basket]
    order = np.lexsort((np.arange(len(coded)), start, coded["time"], coded["user"]))
    coded = coded.iloc[order].reset_index(drop=True)
    coded["basket"] = _numbered(coded["user"].to_numpy(), coded["basket"].to_numpy())
    return coded


def _row_numbers(ids: pd.Series, known: pd.Series | tuple[str, ...]) -> np.ndarray:
    codes = pd.Index(known).get_indexer(ids.cat.categories)
    return np.asarray(codes[ids.cat.codes.to_numpy()], dtype=np.int32)


def _basket_keys(events: pd.DataFrame) -> np.ndarray:
    """A number for each basket: as the file says, else all that a user does at one moment."""
    moments = np.asarray(pd.factorize(events[TIME])[0], dtype=np.int64)
    if BASKET not in events:
        return moments
    codes = events[BASKET].cat.codes.to_numpy(dtype=np.int64)
    return np.where(codes >= 0, codes, len(events[BASKET].cat.categories) + moments)


def _numbered(users: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """A new number wherever the key changes, from 0 for each user."""
    new_user = np.append(True, users[1:] != users[:-1])
    changed = new_user | np.append(True, keys[1:] != keys[:-1])
    running = np.cumsum(changed) - 1
    lengths = np.diff(np.append(np.flatnonzero(new_user), len(users)))
    return np.asarray(running - np.repeat(running[new_user], lengths), dtype=np.int32)


def _propose_repeats(
    interactions: pd.DataFrame,
    event_types: tuple[str, ...],
    targets: tuple[str, ...],
    notes: list[Said],
) -> bool:
    """Whether enough target events are of an item that was in an earlier basket of the user."""
    wanted = np.array([name in targets for name in event_types])
    rows = interactions[wanted[interactions["event"].to_numpy()]]
    once = rows[["user", "item", "basket"]].drop_duplicates()
    share = float(once.duplicated(["user", "item"]).mean())
    repeats = share >= REPEATS_FROM
    notes.append((_AGAIN if repeats else _NOT_AGAIN).but(share=f"{share:.0%}"))
    return repeats
