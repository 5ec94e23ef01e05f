"""The glossary, beside the title of each page."""

from __future__ import annotations

import streamlit as st

from dashboard.access import fragment
from dashboard.glossary import glossary
from dashboard.words import _


@fragment
def words_popover() -> None:
    """Draw the button; it opens every term with its meaning."""
    menu = st.popover(
        _("Words"),
        icon=":material/menu_book:",
        type="tertiary",
        key="glossary",
        on_change="rerun",
    )
    if not menu.open:
        return
    with menu, st.container(height=420, border=False, width=380, gap="xsmall"):
        for plain, term, meaning in glossary():
            name = f"**{plain}** :small[:gray[{term}]]" if term else f"**{plain}**"
            st.markdown(f"{name}  \n{meaning}")
