"""What the planted causes of a sample shop amount to, counted."""

from __future__ import annotations

from typing import TypedDict

import pandas as pd

from recommender.data.columns import EVENT, ITEM, USER
from recommender.sample.generator import EVENTS_BACK, RULE, SESSION, SampleShop
from recommender.sample.rules import CAUSED


class SampleFacts(TypedDict):
    """Counts and shares of a sample shop."""

    events: int
    users: int
    items: int
    sessions: int
    purchases: int
    never_bought: int
    """Items that nobody has bought."""
    fewest_events: int
    """Of one user."""
    median_events: float
    """Of one user."""
    most_events: int
    """Of one user."""
    share_uncaused: float
    """Of all events, those whose product was looked at for no single earlier event."""
    median_events_back: float
    """Events of the user between a cause and the session of its effect."""
    share_purchases_caused: float
    test_purchases: int
    """Purchases in the last session of users with at least two sessions."""
    test_purchases_caused: int
    share_test_caused: float
    rules: dict[str, int]
    """Events by rule."""


def sample_facts(shop: SampleShop) -> SampleFacts:
    """The facts of a sample shop."""
    reasons = shop.causes[[SESSION, ITEM, RULE, EVENTS_BACK]]
    events = shop.interactions.merge(reasons, on=[SESSION, ITEM], how="left", validate="m:1")
    caused = events[RULE].isin(CAUSED)
    bought = events[EVENT] == "purchase"
    per_user = events.groupby(USER).size()
    sold = set(events.loc[bought, ITEM])
    tested = bought & _in_last_session(events)
    return {
        "events": len(events),
        "users": events[USER].nunique(),
        "items": len(shop.items),
        "sessions": events[SESSION].nunique(),
        "purchases": int(bought.sum()),
        "never_bought": len(shop.items) - len(sold),
        "fewest_events": int(per_user.min()),
        "median_events": float(per_user.median()),
        "most_events": int(per_user.max()),
        "share_uncaused": round(float((~caused).mean()), 4),
        "median_events_back": float(shop.causes[EVENTS_BACK].dropna().median()),
        "share_purchases_caused": round(float(caused[bought].mean()), 4),
        "test_purchases": int(tested.sum()),
        "test_purchases_caused": int((tested & caused).sum()),
        "share_test_caused": round(float(caused[tested].mean()), 4),
        "rules": {str(rule): int(n) for rule, n in events[RULE].value_counts().items()},
    }


def _in_last_session(events: pd.DataFrame) -> pd.Series:
    """Whether each event is in its user's last session and there was one before."""
    sessions = events.groupby(USER)[SESSION]
    return (events[SESSION] == sessions.transform("max")) & (sessions.transform("nunique") > 1)
