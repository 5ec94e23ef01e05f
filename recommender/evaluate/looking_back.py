"""How far back the readout looks, averaged over users: by time gap and by place in the history."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float

from recommender.data.histories import History
from recommender.explain.attention import attend
from recommender.explain.types import Attention
from recommender.model.run import Run
from recommender.said import StatedError

USERS = 200
"""Of more users with two events or more a random sample is asked."""
SEED = 0
DAY = 86_400
GAPS = (0.0, 1.0, 3.0, 7.0, 14.0, 30.0, 60.0, 120.0, 240.0, 480.0, float("inf"))
"""Edges of the bins of time gap, in days."""
PLACES = (0, 1, 2, 3, 5, 8, 12, 20, 35, 60, 100, 10**9)
"""Edges of the bins of place; 0 is the newest event."""


@dataclass(frozen=True, eq=False)
class LookingBack:
    """Mean readout attention over a sample of users."""

    users: int
    gaps: pd.DataFrame
    """A row a bin of days between event and recommendation, with `low`, `high`, `middle` (mean
    days of its events), `times` and `events`. `times`: the weight on the bin's events over what an
    even spread over each user's events would give; 1 is chance. Empty bins are left out."""
    places: pd.DataFrame
    """The same by place, counted back from the newest event (0)."""


@dataclass(frozen=True, eq=False)
class Looked:
    """Where the readout looked in one history, event by event, oldest first."""

    days: Float[np.ndarray, " event"]
    """From the event to the recommendation; NaN where nobody said when it was."""
    places: Float[np.ndarray, " event"]
    """Counted back from the newest event, which is 0."""
    times: Float[np.ndarray, " event"]
    """Weight over that of an even spread over the events; 1 is chance."""


def looked_back(attention: Attention, history: History) -> Looked:
    """The mean over readout heads of the events that the window holds."""
    read = attention.positions >= 0
    position = attention.positions[read]
    weights = attention.readout.mean(axis=0)[read]
    total = float(weights.sum())
    times = [history.moment(int(place)).time for place in position]
    said = np.array([np.nan if time is None else time for time in times], dtype=np.float64)
    return Looked(
        (history.as_of - said) / DAY,
        (len(history) - 1 - position).astype(float),
        weights * len(weights) / total if total else np.ones_like(weights),
    )


def looking_back(run: Run, users: int = USERS) -> LookingBack:
    """Ask users drawn at random, each before what was held out.

    Raises ValueError if no user has two events.
    """
    drawn = np.random.default_rng(SEED).permutation(len(run.dataset.users))
    found: list[Looked] = []
    for user in map(int, drawn):
        history = run.history(user, before_held_out=True)
        if len(history) > 1:
            found.append(looked_back(attend(run, history), history))
        if len(found) == users:
            break
    if not found:
        raise StatedError("no user of {path} has two events to look back at", path=run.path)
    even = np.concatenate([np.full(len(one.times), 1 / len(one.times)) for one in found])
    days, places, times = (
        np.concatenate([getattr(one, name) for one in found])
        for name in ("days", "places", "times")
    )
    return LookingBack(
        len(found), _binned(days, times, even, GAPS), _binned(places, times, even, PLACES)
    )


def _binned(
    value: Float[np.ndarray, " event"],
    times: Float[np.ndarray, " event"],
    even: Float[np.ndarray, " event"],
    edges: tuple[float, ...],
) -> pd.DataFrame:
    """Each user counts alike: an event's weight in the mean is its even share."""
    place = np.searchsorted(edges, value, side="right") - 1
    rows = []
    for i in range(len(edges) - 1):
        here = place == i
        if here.any():
            rows.append(
                {
                    "low": edges[i],
                    "high": edges[i + 1],
                    "middle": float(np.average(value[here], weights=even[here])),
                    "times": float(np.average(times[here], weights=even[here])),
                    "events": int(here.sum()),
                }
            )
    return pd.DataFrame(rows, columns=["low", "high", "middle", "times", "events"])
