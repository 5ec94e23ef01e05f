"""What was tried on one recommendation: does the reason hold, what would turn it, why above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import edits, resources, sentences_recommendations, sentences_whatif, state
from dashboard.pages import page
from dashboard.views.frame import calm
from dashboard.views.ranking import Chosen
from dashboard.views.reason import by_model, tested_reason
from dashboard.views.selection import Selection
from dashboard.words import _

if TYPE_CHECKING:
    from recommender.explain.types import Counterfactual
    from recommender.words import Words

_COLOURS = {"strong": "green", "mixed": "yellow", "weak": "orange"}


@dataclass(frozen=True)
class Places:
    """Where the results of the checks go, so that charts need not wait for them."""

    badge: DeltaGenerator
    words: DeltaGenerator
    trust: DeltaGenerator
    turn: DeltaGenerator
    above: DeltaGenerator


def check_places(badge: DeltaGenerator, words: DeltaGenerator) -> Places:
    """Draw the names of the checks with room for what they find."""
    with st.container(key="checks", gap="xsmall"):
        return Places(
            badge,
            words,
            _row(_("Does it hold?")),
            _row(_("What would turn it?")),
            _row(_("Why above the next?")),
        )


def _row(name: str) -> DeltaGenerator:
    with st.container(horizontal=True, wrap=False, gap="small", key=f"check_{name}"):
        st.caption(name, width=132)
        place = st.empty()
    with place.container():
        st.text("…")
    return place


@calm
def run_checks(selection: Selection, chosen: Chosen, places: Places) -> None:
    """Fill the places, the quickest first."""
    with places.above.container():
        _above(selection, chosen)
    words = _trust(selection, chosen, places)
    with places.turn.container(gap="xsmall"):
        _turning(selection, chosen)
    by_model(places.words, words)


def _trust(selection: Selection, chosen: Chosen, places: Places) -> Words:
    """Draw the test of the reason, and return the words that know it."""
    found = resources.reason_test(selection.question, chosen.item, chosen.candidates)
    past = resources.history(selection.question)
    titles = selection.run.dataset.items["title"].iloc[past.items[list(found.named)]]
    places.badge.badge(
        sentences_recommendations.verdict(found.verdict),
        color=_COLOURS[found.verdict],  # type: ignore[arg-type]
        help=sentences_recommendations.trust_help(
            found, tuple(map(str, titles)), resources.reason_bounds()
        ),
    )
    # In a container: a text set into a placeholder of a row would not wrap.
    with places.trust.container():
        st.text(sentences_recommendations.trust(found))
    explained = resources.explanation(selection.question, chosen.item)
    return tested_reason(places.words, selection.question, explained, chosen.candidates)


def _above(selection: Selection, chosen: Chosen) -> None:
    if chosen.following is None:
        st.text(_("Nothing follows it in this list."))
        return
    data, other = selection.run.dataset, chosen.following
    between = resources.contrast(selection.question, chosen.item, other)
    past = resources.history(selection.question)
    by_part = sentences_recommendations.parts(between, data, past.items)
    st.text(sentences_recommendations.above(between, by_part, str(data.items["title"].iloc[other])))


def _turning(selection: Selection, chosen: Chosen) -> None:
    found = resources.deletion(selection.question, chosen.item, chosen.k, chosen.candidates)
    if found is None:
        st.text(_("It is no candidate: the list shows new products only."))
    elif not found.events:
        st.text(sentences_whatif.no_deletion(found))
    else:
        st.text(sentences_whatif.deletion(found))
        _try(selection, chosen, found)


def _try(selection: Selection, chosen: Chosen, found: Counterfactual) -> None:
    item_id = str(selection.run.dataset.items["item_id"].iloc[chosen.item])
    st.page_link(
        page("whatif"),
        label=_("See it in What if"),
        icon=":material/arrow_forward:",
        icon_position="right",
        query_params=state.link(
            **{
                state.ITEM: item_id,
                state.CANDIDATES: chosen.candidates,
                state.EDITS: edits.removed(*map(str, found.events or ())),
            }
        ),
    )
