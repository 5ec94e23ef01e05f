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
    Absence,
    Attention,
    Attribution,
    Cells,
    Contrast,
    Counterfactual,
    Explanation,
    Lift,
    Method,
    Place,
    ProfileChange,
    ProfileShare,
    Recommendation,
    Standing,
    TrustSummary,
    Verdict,
)

if TYPE_CHECKING:
    from recommender.explain.attention import attend
    from recommender.explain.attribution import attribute
    from recommender.explain.claims import Claim, Findings, claims_of
    from recommender.explain.contrasts import contrast, why_not
    from recommender.explain.counterfactual import bring_in, change_profile, drop_out
    from recommender.explain.importance import feature_importance
    from recommender.explain.lenses import explain, recommend, standings
    from recommender.explain.summary import trust_summary
    from recommender.explain.tags import InterestTags, Tag, interest_tags, segment_tags
    from recommender.explain.tried import try_out
    from recommender.explain.whatif import Event, edited_history, events_of, profile_of

__all__ = [
    "AGAIN",
    "ANY",
    "METHODS",
    "TOGETHER",
    "WHOLE",
    "Absence",
    "Attention",
    "Attribution",
    "Cells",
    "Claim",
    "Contrast",
    "Counterfactual",
    "Event",
    "Explanation",
    "Findings",
    "InterestTags",
    "Lift",
    "Method",
    "Place",
    "ProfileChange",
    "ProfileShare",
    "Recommendation",
    "Standing",
    "Tag",
    "TrustSummary",
    "Verdict",
    "attend",
    "attribute",
    "bring_in",
    "change_profile",
    "claims_of",
    "contrast",
    "drop_out",
    "edited_history",
    "events_of",
    "explain",
    "feature_importance",
    "interest_tags",
    "profile_of",
    "recommend",
    "segment_tags",
    "standings",
    "trust_summary",
    "try_out",
    "why_not",
]

_HOME = {
    "Claim": "claims",
    "Event": "whatif",
    "Findings": "claims",
    "InterestTags": "tags",
    "Tag": "tags",
    "attend": "attention",
    "attribute": "attribution",
    "bring_in": "counterfactual",
    "change_profile": "counterfactual",
    "claims_of": "claims",
    "contrast": "contrasts",
    "drop_out": "counterfactual",
    "edited_history": "whatif",
    "events_of": "whatif",
    "explain": "lenses",
    "feature_importance": "importance",
    "interest_tags": "tags",
    "profile_of": "whatif",
    "recommend": "lenses",
    "segment_tags": "tags",
    "standings": "lenses",
    "trust_summary": "summary",
    "try_out": "tried",
    "why_not": "contrasts",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
