"""Why a product that one would expect is not in the list."""

from __future__ import annotations

import streamlit as st

from dashboard import catalogue, resources, state
from dashboard.access import fragment
from dashboard.resources import Candidates
from dashboard.views.frame import calm
from dashboard.views.item_search import found_items, item_table
from dashboard.views.recommendations import sentences as sentences_recommendations
from dashboard.views.selection import Selection
from dashboard.words import _


@fragment
@calm
def why_not(selection: Selection, k: int, candidates: Candidates) -> None:
    """Draw the button; what it opens is made when it is opened."""
    menu = st.popover(
        _("Why not …?"), icon=":material/search:", type="tertiary", **state.opening(state.WHY_NOT)
    )
    if not menu.open:
        return
    data = selection.run.dataset
    with menu:
        answer = st.container(key="absent", gap="xsmall", width=420)
        hits = found_items(selection.question.run, state.WHY_NOT)
        ids = data.items["item_id"].iloc[hits.items].astype(str).to_list()
        item_table(selection.question.run, "absentees", hits, state.row_choice(state.WHY_NOT, ids))
        state.picked(state.WHY_NOT)
        asked = catalogue.item_code(data, state.read(state.WHY_NOT))
        with answer:
            if asked is None:
                st.text(_("Choose {@a_product} to learn why it is not in the list."))
            else:
                _answer(selection, asked, k, candidates)


def _answer(selection: Selection, item: int, k: int, candidates: Candidates) -> None:
    titles = selection.run.dataset.items["title"].to_numpy()
    found = resources.absence(selection.question, item, k, candidates)
    with st.container(key="absent_title"):
        st.text(_("Why not {title}?").format(title=titles[item]))
    if found is None:
        rank = resources.ranks(selection.question, (item,), candidates)[0]
        st.text(_("It is among the first {k}, at rank {rank}.").format(k=k, rank=f"{rank:,}"))
        return
    past = resources.history(selection.question).items
    by_part = sentences_recommendations.parts(found.against, selection.run.dataset, past)
    st.text(sentences_recommendations.absent(found, str(titles[found.against.item]), by_part))
    if found.holding_down:
        against = [str(titles[past[event]]) for event in found.holding_down]
        st.text(sentences_recommendations.holding_down(against))
    st.text(sentences_recommendations.lifts(found))
