"""Links carry the fingerprints of run and data: a page says when it no longer shows the same."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import resources, state
from dashboard.words import _
from recommender.workspace.store import StoreError

_LENGTH = 8
"""Digits of a fingerprint that a link carries."""


def name_run() -> None:
    """Let the URL name the fingerprints of what is shown, if it names none of this entry's.

    Before the page is drawn, so that its links name them too; and after it, for it opens the run.
    """
    now, then = _now(), state.read(state.SEEN)
    if now and (then.count("~") != 2 or then.split("~")[0] != now.split("~")[0]):
        state.settle(**{state.SEEN: now})


def note_run(place: DeltaGenerator) -> None:
    """Say that run or data are others by now than the URL names.

    Called after the page, which opens the run; without an open run nothing is compared.
    """
    name_run()
    now, then = _now(), state.read(state.SEEN)
    if now not in ("", then):
        with place.container(border=True, key="run_changed"):
            _say(then, now)


def _now() -> str:
    """The entry that the URL names, and the fingerprints of run and data; nothing if not open."""
    name = state.read(state.RUN)
    try:
        key = resources.run_key(name)
    except (resources.NotOpenError, StoreError):
        return ""  # the page says it
    if not resources.is_open(key):
        return ""
    opened = resources.run(key)
    return f"{name}~{opened.fingerprint[:_LENGTH]}~{opened.dataset.fingerprint[:_LENGTH]}"


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
            "It was trained anew, and on other data (run {then}, now {now}): {@customers}, "
            "{@products}, ranks and reasons below can differ from what was seen."
        )
    st.text(said.format(then=run_then, now=run_now))
    st.button(
        _("Go on with the run as it is"),
        key="run_accepted",
        on_click=state.write,
        kwargs={state.SEEN: now},
    )
