"""Chooses the page and draws what all share; `app.py` serves it."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.access import admitted, until
from dashboard.gate import let_in
from dashboard.pages import HIDDEN, NAMES, page
from dashboard.turns import in_turn
from dashboard.views.frame import header, show_address
from dashboard.views.run_note import name_run, note_run


def main() -> None:
    """Draw the header and the page that the URL names."""
    st.set_page_config(page_title="RecLens", page_icon="🔎", layout="wide")
    pages = [page(name) for name in NAMES]
    current = st.navigation([*pages, *map(page, HIDDEN)], position="hidden")
    with in_turn():
        state.drawing(current.url_path)
        if admitted():
            let_in(until())
            name_run()
            note = header(pages, current)
            current.run()
            note_run(note)
            show_address(current.url_path)
        state.drawn()


main()
