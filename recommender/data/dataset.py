"""A data set: validated tables turned into codes, features and histories, kept as Parquet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from jaxtyping import Int

from recommender.data.features import Feature
from recommender.data.histories import History


@dataclass(frozen=True, eq=False)
class Dataset:
    """What a model trains on and a dashboard shows. Rows of `items` and `users` are their codes."""

    name: str
    interactions: pd.DataFrame
    """One row an event, sorted by user, then time, then the order in the file. Columns: `user`,
    `item` (int32 codes), `time` (int64 seconds since 1970), `event` (int8 code of `event_types`),
    `basket` (int32, number of the basket within the user, from 0, never decreasing), `quantity`,
    `price` (float32, NaN where unknown)."""
    items: pd.DataFrame
    """Columns `item_id`, `title` (never blank: the id stands in), `image_url` if given, and the
    feature columns as they were read. Row number = item code."""
    users: pd.DataFrame
    """Columns `user_id` and the feature columns as they were read. Row number = user code."""
    item_features: tuple[Feature, ...]
    """Without the id itself, which the model adds."""
    user_features: tuple[Feature, ...]
    event_types: tuple[str, ...]
    """Names of the event codes, for example ("view", "cart", "purchase")."""
    target_events: tuple[str, ...]
    """The event types that count as what is to be predicted: purchases where there are any."""
    repeats: bool
    """Whether items that a user already has may be recommended again."""
    has_time: bool
    """False where the order of rows stands in for time (an event a day, in name only)."""
    notes: tuple[str, ...]
    """What was inferred or repaired on the way here, one sentence each."""
    fingerprint: str
    """SHA-256 of the content (first 16 hex digits); independent of name and folder."""

    @cached_property
    def offsets(self) -> Int[np.ndarray, " user_plus_one"]:
        """Events of user u are rows offsets[u] to offsets[u + 1] of `interactions`."""
        counts = np.bincount(self.interactions["user"], minlength=len(self.users))
        return np.concatenate([[0], np.cumsum(counts)])

    def history(self, user: int, cut: int | None = None, as_of: int | None = None) -> History:
        """The user's first `cut` events (all by default) as of the end of the data or `as_of`."""
        raise NotImplementedError
