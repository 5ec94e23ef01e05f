"""What a claim lets a sentence name: its names, its dates, and its numbers with what they count."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from babel.dates import format_date

from recommender.explain.claims import Claim
from recommender.explain.types import AGAIN, ANY, TOGETHER
from recommender.words import formats
from recommender.words.phrases import UNKNOWN

Role = Literal["value", "part", "percent", "ago", "interval", "times", "before", "after", "top"]
PLAIN_TYPES = ("purchase", "view", "cart")
"""Event types that have words of their own."""


def facts(claim: Claim) -> dict[Role, float]:
    """Every number that the claim backs, by what it is."""
    found: dict[Role, float] = {}
    if claim.lens == "attention":
        found["percent"] = 100 * claim.value
    elif claim.kind == "interval":
        found["interval"] = claim.value
    elif claim.kind in ("tested", "weak"):
        # Said as changes: what is lost is below nought.
        found["value"] = -claim.value
    elif claim.kind != "counterfactual":
        found["value"] = claim.value
    if claim.part is not None and claim.kind != "interval":
        found["part"] = -claim.part if claim.kind in ("tested", "weak") else claim.part
    if claim.days is not None:
        found["ago"] = float(claim.days)
    if claim.events and claim.kind not in ("influence", "share", "disagreement", "contrast"):
        found["times"] = float(len(claim.events))
    if claim.ranks is not None:
        found["before"], found["after"] = map(float, claim.ranks)
    if claim.top:
        found["top"] = float(claim.top)
    return found


def names(claim: Claim) -> frozenset[str]:
    """Names that a sentence on this claim may mention."""
    said = {claim.candidate, *claim.titles, claim.other, claim.feature_value}
    if claim.feature not in (AGAIN, ANY, TOGETHER, "item_id"):
        said.add(claim.feature)
    if claim.event_type not in PLAIN_TYPES:
        said.add(claim.event_type)
    if claim.feature_value == UNKNOWN["en"]:
        said.update(UNKNOWN.values())
    return frozenset(said - {""})


def dates(claim: Claim) -> frozenset[str]:
    """The ways to write the claim's day."""
    if claim.time is None:
        return frozenset()
    day = datetime.fromtimestamp(claim.time, UTC).date()
    said = {day.isoformat(), f"{day.day} {day:%B %Y}"}
    said |= {formats.day(claim.time, locale) for locale in ("en", "zh_Hans_CN")}
    said |= {
        format_date(day, format=form, locale=locale)
        for form in ("medium", "long", "full")
        for locale in ("en", "zh_Hans_CN")
    }
    return frozenset(said)
