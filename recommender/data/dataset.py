"""A data set: validated tables turned into codes, features and histories, kept as Parquet."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from jaxtyping import Bool, Int

from recommender.data.columns import UNDATED
from recommender.data.features import Feature
from recommender.data.histories import SECONDS_A_DAY, Dates, History, Uncounted
from recommender.data.uncounted import no_rows
from recommender.data.vocabulary import SHOP, Vocabulary
from recommender.said import StatedError


class DatasetError(StatedError):
    """A saved or known data set cannot be had as asked: missing, damaged, in the way."""


def dated(events: pd.DataFrame) -> pd.DataFrame:
    """The rows of clean tables whose time somebody said."""
    return events[~events[UNDATED]] if UNDATED in events else events


@dataclass(frozen=True, eq=False)
class Dataset:
    """What a model trains on and a dashboard shows. Rows of `items` and `users` are their codes."""

    name: str
    interactions: pd.DataFrame
    """One row an event, sorted by user, then time, then the order in the file. Columns: `user`,
    `item` (int32 codes), `time` (int64 seconds since 1970), `event` (int8 code of `event_types`),
    `basket` (int32, number of the basket within the user, from 0, never decreasing), `quantity`,
    `price` (float32, NaN where unknown), and where some rows have a time that nobody said,
    `undated` (bool): theirs stands in for their place."""
    items: pd.DataFrame
    """Columns `item_id`, `title` (never blank: the id stands in), `image_url` if given, and the
    feature columns as they were read, without vectors. Row number = item code."""
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
    uncounted: pd.DataFrame = field(default_factory=no_rows)
    """What users did that is no interest (rated low, taken back), which no model reads. One row
    each, sorted by user and place. Columns: `user`, `item` (int32 codes), `place` (int32: known to
    whoever knows the user's first `place` events), `time` (float64 seconds since 1970, NaN where
    nobody said when), `event` (text: a type of event, not always one of `event_types`), `rating`
    (float32, NaN where there is none), `reason` (one of `REASONS`)."""
    liked_event: str = ""
    """The event type that `add_likes` added, one of `target_events`: learned from, never asked for
    in validation or test. Blank where no likes were added."""
    vocabulary: Vocabulary = SHOP
    """What its own people would say: whether it is bought or watched, by customers or viewers."""

    @property
    def asked_events(self) -> tuple[str, ...]:
        """The target events that users did themselves: what validation and test ask for, and what
        is called bought. An added like is learned from as they are, but is none of them."""
        own = tuple(name for name in self.target_events if name != self.liked_event)
        return own or self.target_events

    @property
    def asked_codes(self) -> tuple[int, ...]:
        """Their codes; the last is what one event more is, wherever one is tried."""
        return tuple(self.event_types.index(name) for name in self.asked_events)

    @cached_property
    def asked(self) -> Bool[np.ndarray, " event"]:
        """Which rows of `interactions` are events of these types."""
        return np.isin(self.interactions["event"].to_numpy(), self.asked_codes)

    @cached_property
    def offsets(self) -> Int[np.ndarray, " user_plus_one"]:
        """Events of user u are rows offsets[u] to offsets[u + 1] of `interactions`."""
        counts = np.bincount(self.interactions["user"], minlength=len(self.users))
        return np.concatenate([[0], np.cumsum(counts)])

    def history(self, user: int, cut: int | None = None, as_of: int | None = None) -> History:
        """The user's first `cut` events (all by default) as of the end of the data or `as_of`."""
        if not 0 <= user < len(self.users):
            raise IndexError(f"there is no user {user}: the data set has {len(self.users)} users")
        start, end = int(self.offsets[user]), int(self.offsets[user + 1])
        if cut is not None:
            end = min(end, start + max(cut, 0))
        column = self._arrays
        times = column["time"][start:end]
        return History(
            items=column["item"][start:end],
            events=column["event"][start:end],
            times=times,
            baskets=column["basket"][start:end],
            profile=self._profiles[user],
            as_of=self._end(times) if as_of is None else as_of,
            uncounted=self._uncounted_of(user, end - start),
            dates=self._dates(start, end, int(self.offsets[user + 1]), as_of),
        )

    def _dates(self, start: int, end: int, last: int, as_of: int | None) -> Dates:
        """Of the user's events from `start` to `end`, of which `last` would be the end."""
        if not self._undated.any():
            return Dates(self.has_time)
        unsaid = as_of is not None and end < last and bool(self._undated[end])
        return Dates(self.has_time, self._undated[start:end], not unsaid)

    def _uncounted_of(self, user: int, n_events: int) -> Uncounted:
        column = self._uncounted_arrays
        (start,), (end,) = self.uncounted_rows(np.array([user]), np.array([n_events]))
        return Uncounted(
            items=column["item"][start:end],
            places=column["place"][start:end],
            times=column["time"][start:end],
            events=tuple(column["event"][start:end]),
            ratings=column["rating"][start:end],
            reasons=tuple(column["reason"][start:end]),
        )

    def uncounted_rows(
        self, users: Int[np.ndarray, " case"], cuts: Int[np.ndarray, " case"]
    ) -> tuple[Int[np.ndarray, " case"], Int[np.ndarray, " case"]]:
        """From which to which row of `uncounted` each user's go who know their first events."""
        places = self._uncounted_arrays["place"].astype(np.int64)
        width = np.int64(len(self.interactions) + 1)
        keys = self._uncounted_arrays["user"] * width + places
        first = users.astype(np.int64) * width
        return np.searchsorted(keys, first), np.searchsorted(keys, first + cuts, side="right")

    def _end(self, times: Int[np.ndarray, " event"]) -> int:
        """The end of the data; where rows only stand in for days, the day after the last."""
        if self.has_time:
            return self._last_time
        return int(times[-1]) + SECONDS_A_DAY if len(times) else 0

    @cached_property
    def _last_time(self) -> int:
        return int(self._arrays["time"].max())

    @cached_property
    def _arrays(self) -> dict[str, np.ndarray]:
        # Slicing a frame for each user costs a hundred times what slicing its arrays does.
        return {
            name: self.interactions[name].to_numpy() for name in ("item", "event", "time", "basket")
        }

    @property
    def dated(self) -> pd.DataFrame:
        """The events whose time somebody said."""
        return self.interactions[~self._undated]

    @cached_property
    def _undated(self) -> Bool[np.ndarray, " event"]:
        """Which events have a time that nobody said; older versions wrote it of no added like."""
        liked = np.array([name == self.liked_event for name in self.event_types])
        said = self.interactions.get(UNDATED, False)
        return np.asarray(liked[self._arrays["event"]] | said, dtype=bool)

    @cached_property
    def _uncounted_arrays(self) -> dict[str, np.ndarray]:
        return {str(name): self.uncounted[name].to_numpy() for name in self.uncounted}

    @cached_property
    def _profiles(self) -> Int[np.ndarray, "user user_feature width"]:
        width = max((feature.codes.shape[1] for feature in self.user_features), default=0)
        profiles = np.zeros((len(self.users), len(self.user_features), width), dtype=np.int32)
        for i, feature in enumerate(self.user_features):
            profiles[:, i, : feature.codes.shape[1]] = feature.codes
        return profiles
