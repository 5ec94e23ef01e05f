"""The way into the story for an audience: a button in the header, or one key."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.pages import page
from dashboard.words import _


def present_link() -> None:
    """Draw the button; what is being looked at comes along."""
    clicked = st.button(
        _("Present"),
        key="to_present",
        icon=":material/slideshow:",
        type="tertiary",
        shortcut="P",
        help=_("Tell this customer's story full screen, step by step."),
    )
    if clicked:
        st.switch_page(page("present"), query_params=state.link(step=None))
