"""What an explanation lets one say: typed claims, each with the numbers that back it.

A claim speaks of what moved the model, never of what moves a person. Words may say what a claim
says and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Literal, SupportsFloat

import numpy as np
import pandas as pd

from recommender.data.dataset import Dataset
from recommender.data.histories import SECONDS_A_DAY
from recommender.data.vocabulary import SHOP, Vocabulary
from recommender.explain.types import (
    AGAIN,
    ANY,
    TOGETHER,
    Contrast,
    Counterfactual,
    Explanation,
    ItemDeletion,
    Standing,
    TrustSummary,
    Verdict,
)

if TYPE_CHECKING:
    from recommender.metrics.evaluator import View

Lens = Literal["attention", "contribution", "influence"]
ClaimKind = Literal[
    "influence",
    "share",
    "affinity",
    "repetition",
    "interval",
    "item",
    "profile",
    "popularity",
    "order",
    "contrast",
    "counterfactual",
    "disagreement",
    "tested",
    "weak",
]
Weakness = Literal["", "no history", "no single event", "newest do as well", "only in part"]

SMALL = 0.1
"""An event whose deletion changes the log-probability by less is not called a reason, nor are an
item's events that change the logit by less."""
SLIGHT = 0.05
"""Shares below this, in logits, are not worth a sentence."""
NAMED = 3
"""Influences that are claimed, strongest first."""
FEWEST_FOR_INTERVAL = 3
"""Days with a purchase, at least, before one speaks of an interval."""


@dataclass(frozen=True)
class Claim:
    """One thing that the numbers say. Fields that a kind does not use keep their defaults."""

    kind: ClaimKind
    candidate: str
    """Title of the item that is explained."""
    value: float
    """In logits; a weight in [0, 1] for the lens attention, days for an interval."""
    evidence: tuple[str, ...]
    """JSON pointers (RFC 6901) into the explanation's document: the numbers that back it."""
    lens: Lens | None = None
    rank: int = 1
    """Among the claims of its kind, strongest first."""
    strength: float = 0.0
    """|value| over the sum of all |values| of its lens or of all shares, in [0, 1]."""
    trust: Verdict | None = None
    """How the explanation fared when put to the test; None if it was not."""
    events: tuple[int, ...] = ()
    """Positions in the history."""
    titles: tuple[str, ...] = ()
    """Titles of the events' items, each once, in the order of the events."""
    event_type: str = ""
    time: int | None = None
    """Moment of the event, or of the last of them, in seconds since 1970-01-01; None without."""
    days: int | None = None
    """Whole days from that moment to the recommendation."""
    feature: str = ""
    """An item feature, a profile feature, `item_id`, or a reserved share."""
    feature_value: str = ""
    other: str = ""
    """Title of the other item of a contrast, a counterfactual or a disagreement."""
    part: float | None = None
    """A second number: the part of the value that goes through the feature or the event; what the
    newest events do, for `tested` and `weak`."""
    ranks: tuple[int, int] | None = None
    """Rank before and after a deletion."""
    top: int = 0
    """The k of a counterfactual."""
    leaves: bool = True
    """For counterfactuals: whether the candidate leaves the top, or comes in."""
    weakness: Weakness = ""
    own: bool | None = field(default=None, repr=False)
    """True where the event is of the candidate itself, and not of an item that is called alike."""

    @property
    def title(self) -> str:
        """The title of the first event's item."""
        return self.titles[0] if self.titles else ""


