"""What the list rests on, as tags; a tag narrows the list to what it drives."""

from __future__ import annotations

import streamlit as st

from dashboard import resources, sentences_recommendations, state
from dashboard.resources import Candidates
from dashboard.views.selection import Selection
from dashboard.words import _

_MOST = 8


def interests(selection: Selection, k: int, candidates: Candidates) -> tuple[int, ...] | None:
    """Draw the tags; the products that the chosen one drives, or None if none is chosen."""
    found = resources.interest_tags(selection.question, k, candidates, _MOST)
    by_name = {f"{tag.feature}:{tag.value}": tag for tag in found.tags}
    if not by_name:
        return None
    labels = {
        name: sentences_recommendations.tag(tag, found.total) for name, tag in by_name.items()
    }
    chosen = st.pills(
        _("Rests on"),
        list(by_name),
        format_func=labels.__getitem__,
        help=sentences_recommendations.tags_help(found),
        **state.option(state.TAG, list(by_name)),
    )
    return by_name[chosen].drives if chosen else None
