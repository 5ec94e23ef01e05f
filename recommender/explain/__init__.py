"""Why this item, for this user: three lenses on every event, as plain values."""

from recommender.explain.attention import attend
from recommender.explain.contributions import AGAIN, ANY, TOGETHER
from recommender.explain.importance import feature_importance
from recommender.explain.lenses import explain, recommend
from recommender.explain.types import Attention, Explanation, ProfileShare, Recommendation
from recommender.explain.words import days_ago, disagreement, reason

__all__ = [
    "AGAIN",
    "ANY",
    "TOGETHER",
    "Attention",
    "Explanation",
    "ProfileShare",
    "Recommendation",
    "attend",
    "days_ago",
    "disagreement",
    "explain",
    "feature_importance",
    "reason",
    "recommend",
]
