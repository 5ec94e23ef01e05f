"""Bring your own data, train on it, and open what exists."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.views.data.audit import what_was_done
from dashboard.views.data.library import library
from dashboard.views.data.training import training
from dashboard.views.data.upload import upload
from dashboard.views.feedback import what_was_said
from dashboard.views.frame import title
from dashboard.words import _

_WAYS = ("open", "upload")


def show() -> None:
    """Draw the page."""
    title(
        _("Data"),
        _("Open a run, or train one on your own files. They stay on this server."),
    )
    names = {"open": _("Open what exists"), "upload": _("Upload files")}
    way = st.segmented_control(
        _("What to do"),
        _WAYS,
        format_func=names.__getitem__,
        required=True,
        label_visibility="collapsed",
        **state.choice(state.WAY, _WAYS, _WAYS[0]),
    )
    training()
    if way == "upload":
        upload()
    else:
        library()
    what_was_said()
    what_was_done()
