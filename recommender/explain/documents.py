"""One explanation as programs read it: plain names, numbers and text."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from recommender.explain.types import Explanation


def iso(seconds: int) -> str:
    """Seconds since 1970 as 2024-01-31T12:00:00."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def as_document(user: str, explanation: Explanation) -> dict[str, Any]:
    """Every event of the full history, oldest first; shares and bias sum to the logit."""
    events = [
        {
            "position": i,
            "item_id": explanation.item_ids[i],
            "title": explanation.titles[i],
            "time": iso(int(explanation.times[i])),
            "attention": float(explanation.attention[i]),
            "contribution": float(explanation.contribution[i]),
            "influence": float(explanation.influence[i]),
            "features": {
                name: float(share)
                for name, share in zip(
                    explanation.feature_names, explanation.features[i], strict=True
                )
            },
        }
        for i in range(len(explanation.items))
    ]
    return {
        "user": user,
        "item_id": explanation.item_id,
        "title": explanation.title,
        "as_of": iso(explanation.as_of),
        "logit": explanation.logit,
        "bias": explanation.bias,
        "order_term": explanation.order_term,
        "window": explanation.window,
        "events_total": len(explanation.items),
        "events": events,
        "profile": [asdict(one) for one in explanation.profile],
    }
