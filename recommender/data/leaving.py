"""A data set without one of its users, as if that user had never been in it.

Rows of the user are taken out, and the codes of the users after that one move up. A value that
nobody else has is taken out of the words of its feature; its code stays, since weights of a run go
by codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from recommender.data.columns import USER
from recommender.data.dataset import Dataset, DatasetError
from recommender.data.features import Feature
from recommender.data.fingerprints import dataset_fingerprint
from recommender.said import as_it_is

ERASED: Final = "(erased)"
"""What stands in place of a value, or of an id in a sentence."""


@dataclass(frozen=True)
class OwnValue:
    """A value that one user alone has."""

    feature: int
    """Place among `Dataset.user_features`."""
    code: int


def code_of(dataset: Dataset, user_id: str) -> int | None:
    """The user's row; None where there is no such user."""
    row = int(pd.Index(dataset.users[USER]).get_indexer([user_id])[0])
    return row if row >= 0 else None


def rows_of(folder: Path, user_id: str) -> tuple[int, int] | None:
    """How many rows a saved data set has of the user, and of the others, without reading it whole.

    None where there is no such user. Raises OSError or ValueError if it cannot be read.
    """
    ids = pq.read_table(folder / "users.parquet", columns=[USER])[USER]
    code = pc.index(ids, pa.scalar(user_id, ids.type)).as_py()
    if code < 0:
        return None
    own = rest = 0
    for name in ("interactions", "uncounted"):
        if (path := folder / f"{name}.parquet").is_file():
            users = pq.read_table(path, columns=["user"])["user"]
            found = pc.sum(pc.equal(users, code)).as_py() or 0
            own, rest = own + found, rest + (len(users) - found) * (name == "interactions")
    return own, rest


def own_values(dataset: Dataset, user: int) -> tuple[OwnValue, ...]:
    """What the user's profile says that nobody else's does."""
    found = []
    for place, feature in enumerate(dataset.user_features):
        others = np.delete(feature.codes, user, axis=0)
        own = np.setdiff1d(feature.codes[user], [*np.unique(others), 0])
        found += [OwnValue(place, int(code)) for code in own]
    return tuple(found)


def without_user(
    dataset: Dataset, user_id: str, values: Sequence[OwnValue] | None = None
) -> Dataset:
    """The data set without the user; without `values` too, by default those that nobody else has.

    Where the user is not in it, only the values go. Raises DatasetError if no event would be left.
    """
    user = code_of(dataset, user_id)
    if values is None:
        values = () if user is None else own_values(dataset, user)
    features = _without_values(dataset.user_features, values)
    if user is not None:
        dataset = _without_rows(dataset, user)
        features = tuple(_without_row(feature, user) for feature in features)
    left = replace(dataset, user_features=features, notes=_unnamed(dataset.notes, user_id))
    return replace(left, fingerprint=dataset_fingerprint(left))


def _without_rows(dataset: Dataset, user: int) -> Dataset:
    events, rest = (_moved_up(table, user) for table in (dataset.interactions, dataset.uncounted))
    if not len(events):
        raise DatasetError(
            "{name} would have no event without this user: delete the data set instead",
            name=dataset.name,
        )
    users = dataset.users.drop(index=user).reset_index(drop=True)
    return replace(dataset, interactions=events, uncounted=rest, users=users)


def _moved_up(table: pd.DataFrame, user: int) -> pd.DataFrame:
    left = table[table["user"] != user].reset_index(drop=True)
    codes = left["user"].to_numpy()
    return left.assign(user=np.where(codes > user, codes - 1, codes).astype(codes.dtype))


def _without_row(feature: Feature, user: int) -> Feature:
    vectors = None if feature.vectors is None else np.delete(feature.vectors, user, axis=0)
    return replace(feature, codes=np.delete(feature.codes, user, axis=0), vectors=vectors)


def _without_values(
    features: tuple[Feature, ...], values: Sequence[OwnValue]
) -> tuple[Feature, ...]:
    called = [list(feature.values) for feature in features]
    for value in values:
        names = called[value.feature]
        if not names[value.code - 1].startswith(ERASED):
            number = sum(name.startswith(ERASED) for name in names)
            names[value.code - 1] = f"{ERASED} {number + 1}" if number else ERASED
    return tuple(
        replace(feature, values=tuple(names))
        for feature, names in zip(features, called, strict=True)
    )


def _unnamed(notes: tuple[str, ...], user_id: str) -> tuple[str, ...]:
    """The notes, which may name an id as an example; those of older versions have no parts."""

    def without(name: str, text: str) -> str:
        if text.strip() in (user_id, f"{user_id}.0"):  # examples stand as they did in the file
            return ERASED
        return text.replace(repr(user_id), repr(ERASED)).replace(
            f"ids such as {user_id}.0 ", f"ids such as {ERASED} "
        )

    return tuple(as_it_is(note).with_each(without) for note in notes)
