"""What is held out of training: the last purchase, the last basket, or the last weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from jaxtyping import Int

from recommender.data.dataset import Dataset
from recommender.said import StatedError

SplitName = Literal["leave-last-out", "leave-last-basket-out", "by-time"]
SPLITS: Final[tuple[SplitName, ...]] = ("leave-last-out", "leave-last-basket-out", "by-time")

MEANING: Final[dict[SplitName, str]] = {
    "leave-last-out": "Held out is the last event of each user, whenever it was: every method "
    "knows what others did later, so all figures are a little better than tomorrow's would be.",
    "leave-last-basket-out": "Held out is the last basket of each user, whenever it was: every "
    "method knows what others did later, so all figures are a little better than tomorrow's would "
    "be.",
    "by-time": "Held out is all that happened from one moment on, about the last tenth: no method "
    "knows anything later, as in a live shop. Users without an earlier event stand apart.",
}
"""What the figures of each split mean, in a sentence or two."""

HELD_OUT_SHARE: Final = 0.1
"""By time: the part of the target events in the test period, and again in validation."""


@dataclass(frozen=True, eq=False)
class Holdout:
    """Questions with known answers: after these events, what came next? One case a row."""

    users: Int[np.ndarray, " case"]
    """User codes, ascending; at most one case a user."""
    cuts: Int[np.ndarray, " case"]
    """The history of the case is the user's first `cut` events; at least one, but of newcomers."""
    as_of: Int[np.ndarray, " case"]
    """Time of the first held-out event, in seconds since 1970-01-01."""
    target_offsets: Int[np.ndarray, " case_plus_one"]
    target_items: Int[np.ndarray, " target"]
    """Case i's answers are target_items[target_offsets[i]:target_offsets[i + 1]]: the items of
    its held-out events of target types, each once, ascending."""

    def __len__(self) -> int:
        return len(self.users)

    def of(self, cases: Int[np.ndarray, " chosen"]) -> Holdout:
        """Some of the cases, by their numbers (rising)."""
        sizes = np.diff(self.target_offsets)[cases]
        kept = np.repeat(self.target_offsets[cases], sizes)
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return Holdout(
            users=self.users[cases],
            cuts=self.cuts[cases],
            as_of=self.as_of[cases],
            target_offsets=np.concatenate([[0], np.cumsum(sizes)]),
            target_items=self.target_items[kept + within],
        )

    def targets(self, case: int) -> Int[np.ndarray, " target"]:
        """Codes of the items that answer the case."""
        return self.target_items[self.target_offsets[case] : self.target_offsets[case + 1]]


@dataclass(frozen=True, eq=False)
class Split:
    """What training may see, what chooses the model, and what judges it."""

    name: SplitName
    train_end: Int[np.ndarray, " user"]
    """Training may see the first `train_end` events of each user."""
    test_start: Int[np.ndarray, " user"]
    """Training and validation together: the first `test_start` events of each user."""
    validation: Holdout
    test: Holdout
    newcomers: Holdout
    """By time: what those did in the test period who had no event before it, each as of their first
    one and without a history. They are no cases of the test. Nobody, in the other splits."""


def propose_split(dataset: Dataset) -> SplitName:
    """Whole baskets where the data has baskets of several target events, else single events."""
    target = dataset.asked
    users, baskets = _columns(dataset, "user", "basket")
    again = (users[target][1:] == users[target][:-1]) & (
        baskets[target][1:] == baskets[target][:-1]
    )
    return "leave-last-basket-out" if again.any() else "leave-last-out"


def split_dataset(
    dataset: Dataset, name: SplitName | None = None, moments: Sequence[int] | None = None
) -> Split:
    """Hold out a test and a validation part of each user's events.

    A user needs one unit (event, basket, period) to remember before a held-out one: with three
    units both parts are held out, with two the test only, with one nothing. Likes that were added
    (`likes.py`) are no units, nor anything to remember: with them and without, the cases are alike.
    `moments` are from when on `by-time` holds out, where they were found with other events than
    these. Raises ValueError for an unknown name, and for `by-time` where the data has no time.
    """
    name = name or propose_split(dataset)
    if name == "leave-last-out":
        firsts = np.flatnonzero(dataset.asked)
        return _leave_last(dataset, name, firsts, firsts + 1)
    if name == "leave-last-basket-out":
        return _leave_last(dataset, name, *_target_baskets(dataset))
    if name == "by-time":
        return _by_time(dataset, held_out_from(dataset) if moments is None else moments)
    known = ", ".join(SPLITS)
    raise StatedError(
        "there is no split called {name!r}; choose one of {known}", name=name, known=known
    )


def _columns(dataset: Dataset, *names: str) -> tuple[np.ndarray, ...]:
    return tuple(dataset.interactions[name].to_numpy() for name in names)


