"""What the lists are worth, for whom, and how popular they are: beside the baselines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard import groups, state
from dashboard.figures.model import (
    beyond_chart,
    beyond_table,
    fame_chart,
    fame_table,
    group_chart,
    group_table,
)
from dashboard.figures.palette import palette
from dashboard.names import feature_name
from dashboard.views.chart import draw
from dashboard.views.frame import section
from dashboard.views.model import sentences as sentences_model
from dashboard.words import _, literal, plural

if TYPE_CHECKING:
    from recommender.evaluate.quality import Quality


def worth(measured: Quality) -> None:
    """Draw the sections that rest on the customers' held-out purchases."""
    if measured.beyond.empty:
        return
    view = _view(measured)
    with st.container(key="split_worth"):
        left, right = st.columns([3, 2], gap="large")
    with left:
        _beyond(measured, view)
    with right:
        _fame(measured, view)
    _groups(measured, view)


def _view(measured: Quality) -> str:
    views = list(dict.fromkeys(measured.beyond["view"]))
    names = {"all": _("All {@products}"), "new": _("New to them")}
    section(
        _("What its lists are worth"),
        _(
            "Every method makes a list of ten for the same {@customers}, who are asked at the "
            "moment before {@a_purchase} that no method has seen. “New to them” leaves out what "
            "they have."
        ),
    )
    with st.container(horizontal=True, vertical_alignment="center", key="worth_controls"):
        chosen = st.segmented_control(
            _("{@Products}"),
            views,
            format_func=names.__getitem__,
            required=True,
            label_visibility="collapsed",
            **state.choice(state.VIEW, views, views[0]),
        )
        st.caption(
            plural("Measured on {n} {@customer}.", "Measured on {n} {@customers}.", measured.cases)
        )
    return str(chosen)


def _beyond(measured: Quality, view: str) -> None:
    section(
        _("Right, and what else"),
        _(
            "Right: NDCG@10, higher is better. Catalogue used: the share of all {@products} that "
            "anybody is shown. Unusual: how few {@customers} have what is shown, in bits. Varied: "
            "how unlike the {@products} of one list are. Always the same: 0 if all {@products} are "
            "shown alike, 1 if always the same few. None of these is better by itself: a random "
            "list covers, surprises and varies most. Each strip has a scale of its own."
        ),
    )
    table = beyond_table(measured, view)
    draw(
        "beyond",
        beyond_chart(table, palette(state.theme())),
        sentences_model.beyond(table),
        table,
    )


def _fame(measured: Quality, view: str) -> None:
    section(
        _("Popular or not"),
        _(
            "{@Products} in five groups of the same size by how many {@customers} had them in "
            "training. Bars: the share of recommended places. Marks: the share of what was really "
            "{@bought} next. Bars beyond their marks at the top mean that the model feeds "
            "popularity. What was {@bought} was itself shaped by what was shown."
        ),
    )
    table = fame_table(measured, view)
    draw(
        "fame",
        fame_chart(table, palette(state.theme())),
        sentences_model.fame(table),
        table,
    )


def _groups(measured: Quality, view: str) -> None:
    section(
        _("For whom it works"),
        _(
            "A dot is the mean over a group of {@customers}, its line where 95% of means lie when "
            "{@customers} are drawn again (bootstrap); grey ticks are the baselines. Small groups "
            "have long lines. With many groups, some differ by chance. A group that is hard for "
            "every method is not the model's doing alone."
        ),
    )
    if groups.note():
        st.caption(groups.note())
    ways = list(dict.fromkeys(measured.segments["grouping"]))
    if not ways:
        return
    chosen = st.segmented_control(
        _("Groups by"),
        ways,
        format_func=lambda way: (
            _("Events in the history") if way == "history" else literal(feature_name(way))
        ),
        required=True,
        label_visibility="collapsed",
        **state.choice(state.GROUPING, ways, ways[0]),
    )
    table = group_table(measured, view, str(chosen))
    with st.container(key="split_groups"):
        left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f":gray[**{_('How often right')}**] :small[NDCG@10]")
        draw(
            "groups",
            group_chart(table, "ndcg", palette(state.theme())),
            sentences_model.groups(table),
            table,
        )
    with right:
        st.markdown(f":gray[**{_('Room for lesser-known {@products}')}**] :small[{_('exposure')}]")
        draw(
            "exposure",
            group_chart(table, "exposure", palette(state.theme())),
            sentences_model.exposure(table),
            table,
        )
