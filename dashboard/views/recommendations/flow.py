"""The score as a flow: from the products of the history, through what the model has, to the one
that is recommended."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import edits, resources, state
from dashboard.figures.flow import PAST, drawn, flow_chart, flow_table, keys
from dashboard.figures.palette import palette
from dashboard.names import event_and_when, score
from dashboard.pages import page
from dashboard.views.chart import draw
from dashboard.views.recommendations import sentences_flow
from dashboard.views.recommendations.ranking import Chosen
from dashboard.views.selection import Selection
from dashboard.words import _

if TYPE_CHECKING:
    from recommender.explain.flows import Flow
    from recommender.explain.types import ItemDeletion

_MOST_EVENTS = 5


def flow_section(selection: Selection, chosen: Chosen) -> None:
    """A part that opens; nothing of it is computed before."""
    opened = st.expander(
        _("The score as a flow"), icon=":material/waves:", **state.switch(state.FLOW)
    )
    if not opened.open:
        return
    with opened:
        found = resources.flow(selection.question, chosen.item)
        if found is None:
            st.text(
                _(
                    "The score of this kind of recommender is no sum: it mixes all events before "
                    "it reads them, so no share of the score is any {@product}'s own, and nothing "
                    "can be drawn as flowing. What mattered is measured all the same."
                )
            )
        else:
            _flow(selection, chosen, found)


def _flow(selection: Selection, chosen: Chosen, found: Flow) -> None:
    st.caption(
        _(
            "On the left are the {@products} of the history, in the middle what they act through, "
            "on "
            "the right the {@product}. A ribbon is as wide as its exact share; blue speaks for the "
            "{@product}, brown against it. All blue less all brown is the score. Click on a "
            "ribbon, "
            "or choose below, to read it."
        )
    )
    lost = resources.lost_without(selection.question, chosen.item, chosen.candidates)
    names = keys(found, drawn(found))
    part = state.read(state.PART)
    part = part if part in names else ""
    picture = flow_chart(found, lost, palette(state.theme()), part)
    draw(
        "flow",
        picture,
        sentences_flow.flow(found),
        partial(flow_table, found, lost),
        on_select=partial(state.spot_click, "flow_plot", state.PART, picture.keys),
        selection_mode="points",
    )
    st.selectbox(
        _("Read a part of it"),
        list(names),
        format_func=names.__getitem__,
        placeholder=_("Choose {@a_product} of the history, or a way"),
        **state.option(state.PART, list(names)),
    )
    if part:
        _part(selection, chosen, found, lost, part)


def _part(
    selection: Selection, chosen: Chosen, found: Flow, lost: tuple[ItemDeletion, ...], part: str
) -> None:
    """What was chosen, in words; a product with its events and the way to try it."""
    kind, _tilde, name = part.partition("~")
    if kind != PAST:
        st.text(sentences_flow.way(found, name))
        return
    row = found.item_ids.index(name)
    st.text(sentences_flow.past(found, row, lost[row]))
    _events(selection, found, row)
    st.page_link(
        page("whatif"),
        label=_("Try without it"),
        icon=":material/arrow_forward:",
        icon_position="right",
        query_params=state.link(
            **{
                state.ITEM: found.item_id,
                state.CANDIDATES: chosen.candidates,
                state.EDITS: edits.removed(*map(str, found.events[row])),
            }
        ),
    )


def _events(selection: Selection, found: Flow, row: int) -> None:
    """Each event with its own share, the newest first."""
    explained = resources.explanation(selection.question, found.item)
    places = found.events[row][::-1]
    said = [
        _("{name} ({value})").format(
            name=event_and_when(explained.event_types[place], explained.moment(place)),
            value=score(float(explained.contribution[place])),
        )
        for place in places[:_MOST_EVENTS]
    ]
    more = len(places) - len(said)
    if more:
        said.append(_("and {n} more").format(n=more))
    st.text(_("; ").join(said))
