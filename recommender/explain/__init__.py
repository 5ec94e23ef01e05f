"""Why this item, for this user: three lenses on every event, as plain values.

What computes is imported when it is first asked for, so that those who only show the values need
not wait for torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from recommender.explain.types import (
    AGAIN,
    ANY,
    TOGETHER,
    Attention,
    Explanation,
    ProfileShare,
    Recommendation,
)

if TYPE_CHECKING:
    from recommender.explain.attention import attend
    from recommender.explain.importance import feature_importance
    from recommender.explain.lenses import explain, recommend
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

_HOME = {
    "attend": "attention",
    "days_ago": "words",
    "disagreement": "words",
    "explain": "lenses",
    "feature_importance": "importance",
    "reason": "words",
    "recommend": "lenses",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
