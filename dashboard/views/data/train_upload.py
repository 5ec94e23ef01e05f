"""Name, settings and cost of a training on the uploaded data, and the button that starts it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from dashboard import access, state
from dashboard.views.data.training import start_training, way_to_training
from dashboard.views.data.wording import choose_vocabulary
from dashboard.views.frame import busy
from dashboard.words import _, plural, vocabulary
from recommender.data import Tables, build_dataset, save_dataset
from recommender.workspace.estimates import (
    Estimate,
    epochs_by_default,
    estimate_training,
    training_pace,
)
from recommender.workspace.records import default_days
from recommender.workspace.retention import MOST_DAYS, keep

_MOST: Final = 1_000_000


def train(file: str, tables: Tables) -> None:
    """Draw the settings, what the training will take, and the button."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = st.text_input(
            _("Name"), width=260, **state.words(state.NAME, Path(file).name.split(".")[0])
        )
        choose_vocabulary(tables, file)
        again = {"proposed": _("as the data suggest"), "yes": _("yes"), "no": _("no")}
        repeats = st.selectbox(
            _("Recommend again what {@customers} have"),
            list(again),
            format_func=again.__getitem__,
            width=260,
            **state.choice(state.REPEATS, list(again), "proposed"),
        )
        least = st.number_input(
            _("Fewest events {@a_product} needs"),
            min_value=1,
            step=1,
            width=220,
            **state.number(state.FEWEST, 1, _MOST, 1),
        )
        epochs = st.number_input(
            _("Passes over the data, at most"),
            min_value=1,
            step=1,
            width=220,
            **state.number(state.PASSES, 1, _MOST, epochs_by_default(len(tables.interactions))),
        )
        days = st.number_input(
            _("Keep for days (0: without an end)"),
            min_value=0,
            step=1,
            width=220,
            help=_("Then the data set is deleted, with the runs that hold a copy of it."),
            **state.number(state.DAYS, 0, MOST_DAYS, default_days() or 0),
        )
    with st.container(key="estimate"):
        st.text(_in_words(_estimate(tables, int(epochs))))
    if not st.button(_("Build and train"), type="primary", key="build"):
        way_to_training()
        return
    with busy(_("Building the data set …")):
        dataset = build_dataset(
            tables,
            name.strip() or "data",
            min_item_events=int(least),
            repeats={"proposed": None, "yes": True, "no": False}[repeats],
            vocabulary=vocabulary(),
        )
        path = access.new_path("dataset", name)
        save_dataset(dataset, path)
        access.note("import", path)
        if int(days) != (default_days() or 0):
            keep(path, int(days) or None, access.visitor())
    start_training(path, name, ("--epochs", str(int(epochs))))


def _estimate(tables: Tables, epochs: int) -> Estimate:
    runs = [entry.path for entry in access.entries() if entry.kind == "run"]
    pace = training_pace(runs)
    return estimate_training(len(tables.interactions), len(tables.items), epochs, pace)


def _in_words(estimate: Estimate) -> str:
    minutes = round(estimate.seconds / 60)
    if minutes < 1:
        seconds = max(round(estimate.seconds), 10)
        time = plural("about {n} second", "about {n} seconds", seconds)
    elif minutes < 90:
        time = plural("about {n} minute", "about {n} minutes", minutes)
    else:
        time = plural("about {n} hour", "about {n} hours", round(minutes / 60))
    told = _("Training will take {time} at most and about {memory} GB of memory.")
    return told.format(time=time, memory=f"{estimate.memory / 1e9:.1f}")
