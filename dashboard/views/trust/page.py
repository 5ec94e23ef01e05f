"""How far the explanations of this run can be believed, as it was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard import access, resources, state
from dashboard.access import fragment
from dashboard.errors import told
from dashboard.figures.palette import palette
from dashboard.figures.trust import (
    agreement_heatmap,
    check_measures,
    checks_table,
    curve_table,
    curves_chart,
    deletion_measures,
    deletion_table,
    methods_chart,
)
from dashboard.resources import RunKey
from dashboard.views.chart import draw
from dashboard.views.frame import calm, section, title, waiting
from dashboard.views.trust import sentences as sentences_trust
from dashboard.words import _, plural

if TYPE_CHECKING:
    from recommender.evaluate.trust_report import Trust

_EVERY_SECONDS = 2.0


def show() -> None:
    """Draw the page."""
    title(
        _("Trust"), _("How far the explanations of this run can be believed: measured, not felt.")
    )
    key = resources.run_key(state.read(state.RUN))
    with waiting(key):
        resources.run(key)
    measured = resources.trust(key)
    if measured is None:
        _unmeasured(key)
    else:
        _deletion(measured)
        _checks(measured)
        _agreement(measured)


def _unmeasured(key: RunKey) -> None:
    """What would be measured, and how to have it."""
    running, problem = resources.trust_job(key)
    with st.container(border=True, key="unmeasured"):
        st.markdown(f"**{_('Not measured yet for this run')}**")
        st.text(
            _(
                "For some hundred {@customers}, events are deleted in the order that each method "
                "names them, and it is watched how soon the recommendation falls. Good "
                "explanations name the events that hold it. It takes minutes."
            )
        )
        if access.visitor().admin:
            st.code(f"python -m recommender trust {key.path}", language="bash")
        if problem:
            st.text(_("It could not be measured: {problem}").format(problem=told(problem)))
        if running:
            fragment(calm(_await), run_every=_EVERY_SECONDS)(key)
        elif st.button(_("Measure now"), type="primary", key="measure"):
            resources.measure_trust(key)
            st.rerun()


def _await(key: RunKey) -> None:
    if not resources.trust_job(key)[0]:
        st.rerun()
    st.caption(_("Being measured in the background; you can go on with other pages …"))
    st.skeleton(height=200)


def _deletion(measured: Trust) -> None:
    section(
        _("Do the named events hold the recommendation?"),
        _(
            "Each {@customer}'s first {@product} is the target. Events are deleted in ten steps, "
            "the most important first as each method says; the rest closes up and all is ranked "
            "again. Still shown: share of steps in which it stays in the first five; low means "
            "that the right events were named. Kept by the rest: the same with the least important "
            "deleted first; high is good. “Newest first” and “Random” need no model: a method that "
            "does no better explains nothing. Deleted histories are unlike real ones, which "
            "favours methods that delete, as “Mattered” does."
        ),
    )
    views = list(dict.fromkeys(measured.deletion["view"]))
    names = {"all": _("All {@products}"), "new": _("New to them")}
    with st.container(horizontal=True, vertical_alignment="center", key="trust_controls"):
        view = st.segmented_control(
            _("{@Products}"),
            views,
            format_func=names.__getitem__,
            required=True,
            label_visibility="collapsed",
            **state.choice(state.VIEW, views, measured.default_view),
        )
        said = plural(
            "Measured on {n} {@customer}.", "Measured on {n} {@customers}.", measured.users
        )
        st.caption(said)
    table = deletion_table(measured, str(view))
    draw(
        "deletion",
        methods_chart(table, deletion_measures(), palette(state.theme())),
        sentences_trust.deletion(table),
        table,
    )
    _curves(measured, str(view), table["method"].tolist())


def _curves(measured: Trust, view: str, order: list[str]) -> None:
    """How soon the recommendation falls, step by step; methods in the order of the table."""
    section(
        _("How soon does it fall?"),
        _(
            "Mean over {@customers} after each tenth of the events is deleted, the most important "
            "first. A curve that falls early belongs to a method that names what the model rests "
            "on; one beside “Random” says nothing. All curves meet at both ends: nothing deleted, "
            "and everything. The middle of a curve counts most: short histories are unlike those "
            "that the model was trained on."
        ),
    )
    curves = curve_table(measured, view)
    if curves.empty:
        st.text(_("This report was made before curves were kept: measure again to see them."))
        return
    names = {"shown": _("Still in the first five"), "probability": _("Probability left")}
    kind = st.segmented_control(
        _("Curve"),
        list(names),
        format_func=names.__getitem__,
        required=True,
        label_visibility="collapsed",
        **state.choice(state.CURVE, list(names), "shown"),
    )
    draw(
        "curves",
        curves_chart(curves, order, str(kind), palette(state.theme())),
        sentences_trust.curves(curves, str(kind)),
        curves,
    )


def _checks(measured: Trust) -> None:
    section(
        _("Does it follow the model, and the truth?"),
        _(
            "Survives a shuffled model: rank correlation with the explanation of a model with "
            "random weights; what survives explains the data, not the model. Stays put: "
            "correlation with the explanation after one random event was dropped. Names the "
            "cause: in made-up data the true cause of each {@purchase} is known. A model may rank "
            "rightly for another reason than the true one: then a true explanation misses too."
        ),
    )
    table = checks_table(measured)
    draw(
        "checks",
        methods_chart(table, check_measures(measured), palette(state.theme())),
        sentences_trust.checks(measured),
        table,
    )


def _agreement(measured: Trust) -> None:
    section(
        _("Do the methods agree?"),
        _(
            "Mean rank correlation of the events' importance between two methods: 1 the same "
            "order, 0 unrelated. Agreement is no proof: two methods can be wrong together."
        ),
    )
    draw(
        "agreement",
        agreement_heatmap(measured, palette(state.theme())),
        sentences_trust.agreement(measured),
        lambda: measured.agreement.rename_axis("method").reset_index(),
    )
    if measured.completeness_error is not None:
        st.caption(
            _("Contributions miss the score they add up to by {value:.0e} at most.").format(
                value=measured.completeness_error
            )
        )