@dataclass(frozen=True, eq=False)
class Findings:
    """What was found out beside the explanation, and what the data set says of its events."""

    candidates: View = "all"
    """The list that is shown: what ranks are among."""
    standing: Standing | None = None
    """Where the item stands in each list."""
    trust: TrustSummary | None = None
    counterfactual: Counterfactual | None = None
    item_deletions: tuple[ItemDeletion, ...] = ()
    """What is lost without all events of an item, the strongest first."""
    contrast: Contrast | None = None
    contrast_with: str = ""
    """Title of the contrast's other item."""
    bought: tuple[str, ...] = ("purchase",)
    """Event types that count as having bought."""
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """For each categorical item feature the value of each event's item; empty where unknown."""
    vocabulary: Vocabulary = SHOP
    """The words of the data set."""

    @classmethod
    def of(cls, dataset: Dataset, items: Sequence[int] | np.ndarray, **tried: Any) -> Findings:
        """What the data set says of a history's items; `tried` are the fields above it."""
        values = {
            feature.name: tuple(feature.label(int(item)) for item in items)
            for feature in dataset.item_features
            if feature.kind == "categorical"
        }
        bought, words = dataset.asked_events, dataset.vocabulary
        return cls(bought=bought, values=values, vocabulary=words, **tried)


def claims_of(explanation: Explanation, findings: Findings | None = None) -> tuple[Claim, ...]:
    """All claims, kind by kind and strongest first within a kind; never empty."""
    about = _About(explanation, findings or Findings())
    claims = (
        *about.weak(),
        *about.influences(),
        *about.shares(),
        *about.repetition(),
        *about.items(),
        *about.affinities(),
        *about.profile(),
        *about.wholes(),
        *about.contrast(),
        *about.counterfactual(),
        *about.disagreements(),
        *about.tested(),
    )
    return tuple(claims)


