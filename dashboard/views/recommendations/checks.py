"""What was tried on one recommendation: what holds it, what would turn it, why it is above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import edits, resources, state
from dashboard.figures import answer
from dashboard.figures.palette import palette
from dashboard.pages import page
from dashboard.views.frame import calm
from dashboard.views.reason import all_claims, audience, audience_choice, by_model, tested_card
from dashboard.views.recommendations import sentences as sentences_recommendations
from dashboard.views.recommendations.ranking import Chosen
from dashboard.views.selection import Selection
from dashboard.views.whatif import sentences as sentences_whatif
from dashboard.words import _, literal

if TYPE_CHECKING:
    from recommender.explain.card import Card
    from recommender.explain.types import Counterfactual
    from recommender.words import Words


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
class EvidencePlaces:
    """Where all that is known goes, while it is asked for."""

    products: DeltaGenerator
    claims: DeltaGenerator
    words: DeltaGenerator
    turn: Check
    above: Check


@dataclass(frozen=True)
class Places:
    """Where what is tried on the model goes, so that charts need not wait for it."""

    card: DeltaGenerator
    attempt: DeltaGenerator
    """For the link that leads to the list without what holds it."""
    evidence: EvidencePlaces | None


def evidence_places() -> EvidencePlaces | None:
    """Draw the frame of all the evidence if it is asked for."""
    if state.read(state.EVIDENCE) != "1":
        return None
    with st.container(border=True, key="evidence", gap="small"):
        st.markdown(f"**{_('{@Product} by {@product}: what is lost without all its events')}**")
        products = st.empty()
        st.markdown(f"**{_('Claim by claim')}**")
        claims = st.empty()
        if audience() != "shopper":  # then it stands by their sentence
            audience_choice()
        words = st.empty()
        asked = (_("What would turn it?"), _("Why above the next?"))
        with st.container(key="checks", gap="xsmall"):
            checks = [Check(question, st.empty()) for question in asked]
    for check in checks:
        check.say("…")
    return EvidencePlaces(products, claims, words, *checks)


def draw_tested(selection: Selection, chosen: Chosen, places: Places) -> None:
    """Fill in what the list's tests told already, or tell it now."""
    explained = resources.explanation(selection.question, chosen.item)
    asked = selection.question, explained, chosen.candidates, chosen.listed
    card = tested_card(places.card, *asked)
    _attempt(selection, chosen, card, places.attempt)
    if places.evidence is not None:
        lost = resources.deleted_items(
            selection.question, chosen.item, chosen.candidates, chosen.listed
        )
        shown = [one for one in lost if round(one.loss, 2)]
        places.evidence.products.html(answer.products(shown, explained, palette(state.theme())))
        all_claims(places.evidence.claims, _words(selection, chosen))


def _words(selection: Selection, chosen: Chosen) -> Words:
    explained = resources.explanation(selection.question, chosen.item)
    return resources.reason(
        selection.question, explained, audience(), chosen.candidates, chosen.listed
    )


@calm
def run_checks(selection: Selection, chosen: Chosen, places: Places, tested: bool) -> None:
    """Fill the places that are not yet `tested`, and search for what else is asked for."""
    if not tested:
        draw_tested(selection, chosen, places)
    if places.evidence is not None:
        places.evidence.above.say(_above(selection, chosen))
        _turning(selection, chosen, places.evidence.turn)
        by_model(places.evidence.words, _words(selection, chosen))


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
    st.page_link(
        page("whatif"),
        label=_("See it in What if"),
        icon=":material/arrow_forward:",
        icon_position="right",
        query_params=_without(selection, chosen, found.events or ()),
    )


def _attempt(selection: Selection, chosen: Chosen, card: Card, place: DeltaGenerator) -> None:
    """The link that leaves out what holds it; none where nothing is named."""
    if card.cause is None:
        place.empty()
        return
    place.page_link(
        page("whatif"),
        label=_("Try without it"),
        icon=":material/science:",
        query_params=_without(selection, chosen, card.cause.events),
    )


def _without(
    selection: Selection, chosen: Chosen, events: tuple[int, ...]
) -> dict[str, str | list[str]]:
    item_id = str(selection.run.dataset.items["item_id"].iloc[chosen.item])
    return state.link(
        **{
            state.ITEM: item_id,
            state.CANDIDATES: chosen.candidates,
            state.EDITS: edits.removed(*map(str, events)),
        }
    )
