"""Attention against time: does the model only look at what is recent?"""

from __future__ import annotations

from typing import cast

import streamlit as st

from dashboard import resources, state
from dashboard.access import fragment
from dashboard.figures.attention_time import Back, looked_table, looking_back_chart
from dashboard.figures.palette import palette
from dashboard.resources import RunKey
from dashboard.views.attention import sentences_over_time as sentences_looking
from dashboard.views.chart import draw
from dashboard.views.frame import calm, section, whole_page_when
from dashboard.views.selection import Selection
from dashboard.words import _

_EVERY_SECONDS = 1.0
_WAYS = ("days", "places")


def attention_over_time(selection: Selection) -> None:
    """Draw this customer's events, and the mean over customers when it is measured."""
    section(
        _("Does it only look at what is recent?"),
        _(
            "Each point is an event of this {@customer}: how much of the readout's look it gets, "
            "as times an even spread over the events. The line is the mean over {@customers} drawn "
            "at random; the dashed line is chance. The scale across is logarithmic. A line that "
            "falls means that attention says little more than “newest first”; recent events may "
            "still matter more, so hold it against what mattered."
        ),
    )
    question = selection.question
    average = resources.looking_back(question.run)
    names = {"days": _("By days"), "places": _("By place")}
    attention = resources.attention(question)
    contexts = resources.event_names(question)
    read = attention.positions >= 0
    table = looked_table(
        resources.looked_back(question),
        [token for token, event in zip(attention.tokens, read, strict=True) if event],
        [contexts[position] for position in attention.positions[read]],
    )
    ways = _WAYS if "days" in table else _WAYS[1:]
    by = st.segmented_control(
        _("How far back"),
        ways,
        format_func=names.__getitem__,
        required=True,
        label_visibility="collapsed",
        **state.choice(state.BACK, ways, ways[0]),
    )
    draw(
        "looking_back",
        looking_back_chart(table, average, cast(Back, by), palette(state.theme())),
        sentences_looking.looking_back(table, average),
        table,
    )
    if average is None:
        fragment(calm(_await), run_every=_EVERY_SECONDS)(question.run)


def _await(key: RunKey) -> None:
    whole_page_when(resources.looking_back(key) is not None)
    st.caption(_("The mean over {@customers} is being measured …"))
