"""Columns of the interactions that belong to the item or the user, lifted out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from recommender.data.cleaning.kinds import MISSING
from recommender.data.columns import IMAGE, ITEM, TITLE, USER

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
        words = _words(values)
        item_share, user_share = (_constant_share(events[key], words) for key in (ITEM, USER))
        if name in (TITLE, IMAGE) or CONSTANT <= item_share >= user_share:
            of_item[name] = _majority(events[ITEM], words)
        elif user_share >= CONSTANT:
            of_user[name] = _majority(events[USER], words)
        else:
            left.append(name)
    ids = events[ITEM].cat.categories, events[USER].cat.categories
    return Lifted(
        items=pd.DataFrame({ITEM: ids[0], **of_item}, dtype="str"),
        users=pd.DataFrame({USER: ids[1], **of_user}, dtype="str"),
        left=tuple(left),
    )


def _words(values: pd.Series) -> pd.Categorical:
    """The trimmed values, blank ones missing."""
    codes, distinct = pd.factorize(values)
    words = pd.Series(distinct, dtype="str").str.strip()
    words = words.where(~words.isin(MISSING)).astype("category")
    return pd.Categorical.from_codes(words.cat.codes.to_numpy()[codes], dtype=words.dtype)


def _constant_share(ids: pd.Series, words: pd.Categorical) -> float:
    """Share of the ids that have one value only, among those with a value in several rows."""
    said = words.codes >= 0
    owners, codes = ids.cat.codes.to_numpy()[said], words.codes[said]
    rows = np.bincount(owners, minlength=len(ids.cat.categories))
    one = np.zeros(len(rows), dtype=codes.dtype)
    one[owners] = codes
    changing = np.bincount(owners[one[owners] != codes], minlength=len(rows)) > 0
    several = rows > 1
    return 1.0 - float(changing[several].mean()) if several.any() else 1.0


def _majority(ids: pd.Series, words: pd.Categorical) -> np.ndarray:
    """The commonest value of each id; blank where it has none."""
    said = words.codes >= 0
    n = len(words.categories) + 1
    owners = ids.cat.codes.to_numpy(dtype=np.int64)[said]
    pairs, counts = np.unique(owners * n + words.codes[said], return_counts=True)
    order = np.lexsort((pairs, -counts, pairs // n))
    owner, first = np.unique(pairs[order] // n, return_index=True)
    values = np.full(len(ids.cat.categories), "", dtype=object)
    values[owner] = words.categories.to_numpy(dtype=object)[pairs[order][first] % n]
    return values
