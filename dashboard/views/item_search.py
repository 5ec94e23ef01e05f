"""A product found by typing, among however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import catalogue, resources, sentences
from dashboard.names import feature_name
from dashboard.resources import RunKey
from dashboard.words import _

_FOUND = 50
_WIDTH = 420


@dataclass(frozen=True)
class Hits:
    """What a search found."""

    items: list[int]
    """The first 50 products that match, best match first."""
    typed: bool
    """Whether anything was searched for; else these are just the first of all."""


def found_items(key: RunKey, name: str) -> Hits:
    """Draw the search box, and find."""
    query = st.text_input(
        _("Find {@a_product}"),
        type="search",
        live=True,
        key=f"query_{name}",
        placeholder=_("Title, category, id …"),
        max_chars=catalogue.LONGEST_QUERY,
        width=_WIDTH,
    )
    text = resources.item_text(key)
    items = catalogue.find(text, query or "", _FOUND)
    return Hits([int(item) for item in items], bool((query or "").split()))


def item_table(key: RunKey, name: str, hits: Hits, choice: dict[str, Any]) -> None:
    """Draw the products as a table to choose from; `choice` says what a click does."""
    data, items = resources.run(key).dataset, hits.items
    if not items:
        st.text(_("No {@product} matches. Try a part of the title or of the category."))
        return
    feature = catalogue.category_feature(data)
    table = pd.DataFrame({_("{@Product}"): data.items["title"].iloc[items].to_list()})
    if feature is not None:
        table[feature_name(feature.name)] = [feature.label(item) for item in items]
    with st.container(key=name):
        st.dataframe(table, hide_index=True, height=320, width=_WIDTH, **choice)
    st.text(sentences.found(len(items), _FOUND, len(data.items), hits.typed))
