"""What an explanation is: plain values, in numpy arrays and tuples, that pickle and cache."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from jaxtyping import Float, Int

from recommender.data.histories import Dates, Moment
from recommender.data.uncounted import Reason

AGAIN, TOGETHER, ANY = "+again", "+together", "+any"
"""Reserved shares: the event votes for its own item, for what is bought with it, for anything."""
WHOLE = "+whole"
"""Reserved feature of a candidate: the candidate as a whole, which is what the voters vote for."""
SAMPLE = 200
"""Users who are asked what counts on average."""
USUALLY, LATELY = "+usually", "+lately"
"""Reserved shares of popularity, where the run has a trend: what is bought at all times, and what
is bought more or less than usual these days."""
HEAD = "+head"
"""Reserved way of a share, with a number from 1 behind it: a head of the readout."""

Lens = Literal["attention", "contribution", "influence"]
"""*Looked at*, *counted*, *mattered*."""
LENSES: tuple[Lens, ...] = get_args(Lens)
Method = Literal[
    "contribution",
    "influence",
    "attention",
    "rollout",
    "grad_attention",
    "integrated_gradients",
    "shapley",
    "recency",
    "random",
]
METHODS: tuple[Method, ...] = get_args(Method)
"""All ways to say how much each event counts; the last two are what the others must beat."""


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


@dataclass(frozen=True)
class NotCounted:
    """Something that the user did with an item and that is no interest in it."""

    item: int
    item_id: str
    title: str
    place: int
    """How many of the user's events come before it, or one more where they are of one moment."""
    time: int | None
    """Seconds since 1970-01-01; None where nobody said when."""
    event: str
    rating: float | None
    reason: Reason


@dataclass(frozen=True)
class Place:
    """Where an item stands in one list, as far as the list goes."""

    rank: int
    """From 1, among equals the lower code first; 0 where the item is no candidate."""
    of: int
    """How many candidates there are."""


@dataclass(frozen=True)
class Standing:
    """Where an item stands in each list that the user can be shown."""

    all: Place
    """Among all items."""
    new: Place
    """Among those that the user did not have."""

    def among(self, view: Literal["all", "new"]) -> Place:
        """Its place in the list of this view."""
        return self.new if view == "new" else self.all


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
    """The item's own share, whoever asks: its popularity at that moment, relative to the average
    item."""
    order_term: float
    """What the order and combination of events adds; 0 where the model has no such term."""
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
    lately: float = 0.0
    """How much of `bias` is that more or fewer than usual buy it these days."""
    dates: Dates = field(default_factory=Dates)
    """Which of the times somebody said."""
    not_counted: tuple[NotCounted, ...] = ()
    """What else the user did, oldest first: no lens says anything of it."""
    lenses: tuple[Lens, ...] = LENSES
    """Those that the recommender has."""

    def moment(self, position: int) -> Moment:
        """When the event at this position was, as far as anybody said."""
        return self.dates.moment(self.times, position)

    @property
    def asked(self) -> Moment:
        """The moment that the recommendation is for, as far as anybody said."""
        return self.dates.asked(self.times, self.as_of)


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


@dataclass(frozen=True, eq=False)
class Cells:
    """Logits taken apart to the last cell; axes in the order of the names.

    For each candidate, `bias + order_term + events.sum() + profile.sum()` is the logit.
    """

    bias: Float[np.ndarray, " candidate"]
    order_term: Float[np.ndarray, " candidate"]
    event_features: tuple[str, ...]
    """`item_id`, the item features, then the reserved `+again`, `+together`, `+any`."""
    candidate_features: tuple[str, ...]
    """`item_id`, the item features, then the reserved `+whole`."""
    events: Float[np.ndarray, "candidate event feature candidate_feature"]
    profile: Float[np.ndarray, "candidate user_feature candidate_feature"]


