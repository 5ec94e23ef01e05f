"""The reason at a glance, and in words where all is asked for; drawn at once, and again as soon as
it was put to the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import resources, sentences_card, state
from dashboard.figures import answer
from dashboard.figures.answer import Evidence
from dashboard.figures.palette import palette
from dashboard.names import Lens
from dashboard.resources import Candidates, Question
from dashboard.views.frame import busy
from dashboard.views.recommendations import sentences as sentences_recommendations
from dashboard.words import _, in_a_row, literal
from recommender.words import AUDIENCES, Audience

if TYPE_CHECKING:
    from recommender.explain.card import Card
    from recommender.explain.claims import Claim
    from recommender.explain.types import Explanation
    from recommender.words import Words
    from recommender.words.model_settings import ModelSettings

_USUAL: Audience = "analyst"


def audience(usual: Audience = _USUAL) -> Audience:
    """Whom the words are for: what the URL asks for, or what this page usually says."""
    asked = state.read(state.AUDIENCE)
    return next((one for one in AUDIENCES if one == asked), usual)


def audience_choice() -> None:
    """Draw the choice of whom the words are for; the URL carries it to the other pages."""
    names = {
        "shopper": _("{@Shopper}"),
        "analyst": _("Analyst"),
        "merchandiser": _("Merchandiser"),
    }
    st.segmented_control(
        _("Words for"),
        AUDIENCES,
        format_func=names.__getitem__,
        required=True,
        help=_("For whom the reason is said: in one line, with its numbers, or by what drives it."),
        **state.choice(state.AUDIENCE, AUDIENCES, _USUAL),
    )


def answer_card(question: Question, explained: Explanation) -> DeltaGenerator:
    """Draw the answer card without what is tried on the model, for which no chart should wait; its
    place is returned."""
    place = st.empty()
    _draw(place, resources.card(question, explained))
    return place


def tested_card(
    place: DeltaGenerator,
    question: Question,
    explained: Explanation,
    candidates: Candidates,
    listed: tuple[int, ...] = (),
) -> Card:
    """Draw it again with what holds it and whether that can be believed."""
    card = resources.card(question, explained, candidates, listed)
    _draw(place, card)
    return card


def _draw(place: DeltaGenerator, card: Card) -> None:
    place.html(card_html(card, audience()))


def card_html(card: Card, told: Audience) -> str:
    """The card for this audience: customers themselves are told one sentence."""
    if told == "shopper":
        return answer.sentence(sentences_card.shopper(card) if card.tried else "…")
    return answer.answer(card, palette(state.theme()), how_tested(card))


def how_tested(card: Card) -> str:
    """What the light measures, and on which events."""
    if card.trust is None:
        return ""
    titles = [card.explanation.titles[j] for j in card.trust.named]
    return sentences_card.how_tested(card.trust, titles, resources.reason_bounds())


def all_claims(place: DeltaGenerator, words: Words) -> None:
    """Everything that the numbers say, a claim a line, each with its lens."""
    place.html(answer.evidence(lines_of(words), palette(state.theme())))


def lines_of(words: Words) -> list[Evidence]:
    """The sentences with the lens and the size of the number that backs each, beside the largest
    that is said of this lens."""
    told = [(one.text, words.claims[one.claims[0]]) for one in words.sentences]
    largest: dict[Lens | None, float] = {}
    for _said, claim in told:
        largest[claim.lens] = max(largest.get(claim.lens, 0.0), _size(claim))
    return [
        Evidence(said, claim.lens, _size(claim) / (largest[claim.lens] or 1.0))
        for said, claim in told
    ]


def _size(claim: Claim) -> float:
    """Of a number that is a share or a loss; days and numbers of events are neither."""
    return 0.0 if claim.kind in ("interval", "counterfactual") else abs(claim.value)


def by_model(place: DeltaGenerator, words: Words) -> None:
    """Where a language model is set: let it say the same, as far as the numbers back it."""
    model = resources.language_model()
    if model is None:
        return
    with place.container():
        asked = st.toggle(
            _("In the words of {model}").format(model=literal(model.model)),
            key="by_model",
            help=_(
                "A language model puts the same in other words, without names and numbers, which "
                "are filled in. What the numbers do not back is said as usual. Switched off, it "
                "stops."
            ),
        )
        if asked:
            _rephrased(words, model)


def _rephrased(words: Words, model: ModelSettings) -> None:
    from recommender.words.llm import rephrase

    heard: list[str] = []
    shown = st.empty()

    def hear(sentence: str) -> None:
        heard.append(sentence)
        shown.text(in_a_row(*heard))

    def go_on() -> bool:
        # Drawing is where Streamlit leaves a page that was left, which closes the connection; a
        # switch on the same part of the page has to be looked for.
        shown.text(in_a_row(*heard) if heard else "…")
        return not state.wished_anew()

    with busy(_("Asking the model …")):
        said = rephrase(words, model, resources.model_answers(), hear, go_on)
    shown.text(said.words.text if not said.problem else "")
    st.caption(sentences_recommendations.by_model(said))
