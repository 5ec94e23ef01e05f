"""The training queue, seen live: place, progress, curves, log; cancel, resume, explore."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard import access, sentences, state
from dashboard.access import fragment
from dashboard.discretion import discreet
from dashboard.errors import told
from dashboard.figures.palette import palette
from dashboard.figures.quality import loss_chart
from dashboard.pages import page
from dashboard.views.frame import calm, empty, section, whole_page_when
from dashboard.words import _, literal, plural
from recommender.workspace import jobs, library
from recommender.workspace.quotas import QuotaError
from recommender.workspace.records import names_of_people

_EVERY_SECONDS = 1.0
_SHOWN = 6


def start_training(dataset: Path, name: str, options: tuple[str, ...] = ()) -> None:
    """Put a training on the data set into the queue and show it."""
    try:
        job = jobs.enqueue(dataset, access.new_path("run", name), access.visitor(), options)
    except QuotaError as error:
        empty(_("Not now"), told(error))
        return
    show_training(job)


def show_training(job: jobs.Job) -> None:
    """Let the page go to this training, wherever on it one is."""
    state.write(**{state.JOB: job.id})
    state.remember("go_to", job.id)
    st.rerun()


def way_to_training() -> None:
    """A link to the training that the URL names: a press far below it shows nothing else."""
    named = state.read(state.JOB)
    job = next((job for job in jobs.jobs(access.visitor()) if job.id == named), None)
    if job is not None:
        said = _("To the training of {name}").format(name=literal(job.name))
        st.markdown(f"[↑ {said}](#{_anchor(job)})")


def _into_view(job: jobs.Job) -> None:
    """Its start is pressed far below."""
    script = f"document.getElementById({json.dumps(_anchor(job))})?.scrollIntoView()"
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def _anchor(job: jobs.Job) -> str:
    return f"training-{job.id}"


@calm
def training() -> None:
    """Draw what waits and runs, and the job that the URL names; all goes on without the page."""
    jobs.tend()
    every = jobs.jobs(access.visitor())
    named = state.read(state.JOB)
    shown = [job for job in every if job.is_open or job.id == named][-_SHOWN:]
    for job in shown:
        if job.is_open:
            fragment(_job, run_every=_EVERY_SECONDS)(job.id, True)
        else:
            _job(job.id, False)


@calm
def _job(job_id: str, live: bool) -> None:
    who = access.visitor()
    try:
        job = jobs.poll(job_id, who)
    except KeyError:
        return
    if live:
        jobs.tend()
        whole_page_when(not job.is_open)
    with st.container(border=True, key=f"job_{job.id}"):
        section(_("Training {name}").format(name=job.name), anchor=_anchor(job))
        if state.recall("go_to") == job.id:
            state.forget("go_to")
            _into_view(job)
        _owner(job)
        if job.state == "queued":
            st.text(_waiting(job))
        elif job.state == "running":
            st.progress(job.share, text=sentences.progress(job))
        else:
            st.text(sentences.outcome(job))
        _curves(job)
        with st.container(horizontal=True, key=f"steps_{job.id}"):
            _steps(job)
        with st.expander(_("Log"), key=f"log_{job.id}"):
            said = discreet(jobs.log(job.id, who)) or _("Nothing yet.")
            st.code(said, language=None, wrap_lines=True)


def _owner(job: jobs.Job) -> None:
    """Whose it is, to those who see others' too: these may be called the same."""
    if job.owner and access.visitor().admin:
        st.text(names_of_people().get(job.owner, job.owner))


def _waiting(job: jobs.Job) -> str:
    if not job.before:
        return _("Next in the queue.")
    return plural("{n} training waits before it.", "{n} trainings wait before it.", job.before)


def _steps(job: jobs.Job) -> None:
    who = access.visitor()
    if job.is_open:
        if st.button(_("Cancel"), key=f"cancel_{job.id}"):
            jobs.cancel(job.id, who)
            st.rerun()
        return
    if job.state == "done" and st.button(_("Explore the result"), type="primary"):
        entry = library.at(job.out, who)
        if entry is not None:
            st.switch_page(page("overview"), query_params=state.anew(run=entry.name))
    if job.state in ("failed", "cancelled"):
        label = _("Go on") if job.can_resume else _("Start again")
        if st.button(label, key=f"resume_{job.id}"):
            try:
                jobs.resume(job.id, who)
            except QuotaError as error:
                empty(_("Not now"), told(error))
                return
            st.rerun()
        if st.button(_("Discard"), key=f"discard_{job.id}"):
            jobs.forget(job.id, who)
            state.write(**{state.JOB: None})
            st.rerun()


def _curves(job: jobs.Job) -> None:
    """Loss and NDCG as far as they are known."""
    table = pd.DataFrame(job.progress)
    if not {"step", "loss"} <= set(table.columns) or len(table) < 2:
        return
    colours, told = palette(state.theme()), sentences.progress(job)
    left, right = st.columns(2)
    with left:
        st.altair_chart(loss_chart(table[["step", "loss"]].dropna(), colours), alt=told)
    measured = table[["step", "ndcg@10"]].dropna() if "ndcg@10" in table else table[:0]
    with right:
        if len(measured) > 1:
            st.altair_chart(loss_chart(measured, colours, "ndcg@10"), alt=told)
