"""What an explanation is: plain values, in numpy arrays and tuples, that pickle and cache."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

AGAIN, TOGETHER, ANY = "+again", "+together", "+any"
"""Reserved shares: the event votes for its own item, for what is bought with it, for anything."""


@dataclass(frozen=True, eq=False)
class Recommendation:
    """One item of a user's top-k."""

    rank: int
    """From 1."""
    item: int
    """Item code."""
    item_id: str
    title: str
    logit: float
    percentile: float
    """Share of the candidates that score lower, in percent."""
    reason_event: int | None
    """Position in the history of the event that contributes most (None: no event does)."""
    reason_share: float
    """That event's contribution to the logit."""
    reason_feature: str
    """The feature through which that event contributes most."""


@dataclass(frozen=True, eq=False)
class ProfileShare:
    """What one user feature did."""

    feature: str
    value: str
    attention: float
    contribution: float
    influence: float


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why this candidate, for this history: three lenses on every event of the full history.

    `bias + order_term + sum(contribution) + sum(profile contributions) == logit`, and each row of
    `features` sums to the event's contribution.
    """

    item: int
    item_id: str
    title: str
    as_of: int
    """Seconds since 1970-01-01."""
    logit: float
    bias: float
    """The item's own share, whoever asks: its popularity. Relative to the average item."""
    order_term: float
    """What the order and combination of events adds; 0 where the model has no such term."""
    rank: int
    """Among all items, from 1."""
    percentile: float
    window: int
    """How many of the newest events the attention reads."""
    items: Int[np.ndarray, " event"]
    """Item codes, oldest event first."""
    item_ids: tuple[str, ...]
    titles: tuple[str, ...]
    times: Int[np.ndarray, " event"]
    """Seconds since 1970-01-01."""
    event_types: tuple[str, ...]
    """The event type of each event, in words."""
    attention: Float[np.ndarray, " event"]
    """*Looked at*: readout softmax, mean over heads; sums to 1 together with the profile's."""
    gate: Float[np.ndarray, " event"]
    """Mean over heads of the factor in (0, 2) on the attention; 0 beyond the window."""
    contribution: Float[np.ndarray, " event"]
    """*Counted*: exact share of the logit."""
    influence: Float[np.ndarray, " event"]
    """*Mattered*: logit with the full history minus logit without the event."""
    influence_log: Float[np.ndarray, " event"]
    """The same for the log-softmax over all items: blind to what moves all items alike."""
    feature_names: tuple[str, ...]
    """`item_id`, the item features, then the reserved `+again`, `+together`, `+any`."""
    features: Float[np.ndarray, "event feature"]
    """Contribution by event and by the event's feature."""
    profile: tuple[ProfileShare, ...]


@dataclass(frozen=True, eq=False)
class Attention:
    """Every attention weight of one forward pass; tokens are the start, the profile, the events."""

    tokens: tuple[str, ...]
    """A label for each token: `start`, `age_band: 25-34`, or the event's item title."""
    positions: Int[np.ndarray, " token"]
    """Position of the event in the full history; -1 for start and profile tokens."""
    layers: Float[np.ndarray, "layer head query key"]
    """Routing weights; each row sums to 1 and nothing looks ahead."""
    readout: Float[np.ndarray, "readout_head key"]
    """Readout weights of each head before the gate; each row sums to 1."""
    gate: Float[np.ndarray, "readout_head key"]
    """Factor in (0, 2) on each readout weight."""
