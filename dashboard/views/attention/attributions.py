"""Attention beside the other ways to say what counted, and how far it can be believed."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import resources, state
from dashboard.figures.attributions import method_heatmap, method_table
from dashboard.figures.palette import palette
from dashboard.resources import RunKey
from dashboard.views.attention import sentences as sentences_attention
from dashboard.views.chart import draw
from dashboard.views.frame import busy, section
from dashboard.views.product import pick_product
from dashboard.views.selection import Selection
from dashboard.words import _


def trust_note(key: RunKey) -> None:
    """What was measured of attention in this run, and the way to the page that says how."""
    from dashboard.pages import page

    with st.container(key="trust_note", border=True, gap="xsmall"):
        st.text(sentences_attention.trust(resources.trust(key)))
        st.page_link(
            page("trust"),
            label=_("How far explanations can be believed"),
            icon=":material/arrow_forward:",
            query_params=state.link(),
        )


def methods(selection: Selection) -> None:
    """One recommendation explained by every method; asked for, because it takes a moment."""
    section(
        _("Do other methods say the same?"),
        _(
            "Events by method, newest on top; the events that the methods put first on the whole. "
            "Blue speaks for the {@product}, brown against; each column has a scale of its own, so "
            "compare orders, not shades. Figures are the first three places; “~”: the next place "
            "is within sampling error. Agreement is no proof: methods can be wrong together."
        ),
    )
    if not st.toggle(_("Compare methods for one {@product}"), **state.switch(state.METHODS)):
        return
    item = pick_product(selection)
    if item is None:
        return
    with busy(_("Asking every method …")):
        found = resources.attributions(selection.question, item)
        explained = resources.explanation(selection.question, item)
    if not explained.titles:
        st.text(_("There is no history, so there is nothing to compare."))
        return
    context = resources.event_names(selection.question)
    draw(
        "methods",
        method_heatmap(found, explained.titles, context, palette(state.theme())),
        sentences_attention.methods(found, explained.titles),
        partial(method_table, found, explained.titles),
    )
