"""Runs and data sets that exist: open one, train on one, add one from a folder."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard import resources, state
from dashboard.pages import page
from dashboard.views.frame import calm, empty, section
from dashboard.views.training import start_training
from dashboard.words import _
from recommender.workspace.library import Entry, add_link, entries


@calm
def library() -> None:
    """Draw the list of runs and data sets, with what can be done with the chosen one."""
    section(
        _("Runs and data sets"),
        _("A run is a trained model with its data. A data set has no model yet."),
    )
    every = entries()
    if not every:
        empty(_("Nothing here yet"), _("Upload files, or add a folder below."))
    else:
        chosen = _table(every)
        if chosen is not None:
            _actions(chosen)
    _folder()


def _table(every: tuple[Entry, ...]) -> Entry | None:
    names = [entry.name for entry in every]
    current = resources.current_name(state.read(state.RUN))
    kinds = {"run": _("run"), "dataset": _("data set")}
    table = pd.DataFrame(
        {
            _("Name"): names,
            _("Kind"): [kinds[entry.kind] for entry in every],
            _("In use"): ["✓" if entry.name == current else "" for entry in every],
            _("Folder"): [str(entry.path) for entry in every],
        }
    )
    with st.container(key="library"):
        st.dataframe(
            table,
            hide_index=True,
            **state.row_choice(state.ENTRY, names, default=current or ""),
        )
    wanted = state.read(state.ENTRY, current or "")
    return next((entry for entry in every if entry.name == wanted), None)


def _actions(chosen: Entry) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="actions"):
        if chosen.kind == "run":
            if st.button(_("Explore {name}").format(name=chosen.name), type="primary"):
                st.switch_page(page("overview"), query_params={state.RUN: chosen.name})
        elif st.button(_("Train on {name}").format(name=chosen.name), type="primary"):
            start_training(chosen.path, chosen.name)


def _folder() -> None:
    with st.expander(_("Add a folder of this machine")), st.form("folder", border=False):
        path = st.text_input(
            _("Folder"),
            placeholder=_("A folder written by train, import or fetch"),
            key="folder_path",
        )
        if st.form_submit_button(_("Add")) and path.strip():
            try:
                entry = add_link(Path(path.strip()))
            except (ValueError, OSError) as error:
                empty(_("This folder cannot be added"), str(error))
            else:
                state.write(**{state.ENTRY: entry.name})
                st.rerun()
