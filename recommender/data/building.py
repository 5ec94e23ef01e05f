"""From clean tables to a data set: codes, baskets, features."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from recommender.data.columns import (
    BASKET,
    EVENT,
    ITEM,
    PRICE,
    QUANTITY,
    TIME,
    USER,
)
from recommender.data.dataset import Dataset
from recommender.data.encoding import encode_features
from recommender.data.fingerprints import dataset_fingerprint
from recommender.data.synonyms import FUNNEL, PURCHASES
from recommender.data.tables import Tables

REPEATS_FROM: Final = 0.1
"""Share of target events that repeat an item from which repeats are proposed."""


def build_dataset(
    tables: Tables,
    name: str,
    *,
    min_item_events: int = 1,
    min_user_events: int = 1,
    repeats: bool | None = None,
) -> Dataset:
    """Turn clean tables into a data set.

    Items with fewer events than asked are dropped with their events, then users likewise. At 1,
    items that nobody had yet and users without a history stay. `repeats` None means as proposed.
    """
    events, items, users = _often_enough(tables, min_item_events, min_user_events)
    items = items.sort_values(ITEM, ignore_index=True)
    users = users.sort_values(USER, ignore_index=True)
    event_types = _ordered(events[EVENT].unique())
    targets = tuple(t for t in event_types if t.casefold() in PURCHASES) or event_types
    interactions = _coded(events, items, users, event_types)
    if repeats is None:
        repeats = _repeat_often(interactions, event_types, targets)
    dataset = Dataset(
        name=name,
        interactions=interactions,
        items=items,
        users=users,
        item_features=encode_features(items, tables.kinds["items"]),
        user_features=encode_features(users, tables.kinds["users"]),
        event_types=event_types,
        target_events=targets,
        repeats=repeats,
        has_time=tables.has_time,
        notes=tables.notes,
        fingerprint="",
    )
    return replace(dataset, fingerprint=dataset_fingerprint(dataset))


def _often_enough(
    tables: Tables, min_item_events: int, min_user_events: int
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    events, items, users = tables.interactions, tables.items, tables.users
    if min_item_events > 1:
        counts = events[ITEM].value_counts()
        kept = counts.index[counts >= min_item_events]
        events, items = events[events[ITEM].isin(kept)], items[items[ITEM].isin(kept)]
    if min_user_events > 1:
        counts = events[USER].value_counts()
        kept = counts.index[counts >= min_user_events]
        events, users = events[events[USER].isin(kept)], users[users[USER].isin(kept)]
    return events, items, users


def _ordered(names: np.ndarray) -> tuple[str, ...]:
    """Event types from the first glance to the purchase."""

    def rank(name: str) -> tuple[int, str]:
        for step, names in enumerate(FUNNEL):
            if name.casefold() in names:
                return step, name
        return len(FUNNEL) + (name.casefold() in PURCHASES), name

    return tuple(sorted((str(name) for name in names), key=rank))


def _coded(
    events: pd.DataFrame, items: pd.DataFrame, users: pd.DataFrame, event_types: tuple[str, ...]
) -> pd.DataFrame:
    nothing = np.full(len(events), np.nan, dtype=np.float32)
    coded = pd.DataFrame(
        {
            "user": pd.Index(users[USER]).get_indexer(events[USER]).astype(np.int32),
            "item": pd.Index(items[ITEM]).get_indexer(events[ITEM]).astype(np.int32),
            "time": events[TIME].to_numpy(dtype=np.int64),
            "event": pd.Index(event_types).get_indexer(events[EVENT]).astype(np.int8),
            "basket": _basket_keys(events),
            "quantity": events[QUANTITY].astype(np.float32) if QUANTITY in events else nothing,
            "price": events[PRICE].astype(np.float32) if PRICE in events else nothing,
        }
    )
    order = np.lexsort((np.arange(len(coded)), coded["time"], coded["user"]))
    coded = coded.iloc[order].reset_index(drop=True)
    coded["basket"] = _numbered(coded["user"].to_numpy(), coded["basket"].to_numpy())
    return coded


def _basket_keys(events: pd.DataFrame) -> np.ndarray:
    if BASKET in events:
        return np.asarray(pd.factorize(events[BASKET])[0])
    return np.asarray(events[TIME])


def _numbered(users: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """A new number wherever the key changes, from 0 for each user."""
    new_user = np.append(True, users[1:] != users[:-1])
    changed = new_user | np.append(True, keys[1:] != keys[:-1])
    running = np.cumsum(changed) - 1
    lengths = np.diff(np.append(np.flatnonzero(new_user), len(users)))
    return np.asarray(running - np.repeat(running[new_user], lengths), dtype=np.int32)


def _repeat_often(
    interactions: pd.DataFrame, event_types: tuple[str, ...], targets: tuple[str, ...]
) -> bool:
    wanted = np.array([name in targets for name in event_types])
    rows = interactions[wanted[interactions["event"].to_numpy()]]
    baskets = rows[["user", "item", "basket"]].drop_duplicates()
    return bool(baskets.duplicated(["user", "item"]).mean() >= REPEATS_FROM)
