"""A product found by typing, among however many there are."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import catalogue, resources
from dashboard.resources import RunKey
from dashboard.words import _, plural

_FOUND = 50
_WIDTH = 420


def found_items(key: RunKey, name: str) -> list[int]:
    """Draw the search box; the first 50 products that match, best match first."""
    query = st.text_input(
        _("Find a product"),
        type="search",
        live=True,
        key=f"query_{name}",
        placeholder=_("Title, category, id …"),
        width=_WIDTH,
    )
    text = resources.item_text(key)
    return [int(item) for item in catalogue.find(text, query or "", _FOUND)]


def item_table(key: RunKey, name: str, items: list[int], choice: dict[str, Any]) -> None:
    """Draw the products as a table to choose from; `choice` says what a click does."""
    data = resources.run(key).dataset
    if not items:
        st.text(_("No product matches. Try a part of the title or of the category."))
        return
    feature = catalogue.category_feature(data)
    table = pd.DataFrame({_("Product"): data.items["title"].iloc[items].to_list()})
    if feature is not None:
        table[_("Category")] = [feature.label(item) for item in items]
    with st.container(key=name):
        st.dataframe(table, hide_index=True, height=320, width=_WIDTH, **choice)
    st.text(
        plural(
            "{n} product in all; type to narrow.",
            "{n} products in all; type to narrow.",
            len(data.items),
        )
    )
