"""Explanations made by hand, whose claims are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from recommender.explain.claims import Findings
from recommender.explain.types import (
    Contrast,
    Counterfactual,
    Explanation,
    ItemDeletion,
    ProfileShare,
    TrustSummary,
)

DAY = 86_400
NOW = 1_717_200_000
"""2024-06-01 00:00 UTC."""
NAMES = ("item_id", "category", "+again", "+together", "+any")


def made(**values: object) -> Explanation:
    """A filter coffee, bought 62, 41 and 20 days ago, after a kettle and a grinder.

    The score is 0.5 + (0.4 - 0.1 + 1.0 + 0.6 + 0.3) + 0.2 = 2.9.
    """
    features = np.array(
        [
            [0.1, 0.3, 0.0, 0.0, 0.0],
            [0.0, -0.1, 0.0, 0.0, 0.0],
            [0.0, 0.1, 0.9, 0.0, 0.0],
            [0.0, 0.1, 0.5, 0.0, 0.0],
            [0.0, 0.1, 0.2, 0.0, 0.0],
        ]
    )
    whole = Explanation(
        item=7,
        item_id="i07",
        title="Filter coffee, 500 g",
        as_of=NOW,
        logit=2.9,
        bias=0.5,
        order_term=0.0,
        window=50,
        items=np.array([1, 2, 7, 7, 7]),
        item_ids=("i01", "i02", "i07", "i07", "i07"),
        titles=("Kettle", "Grinder") + ("Filter coffee, 500 g",) * 3,
        times=NOW - DAY * np.array([80, 70, 62, 41, 20]),
        event_types=("view", "view", "purchase", "purchase", "purchase"),
        attention=np.array([0.5, 0.1, 0.1, 0.1, 0.1]),
        gate=np.ones(5),
        contribution=features.sum(1),
        influence=np.array([1.2, -0.2, 0.3, 0.6, 0.1]),
        influence_log=np.array([1.0, -0.2, 0.2, 0.5, 0.05]),
        feature_names=NAMES,
        features=features,
        profile=(
            ProfileShare("age_band", "25-34", 0.06, 0.2, 0.3),
            ProfileShare("region", "Coast", 0.04, 0.0, 0.0),
        ),
    )
    return replace(whole, **values)  # type: ignore[arg-type]


VALUES = {"category": ("Kitchen", "Kitchen", "Coffee & Tea", "Coffee & Tea", "Coffee & Tea")}


def trust(verdict: str = "strong") -> TrustSummary:
    return TrustSummary(
        verdict=verdict,  # type: ignore[arg-type]
        named=(0, 3, 2),
        newest=(2, 3, 4),
        effect_named=1.84,
        effect_newest=0.52,
        rank_before=1,
        rank_without_named=14,
        rank_without_newest=3,
    )


def found(verdict: str = "strong") -> Findings:
    """Everything that can be found out beside the explanation."""
    turned = Counterfactual(
        item=7,
        k=10,
        leaves=True,
        events=(0, 3),
        titles=("Kettle", "Filter coffee, 500 g"),
        rank_before=1,
        rank_after=12,
        other=5,
        other_title="Green tea",
        most_events=5,
        n_scored=9,
    )
    between = Contrast(
        item=7,
        other=4,
        difference=0.75,
        bias=0.1,
        order_term=0.0,
        features=np.array([[0.05] * 5, [0.0] * 5, [0.1] * 5, [0.0] * 5, [-0.02] * 5]),
        feature_names=NAMES,
        profile=np.zeros(2),
        profile_names=("age_band", "region"),
    )
    return Findings(
        trust=trust(verdict),
        counterfactual=turned,
        item_deletions=(
            ItemDeletion("Filter coffee, 500 g", (2, 3, 4), 1.95, 1, 9),
            ItemDeletion("Kettle", (0,), 1.2, 1, 4),
        ),
        contrast=between,
        contrast_with="Milk jug",
        values=VALUES,
    )


def nothing_known(explanation: Explanation) -> Explanation:
    """The same item for somebody without a history."""
    none = np.zeros(0)
    return replace(
        explanation,
        items=none.astype(int),
        item_ids=(),
        titles=(),
        times=none.astype(int),
        event_types=(),
        attention=none,
        gate=none,
        contribution=none,
        influence=none,
        influence_log=none,
        features=np.zeros((0, 5)),
    )
