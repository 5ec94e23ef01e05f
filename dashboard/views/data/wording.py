"""Which words the data set has: proposed from its columns, and chosen."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.words import _, speaking_of
from recommender.data import Tables
from recommender.data.building import proposed_vocabulary
from recommender.data.vocabulary import Vocabulary, choices, vocabulary_of


def chosen_vocabulary(tables: Tables, name: str) -> Vocabulary:
    """The words that the URL names for these tables, else those that are proposed."""
    known = _known(tables, name)
    return vocabulary_of(state.chosen(state.VOCABULARY, known, known[0]))


def choose_vocabulary(tables: Tables, name: str) -> None:
    """Draw the choice, what is proposed first."""
    known = _known(tables, name)
    st.selectbox(
        _("In the words"),
        known,
        format_func=_shown,
        width=260,
        help=_("What is done in the data, with what, and by whom: every page says it so."),
        **state.choice(state.VOCABULARY, known, known[0]),
    )


def _known(tables: Tables, name: str) -> list[str]:
    """What is proposed, and everything else that may be chosen, as the command line writes it."""
    return [str(one) for one in choices(proposed_vocabulary(tables, name))]


def _shown(words: str) -> str:
    """Such as: watched · films · viewers."""
    with speaking_of(vocabulary_of(words)):
        return _("{@bought} · {@products} · {@customers}")
