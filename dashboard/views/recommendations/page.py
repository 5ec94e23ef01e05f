"""One customer, the products the model would recommend, and the reasons for each."""

from __future__ import annotations

import streamlit as st

from dashboard import catalogue, resources, sentences, state
from dashboard.access import fragment
from dashboard.drawing_order import CHARTS, let_paint
from dashboard.figures.palette import palette
from dashboard.figures.timeline import Marks, timeline, timeline_table
from dashboard.views.chart import draw
from dashboard.views.frame import calm, title
from dashboard.views.header import refresh_links
from dashboard.views.left_out import left_out
from dashboard.views.recommendations.checks import run_checks
from dashboard.views.recommendations.explanation import REASON, explain_item
from dashboard.views.recommendations.ranking import Chosen, draw_ranking, rank
from dashboard.views.selection import Selection, select
from dashboard.words import _


def show() -> None:
    """Draw the page."""
    title(
        _("Recommendations"),
        _("What the model would offer this {@customer}, and what each offer rests on."),
        skip=(_("Skip to the reason"), REASON),
    )
    selection = select()
    if selection is None:
        return
    _body(selection)


@fragment
@calm
def _body(selection: Selection) -> None:
    """What follows the list: a click on it draws this part anew and leaves the rest."""
    past = st.container(key="past")
    with st.container(key="split_master"):
        left, right = st.columns([11, 10], gap="large")
    ranked = rank(selection)
    chosen, alone = ranked.chosen, state.drawn_alone()
    if alone and state.recall("nothing_fits") is not (chosen is None):
        # What is drawn alone must keep its shape (docs/architecture.md).
        state.draw_unasked()
    state.remember("nothing_fits", chosen is None)
    if chosen is not None:
        with right:
            places = explain_item(selection, chosen, tested=alone)
        if alone:
            let_paint(CHARTS)
            # A click changes nothing of the list, which comes after all that it changes.
            run_checks(selection, chosen, places, tested=True)
    with past:
        _past(selection, chosen)
    if not alone:
        let_paint(CHARTS)
    with left:
        draw_ranking(selection, ranked)
    if chosen is not None:
        if not alone:
            run_checks(selection, chosen, places, tested=False)
        refresh_links()


def _marks(selection: Selection, chosen: Chosen | None) -> Marks:
    later, causes = selection.held_out, chosen.causes if chosen else ()
    return Marks(causes, later.items, later.events) if later else Marks(causes)


def _past(selection: Selection, chosen: Chosen | None) -> None:
    """The history; what the chosen product rests on is marked."""
    data = selection.run.dataset
    history = resources.history(selection.question)
    table = timeline_table(
        data, history, catalogue.category_feature(data), _marks(selection, chosen)
    )
    if table.empty:
        st.text(_("No event is known of this {@customer}: popularity and profile decide."))
        left_out(selection.question)
        return
    draw(
        "timeline",
        timeline(
            table,
            data.event_types,
            palette(state.theme()),
            catalogue.category_name(data),
        ),
        sentences.timeline(table, data.target_events),
        table,
    )
    left_out(selection.question)
