"""Why this item, for this user: three lenses on every event, as plain values.

What computes is imported when it is first asked for, so that those who only show the values need
not wait for torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from recommender.explain.types import (
    AGAIN,
    ANY,
    METHODS,
    TOGETHER,
    WHOLE,
    Attention,
    Attribution,
    Cells,
    Explanation,
    Method,
    ProfileShare,
    Recommendation,
)

if TYPE_CHECKING:
    from recommender.explain.attention import attend
    from recommender.explain.attribution import attribute
    from recommender.explain.importance import feature_importance
    from recommender.explain.lenses import explain, recommend
    from recommender.explain.whatif import Event, edited_history, events_of, profile_of
    from recommender.explain.words import days_ago, disagreement, reason

__all__ = [
    "AGAIN",
    "ANY",
    "METHODS",
    "TOGETHER",
    "WHOLE",
    "Attention",
    "Attribution",
    "Cells",
    "Event",
    "Explanation",
    "Method",
    "ProfileShare",
    "Recommendation",
    "attend",
    "attribute",
    "days_ago",
    "disagreement",
    "edited_history",
    "events_of",
    "explain",
    "feature_importance",
    "profile_of",
    "reason",
    "recommend",
]

_HOME = {
    "Event": "whatif",
    "attend": "attention",
    "attribute": "attribution",
    "days_ago": "words",
    "disagreement": "words",
    "edited_history": "whatif",
    "events_of": "whatif",
    "explain": "lenses",
    "feature_importance": "importance",
    "profile_of": "whatif",
    "reason": "words",
    "recommend": "lenses",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