def _remembers(dataset: Dataset, rows: np.ndarray) -> np.ndarray:
    """Whether the user has an event of their own, no added like, before the row."""
    own = np.array([name != dataset.liked_event for name in dataset.event_types])
    users, events = _columns(dataset, "user", "event")
    before = np.concatenate([[0], np.cumsum(own[events])])
    return np.asarray(before[rows] > before[dataset.offsets[users[rows]]])


def _target_baskets(dataset: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """First row, and row after the last, of each basket that holds a target event."""
    users, baskets = _columns(dataset, "user", "basket")
    changed = (users[1:] != users[:-1]) | (baskets[1:] != baskets[:-1])
    firsts = np.concatenate([[0], np.flatnonzero(changed) + 1])
    ends = np.append(firsts[1:], len(users))
    wanted = np.maximum.reduceat(dataset.asked, firsts)
    return firsts[wanted], ends[wanted]


def _leave_last(dataset: Dataset, name: SplitName, firsts: np.ndarray, ends: np.ndarray) -> Split:
    """The last unit of each user is the test, the one before it the validation."""
    offsets = dataset.offsets
    remembered = _remembers(dataset, firsts)
    firsts, ends = firsts[remembered], ends[remembered]
    users = _columns(dataset, "user")[0][firsts]
    next_user = np.append(users[1:], -1)[: len(users)]
    last = users != next_user
    before_last = ~last & np.append(last[1:], False)[: len(users)]
    test = _holdout(dataset, firsts[last], ends[last])
    validation = _holdout(dataset, firsts[before_last], ends[before_last])
    test_start = np.diff(offsets)
    test_start[test.users] = test.cuts
    train_end = test_start.copy()
    train_end[validation.users] = validation.cuts
    nobody = _holdout(dataset, firsts[:0], ends[:0])
    return Split(name, train_end, test_start, validation, test, nobody)


def held_out_from(dataset: Dataset) -> tuple[int, int]:
    """The moments from which on `by-time` holds out for validation and for the test, in seconds.

    Raises ValueError where the data has no time.
    """
    if not dataset.has_time:
        raise StatedError("this data set has no time, so it cannot be split by time")
    (times,) = _columns(dataset, "time")
    asked_times = np.sort(times[dataset.asked])
    if not len(asked_times):
        asked_times = times.max(keepdims=True) + 1  # nothing is held out where nothing is asked for
    validation, test = (
        int(asked_times[int(len(asked_times) * (1 - share * HELD_OUT_SHARE))]) for share in (2, 1)
    )
    return validation, test


def _by_time(dataset: Dataset, moments: Sequence[int]) -> Split:
    """The same two moments for everyone; a user's case is all they did in the period."""
    users, times = _columns(dataset, "user", "time")
    cuts = [np.bincount(users[times < start], minlength=len(dataset.users)) for start in moments]
    begin = dataset.offsets[:-1]
    validation = _period(dataset, begin + cuts[0], begin + cuts[1])
    test = _period(dataset, begin + cuts[1], dataset.offsets[1:])
    new = np.flatnonzero(cuts[1] == 0)
    firsts, ends = begin[new], dataset.offsets[1:][new]
    asked = _are_targets(dataset, firsts, ends)
    newcomers = _holdout(dataset, firsts[asked], ends[asked])
    return Split("by-time", cuts[0], cuts[1], validation, test, newcomers)


def _period(dataset: Dataset, firsts: np.ndarray, ends: np.ndarray) -> Holdout:
    asked = _are_targets(dataset, firsts, ends)  # so that the first one is a row of this user
    asked[asked] = _remembers(dataset, firsts[asked])
    return _holdout(dataset, firsts[asked], ends[asked])


def _are_targets(dataset: Dataset, firsts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Whether there is something to find among the rows from each first to its end."""
    seen = np.concatenate([[0], np.cumsum(dataset.asked)])
    return np.asarray(seen[ends] > seen[firsts])


def _holdout(dataset: Dataset, firsts: np.ndarray, ends: np.ndarray) -> Holdout:
    """Cases whose held-out rows of the interactions are [first, end)."""
    users, times, items = _columns(dataset, "user", "time", "item")
    sizes = ends - firsts
    starts = np.cumsum(sizes) - sizes
    case = np.repeat(np.arange(len(firsts)), sizes)
    rows = np.arange(sizes.sum()) - starts[case] + firsts[case]
    target = dataset.asked[rows]
    pairs = np.unique(case[target] * np.int64(len(dataset.items)) + items[rows[target]])
    per_case = np.bincount(pairs // len(dataset.items), minlength=len(firsts))
    return Holdout(
        users=users[firsts],
        cuts=firsts - dataset.offsets[users[firsts]],
        as_of=times[firsts],
        target_offsets=np.concatenate([[0], np.cumsum(per_case)]),
        target_items=(pairs % len(dataset.items)).astype(np.int32),
    )
