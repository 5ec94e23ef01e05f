"""One user's past as the model reads it: events in order, a profile, and the moment asked about."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Int

SECONDS_A_DAY = 86_400


@dataclass(frozen=True, eq=False)
class History:
    """Events from oldest to newest, as codes of the data set they come from."""

    items: Int[np.ndarray, " event"]
    """Item codes (row numbers of `Dataset.items`)."""
    events: Int[np.ndarray, " event"]
    """Codes of `Dataset.event_types`."""
    times: Int[np.ndarray, " event"]
    """Seconds since 1970-01-01."""
    baskets: Int[np.ndarray, " event"]
    """Which of the user's baskets (orders, sessions) the event belongs to; never decreasing."""
    profile: Int[np.ndarray, "user_feature bag"]
    """Codes of the user's feature values; 0 is unknown and pads."""
    as_of: int
    """The moment the recommendation is for, in seconds since 1970-01-01."""

    def __len__(self) -> int:
        return len(self.items)

    def without(self, *positions: int) -> History:
        """The history with these events deleted and the rest closed up; `as_of` stays."""
        keep = np.ones(len(self), dtype=bool)
        keep[list(positions)] = False
        return self._only(keep)

    def newest(self, n: int) -> History:
        """Only the newest `n` events."""
        cut = max(len(self) - n, 0)
        return self._only(slice(cut, None)) if cut else self

    def _only(self, kept: Bool[np.ndarray, " event"] | slice) -> History:
        return replace(
            self,
            items=self.items[kept],
            events=self.events[kept],
            times=self.times[kept],
            baskets=self.baskets[kept],
        )
