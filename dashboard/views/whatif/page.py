"""Change a customer's past and see what the model would offer instead."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.drawing_order import LIST, let_paint
from dashboard.views.frame import title
from dashboard.views.product import asked_for
from dashboard.views.selection import select
from dashboard.views.whatif import sentences as sentences_whatif
from dashboard.views.whatif.explained import explained_twice
from dashboard.views.whatif.history import history_editor
from dashboard.views.whatif.ranking import changed_ranking
from dashboard.views.whatif.sides import WhatIf, asked_item, what_if
from dashboard.views.whatif.tools import suggestions, tools
from dashboard.views.whatif.turning import turning_points
from dashboard.words import _, plural


def show() -> None:
    """Draw the page."""
    title(
        _("What if"),
        _("Change this {@customer}'s past, and see at once what would be offered instead."),
    )
    selection = select()
    if selection is None:
        return
    # Not as a part drawn alone: where an edit comes upon an edit, Streamlit keeps what menus of the
    # first had still to say, for charts that the second may not have, and the page breaks.
    sides = what_if(selection)
    asked_for(selection.run.dataset)
    verdict = st.container(key="verdict", gap="xsmall")
    bar = st.container(horizontal=True, key="tools", gap="small")
    with st.container(key="split_whatif"):
        left, right = st.columns([9, 12], gap="large")
    # The list first, which every edit is made for.
    with right:
        changes = changed_ranking(sides)
    with verdict:
        _verdict(sides, changes)
    if sides.edited:
        let_paint(LIST)
    with left:
        history_editor(sides)
    with verdict:
        suggestions(sides)
    with bar:
        tools(sides)
    item = asked_item(sides)
    if item is not None:
        turning = st.container(key="turning_place")
        explained_twice(sides, item)
        with turning:
            # Last, so that nothing above waits for the search.
            turning_points(sides, item)


def _verdict(sides: WhatIf, changes: pd.DataFrame) -> None:
    """The edits and what came of them, in one sentence."""
    refused = len(sides.draft.refused)
    if refused:
        st.caption(
            plural(
                "{n} edit of this link does not fit this history and is left aside.",
                "{n} edits of this link do not fit this history and are left aside.",
                refused,
            )
        )
    if not sides.edited:
        st.text(_("Nothing is changed yet. Leave an event out below, or begin with one of these."))
        return
    said = sentences_whatif.edits(sides.selection.run.dataset, sides.draft, sides.after.edits)
    st.text(sentences_whatif.outcome(said, changes))
