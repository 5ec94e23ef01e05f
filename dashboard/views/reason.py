"""The reason in words: drawn at once, and again as soon as it was put to the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import resources, state
from dashboard.resources import Candidates, Question
from dashboard.views.frame import busy
from dashboard.views.recommendations import sentences as sentences_recommendations
from dashboard.words import _, in_a_row, literal
from recommender.words import AUDIENCES, Audience

if TYPE_CHECKING:
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


def reason(question: Question, explained: Explanation) -> DeltaGenerator:
    """Draw the words without the test, for which no chart should wait; their place is returned."""
    place = st.empty()
    _say(place, resources.reason(question, explained, audience()).text)
    return place


def tested_reason(
    place: DeltaGenerator, question: Question, explained: Explanation, candidates: Candidates
) -> Words:
    """Say it again with the test of the reason, so that a weak one is said to be weak."""
    words = resources.reason(question, explained, audience(), candidates)
    _say(place, words.text)
    return words


def _say(place: DeltaGenerator, said: str) -> None:
    place.text(said)


def by_model(place: DeltaGenerator, words: Words) -> None:
    """Where a language model is set: let it say the same, as far as the numbers back it."""
    model = resources.language_model()
    if model is None:
        return
    with place.container():
        st.text(words.text)
        asked = st.toggle(
            _("In the words of {model}").format(model=literal(model.model)),
            key="by_model",
            help=_(
                "A language model puts the same in other words. Each of its sentences is checked "
                "against the numbers; what they do not back is left out. Switched off, it stops."
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
