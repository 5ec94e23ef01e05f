"""Training in the background, seen live: progress, time left, cancel, explore."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard import sentences, state
from dashboard.figures.palette import palette
from dashboard.figures.quality import loss_chart
from dashboard.pages import page
from dashboard.views.frame import calm, section
from dashboard.words import _
from recommender.workspace import jobs
from recommender.workspace.library import new_path

_EVERY_SECONDS = 1.0


def start_training(dataset: Path, name: str, options: tuple[str, ...] = ()) -> None:
    """Start a job on the data set and show it."""
    job = jobs.start(dataset, new_path("run", name), options)
    state.write(**{state.JOB: job.name})
    st.rerun()


def training() -> None:
    """Draw the job that the URL names, or one that runs; it goes on when the page is closed."""
    name = state.read(state.JOB)
    shown = next((job for job in jobs.jobs() if job.name == name or job.state == "running"), None)
    if shown is None:
        return
    if shown.state == "running":
        st.fragment(_job, run_every=_EVERY_SECONDS)(shown.name, True)
    else:
        _job(shown.name, False)


@calm
def _job(name: str, live: bool) -> None:
    job = jobs.poll(name)
    if job.state != "running" and live:
        st.rerun()
    with st.container(border=True, key="job"):
        section(_("Training {name}").format(name=job.name))
        if job.state == "running":
            st.progress(job.share, text=sentences.progress(job))
            _losses(job)
            if st.button(_("Cancel"), key=f"cancel_{name}"):
                jobs.cancel(name)
                st.rerun()
            return
        st.text(sentences.outcome(job))
        if job.state == "done" and st.button(_("Explore the result"), type="primary"):
            st.switch_page(page("overview"), query_params={state.RUN: job.out.name})


def _losses(job: jobs.Job) -> None:
    table = pd.DataFrame(job.progress)
    if {"step", "loss"} <= set(table.columns) and len(table) > 1:
        st.altair_chart(
            loss_chart(table[["step", "loss"]].dropna(), palette(state.theme())),
            key="loss",
            alt=sentences.progress(job),
        )
