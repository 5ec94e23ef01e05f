"""Lookups in a data set that pages need: categories, prices, users by typing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from dashboard.names import feature_name
from recommender.data.dataset import Dataset
from recommender.data.features import Feature, category_of

_REGULAR = 10
LONGEST_QUERY = 100
"""Letters of what is searched for: each word is looked for in the text of all rows."""
_COUNTED = 4


@dataclass(frozen=True, eq=False)
class SearchText:
    """A line of text for each row, in one piece: the first hits among 200,000 take milliseconds."""

    joined: str
    """The lines without case, each after a line feed."""
    starts: Int[np.ndarray, " row"]
    """Where each line's feed stands in `joined`."""

    @classmethod
    def of(cls, lines: pd.Series) -> SearchText:
        """From one string a row."""
        plain = [line.casefold().replace("\n", " ") for line in lines]
        lengths = np.fromiter(map(len, plain), dtype=np.int64, count=len(plain)) + 1
        return cls("".join(f"\n{line}" for line in plain), lengths.cumsum() - lengths)

    def __len__(self) -> int:
        return len(self.starts)

    def begins(self, row: int, beginning: str) -> bool:
        """Whether a row's line, its feed included, begins so."""
        return self.joined.startswith(beginning, int(self.starts[row]))

    def rows(self, first: str, words: Sequence[str]) -> Iterator[int]:
        """Rows with `first` and all words in their line, in their order, one at a time."""
        place = self.joined.find(first)
        while place >= 0:
            row = int(self.starts.searchsorted(place, side="right")) - 1
            end = int(self.starts[row + 1]) if row + 1 < len(self) else len(self.joined)
            line = self.joined[int(self.starts[row]) : end]
            if all(word in line for word in words):
                yield row
            place = self.joined.find(first, end)


def category_feature(dataset: Dataset) -> Feature | None:
    """The feature that names an item's category, if there is one."""
    return category_of(dataset.item_features)


def category_name(dataset: Dataset) -> str:
    """What that feature is called; empty where there is none."""
    feature = category_feature(dataset)
    return feature_name(feature.name) if feature else ""


def prices(dataset: Dataset) -> Float[np.ndarray, " item"] | None:
    """Price of each item (NaN where unknown): its own column, or the median paid."""
    for column in dataset.items.columns:
        if "price" in column.casefold():
            values: np.ndarray = pd.to_numeric(dataset.items[column], errors="coerce").to_numpy(
                dtype=float
            )
            if np.isfinite(values).any():
                return values
    paid = dataset.interactions[["item", "price"]].dropna()
    if paid.empty:
        return None
    median = paid.groupby("item")["price"].median()
    paid_prices: np.ndarray = median.reindex(range(len(dataset.items))).to_numpy(dtype=float)
    return paid_prices


def item_code(dataset: Dataset, item_id: str) -> int | None:
    """The item of this id, if there is one."""
    found = np.flatnonzero((dataset.items["item_id"] == item_id).to_numpy())
    return int(found[0]) if len(found) else None


def search_text(dataset: Dataset, names: pd.Series, order: Int[np.ndarray, " row"]) -> SearchText:
    """What a search for users looks through, in this order: how each is called, and the profile."""
    first = names
    for feature in dataset.user_features:
        if feature.kind != "text":
            first = first + " " + dataset.users[feature.name].astype("str").fillna("")
    return SearchText.of(first.iloc[order])


def item_text(dataset: Dataset) -> SearchText:
    """What a search for products looks through: title, category and id."""
    text = dataset.items["title"].astype("str")
    feature = category_feature(dataset)
    if feature is not None:
        labels = pd.Series([feature.label(item) for item in range(len(text))], dtype="str")
        text = text + " " + labels
    return SearchText.of(text + " " + dataset.items["item_id"].astype("str"))


def words_of(query: str) -> list[str]:
    """What is searched for, word by word; nothing where more was typed than a search box takes."""
    return query.casefold().split() if len(query) <= LONGEST_QUERY else []


def find(text: SearchText, query: str, limit: int) -> Int[np.ndarray, " row"]:
    """Rows whose text holds every word of the query; those that begin with it come first."""
    words = words_of(query)
    if not words:
        return np.arange(0 if query.strip() else min(limit, len(text)))
    # To count a word takes a walk through all text; the longest are hardly ever the most frequent.
    longest = sorted(set(words), key=len)[-_COUNTED:]
    begin, rarest = "\n" + words[0], min(longest, key=text.joined.count)
    # Both ways find the same lines; to go through the fewer takes less time.
    fewest = min((rarest, begin), key=text.joined.count)
    beginning = (row for row in text.rows(fewest, words) if text.begins(row, begin))
    found = dict.fromkeys(islice(beginning, limit))
    for row in text.rows(rarest, words):
        if len(found) == limit:
            break
        found.setdefault(row)
    return np.fromiter(found, dtype=np.int64)


def loyal_user(dataset: Dataset) -> tuple[int, float] | None:
    """Who most often bought what they had bought before, and how large a share that is.

    Among those with ten purchases or more; None if nobody came back for anything.
    """
    bought = dataset.interactions.loc[dataset.asked, ["user", "item"]]
    again = bought.duplicated().groupby(bought["user"]).agg(["mean", "size"])
    regular = again[again["size"] >= _REGULAR]
    if regular.empty or not regular["mean"].max():
        return None
    return int(regular["mean"].idxmax()), float(regular["mean"].max())


def typical_user(dataset: Dataset) -> int:
    """Somebody with the median number of events."""
    lengths = np.diff(dataset.offsets)
    known = np.flatnonzero(lengths)
    return int(known[np.argsort(lengths[known], kind="stable")[len(known) // 2]])


def new_user(dataset: Dataset) -> int:
    """Somebody of whom least is known, but something."""
    lengths = np.diff(dataset.offsets)
    known = np.flatnonzero(lengths)
    return int(known[np.argmin(lengths[known])])


def profile(dataset: Dataset, user: int) -> tuple[tuple[str, str], ...]:
    """The user's known features, as name and value."""
    pairs = ((feature_name(f.name), f.label(user)) for f in dataset.user_features)
    return tuple((name, value) for name, value in pairs if value)


def facts(dataset: Dataset, item: int, names: Sequence[str] = ()) -> tuple[tuple[str, str], ...]:
    """The item's known categorical features, or the named ones, as name and value."""
    wanted = [
        feature
        for feature in dataset.item_features
        if (feature.name in names if names else feature.kind in ("categorical", "multi"))
    ]
    pairs = ((feature_name(feature.name), feature.label(item)) for feature in wanted)
    return tuple((name, value) for name, value in pairs if value)
