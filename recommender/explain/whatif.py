"""What if: a history that somebody made up or edited, ready to recommend from and to explain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from recommender.data.features import Feature
from recommender.data.histories import SECONDS_A_DAY, Dates, History, Uncounted, nothing_uncounted
from recommender.model.run import Run
from recommender.said import Said, StatedError


class Event(NamedTuple):
    """One event as people say it."""

    item_id: str
    event: str
    """One of `Dataset.event_types`."""
    time: int
    """Seconds since 1970-01-01."""
    dated: bool = True
    """Whether somebody said that time; else it only keeps the event in its place."""


def edited_history(
    run: Run,
    events: Sequence[Event | tuple[str, str, int]],
    profile: Mapping[str, str | Sequence[str]] | None = None,
    as_of: int | None = None,
    uncounted: Uncounted | None = None,
) -> History:
    """A history of these events, sorted by time, for a user of this profile.

    `profile`: value (or values) by user feature; what is not named, or is `""`, is unknown.
    `as_of` is the moment of the recommendation, by default the end of the data. Items of
    `uncounted` are not new to the user either. Raises RunError for an item that is not in the data,
    ValueError for an unknown event type, feature or value, and for an event after `as_of`.
    """
    named = sorted((Event(*event) for event in events), key=lambda event: event.time)
    times = np.array([event.time for event in named], dtype=np.int64)
    moment = _end(run, times) if as_of is None else as_of
    if len(times) and times[-1] > moment:
        late = named[-1]
        raise StatedError(
            "the event on {item!r} is {n} seconds after the moment of the recommendation: give it "
            "an earlier time, or take a later moment",
            item=late.item_id,
            n=times[-1] - moment,
        )
    changes = np.flatnonzero(np.diff(times)) + 1
    return History(
        items=np.array([run.item(event.item_id) for event in named], dtype=np.int32),
        events=np.array([_event_code(run, event.event) for event in named], dtype=np.int8),
        times=times,
        baskets=np.searchsorted(changes, np.arange(len(named)), side="right").astype(np.int32),
        profile=_profile(run.dataset.user_features, profile or {}),
        as_of=int(moment),
        uncounted=nothing_uncounted() if uncounted is None else uncounted,
        dates=Dates(run.dataset.has_time, np.array([not event.dated for event in named], bool)),
    )


def events_of(run: Run, history: History) -> tuple[Event, ...]:
    """The events of a history as people say them: what `edited_history` takes."""
    ids = run.dataset.items["item_id"].to_numpy()[history.items]
    return tuple(
        Event(
            str(item),
            run.dataset.event_types[history.events[i]],
            int(history.times[i]),
            history.moment(i).time is not None,
        )
        for i, item in enumerate(ids)
    )


def profile_of(run: Run, history: History) -> dict[str, tuple[str, ...]]:
    """The known profile values of a history by user feature: what `edited_history` takes."""
    return {
        feature.name: tuple(feature.values[code - 1] for code in codes if code > 0)
        for feature, codes in zip(run.dataset.user_features, history.profile, strict=True)
    }


def _end(run: Run, times: np.ndarray) -> int:
    if run.dataset.has_time:
        return int(run.dataset.interactions["time"].max())
    return int(times[-1]) + SECONDS_A_DAY if len(times) else 0


def _event_code(run: Run, name: str) -> int:
    types = run.dataset.event_types
    if name not in types:
        raise StatedError(
            "there is no event type {name!r}: this data has {known}",
            name=name,
            known=", ".join(types),
        )
    return types.index(name)


def _profile(features: Sequence[Feature], asked: Mapping[str, str | Sequence[str]]) -> np.ndarray:
    unknown = sorted(set(asked) - {feature.name for feature in features})
    if unknown:
        known = ", ".join(feature.name for feature in features) or Said("none")
        raise StatedError(
            "there is no user feature {name!r}: this data has {known}",
            name=unknown[0],
            known=known,
        )
    width = max((feature.codes.shape[1] for feature in features), default=0)
    profile = np.zeros((len(features), width), dtype=np.int32)
    for row, feature in zip(profile, features, strict=True):
        given = asked.get(feature.name, ())
        values = [value for value in ([given] if isinstance(given, str) else given) if value]
        most = feature.codes.shape[1]
        if len(values) > most:
            raise StatedError(
                "{feature} takes at most {most} values, not {n}",
                feature=feature.name,
                most=most,
                n=len(values),
            )
        row[: len(values)] = [_value_code(feature, value) for value in values]
    return profile


def _value_code(feature: Feature, value: str) -> int:
    if value not in feature.values:
        some = ", ".join(feature.values[:6])
        raise StatedError(
            "{feature} has no value {value!r}: it has {some}",
            feature=feature.name,
            value=value,
            some=some,
        )
    return feature.values.index(value) + 1
