"""Columns of the interactions that belong to the item or the user, lifted out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from jaxtyping import Int

from recommender.data.columns import IMAGE, ITEM, TITLE, USER
from recommender.data.kinds import MISSING

CONSTANT: Final = 0.95
"""A column belongs to the item if it is the same in all rows of this share of items."""


@dataclass(frozen=True, eq=False)
class Lifted:
    """One row an item or user, in the order of the categories of its ids; blank if unknown."""

    items: pd.DataFrame
    users: pd.DataFrame
    left: tuple[str, ...]
    """Columns that change from row to row, and so belong to neither."""


def lift_columns(raw: pd.DataFrame, events: pd.DataFrame, columns: Sequence[str]) -> Lifted:
    """Find out which columns of `raw` say something of the item and which of the user.

    The value that most rows have stands for the item or user. Titles and images are always of
    the item, however often they were reworded.
    """
    of_item, of_user, left = {}, {}, []
    for name in columns:
        values = raw.loc[events.index, name]
        item_values, item_share = _majority(events[ITEM], values)
        if name in (TITLE, IMAGE):
            of_item[name] = item_values
            continue
        user_values, user_share = _majority(events[USER], values)
        if item_share >= CONSTANT and item_share >= user_share:
            of_item[name] = item_values
        elif user_share >= CONSTANT:
            of_user[name] = user_values
        else:
            left.append(name)
    ids = events[ITEM].cat.categories, events[USER].cat.categories
    return Lifted(
        items=pd.DataFrame({ITEM: ids[0], **of_item}, dtype="str"),
        users=pd.DataFrame({USER: ids[1], **of_user}, dtype="str"),
        left=tuple(left),
    )


def _majority(ids: pd.Series, values: pd.Series) -> tuple[np.ndarray, float]:
    """The commonest value of each id, and the share of ids that have one only."""
    owners = ids.cat.codes.to_numpy(dtype=np.int64)
    codes, distinct = pd.factorize(values)
    words = pd.Series(distinct, dtype="str").str.strip()
    said = ~words.isin(MISSING).to_numpy()[codes]
    words = words.astype("category")
    codes = words.cat.codes.to_numpy(dtype=np.int64)[codes]
    n = len(words.cat.categories)
    pairs, counts = np.unique(owners[said] * n + codes[said], return_counts=True)
    owner, code = pairs // max(n, 1), pairs % max(n, 1)
    order = np.lexsort((code, -counts, owner))
    owner, code = owner[order], code[order]
    first = np.append(True, owner[1:] != owner[:-1]) if len(owner) else np.zeros(0, dtype=bool)
    result = np.full(len(ids.cat.categories), "", dtype=object)
    result[owner[first]] = words.cat.categories.to_numpy(dtype=object)[code[first]]
    return result, _constant_share(owners[said], owner)


def _constant_share(rows: Int[np.ndarray, " row"], owner: Int[np.ndarray, " pair"]) -> float:
    """Among ids with several rows, for one row is always the same as itself."""
    several = np.bincount(rows) > 1 if len(rows) else np.zeros(0, dtype=bool)
    if not several.any():
        return 1.0
    values = np.bincount(owner, minlength=len(several))
    return float((values[several] == 1).mean())
