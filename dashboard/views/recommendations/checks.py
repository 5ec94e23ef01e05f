"""What was tried on one recommendation: does the reason hold, what would turn it, why above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import edits, resources, state
from dashboard.pages import page
from dashboard.views.frame import calm
from dashboard.views.reason import by_model, tested_reason
from dashboard.views.recommendations import sentences as sentences_recommendations
from dashboard.views.recommendations.ranking import Chosen
from dashboard.views.selection import Selection
from dashboard.views.whatif import sentences as sentences_whatif
from dashboard.words import _, literal

if TYPE_CHECKING:
    from recommender.explain.types import Counterfactual
    from recommender.words import Words

_COLOURS = {"strong": "green", "mixed": "yellow", "weak": "orange"}


@dataclass(frozen=True)
class Check:
    """A question about the recommendation, and the place for its answer."""

    asked: str
    place: DeltaGenerator

    def say(self, answer: str) -> None:
        """Draw the question with its answer."""
        self.place.markdown(self.with_answer(answer))

    def with_answer(self, answer: str) -> str:
        """Both in one, as Markdown."""
        return f":gray[{self.asked}] {literal(answer)}"


@dataclass(frozen=True)
class Places:
    """Where the results of the checks go, so that charts need not wait for them."""

    badge: DeltaGenerator
    words: DeltaGenerator
    trust: Check
    turn: Check
    above: Check


def check_places(badge: DeltaGenerator, words: DeltaGenerator) -> Places:
    """Draw the questions with room for what is found."""
    asked = (_("Does it hold?"), _("What would turn it?"), _("Why above the next?"))
    with st.container(key="checks", gap="xsmall"):
        checks = [Check(question, st.empty()) for question in asked]
    for check in checks:
        check.say("…")
    return Places(badge, words, *checks)


@calm
def run_checks(selection: Selection, chosen: Chosen, places: Places) -> None:
    """Fill the places, the quickest first."""
    places.above.say(_above(selection, chosen))
    words = _trust(selection, chosen, places)
    _turning(selection, chosen, places.turn)
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
    places.trust.say(sentences_recommendations.trust(found))
    explained = resources.explanation(selection.question, chosen.item)
    return tested_reason(places.words, selection.question, explained, chosen.candidates)


def _above(selection: Selection, chosen: Chosen) -> str:
    if chosen.following is None:
        return _("Nothing follows it in this list.")
    data, other = selection.run.dataset, chosen.following
    between = resources.contrast(selection.question, chosen.item, other)
    past = resources.history(selection.question)
    by_part = sentences_recommendations.parts(between, data, past.items)
    title = str(data.items["title"].iloc[other])
    return sentences_recommendations.above(between, by_part, title)


def _turning(selection: Selection, chosen: Chosen, check: Check) -> None:
    found = resources.deletion(selection.question, chosen.item, chosen.k, chosen.candidates)
    if found is None:
        check.say(_("It is no candidate: the list shows new {@products} only."))
    elif not found.events:
        check.say(sentences_whatif.no_deletion(found))
    else:
        with check.place.container(gap="xsmall"):
            st.markdown(check.with_answer(sentences_whatif.deletion(found)))
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