class _About:
    """An explanation with its findings, from which claims are read."""

    def __init__(self, explanation: Explanation, findings: Findings) -> None:
        self.e, self.f = explanation, findings
        self.trust = findings.trust.verdict if findings.trust else None
        self.order = [int(j) for j in np.argsort(-explanation.influence, kind="stable")]
        """Events by influence, strongest first; equal ones in the order of time."""
        parts = [explanation.bias, explanation.order_term]
        parts += [one.contribution for one in explanation.profile]
        self.all_shares = float(np.abs(parts).sum() + np.abs(explanation.contribution).sum())

    def claim(self, kind: ClaimKind, value: SupportsFloat, *evidence: str, **more: object) -> Claim:
        more.setdefault("trust", self.trust)
        return Claim(kind, self.e.title, float(value), evidence, **more)  # type: ignore[arg-type]

    def of_event(self, j: int) -> dict[str, object]:
        """What a claim says of one event."""
        said = {"event_type": self.e.event_types[j], **self.of_events((j,))}
        return said | ({"own": True} if self.e.items[j] == self.e.item else {})

    def of_events(self, events: tuple[int, ...]) -> dict[str, object]:
        """Titles and the last moment of several."""
        titles = tuple(dict.fromkeys(self.e.titles[j] for j in events))
        said: dict[str, object] = {"events": events, "titles": titles}
        times, asked = self.times_of(events), self.e.asked.time
        if times and asked is not None:
            time = max(times)
            said |= {"time": time, "days": max(0, (asked - time) // SECONDS_A_DAY)}
        return said

    def times_of(self, events: tuple[int, ...]) -> list[int]:
        """When each was; empty unless somebody said it of all."""
        times = [self.e.moment(j).time for j in events]
        return [] if None in times else [time for time in times if time is not None]

    def named(self) -> list[int]:
        """Events whose influence is worth naming."""
        first = self.order[:NAMED]
        proven = self.trust == "strong"

        def large(j: int) -> bool:
            return bool(self.e.influence[j] > 0 and (proven or self.e.influence_log[j] >= SMALL))

        return list(takewhile(large, first))

    def weak(self) -> Iterator[Claim]:
        if not self.order:
            yield self.claim("weak", 0.0, "/events_total", weakness="no history")
            return
        if not self.named():
            first = int(np.argmax(self.e.influence_log))
            value = max(float(self.e.influence_log[first]), 0.0)
            place = f"/events/{first}/influence_log"
            yield self.claim("weak", value, place, lens="influence", weakness="no single event")
        if self.f.trust and self.trust in ("weak", "mixed"):
            yield self.claim(
                "weak",
                self.f.trust.effect_named,
                "/trust/effect_named",
                "/trust/effect_newest",
                part=self.f.trust.effect_newest,
                lens="influence",
                weakness="newest do as well" if self.trust == "weak" else "only in part",
            )

    def influences(self) -> Iterator[Claim]:
        whole = float(np.abs(self.e.influence).sum())
        for rank, j in enumerate(self.named(), start=1):
            value = float(self.e.influence[j])
            yield self.claim(
                "influence",
                value,
                f"/events/{j}/influence",
                lens="influence",
                rank=rank,
                strength=value / whole,
                **self.of_event(j),
            )

    def shares(self) -> Iterator[Claim]:
        """The exact share of the event with most influence, and what most of it goes through."""
        for j in self.named()[:1]:
            value, row = float(self.e.contribution[j]), self.e.features[j]
            through = int(np.argmax(row if value >= 0 else -row))
            name = self.e.feature_names[through]
            yield self.claim(
                "share",
                value,
                f"/events/{j}/contribution",
                pointer("events", j, "features", name),
                lens="contribution",
                strength=self.share_of(value),
                feature=name,
                part=float(row[through]),
                **self.of_event(j),
            )

    def share_of(self, value: float) -> float:
        return abs(value) / self.all_shares if self.all_shares else 0.0

    def repetition(self) -> Iterator[Claim]:
        """That it was bought before, what this adds, and how far apart the purchases were."""
        bought = tuple(
            j
            for j in np.flatnonzero(self.e.items == self.e.item).tolist()
            if self.e.event_types[j] in self.f.bought
        )
        if AGAIN not in self.e.feature_names:
            return
        column = self.e.feature_names.index(AGAIN)
        value = float(self.e.features[list(bought), column].sum())
        if not bought or abs(value) < SLIGHT:
            return
        said = self.of_events(bought) | {"lens": "contribution", "feature": AGAIN}
        places = feature_pointers(bought, AGAIN)
        strength = self.share_of(value)
        yield self.claim("repetition", value, *places, strength=strength, **said)
        days = sorted({time // SECONDS_A_DAY for time in self.times_of(bought)})
        if len(days) >= FEWEST_FOR_INTERVAL:
            said |= {"part": value, "strength": strength}
            times = [f"/events/{j}/time" for j in bought]
            yield self.claim("interval", float(np.median(np.diff(days))), *times, **said)

    def items(self) -> Iterator[Claim]:
        """What is lost without all events of one item, where it has several."""
        several = [
            i
            for i, one in enumerate(self.f.item_deletions)
            if len(one.events) > 1 and one.loss >= SMALL
        ]
        for rank, place in enumerate(several, start=1):
            found = self.f.item_deletions[place]
            yield self.claim(
                "item",
                found.loss,
                f"/item_deletions/{place}/loss",
                f"/item_deletions/{place}/rank_after",
                lens="influence",
                rank=rank,
                ranks=(found.rank_before, found.rank_after),
                **self.of_events(found.events),
            )

    def affinities(self) -> Iterator[Claim]:
        """Feature values through which the history adds most; features where no value is known."""
        found, places = [], {}
        for f, name in enumerate(self.e.feature_names):
            if name in (AGAIN, TOGETHER, ANY, "item_id"):
                continue
            labels = self.f.values.get(name, [""] * len(self.e.items))
            places[name], different = pd.factorize(np.array(labels, dtype=object))
            sums = np.bincount(places[name], self.e.features[:, f], minlength=len(different))
            found += [
                (-float(sums[code]), name, different[code], code)
                for code in np.flatnonzero(sums >= SLIGHT).tolist()
                if different[code] or name not in self.f.values
            ]
        for rank, (less, name, label, code) in enumerate(sorted(found)[:NAMED], start=1):
            events = tuple(np.flatnonzero(places[name] == code).tolist())
            yield self.claim(
                "affinity",
                -less,
                *feature_pointers(events, name),
                lens="contribution",
                rank=rank,
                strength=self.share_of(less),
                feature=name,
                feature_value=label,
                events=events,
            )

    def profile(self) -> Iterator[Claim]:
        order = sorted(
            enumerate(self.e.profile), key=lambda one: (-abs(one[1].contribution), one[0])
        )
        for p, one in order[:1]:
            if abs(one.contribution) >= SLIGHT:
                yield self.claim(
                    "profile",
                    one.contribution,
                    f"/profile/{p}/contribution",
                    lens="contribution",
                    strength=self.share_of(one.contribution),
                    feature=one.feature,
                    feature_value=one.value,
                )

    def wholes(self) -> Iterator[Claim]:
        """The item's own popularity, and the order of the events where the model has that term."""
        strength = self.share_of(self.e.bias)
        said = {"lens": "contribution", "part": float(self.e.logit)}
        yield self.claim("popularity", self.e.bias, "/bias", "/logit", strength=strength, **said)
        if abs(self.e.order_term) >= SLIGHT:
            strength = self.share_of(self.e.order_term)
            yield self.claim(
                "order", self.e.order_term, "/order_term", "/logit", strength=strength, **said
            )

    def contrast(self) -> Iterator[Claim]:
        """The event that speaks most for the candidate against another item."""
        found = self.f.contrast
        if found is None or not len(found.events):
            return
        sign = 1 if found.difference >= 0 else -1
        j = int(np.argmax(sign * found.events))
        if sign * found.events[j] <= 0:
            return
        yield self.claim(
            "contrast",
            found.difference,
            "/contrast/difference",
            f"/contrast/events/{j}",
            lens="contribution",
            other=self.f.contrast_with,
            part=float(found.events[j]),
            **self.of_event(j),
        )

    def counterfactual(self) -> Iterator[Claim]:
        found = self.f.counterfactual
        if found is None or found.events is None or found.rank_after is None:
            return
        yield self.claim(
            "counterfactual",
            float(len(found.events)),
            "/counterfactual/rank_before",
            "/counterfactual/rank_after",
            lens="influence",
            other=found.other_title,
            ranks=(found.rank_before, found.rank_after),
            top=found.k,
            leaves=found.leaves,
            **self.of_events(found.events),
        )

    def disagreements(self) -> Iterator[Claim]:
        """Where attention or contribution put another item first than influence does."""
        if not self.order:
            return
        mattered = self.order[0]
        rank = 0
        for lens in ("attention", "contribution"):
            values = getattr(self.e, lens)
            j = int(np.argmax(values))
            if self.e.items[j] != self.e.items[mattered] and values[j] > 0:
                rank += 1
                yield self.claim(
                    "disagreement",
                    values[j],
                    f"/events/{j}/{lens}",
                    f"/events/{mattered}/influence",
                    lens=lens,
                    rank=rank,
                    other=self.e.titles[mattered],
                    **self.of_event(j),
                )

    def tested(self) -> Iterator[Claim]:
        found = self.f.trust
        if found is None or not found.named:
            return
        yield self.claim(
            "tested",
            found.effect_named,
            "/trust/effect_named",
            "/trust/effect_newest",
            "/trust/rank_before",
            "/trust/rank_without_named",
            lens="influence",
            part=found.effect_newest,
            ranks=(found.rank_before, found.rank_without_named),
            **self.of_events(found.named),
        )


def feature_pointers(events: Sequence[int], feature: str) -> list[str]:
    """Pointers to one feature of several events."""
    ending = pointer("features", feature)
    return [f"/events/{j}{ending}" for j in events]


def pointer(*places: object) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join(f"/{str(one).replace('~', '~0').replace('/', '~1')}" for one in places)
