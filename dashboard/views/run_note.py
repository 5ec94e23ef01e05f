"""Links carry the fingerprints of run and data: a page says when it no longer shows the same."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import resources, state
from dashboard.words import _

_LENGTH = 8
"""Digits of a fingerprint that a link carries."""


def note_run(place: DeltaGenerator) -> None:
    """Write the fingerprints of what is shown to the URL, or say that they are others by now.

    Called after the page, which opens the run; without an open run nothing is compared.
    """
    name = state.read(state.RUN)
    try:
        key = resources.run_key(name)
    except resources.NotOpenError:
        return
    if not resources.is_open(key):
        return
    opened = resources.run(key)
    now = f"{name}~{opened.fingerprint[:_LENGTH]}~{opened.dataset.fingerprint[:_LENGTH]}"
    then = state.read(state.SEEN)
    if then == now:
        return
    if then.count("~") != 2 or then.split("~")[0] != name:
        state.write(**{state.SEEN: now})
        return
    with place.container(border=True, key="run_changed"):
        _say(then, now)


def _say(then: str, now: str) -> None:
    _name, run_then, data_then = then.split("~")
    _name, run_now, data_now = now.split("~")
    what = _("The run has changed since this link was made")
    st.markdown(f"**{what}**")
    if data_then == data_now:
        said = _(
            "It was trained anew on the same data (run {then}, now {now}): ranks, scores and "
            "reasons below can differ from what was seen."
        )
    else:
        said = _(
            "It was trained anew, and on other data (run {then}, now {now}): customers, products, "
            "ranks and reasons below can differ from what was seen."
        )
    st.text(said.format(then=run_then, now=run_now))
    st.button(
        _("Go on with the run as it is"),
        key="run_accepted",
        on_click=state.write,
        kwargs={state.SEEN: now},
    )
