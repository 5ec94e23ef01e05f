"""New histories scored with a run that exists: what is new to it, the lists, a way to explore."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard import access, identities, resources, state
from dashboard.errors import told
from dashboard.pages import page
from dashboard.resources import Scored
from dashboard.views.data import sentences as sentences_scoring
from dashboard.views.frame import busy, empty, section
from dashboard.words import _, plural, speaking_of, vocabulary
from recommender.data import Tables
from recommender.data.columns import USER
from recommender.data.spreadsheets import to_csv
from recommender.workspace.library import Entry

_FIRST = 20


def score(file: str, tables: Tables) -> None:
    """Draw the choice of a run, the button, and what came of it."""
    runs = [entry.name for entry in access.entries() if entry.kind == "run"]
    if not runs:
        empty(_("There is no run to score with"), _("Train one first."))
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.selectbox(
            _("Run"), runs, width=300, **state.choice(state.SCORE_WITH, runs, runs[0])
        )
        name = st.text_input(
            _("Name"),
            width=260,
            **state.words(state.NAME, Path(file).name.split(".")[0]),
        )
        pressed = st.button(_("Score"), type="primary", key="score")
    if pressed:
        out = access.new_path("run", name)
        with busy(_("Scoring …")):
            try:
                found = resources.score(resources.run_key(chosen), tables, name.strip(), out)
            except ValueError as error:
                empty(_("These histories cannot be scored"), told(error))
                return
        access.note("score", out)
        state.remember("scored", found)
    scored = state.recall("scored")
    if isinstance(scored, Scored) and scored.path.exists():
        entry = _entry(scored.path)
        with speaking_of(resources.vocabulary_of(entry.name) if entry else vocabulary()):
            _show(scored)


def _show(scored: Scored) -> None:
    section(_("What the run made of them"))
    with st.container(key="carried"):
        for sentence in _told(scored):
            st.text(sentence)
    lists = resources.lists_of(scored.path, _FIRST)
    with st.container(key="scored"):
        st.dataframe(_shown(identities.exported(lists, state.masked())), hide_index=True)
    st.caption(_("The first {@customers} with their first three; the file has everybody's ten."))
    with st.container(horizontal=True):
        entry = _entry(scored.path)
        if entry is not None:
            st.page_link(
                page("recommendations"),
                label=_("Explore one of them"),
                icon=":material/arrow_forward:",
                query_params=state.anew(run=entry.name, moment="now"),
            )
        st.download_button(
            _("All recommendations (CSV)"),
            data=access.exported(scored.path, partial(_everybody, scored.path, state.masked())),
            file_name="recommendations.csv",
            mime="text/csv",
            on_click="ignore",
            key="all_scored",
        )


def _everybody(path: Path, hidden: bool) -> bytes:
    return to_csv(identities.exported(resources.lists_of(path), hidden))


def _entry(path: Path) -> Entry | None:
    real = path.resolve()
    return next((one for one in access.entries() if one.path.resolve() == real), None)


def _shown(lists: pd.DataFrame) -> pd.DataFrame:
    first = lists[lists["rank"] <= 3]
    shown = first[[USER, "rank", "title", "reason_title", "reason_feature"]]
    return shown.rename(
        columns={
            USER: _("{@Customer}"),
            "rank": _("Rank"),
            "title": _("{@Product}"),
            "reason_title": _("Strongest reason"),
            "reason_feature": _("Through"),
        }
    )


def _told(scored: Scored) -> list[str]:
    carried = scored.carried
    told = [plural("{n} event was read.", "{n} events were read.", carried.events)]
    if carried.unknown_users is not None:
        told.append(
            plural(
                "{n} {@customer} is new to the run; the histories are read all the same",
                "{n} {@customers} are new to the run; their histories are read all the same",
                len(carried.unknown_users),
            )
            + _named(identities.named(carried.unknown_users, state.masked()))
        )
    if carried.through_features:
        told.append(
            plural(
                "{n} {@product} is new to the run and read through features that it knows",
                "{n} {@products} are new to the run and read through features that it knows",
                len(carried.through_features),
            )
            + _named(carried.through_features)
        )
    if carried.unknown_items:
        told.append(
            plural(
                "{n} {@product} is quite unknown to the run, and its events were left out",
                "{n} {@products} are quite unknown to the run, and their events were left out",
                len(carried.unknown_items),
            )
            + _named(carried.unknown_items)
        )
    if carried.unknown_events:
        told.append(_("Unknown kinds of events were left out") + _named(carried.unknown_events))
    if carried.unknown_values:
        told.append(
            _("Unknown values of {@customers} and of new {@products}")
            + _named(carried.unknown_values)
        )
    if carried.read_as:
        read = [
            _("{here} as {there}").format(here=here, there=there) for here, there in carried.read_as
        ]
        told.append(_("Kinds of events that the run calls otherwise were read") + _named(read))
    return told + sentences_scoring.unread(carried.unread)


def _named(names: Sequence[str]) -> str:
    if not names:
        return _(".")
    said = _(": {names}, …") if len(names) > 8 else _(": {names}.")
    return said.format(names=_(", ").join(names[:8]))