@dataclass(frozen=True, eq=False)
class Attribution:
    """How much each event of a history counts for some candidates, by one method."""

    method: Method
    items: tuple[int, ...]
    """Codes of the candidates."""
    events: Float[np.ndarray, "candidate event"]
    """Oldest event first; the larger, the more the event speaks for the candidate."""
    profile: Float[np.ndarray, "candidate user_feature"] | None = None
    """The same for each profile value; None where the method speaks of events alone."""
    standard_error: Float[np.ndarray, "candidate event"] | None = None
    """Of values that are sampled; 0 where they are exact, None where nothing is sampled."""
    completeness_gap: Float[np.ndarray, " candidate"] | None = None
    """The sum of all values minus what they should sum to; None for methods that promise no sum."""
    cells: Cells | None = None
    """Contribution alone: the shares by event, event feature and candidate feature."""


@dataclass(frozen=True, eq=False)
class Counterfactual:
    """The smallest set of events whose deletion moves an item out of the top-k, or into it."""

    item: int
    """Item code."""
    k: int
    leaves: bool
    """True: the item leaves the top-k. False: it comes in."""
    events: tuple[int, ...] | None
    """Positions in the history; None if no set of up to `most_events` was found."""
    titles: tuple[str, ...]
    """Their items' titles."""
    rank_before: int
    rank_after: int | None
    other: int | None
    """Code of the item that takes its place, or whose place it takes; None if no set was found."""
    other_title: str
    most_events: int
    n_scored: int
    """How many shortened histories were run through the model."""


@dataclass(frozen=True, eq=False)
class ProfileChange:
    """One other profile value that moves an item out of the top-k, or into it."""

    feature: str
    before: str
    """The value now; empty if unknown."""
    after: str
    """The value that would change it; empty for unknown."""
    rank_before: int
    rank_after: int


@dataclass(frozen=True, eq=False)
class Contrast:
    """Why one candidate scores above another: the difference of their shares, exact.

    `bias + order_term + features.sum() + profile.sum() == difference`.
    """

    item: int
    other: int
    difference: float
    """Logit of the item minus logit of the other."""
    bias: float
    order_term: float
    features: Float[np.ndarray, "event feature"]
    """By event and event feature; above 0 speaks for the item, below 0 for the other."""
    feature_names: tuple[str, ...]
    profile: Float[np.ndarray, " user_feature"]
    profile_names: tuple[str, ...]

    @property
    def events(self) -> Float[np.ndarray, " event"]:
        """What each event adds to the difference."""
        return np.asarray(self.features.sum(1))


@dataclass(frozen=True, eq=False)
class Lift:
    """One more event that would bring the absent item into the top-k."""

    item: int
    """Code of the event's item."""
    title: str
    rank_after: int
    """The absent item's rank with the event added at the moment of the recommendation."""


@dataclass(frozen=True, eq=False)
class Absence:
    """Why an item is not in the top-k."""

    item: int
    title: str
    k: int
    candidate: bool
    """False: the user has it already and only new items are recommended; the rest then says how it
    would stand if it were a candidate."""
    rank: int
    gap: float
    """How much its logit lacks to the last of the top-k."""
    against: Contrast
    """The last of the top-k (`item`) beside it (`other`): what it lacks is above 0."""
    holding_down: tuple[int, ...]
    """Events that speak against it, strongest first, three at most."""
    lifts: tuple[Lift, ...]
    """Single events that would bring it in, best first, three at most; each was tried."""


@dataclass(frozen=True, eq=False)
class ItemDeletion:
    """What a candidate loses without all events of one item of the history."""

    title: str
    """The item's; items of the same title count as one."""
    events: tuple[int, ...]
    """Positions in the history."""
    loss: float
    """What the candidate's logit loses."""
    rank_before: int
    rank_after: int


Verdict = Literal["strong", "mixed", "weak"]


@dataclass(frozen=True, eq=False)
class TrustSummary:
    """Does deleting what the explanation names change the outcome, more than the newest events do?

    Effects are losses of the target's log-probability among the candidates.
    """

    verdict: Verdict
    named: tuple[int, ...]
    """The events the explanation names: the strongest by influence."""
    newest: tuple[int, ...]
    """As many of the newest events."""
    effect_named: float
    effect_newest: float
    rank_before: int
    rank_without_named: int
    rank_without_newest: int
