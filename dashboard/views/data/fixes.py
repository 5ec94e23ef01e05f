"""What was put right, each with a switch to refuse it."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from dashboard import state
from dashboard.errors import told
from dashboard.words import _, literal
from recommender.data import Problem
from recommender.data.fixes import FIXES, FixName


def refused_in_url() -> frozenset[FixName]:
    """The fixes that were switched off."""
    return frozenset(name for name in FIXES if state.read(f"refuse.{name}") == "1")


def fixes(problems: Iterable[Problem]) -> None:
    """Draw one switch for each fix that the files gave reason for."""
    about: dict[FixName, list[Problem]] = {}
    for problem in problems:
        if problem.fix is not None:
            about.setdefault(problem.fix, []).append(problem)
    for name, concerned in about.items():
        with st.container(border=True, key=f"fix_{name}", gap="small"):
            for problem in concerned:
                st.text(told(problem.sentence))
            n = sum(problem.count for problem in concerned)
            instead = FIXES[name].instead.but(n=n)
            said = _("Refuse this fix; instead: {instead}").format(instead=told(instead))
            st.toggle(literal(said), **state.switch(f"refuse.{name}"))
