"""One customer, the products the model would recommend, and the reasons for each."""

from __future__ import annotations

import streamlit as st

from dashboard import catalogue, resources, sentences, state
from dashboard.figures.palette import palette
from dashboard.figures.timeline import Marks, timeline, timeline_table
from dashboard.views.chart import draw
from dashboard.views.explanation import REASON, explain_item
from dashboard.views.explanation_checks import run_checks
from dashboard.views.frame import calm, refresh_links, title
from dashboard.views.ranking import Chosen, ranking
from dashboard.views.selection import Selection, select
from dashboard.words import _


def show() -> None:
    """Draw the page."""
    title(
        _("Recommendations"),
        _("What the model would offer this customer, and what each offer rests on."),
        skip=(_("Skip to the reason"), REASON),
    )
    selection = select()
    if selection is None:
        return
    _body(selection)


@st.fragment
@calm
def _body(selection: Selection) -> None:
    """What follows the list: a click on it draws this part anew and leaves the rest."""
    past = st.container(key="past")
    with st.container(key="split_master"):
        left, right = st.columns([11, 10], gap="large")
    with left:
        chosen = ranking(selection)
    if chosen is None:
        with past:
            _past(selection, chosen)
        return
    with right:
        places = explain_item(selection, chosen)
    with past:
        _past(selection, chosen)
    # Last, so that no chart waits for what is tried on the model.
    run_checks(selection, chosen, places)
    refresh_links()


def _past(selection: Selection, chosen: Chosen | None) -> None:
    """The history; what the chosen product rests on is marked."""
    data = selection.run.dataset
    history = resources.history(selection.question)
    held_out = selection.held_out.items if selection.held_out else ()
    causes = chosen.causes if chosen else ()
    table = timeline_table(data, history, catalogue.category_feature(data), Marks(causes, held_out))
    if table.empty:
        st.text(_("No event is known of this customer: popularity and profile decide."))
        return
    draw(
        "timeline",
        timeline(table, data.event_types, palette(state.theme())),
        sentences.timeline(table, data.target_events),
        table,
    )
