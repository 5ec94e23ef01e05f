"""The pages by name, for the router and for links between pages."""

from __future__ import annotations

from importlib import import_module

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard.words import _

NAMES = (
    "overview",
    "recommendations",
    "whatif",
    "item",
    "attention",
    "features",
    "compare",
    "model",
    "trust",
    "data",
)
HIDDEN = ("present",)
"""Pages that have no place in the header."""


def page(name: str) -> StreamlitPage:
    """The page of this name; its view is imported when it is opened, so the first one is quick."""

    def show() -> None:
        import_module(f"dashboard.views.{name}.page").show()

    titles = {
        "overview": _("Overview"),
        "recommendations": _("Recommendations"),
        "whatif": _("What if"),
        "item": _("Product"),
        "attention": _("Attention"),
        "features": _("Features"),
        "compare": _("Compare"),
        "model": _("Model"),
        "trust": _("Trust"),
        "data": _("Data"),
        "present": _("Present"),
    }
    return st.Page(show, title=titles[name], url_path=name, default=name == NAMES[0])
