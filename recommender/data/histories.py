"""One user's past as the model reads it: events in order, a profile, and the moment asked about."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Bool, Float, Int

SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Moment:
    """When something was, as far as anybody said: at a time, or as which of the user's events.

    Whoever shows when something was shows this: a time that only stands in for the order of the
    events is none.
    """

    number: int
    """Of the event among those that count, from 1; one more than there are: after all of them."""
    of: int
    """How many events the user has."""
    time: int | None
    """Seconds since 1970-01-01; None where nobody said when."""

    @property
    def after(self) -> bool:
        """Whether it comes after all events."""
        return self.number > self.of


@dataclass(frozen=True, eq=False)
class Dates:
    """Which events of a history have a time that somebody said."""

    has_time: bool = True
    """False where the data has no times: then order stands in for them."""
    undated: Bool[np.ndarray, " event"] | None = None
    """Which events have none in data that has times; None: no event."""
    asked_said: bool = True
    """Whether somebody said when the moment asked about was."""

    def moment(self, times: Int[np.ndarray, " event"], position: int) -> Moment:
        """When the event at this position was."""
        unsaid = self.undated is not None and bool(self.undated[position])
        said = self.has_time and not unsaid
        return Moment(position + 1, len(times), int(times[position]) if said else None)

    def asked(self, times: Int[np.ndarray, " event"], as_of: int) -> Moment:
        """The moment asked about: after all events."""
        said = self.has_time and self.asked_said
        return Moment(len(times) + 1, len(times), as_of if said else None)


@dataclass(frozen=True, eq=False)
class Uncounted:
    """What a user did that is no interest, so that no model reads it: rated low, taken back.

    Oldest first. Its items are not new to the user all the same.
    """

    items: Int[np.ndarray, " row"]
    """Item codes."""
    places: Int[np.ndarray, " row"]
    """Known to whoever knows the user's first `place` events that count."""
    times: Float[np.ndarray, " row"]
    """Seconds since 1970-01-01; NaN where nobody said when."""
    events: tuple[str, ...]
    """Types of events as the file has them; `Dataset.event_types` need not have them."""
    ratings: Float[np.ndarray, " row"]
    """NaN where there is none."""
    reasons: tuple[str, ...]
    """Why each row is left out: one of `REASONS`."""

    def __len__(self) -> int:
        return len(self.items)


def nothing_uncounted() -> Uncounted:
    """No row at all."""
    codes, numbers = np.zeros(0, dtype=np.int32), np.zeros(0)
    return Uncounted(codes, codes, numbers, (), numbers, ())


@dataclass(frozen=True, eq=False)
class History:
    """Events from oldest to newest, as codes of the data set they come from."""

    items: Int[np.ndarray, " event"]
    """Item codes (row numbers of `Dataset.items`)."""
    events: Int[np.ndarray, " event"]
    """Codes of `Dataset.event_types`."""
    times: Int[np.ndarray, " event"]
    """Seconds since 1970-01-01; what people are shown is `moment`."""
    baskets: Int[np.ndarray, " event"]
    """Which of the user's baskets (orders, sessions) the event belongs to; never decreasing."""
    profile: Int[np.ndarray, "user_feature bag"]
    """Codes of the user's feature values; 0 is unknown and pads."""
    as_of: int
    """The moment the recommendation is for, in seconds since 1970-01-01."""
    uncounted: Uncounted = field(default_factory=nothing_uncounted)
    """What else the user did before that moment."""
    dates: Dates = field(default_factory=Dates)
    """Which of the times somebody said."""

    def moment(self, position: int) -> Moment:
        """When the event at this position was, as far as anybody said."""
        return self.dates.moment(self.times, position)

    @property
    def asked(self) -> Moment:
        """The moment that the recommendation is for, as far as anybody said."""
        return self.dates.asked(self.times, self.as_of)

    @property
    def had(self) -> Int[np.ndarray, " item"]:
        """Codes of the items that are not new to the user, whatever they did with them."""
        return np.union1d(self.items, self.uncounted.items)

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
        undated = None if self.dates.undated is None else self.dates.undated[kept]
        return replace(
            self,
            dates=replace(self.dates, undated=undated),
            items=self.items[kept],
            events=self.events[kept],
            times=self.times[kept],
            baskets=self.baskets[kept],
        )
