"""Edits of a history as a link carries them: a few letters each, applied in the order they came.

| spelled | means |
|---|---|
| `x3.4` | leave the events 3 and 4 out |
| `b3` | put event 3 back |
| `d3.20250601` | event 3 was on another day |
| `k3.1` | event 3 was of another kind (code of the event type) |
| `e3`, `l3` | event 3 changes places with the one before, or after |
| `a20250601.2.I07` | add an event: day, kind, item id; `a.2.I07` adds it as the newest |
| `p0.3` | the first profile feature has the value of code 3; `p0` makes it unknown |
| `n` | start from nothing |

Events are named by their place in the unedited history, from 0; added ones are `a0`, `a1` …
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Literal

from dashboard.catalogue import item_code
from recommender.data.dataset import Dataset
from recommender.data.histories import SECONDS_A_DAY, History, Moment

State = Literal["kept", "changed", "added", "removed"]
_DAY = "%Y%m%d"


@dataclass(frozen=True)
class Row:
    """One event of a draft."""

    key: str
    """Its place in the unedited history, or `a0`, `a1` … for one that was added."""
    item: int
    event: int
    """Code of the event type."""
    time: int
    """Seconds since 1970-01-01."""
    before: tuple[int, int] | None
    """Its event type and time before any edit; None for one that was added."""
    out: bool = False
    """Whether it is left out."""
    dated: bool = True
    """Whether somebody said when it was; else its time only keeps it in its place."""

    @property
    def state(self) -> State:
        """What became of it."""
        if self.out:
            return "removed"
        if self.before is None:
            return "added"
        return "kept" if self.before == (self.event, self.time) else "changed"


@dataclass(frozen=True)
class Draft:
    """A history while it is edited: what was left out stays in sight."""

    rows: tuple[Row, ...]
    """Oldest first."""
    profile: tuple[tuple[int, ...], ...]
    """Value codes by user feature."""
    as_of: int
    has_time: bool = True
    """False where order stands in for time: no event has a day."""
    refused: tuple[str, ...] = ()
    """Edits that do not fit this history, as they were spelled."""
    nobody: bool = False
    """Started from nothing: then what the customer did without interest is not known either."""

    @property
    def last_day(self) -> date | None:
        """The day of the recommendation, in UTC; None where the data has no days."""
        return datetime.fromtimestamp(self.as_of, UTC).date() if self.has_time else None

    @property
    def kept(self) -> tuple[Row, ...]:
        """The events that the model reads, oldest first."""
        return tuple(row for row in self.rows if not row.out)

    def moment(self, row: Row) -> Moment | None:
        """When an event was, as far as anybody said; None for one that was added without a day.

        It keeps its number in the unedited history, whatever place it is moved to.
        """
        if row.dated:
            return Moment(0, 0, row.time)
        if row.before is None:
            return None
        return Moment(int(row.key) + 1, sum(one.before is not None for one in self.rows), None)

    def row(self, key: str) -> Row | None:
        """The event of this key, if there is one."""
        return next((row for row in self.rows if row.key == key), None)


def removed(*keys: str) -> str:
    """The edit that leaves these events out."""
    return "x" + ".".join(keys)


def put_back(*keys: str) -> str:
    """The edit that puts these events back."""
    return "b" + ".".join(keys)


def dated(key: str, day: date) -> str:
    """The edit that moves an event to another day."""
    return f"d{key}.{day:{_DAY}}"


def of_kind(key: str, event: int) -> str:
    """The edit that makes an event one of another type."""
    return f"k{key}.{event}"


def earlier(key: str) -> str:
    """The edit that lets an event change places with the one before it."""
    return f"e{key}"


def later(key: str) -> str:
    """The edit that lets an event change places with the one after it."""
    return f"l{key}"


def added(item_id: str, event: int, day: date | None) -> str:
    """The edit that adds an event; without a day, as the newest."""
    return f"a{'' if day is None else format(day, _DAY)}.{event}.{item_id}"


def profiled(feature: int, codes: Sequence[int]) -> str:
    """The edit that sets a profile feature."""
    return "p" + ".".join(map(str, (feature, *codes)))


NOTHING = "n"
"""The edit that starts from nothing: no event, no profile."""


def unedited(history: History) -> Draft:
    """The history before any edit."""
    arrays = zip(history.items, history.events, history.times, strict=True)
    rows = tuple(
        Row(
            key=str(i),
            item=int(item),
            event=int(event),
            time=int(time),
            before=(int(event), int(time)),
            dated=history.moment(i).time is not None,
        )
        for i, (item, event, time) in enumerate(arrays)
    )
    profile = tuple(tuple(int(code) for code in codes if code) for codes in history.profile)
    return Draft(rows, profile, history.as_of, history.dates.has_time)


def apply(dataset: Dataset, history: History, edits: Sequence[str]) -> Draft:
    """The history with the edits made one after the other; what does not fit is told, not made."""
    draft = unedited(history)
    for edit in edits:
        try:
            draft = _MAKE[edit[:1]](dataset, draft, edit[1:])
        except (KeyError, ValueError, IndexError, OverflowError):
            draft = replace(draft, refused=(*draft.refused, edit))
    return draft


def _put(draft: Draft, *changed: Row) -> Draft:
    by_key = {row.key: row for row in changed}
    rows = [by_key.get(row.key, row) for row in draft.rows]
    return replace(draft, rows=tuple(sorted(rows, key=lambda row: row.time)))


def _find(draft: Draft, key: str) -> Row:
    found = draft.row(key)
    if found is None:
        raise KeyError(key)
    return found


def _leave_out(out: bool) -> Callable[[Dataset, Draft, str], Draft]:
    """Leave events out, or put them back as they are now: a day that was changed stays so."""

    def leave_out(dataset: Dataset, draft: Draft, said: str) -> Draft:
        found = [_find(draft, key) for key in said.split(".")]
        return _put(draft, *(replace(row, out=out) for row in found))

    return leave_out


def _date(dataset: Dataset, draft: Draft, said: str) -> Draft:
    if not draft.has_time:
        raise ValueError(said)
    key, day = said.split(".")
    row = _find(draft, key)
    moment = _midnight(day) + row.time % SECONDS_A_DAY
    return _put(draft, replace(row, time=min(moment, draft.as_of), dated=True))


def _kind(dataset: Dataset, draft: Draft, said: str) -> Draft:
    key, event = said.split(".")
    return _put(draft, replace(_find(draft, key), event=_kind_code(dataset, event)))


def _at(row: Row, place: Row) -> Row:
    """The one event in the place of the other."""
    return replace(row, time=place.time, dated=place.dated)


def _swap(step: int) -> Callable[[Dataset, Draft, str], Draft]:
    """Two neighbours change places: each takes the other's time."""

    def swap(dataset: Dataset, draft: Draft, key: str) -> Draft:
        kept = list(draft.kept)
        at = kept.index(_find(draft, key))
        if not 0 <= at + step < len(kept):
            raise IndexError(key)
        row, other = kept[at], kept[at + step]
        order = {row.key: _at(other, row), other.key: _at(row, other)}
        # In place, so that neighbours of one and the same second change places too.
        rows = tuple(order.get(one.key, one) for one in draft.rows)
        return replace(draft, rows=rows)

    return swap


