"""What was put right, each with a switch to refuse it."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.errors import told
from dashboard.words import _, literal
from recommender.data.fixes import FIXES, FixName


def refused_in_url() -> frozenset[FixName]:
    """The fixes that were switched off."""
    return frozenset(name for name in FIXES if state.read(f"refuse.{name}") == "1")


def refusal(name: FixName, n: int) -> None:
    """Draw the switch that refuses a fix, which was made in `n` places."""
    instead = FIXES[name].instead.but(n=n)
    said = _("Refuse this fix; instead: {instead}").format(instead=told(instead))
    with st.container(key=f"fix_{name}"):
        st.toggle(literal(said), **state.switch(f"refuse.{name}"))
