"""Chooses the page and draws what all share; `app.py` serves it."""

from __future__ import annotations

import streamlit as st

from dashboard import resources, state
from dashboard.access import admitted, until
from dashboard.drawing_order import in_turn
from dashboard.gate import let_in
from dashboard.pages import HIDDEN, NAMES, page
from dashboard.views.frame import calm
from dashboard.views.header import header, show_address
from dashboard.views.run_note import name_run, note_run

_OF_CUSTOMERS = ("raw", "reading_proposed", "reading_changed", "scored")
"""What a session remembers of uploaded files and scored histories."""


def forget_the_erased() -> None:
    """Where a customer was erased, keep nothing in memory that may hold them."""
    now = resources.forget_erased()
    if state.recall("erasings") not in (None, now):
        state.forget(*_OF_CUSTOMERS)
    state.remember("erasings", now)


def speak_of(page: str) -> None:
    """Let every sentence be in the words of the run that is shown. The Data page shows none, and
    says of each file what it is."""
    shown = None if page == "data" else resources.vocabulary_of(state.read(state.RUN))
    state.remember("vocabulary", shown)


def main() -> None:
    """Draw the header and the page that the URL names."""
    st.set_page_config(page_title="RecLens", page_icon="🔎", layout="wide")
    pages = [page(name) for name in NAMES]
    current = st.navigation([*pages, *map(page, HIDDEN)], position="hidden")
    with in_turn():
        state.drawing(current.url_path)
        if admitted():
            let_in(until())
            forget_the_erased()
            name_run()
            speak_of(current.url_path)
            note = header(pages, current)
            calm(current.run)()
            note_run(note)
            show_address(current.url_path)
        state.drawn()


main()
