"""Runs and data sets that exist: open, train, compare, rename, note, download, delete."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import access, state
from dashboard.errors import told
from dashboard.pages import page
from dashboard.views.data.bring_in import bring_in
from dashboard.views.data.erasing import erase_customer
from dashboard.views.data.training import start_training
from dashboard.views.feedback import train_with_likes
from dashboard.views.frame import calm, empty, section
from dashboard.words import _, literal
from recommender.workspace import records
from recommender.workspace.bundles import write_bundle
from recommender.workspace.library import Entry, called
from recommender.workspace.places import disk_use, home
from recommender.workspace.quotas import space_limit, space_used
from recommender.workspace.retention import MOST_DAYS, keep
from recommender.workspace.store import StoreError


@calm
def library() -> None:
    """Draw the list of runs and data sets, with what can be done with the chosen one."""
    section(
        _("Runs and data sets"),
        _("A run is a trained model with its data. A data set has no model yet."),
    )
    try:
        records.reconcile()
    except StoreError as problem:
        empty(_("The library does not answer"), told(problem))
    every = access.entries()
    if not every:
        empty(_("Nothing here yet"), _("Upload files, or add a folder below."))
    else:
        chosen = _table(every)
        if chosen is not None:
            _actions(chosen, every)
            _end(chosen)
        erase_customer()
    bring_in()


def _table(every: tuple[Entry, ...]) -> Entry | None:
    addresses = [entry.address for entry in every]
    current = access.find(state.read(state.RUN))
    first = current.address if current else ""
    sizes = [disk_use(entry.path) for entry in every]
    with st.container(key="library"):
        st.dataframe(
            _rows(every, sizes, current),
            hide_index=True,
            column_config=_columns(),
            **state.row_choice(state.ENTRY, addresses, default=first),
        )
    _use(sum(sizes))
    return called(state.read(state.ENTRY, first), every)


def _rows(every: tuple[Entry, ...], sizes: list[int], current: Entry | None) -> pd.DataFrame:
    kinds = {"run": _("run"), "dataset": _("data set")}
    table = pd.DataFrame(
        {
            "name": [entry.name for entry in every],
            "kind": [kinds[entry.kind] for entry in every],
            "in_use": ["✓" if entry == current else "" for entry in every],
            "made": [_day(entry.created) for entry in every],
            "size": [size / 2**20 for size in sizes],
            "until": [_day(entry.keep_until or 0.0) for entry in every],
            "note": [entry.note for entry in every],
            "fingerprint": [entry.fingerprint for entry in every],
        }
    )
    if not any(table["until"]):
        table = table.drop(columns="until")
    who = access.visitor()
    if not who.admin:
        return table
    table["folder"] = [str(entry.path) for entry in every]
    if access.needs_login():
        people = records.names_of_people()
        table.insert(2, "owner", [people.get(entry.owner, entry.owner) for entry in every])
    return table


def _columns() -> dict[str, Any]:
    config = st.column_config
    return {
        "name": config.TextColumn(_("Name")),
        "kind": config.TextColumn(_("Kind"), width=80),
        "owner": config.TextColumn(_("Owner"), width=120),
        "in_use": config.TextColumn(_("In use"), width=60),
        "made": config.TextColumn(_("Made"), width=100),
        "size": config.NumberColumn(_("MB"), format="%.1f", width=60),
        "until": config.TextColumn(_("Kept until"), width=100),
        "note": config.TextColumn(_("Note")),
        "fingerprint": config.TextColumn(_("Fingerprint"), width=140),
        "folder": config.TextColumn(_("Folder")),
    }


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d") if seconds else ""


def _use(size: int) -> None:
    """What is kept; of those who have a limit all that counts for it."""
    who = access.visitor()
    limit = space_limit(who)
    if limit is None:
        st.caption(_("{used} MB in the library.").format(used=f"{size / 2**20:,.1f}"))
        return
    try:
        used = f"{space_used(who) / 2**20:,.1f}"
    except StoreError:
        return  # The page has said so.
    said = _("{used} MB of the {limit} MB that you may take.")
    st.caption(said.format(used=used, limit=f"{limit:,}"))


def _actions(chosen: Entry, every: tuple[Entry, ...]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="actions"):
        if chosen.kind == "run":
            label = _("Explore {name}").format(name=literal(chosen.name))
            if st.button(label, type="primary", key=f"explore_{chosen.key}"):
                st.switch_page(page("overview"), query_params=state.anew(run=chosen.name))
            _compare(chosen, every)
        else:
            label = _("Train on {name}").format(name=literal(chosen.name))
            if st.button(label, type="primary", key=f"train_{chosen.key}"):
                start_training(chosen.path, chosen.name)
        train_with_likes(chosen)
        st.download_button(
            _("Download"),
            data=access.exported(chosen.path, lambda: _zipped(chosen)),
            file_name=f"{chosen.path.resolve().name}.zip",
            mime="application/zip",
            icon=":material/download:",
            on_click="ignore",
            key=f"zip_{chosen.key}",
            disabled=state.masked(),
            help=_("It would hold {@customer} ids, which are hidden now.")
            if state.masked()
            else None,
        )
        if chosen.kept_by(access.visitor()):
            _describe(chosen)
            _keep_for(chosen)
            if st.button(_("Delete"), icon=":material/delete:", key=f"delete_{chosen.key}"):
                st.dialog(_("Delete for good?"))(_confirm)(chosen)


def _zipped(entry: Entry) -> bytes:
    """The zip, written once to a file that is gone when it was read."""
    with tempfile.TemporaryFile() as file:
        write_bundle(entry.path.resolve(), file)
        file.seek(0)
        return file.read()


def _compare(chosen: Entry, every: tuple[Entry, ...]) -> None:
    others = [entry.name for entry in every if entry.kind == "run" and entry.name != chosen.name]
    if not others:
        return
    with st.popover(_("Compare"), icon=":material/compare_arrows:"):
        for other in others[:20]:
            st.page_link(
                page("compare"),
                label=literal(other),
                query_params=state.anew(run=chosen.name, compare="runs", with_run=other),
            )


def _describe(chosen: Entry) -> None:
    with st.popover(_("Name and note"), icon=":material/edit:"):
        with st.form(f"describe_{chosen.key}", border=False):
            name = st.text_input(_("Name"), chosen.name, max_chars=80)
            note = st.text_area(_("Note"), chosen.note, max_chars=2_000)
            pressed = st.form_submit_button(_("Keep"))
        if not pressed:
            return
        try:
            access.still(chosen)
            if name != chosen.name:
                records.rename(chosen.path, name)
            records.annotate(chosen.path, note)
        except (ValueError, OSError) as error:
            empty(_("This could not be kept"), told(error))
            return
        state.write(**{state.ENTRY: None})
        st.rerun()


def _end(chosen: Entry) -> None:
    """When the chosen one will be deleted, said beforehand."""
    if chosen.keep_until is None:
        return
    said = _("{name} is kept until {day} and then deleted, with the runs that hold a copy of it.")
    if chosen.kind == "run":
        said = _("{name} is kept until {day} and then deleted, with the data that it holds.")
    st.text(said.format(name=chosen.name, day=_day(chosen.keep_until)))


def _keep_for(chosen: Entry) -> None:
    """How many days a data set is kept."""
    if chosen.kind != "dataset" or not chosen.path.resolve().is_relative_to(home().resolve()):
        return
    with st.popover(_("Keep for"), icon=":material/auto_delete:"):
        with st.form(f"days_{chosen.key}", border=False):
            days = st.number_input(
                _("Days from now; nothing: without an end"),
                min_value=1,
                max_value=MOST_DAYS,
                value=None,
                step=1,
            )
            st.caption(_("Then it is deleted, with the runs that hold a copy of it."))
            pressed = st.form_submit_button(_("Keep"))
        if not pressed:
            return
        try:
            keep(access.still(chosen).path, None if days is None else int(days), access.visitor())
        except (ValueError, OSError) as error:
            empty(_("This could not be kept"), told(error))
            return
        st.rerun()


def _confirm(shown: Entry) -> None:
    """Asks about the entry that was chosen, whatever is called so when the answer comes."""
    st.text(_("{name} and everything in it will be gone.").format(name=shown.name))
    if st.button(
        _("Delete {name}").format(name=literal(shown.name)), type="primary", key="delete_for_good"
    ):
        try:
            now = access.still(shown)
            records.delete(now.path, access.visitor())
        except (ValueError, OSError) as error:
            empty(_("This could not be deleted"), told(error))
            return
        changes = {state.ENTRY: None}
        if state.read(state.RUN) in (shown.address, now.address):
            changes[state.RUN] = None
        state.write(**changes)
        st.rerun()
