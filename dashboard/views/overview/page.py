"""What this data and this model are, how good the model is, and a way into the rest."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import catalogue, errors, groups, resources, sentences, state
from dashboard.access import fragment
from dashboard.figures.palette import palette
from dashboard.figures.quality import (
    activity_chart,
    category_chart,
    quality_chart,
    quality_table,
)
from dashboard.figures.shares import importance_chart
from dashboard.names import day, feature_inside, feature_name
from dashboard.resources import Report, RunKey
from dashboard.views.chart import draw
from dashboard.views.data import sentences as sentences_scoring
from dashboard.views.frame import calm, section, title
from dashboard.views.model import sentences as sentences_model
from dashboard.views.overview.first_look import guide, ways_in
from dashboard.words import _

_EVERY_SECONDS = 1.0
_METRICS = {"ndcg@10": "NDCG@10", "recall@10": "Recall@10", "mrr@10": "MRR@10"}


def show() -> None:
    """Draw the page."""
    title(
        _("Why this {@product}, for this {@customer}?"),
        _("Every recommendation taken apart, so that you can check whether to believe it."),
    )
    key = resources.run_key(state.read(state.RUN))
    told = resources.report(key)
    guide()
    _numbers(told)
    ways_in(told, key)
    with st.container(key="split_quality"):
        left, right = st.columns(2, gap="large")
    with left:
        _quality(told)
    with right:
        _reliance(key)
    with st.container(key="split_data"):
        left, right = st.columns(2, gap="large")
    with left:
        _activity(key, told)
    with right:
        _categories(key)
    _notes(told)


def _numbers(told: Report) -> None:
    data = told.dataset
    times = data.interactions["time"]
    facts = [
        (_("{@Customers}"), f"{len(data.users):,}"),
        (_("{@Products}"), f"{len(data.items):,}"),
        (_("Events"), f"{len(data.interactions):,}"),
    ]
    if data.has_time and len(times):
        facts.append((_("From"), day(times.min())))
        facts.append((_("To"), day(times.max())))
    with st.container(key="numbers", horizontal=True, gap="large"):
        for name, value in facts:
            st.metric(name, value, width="content")


def _quality(told: Report) -> None:
    section(
        _("How good is the model?"),
        _(
            "Each method ranks the whole catalogue for {@customers}, at the moment before "
            "{@purchases} that it has not seen. NDCG@10 is 1 when these always come first, and 0 "
            "when none is ever among the first ten. “New {@products}” leaves out what "
            "{@a_customer} already has."
        ),
    )
    if told.scored_with is not None:
        with st.container(key="of_another"):
            st.text(sentences_scoring.quality_elsewhere(told.scored_with))
        return
    metric = st.segmented_control(
        _("Measure"),
        list(_METRICS),
        format_func=_METRICS.__getitem__,
        required=True,
        label_visibility="collapsed",
        **state.choice(state.METRIC, list(_METRICS), "ndcg@10"),
    )
    names = {
        "all": _("All {@products}"),
        "new": _("New {@products}"),
        "newcomers": _("{@Customers} without an earlier event"),
    }
    views = told.metrics["views"]
    apart = {
        name: told.metrics[name]
        for name in ("newcomers",)
        if name in told.metrics and told.metrics[name]["users"] >= groups.smallest()
    }
    for name, view in (views | apart).items():
        st.markdown(f":gray[**{names[name]}**]")
        draw(
            f"quality_{name}",
            quality_chart(view, metric, palette(state.theme())),
            sentences.quality(view, metric),
            partial(quality_table, view, metric),
        )
    for said in sentences_model.measured_so(told.metrics):
        st.caption(said)


def _reliance(key: RunKey) -> None:
    section(
        _("What the model relies on"),
        _(
            "How far each kind of share moves the score of what comes first, on average over "
            "{@customers} drawn at random, as a part of all movement. It says what the model uses, "
            "not what is true of the world."
        ),
    )
    if resources.importance_is_ready(key):
        _importance(key)
    else:
        fragment(_await_importance, run_every=_EVERY_SECONDS)(key)


@calm
def _importance(key: RunKey) -> None:
    table = resources.importance(key)
    draw(
        "importance",
        importance_chart(table, palette(state.theme())),
        sentences.importance(table, resources.importance_users(key)),
        table,
    )


def _await_importance(key: RunKey) -> None:
    if resources.importance_is_ready(key):
        st.rerun()
    st.caption(_("Being measured over a sample of {@customers} …"))
    st.skeleton(height=280)


def _activity(key: RunKey, told: Report) -> None:
    section(_("Events over time"))
    if not told.dataset.has_time:
        st.text(_("This data set has no times: the order of its rows stands in for them."))
        return
    table = resources.activity(key)
    draw(
        "activity",
        activity_chart(table, told.dataset.event_types, palette(state.theme())),
        sentences.activity(table),
        table,
    )


def _categories(key: RunKey) -> None:
    table = resources.categories(key)
    if table is None:
        return
    feature = catalogue.category_feature(resources.report(key).dataset)
    name = feature.name if feature else ""
    section(_("Events by {feature}").format(feature=feature_inside(name)))
    draw(
        "categories",
        category_chart(table, feature_name(name), palette(state.theme())),
        sentences.categories(table),
        table,
    )


def _notes(told: Report) -> None:
    """What was inferred or repaired on the way from files to data set, and what it lacks."""
    lacking = sentences_scoring.lacking(told.dataset)
    if not told.dataset.notes and not lacking:
        return
    section(_("What was done to the data"))
    for note in told.dataset.notes:
        st.text(f"· {errors.told(note)}")
    if lacking:
        st.text(f"· {lacking}")
