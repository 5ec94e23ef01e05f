"""Which product is explained: the customer's recommendations, to choose one from."""

from __future__ import annotations

import streamlit as st

from dashboard import catalogue, resources, state
from dashboard.views.frame import empty
from dashboard.views.selection import Selection
from dashboard.words import _


def pick_product(selection: Selection) -> int | None:
    """Draw the choice; the product of the URL may also be one that is not recommended."""
    data = selection.run.dataset
    rows = resources.recommendations(selection.question, 10, selection.run.default_view)
    titles = {row.item_id: f"{row.rank}. {row.title}" for row in rows}
    wanted = state.read(state.ITEM)
    asked = catalogue.item_code(data, wanted) if wanted else None
    if asked is not None and wanted not in titles:
        titles = {wanted: str(data.items["title"].iloc[asked])} | titles
    if not titles:
        empty(_("Nothing to recommend"), _("The customer has every product already."))
        return None
    ids = list(titles)
    chosen = st.selectbox(
        _("Product"),
        ids,
        format_func=titles.__getitem__,
        width=460,
        **state.choice(state.ITEM, ids, ids[0]),
    )
    return catalogue.item_code(data, chosen)
