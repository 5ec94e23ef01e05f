"""The answer card: one recommendation's reason at a glance, as numbers that sum as they are shown.

A row is a group of exact shares and opens to what is in it. A recommender whose score is no sum has
rows of measured influence instead, which claim none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from recommender.explain.types import (
    AGAIN,
    ANY,
    LATELY,
    TOGETHER,
    USUALLY,
    Explanation,
    ItemDeletion,
    TrustSummary,
)

Group = Literal["alike", "again", "together", "popular", "else", "item"]
"""What a row gathers; `item` is one item of the past, in a card of measured influence."""
PartKind = Literal["item", "event", "feature", "profile", "rest"]

UNITS = 100
"""Hundredths: what is shown has two decimals."""
SLIGHT = 0.05
"""A loss below this, in logits, is no cause that one would name."""
MOST_PARTS = 6
"""Parts of a row that are shown each by itself; the others are one part, the rest."""
MOST_ITEMS = 5
"""Rows of a card of measured influence."""


@dataclass(frozen=True)
class Part:
    """One thing in a row."""

    kind: PartKind
    name: str
    """Title of an item, name of a feature, or nothing."""
    value: float
    """As shown: the parts of a row sum to its value."""
    events: tuple[int, ...] = ()
    """Positions in the history, of items and events."""
    n: int = 1
    """How many things the rest holds."""


@dataclass(frozen=True)
class Row:
    """One group of shares, or one item of the past with what is lost without it."""

    group: Group
    value: float
    """As shown, two decimals: the rows of a card that sums make its total."""
    parts: tuple[Part, ...]
    name: str = ""
    """Title of the item, for the group `item`."""


@dataclass(frozen=True, eq=False)
class Card:
    """Why this item at a glance."""

    explanation: Explanation
    total: float
    """The score as shown."""
    rows: tuple[Row, ...]
    """Largest first, what is gathered as `else` last."""
    sums: bool
    """Whether the rows make the total; False: they are what was measured without each item."""
    tried: bool
    """Whether it is known what is lost without items of the past, and whether the reason holds."""
    cause: ItemDeletion | None
    """The past item that most is lost without; None where none is worth naming."""
    trust: TrustSummary | None

    @property
    def own(self) -> bool:
        """Whether that item is the recommended one."""
        named = self.cause.events[0] if self.cause else None
        return named is not None and self.explanation.items[named] == self.explanation.item


def card_of(
    explanation: Explanation,
    lost: Sequence[ItemDeletion] | None = None,
    trust: TrustSummary | None = None,
) -> Card:
    """The card; `lost` is what `by_item` found, largest loss first, and None until it was tried."""
    sums = "contribution" in explanation.lenses
    total = round(UNITS * explanation.logit)
    cause = lost[0] if lost and lost[0].loss >= SLIGHT else None
    return Card(
        explanation,
        total=total / UNITS,
        rows=share_rows(explanation, total) if sums else influence_rows(explanation, lost or ()),
        sums=sums,
        tried=lost is not None and trust is not None,
        cause=cause,
        trust=trust,
    )


def summing(values: Sequence[float], total: int) -> list[int]:
    """Whole numbers next to the values that sum to `total` (largest remainder; of equal remainders
    the first goes up)."""
    exact = np.asarray(values, dtype=float)
    whole = np.floor(exact).astype(int)
    missing = total - int(whole.sum())
    assert 0 <= missing <= len(whole), f"{list(values)} do not sum to {total}"
    whole[np.argsort(whole - exact, kind="stable")[:missing]] += 1
    return [int(value) for value in whole]


@dataclass(frozen=True)
class _Share:
    """A part before it is rounded."""

    kind: PartKind
    name: str
    value: float
    events: tuple[int, ...] = ()


def share_rows(explanation: Explanation, total: int) -> tuple[Row, ...]:
    """Groups of exact shares; their values, in hundredths, sum to `total`. What would show as
    nought goes with all else."""
    groups = _shares(explanation)
    gathered = groups.pop("else")
    for name in [name for name, shares in groups.items() if not round(UNITS * _sum(shares))]:
        gathered += groups.pop(name)
    order = sorted(groups, key=lambda name: -abs(_sum(groups[name])))
    shares = [*(groups[name] for name in order), gathered]
    shown = summing([UNITS * _sum(each) for each in shares], total)
    return tuple(
        Row(name, units / UNITS, _parts(each, units))
        for name, units, each in zip([*order, "else"], shown, shares, strict=True)
        if units
    )


def influence_rows(explanation: Explanation, lost: Sequence[ItemDeletion]) -> tuple[Row, ...]:
    """What was lost without each of the past items that hold most; each opens to its events, which
    are measured one by one and need not sum to it."""
    return tuple(
        Row("item", round(one.loss, 2), _alone(explanation, one.events), one.title)
        for one in lost[:MOST_ITEMS]
        if round(one.loss, 2) > 0
    )


def _alone(explanation: Explanation, events: Sequence[int]) -> tuple[Part, ...]:
    return tuple(
        Part("event", "", round(float(explanation.influence[j]), 2), (j,)) for j in events[::-1]
    )


def _sum(shares: Iterable[_Share]) -> float:
    return float(sum(share.value for share in shares))


def _shares(explanation: Explanation) -> dict[Group, list[_Share]]:
    """Every share of the score in its group."""
    names, features = explanation.feature_names, explanation.features
    again, together = (
        features[:, [name == of for name in names]].sum(1) for of in (AGAIN, TOGETHER)
    )
    alike = features[:, [name not in (AGAIN, TOGETHER, ANY) for name in names]].sum(1)
    return {
        "alike": _by_title(explanation, alike),
        "again": _by_event(again),
        "together": _by_title(explanation, together),
        "popular": _popularity(explanation),
        "else": _rest(explanation),
    }


def _by_title(explanation: Explanation, values: Float[np.ndarray, " event"]) -> list[_Share]:
    """One share for each past item, its events together."""
    events: dict[str, list[int]] = {}
    for j, title in enumerate(explanation.titles):
        events.setdefault(title, []).append(j)
    return [
        _Share("item", title, float(values[places].sum()), tuple(places))
        for title, places in events.items()
    ]


def _by_event(values: Float[np.ndarray, " event"]) -> list[_Share]:
    return [_Share("event", "", float(value), (j,)) for j, value in enumerate(values) if value]


def _popularity(explanation: Explanation) -> list[_Share]:
    if not explanation.lately:
        return [_Share("feature", "bias", explanation.bias)]
    usually = explanation.bias - explanation.lately
    return [
        _Share("feature", USUALLY, usually),
        _Share("feature", LATELY, explanation.lately),
    ]


def _rest(explanation: Explanation) -> list[_Share]:
    """The profile, that there were events at all, and their order."""
    found = [_Share("profile", one.feature, one.contribution) for one in explanation.profile]
    if ANY in explanation.feature_names:
        column = explanation.features[:, explanation.feature_names.index(ANY)]
        found.append(_Share("feature", ANY, float(column.sum())))
    return [*found, _Share("feature", "order_term", explanation.order_term)]


def _parts(shares: list[_Share], total: int) -> tuple[Part, ...]:
    """The largest, and the rest as one; their values, in hundredths, sum to `total`."""
    order = sorted(shares, key=lambda share: -abs(share.value))
    seen = [share for share in order if abs(UNITS * share.value) >= 0.5]
    # One part too many is as short as a rest of one.
    named = seen if len(seen) <= MOST_PARTS + 1 else seen[:MOST_PARTS]
    rest = order[len(named) :]
    values = [UNITS * share.value for share in named]
    shown = summing([*values, UNITS * _sum(rest)], total)
    parts = [
        Part(share.kind, share.name, units / UNITS, share.events)
        for share, units in zip(named, shown, strict=False)
        if units
    ]
    if shown[-1]:
        parts.append(Part("rest", "", shown[-1] / UNITS, n=len(rest)))
    return tuple(parts)