def _add(dataset: Dataset, draft: Draft, said: str) -> Draft:
    day, event, item_id = said.split(".", 2)
    item = item_code(dataset, item_id)
    if item is None:
        raise KeyError(item_id)
    key = f"a{sum(row.key.startswith('a') for row in draft.rows)}"
    if bool(day) != draft.has_time:
        raise ValueError(said)
    # Added at the end of its day: the newest of what happened then.
    time = min(_midnight(day) + SECONDS_A_DAY - 1, draft.as_of) if day else draft.as_of
    row = Row(key, item, _kind_code(dataset, event), time, None, dated=bool(day))
    rows = sorted((*draft.rows, row), key=lambda one: one.time)
    return replace(draft, rows=tuple(rows))


def _profile(dataset: Dataset, draft: Draft, said: str) -> Draft:
    feature, *codes = (int(part) for part in said.split("."))
    known = dataset.user_features[feature]
    most = known.codes.shape[1]
    if feature < 0 or len(codes) > most or not all(0 < code <= len(known.values) for code in codes):
        raise ValueError(said)
    profile = list(draft.profile)
    profile[feature] = tuple(codes)
    return replace(draft, profile=tuple(profile))


def _nothing(dataset: Dataset, draft: Draft, said: str) -> Draft:
    if said:
        raise ValueError(said)
    gone = tuple(replace(row, out=True) for row in draft.rows)
    return replace(draft, rows=gone, profile=((),) * len(draft.profile), nobody=True)


_MAKE: dict[str, Callable[[Dataset, Draft, str], Draft]] = {
    "x": _leave_out(True),
    "b": _leave_out(False),
    "d": _date,
    "k": _kind,
    "e": _swap(-1),
    "l": _swap(1),
    "a": _add,
    "p": _profile,
    "n": _nothing,
}


def _midnight(day: str) -> int:
    return int(datetime.strptime(day, _DAY).replace(tzinfo=UTC).timestamp())


def _kind_code(dataset: Dataset, said: str) -> int:
    code = int(said)
    if not 0 <= code < len(dataset.event_types):
        raise ValueError(said)
    return code
