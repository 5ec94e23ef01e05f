"""Charts of the uploaded data, without any model."""

from __future__ import annotations

import streamlit as st

from dashboard import groups, state
from dashboard.figures.palette import palette
from dashboard.figures.uploaded import (
    bars,
    events_by_time,
    lengths,
    most_frequent,
    per_month,
    per_user,
)
from dashboard.names import percent
from dashboard.views.frame import section
from dashboard.words import _, ended, plural
from recommender.data import Tables


def look(tables: Tables) -> None:
    """Draw what the data are: when, how much for each customer, of what most."""
    colours = palette(state.theme())
    events = tables.interactions
    if tables.has_time:
        section(_("When"))
        when = per_month(events)
        with st.container(key="chart_when"):
            said = plural("{n} month", "{n} months", when["month"].nunique())
            st.altair_chart(events_by_time(when, colours), key="when", alt=said)
            st.caption(_("Events by month and kind, over {months}.").format(months=said))
    left, right = st.columns(2, gap="medium")
    with left:
        section(_("Events {@a_customer}"))
        counts = per_user(events)
        with st.container(key="chart_lengths"):
            if groups.note():
                st.text(groups.note())
            else:
                st.altair_chart(
                    lengths(counts, colours), key="lengths", alt=_("Events {@a_customer}")
                )
            half = plural(
                "Half of the {@customers} have no more than {n} event",
                "Half of the {@customers} have {n} events or fewer",
                round(counts.median()),
            )
            one = int((counts == 1).sum())
            said = plural("{n} has just one", "{n} have just one", one)
            st.caption(ended(half) if one < groups.smallest() else ended(half, said))
    with right:
        section(_("Most frequent {@products}"))
        top = most_frequent(tables)
        with st.container(key="chart_top"):
            st.altair_chart(bars(top, colours), key="top", alt=_("Most frequent {@products}"))
            share = percent(top["events"].sum() / len(events))
            st.caption(_("These make up {share} of all events.").format(share=share))
