"""Name, settings and cost of a training on the uploaded data, and the button that starts it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import streamlit as st

from dashboard import access, state
from dashboard.pages import page
from dashboard.views.data.training import show_training, start_training, way_to_training
from dashboard.views.data.wording import choose_vocabulary
from dashboard.views.frame import busy
from dashboard.words import _, literal, plural, vocabulary
from recommender.data import Dataset, Tables, build_dataset, save_dataset
from recommender.workspace import jobs
from recommender.workspace.estimates import (
    Estimate,
    epochs_by_default,
    estimate_training,
    training_pace,
)
from recommender.workspace.jobs import Job
from recommender.workspace.library import Entry
from recommender.workspace.records import default_days
from recommender.workspace.retention import MOST_DAYS, keep

_MOST: Final = 1_000_000
_RUNS_SHOWN: Final = 3


@dataclass(frozen=True)
class Wanted:
    """What was asked for beside the data."""

    name: str
    repeats: bool | None
    """Whether what customers have is recommended again; None as the data suggest."""
    least: int
    """Fewest events a product needs."""
    epochs: int
    """Passes over the data, at most."""
    days: int
    """For how many days the data set is kept; 0 without an end."""


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
    wanted = Wanted(
        name.strip() or "data",
        {"proposed": None, "yes": True, "no": False}[repeats],
        int(least),
        int(epochs),
        int(days),
    )
    with st.container(key="train_bar", horizontal=True, vertical_alignment="center"):
        with st.container(key="estimate"):
            st.text(_in_words(_estimate(tables, wanted.epochs)))
        pressed = st.button(_("Build and train"), type="primary", key="build")
    if not pressed:
        way_to_training()
        return
    with busy(_("Building the data set …")):
        dataset = build_dataset(
            tables,
            wanted.name,
            min_item_events=wanted.least,
            repeats=wanted.repeats,
            vocabulary=vocabulary(),
        )
    known = access.with_data(dataset.fingerprint)
    under_way = _under_way(known)
    if under_way is not None or any(entry.kind == "run" for entry in known):
        st.dialog(_("These data are known"))(_known)(dataset, wanted, known, under_way)
    else:
        _begin(dataset, wanted, known)


def _under_way(known: tuple[Entry, ...]) -> Job | None:
    """The training that is waiting or running on one of these data sets."""
    folders = {entry.path.resolve() for entry in known}
    every = jobs.jobs(access.visitor())
    return next((job for job in every if job.is_open and job.dataset.resolve() in folders), None)


def _known(
    dataset: Dataset, wanted: Wanted, known: tuple[Entry, ...], under_way: Job | None
) -> None:
    """Asks before the same data are trained on once more: a second press makes no second run."""
    if under_way is not None:
        said = _("{name} is being trained on the very same data.").format(name=under_way.name)
    else:
        said = _("You have trained on the very same data: open what came of it.")
    st.text(said)
    for run in [entry for entry in known if entry.kind == "run"][:_RUNS_SHOWN]:
        label = _("Open {name}").format(name=literal(run.name))
        if st.button(label, type="primary", key=f"open_{run.key}"):
            st.switch_page(page("overview"), query_params=state.anew(run=run.name))
    if under_way is not None and st.button(_("To its training"), type="primary", key="to_job"):
        show_training(under_way)
    if st.button(_("Train once more"), key="once_more"):
        _begin(dataset, wanted, known)


def _begin(dataset: Dataset, wanted: Wanted, known: tuple[Entry, ...]) -> None:
    """Train on the data set that is there already, or on a new one."""
    path = next((entry.path for entry in known if entry.kind == "dataset"), None)
    if path is None:
        path = access.new_path("dataset", wanted.name)
        save_dataset(dataset, path)
        access.note("import", path)
    if wanted.days != (default_days() or 0):
        keep(path, wanted.days or None, access.visitor())
    start_training(path, path.name, ("--epochs", str(wanted.epochs)))


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
