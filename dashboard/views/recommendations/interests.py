"""What the list rests on, as tags; a tag narrows the list to what it drives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard import resources, state
from dashboard.resources import Candidates, Question
from dashboard.views.recommendations import sentences as sentences_recommendations
from dashboard.words import _

if TYPE_CHECKING:
    from recommender.explain.tags import Tag

_MOST = 8


def driven(question: Question, k: int, candidates: Candidates) -> tuple[int, ...] | None:
    """The products that the tag of the URL drives, or None if it names no tag of this list."""
    asked = state.read(state.TAG)
    if not asked:
        return None
    found = resources.interest_tags(question, k, candidates, _MOST)
    return next((tag.drives for tag in found.tags if _name(tag) == asked), None)


def interests(question: Question, k: int, candidates: Candidates) -> None:
    """Draw what the first k rest on."""
    found = resources.interest_tags(question, k, candidates, _MOST)
    labels = {_name(tag): sentences_recommendations.tag(tag, found.total) for tag in found.tags}
    if not labels:
        return
    st.pills(
        _("Rests on"),
        list(labels),
        format_func=labels.__getitem__,
        help=sentences_recommendations.tags_help(found),
        **state.option(state.TAG, list(labels)),
    )


def _name(tag: Tag) -> str:
    return f"{tag.feature}:{tag.value}"
