"""One explanation as programs read it: plain names, numbers and text."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from recommender.explain.claims import Claim, Findings, claims_of
from recommender.explain.types import Explanation, NotCounted


def iso(seconds: int | None) -> str | None:
    """Seconds since 1970 as 2024-01-31T12:00:00; None where nobody said when."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def as_document(
    user: str, explanation: Explanation, findings: Findings | None = None
) -> dict[str, Any]:
    """Every event of the full history, oldest first; shares and bias sum to the logit.

    Where nobody said when something was, its time is null: `position` is its place in the order.
    `not_counted` is what the user did that is no interest, each with its reason.

    `lately` is a part of the bias: what is bought more or less than usual these days.

    `claims` are what may be said of it; their evidence points into this document. What was tried on
    the model stands under `trust`, `counterfactual` and `contrast`, where it was.
    """
    findings = findings or Findings()
    document = {
        "user": user,
        "item_id": explanation.item_id,
        "title": explanation.title,
        "as_of": iso(explanation.asked.time),
        "logit": explanation.logit,
        "bias": explanation.bias,
        "lately": explanation.lately,
        "order_term": explanation.order_term,
        **_ranks(findings),
        "window": explanation.window,
        "events_total": len(explanation.items),
        "events": [_event(explanation, findings, i) for i in range(len(explanation.items))],
        "not_counted": [_left_out(one) for one in explanation.not_counted],
        "profile": [asdict(one) for one in explanation.profile],
    }
    document |= _tried(findings)
    document["claims"] = [as_claim(one) for one in claims_of(explanation, findings)]
    return document


def _ranks(findings: Findings) -> dict[str, Any]:
    """Where the item stands in the list that is shown, and in each list; null where in none."""
    if findings.standing is None:
        return {}
    every = {
        view: {"rank": place.rank or None, "of": place.of}
        for view, place in (("all", findings.standing.all), ("new", findings.standing.new))
    }
    shown = findings.standing.among(findings.candidates).rank or None
    return {"candidates": findings.candidates, "rank": shown, "ranks": every}


def _event(explanation: Explanation, findings: Findings, i: int) -> dict[str, Any]:
    shares = zip(explanation.feature_names, explanation.features[i], strict=True)
    return {
        "position": i,
        "item_id": explanation.item_ids[i],
        "title": explanation.titles[i],
        "time": iso(explanation.moment(i).time),
        "event": explanation.event_types[i],
        "attention": float(explanation.attention[i]),
        "contribution": float(explanation.contribution[i]),
        "influence": float(explanation.influence[i]),
        "influence_log": float(explanation.influence_log[i]),
        "features": {name: float(share) for name, share in shares},
        "values": {name: labels[i] for name, labels in findings.values.items()},
    }


def _left_out(row: NotCounted) -> dict[str, Any]:
    said = asdict(row) | {"time": iso(row.time)}
    del said["item"]
    return said


def _tried(findings: Findings) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if findings.trust:
        found["trust"] = asdict(findings.trust)
    if findings.counterfactual:
        found["counterfactual"] = asdict(findings.counterfactual)
    if findings.trust or findings.item_deletions:
        found["item_deletions"] = [asdict(one) for one in findings.item_deletions]
    if findings.contrast:
        found["contrast"] = {
            "other": findings.contrast_with,
            "difference": findings.contrast.difference,
            "events": [float(one) for one in findings.contrast.events],
        }
    return found


def as_claim(claim: Claim) -> dict[str, Any]:
    """A claim without the fields that its kind does not use."""
    said = asdict(claim)
    needed = ("kind", "candidate", "value", "evidence", "lens", "rank", "strength", "trust")
    kept = {name: value for name, value in said.items() if value not in ("", (), None)}
    if claim.kind != "counterfactual":
        kept = {name: value for name, value in kept.items() if name not in ("top", "leaves")}
    return {name: said[name] for name in needed} | kept
