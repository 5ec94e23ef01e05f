"""Runs and data sets from elsewhere: a zip that is verified first, or a folder of this machine."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard import access, state
from dashboard.errors import told
from dashboard.views.frame import busy, empty
from dashboard.words import _, literal
from recommender.workspace import library, records
from recommender.workspace.bundles import kind_in, take_in


def bring_in() -> None:
    """Draw both ways; folders are for administrators."""
    with st.expander(_("Add a run or data set from elsewhere")):
        _zip()
    if access.visitor().admin:
        with st.expander(_("Add a folder of this machine")):
            _folder()


def _zip() -> None:
    sent = st.file_uploader(
        _("A zip as Download writes it"),
        type=["zip"],
        key="bundle",
        help=_(
            "It is opened in a process of its own, its fingerprints are checked, and only the "
            "files that a run or a data set has are taken out of it."
        ),
    )
    if sent is None or state.recall("bundle") == sent.file_id:
        return
    if not st.button(_("Verify and add {name}").format(name=literal(sent.name)), key="take_in"):
        return
    try:
        with busy(_("Verifying …")):
            to = access.new_path(kind_in(sent), Path(sent.name).stem)
            take_in(sent, to, access.visitor())
            records.reconcile()
            access.note("import", to)
    except (ValueError, OSError) as error:
        empty(_("{name} was not taken in").format(name=literal(sent.name)), told(error))
        return
    state.remember("bundle", sent.file_id)
    _show(to)


def _show(path: Path) -> None:
    entry = library.at(path, access.visitor())
    if entry is not None:
        state.write(**{state.ENTRY: entry.address})
    st.rerun()


def _folder() -> None:
    with st.form("folder", border=False):
        path = st.text_input(
            _("Folder"),
            placeholder=_("A folder written by train, import or fetch"),
            key="folder_path",
        )
        if st.form_submit_button(_("Add")) and path.strip():
            try:
                entry = library.add_link(Path(path.strip()), access.visitor())
            except (ValueError, OSError) as error:
                empty(_("This folder cannot be added"), told(error))
            else:
                state.write(**{state.ENTRY: entry.address})
                st.rerun()
