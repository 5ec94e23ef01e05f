"""Which product is explained: the customer's recommendations, to choose one from."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import catalogue, resources, state
from dashboard.views.frame import empty
from dashboard.views.selection import Selection
from dashboard.words import _, literal
from recommender.data.dataset import Dataset


def asked_for(dataset: Dataset, ids: Sequence[str] | None = None, name: str = state.ITEM) -> None:
    """Say it where the product of the URL is none of these, or of all: the first stands for it.

    The place is there in any case: a part that is drawn alone keeps its shape.
    """
    asked = state.read(name)
    item = catalogue.item_code(dataset, asked) if asked else None
    with st.container(key=f"asked_for_{name}"):
        if asked and item is None:
            said = _("There is no {@product} {which} in this data set; the first one is shown.")
            st.caption(literal(said.format(which=asked)))
        elif item is not None and ids is not None and asked not in ids:
            said = _("{title} is not in this list; the first {@product} of it is shown.")
            st.caption(literal(said.format(title=dataset.items["title"].iloc[item])))


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
        empty(_("Nothing to recommend"), _("The {@customer} has every {@product} already."))
        return None
    ids = list(titles)
    asked_for(data, ids)
    chosen = st.selectbox(
        _("{@Product}"),
        ids,
        format_func=titles.__getitem__,
        width=460,
        **state.choice(state.ITEM, ids, ids[0]),
    )
    return catalogue.item_code(data, chosen)
