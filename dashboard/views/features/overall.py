"""What the whole model rests on, over all customers or over some."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard import catalogue, groups, resources, state
from dashboard.access import fragment
from dashboard.figures.all_recommendations import (
    category_heatmap,
    event_type_table,
    events_chart,
    group_name,
    recency_table,
    source_chart,
    source_table,
)
from dashboard.figures.flow_categories import flow_of_categories
from dashboard.figures.palette import palette
from dashboard.figures.shares import importance_chart
from dashboard.names import feature_inside, feature_name
from dashboard.resources import RunKey
from dashboard.views.chart import draw
from dashboard.views.features import sentences as sentences_overall
from dashboard.views.frame import calm, empty, section, whole_page_when
from dashboard.words import _, literal, plural

if TYPE_CHECKING:
    from recommender.evaluate.global_explanation import Overall

_EVERY_SECONDS = 1.0


def whole_model(key: RunKey) -> None:
    """Draw the choice of customers, then everything about them when it is computed."""
    known = resources.user_groups(key)
    chosen = st.multiselect(
        _("{@Customers}"),
        list(known),
        format_func=group_name,
        placeholder=_("All {@customers}"),
        width=620,
        help=_(
            "Groups of one kind add up: North or South. Groups of different kinds narrow: North "
            "and 25–34."
        ),
        **state.choices(state.AMONG, list(known)),
    )
    if groups.note():
        st.caption(groups.note())
    among = tuple(sorted(chosen))
    if among and not resources.users_in(key, among):
        empty(_("Nobody is in all these groups"), _("Take one of them away."))
        return
    if among and not resources.may_be_told(key, among):
        empty(
            _("These groups are too small to be shown apart"),
            _("Take one of them away, or show {@customer} ids."),
        )
        return
    await_overall(key, among, _("Explaining what these {@customers} are offered …"))
    if resources.overall_done(key, among) == 1:
        category = catalogue.category_feature(resources.report(key).dataset)
        _drawn(resources.overall(key, among), category.name if category else "")


def await_overall(key: RunKey, among: tuple[str, ...], what: str) -> None:
    """Show how far the computation is, until it is done; nothing if it is."""
    if resources.overall_done(key, among) < 1:
        fragment(calm(_progress), run_every=_EVERY_SECONDS)(key, among, what)


def _progress(key: RunKey, among: tuple[str, ...], what: str) -> None:
    done = resources.overall_done(key, among)
    whole_page_when(done == 1)
    st.progress(done, text=what)
    st.skeleton(height=280)


def _drawn(found: Overall, category: str) -> None:
    st.caption(
        _("Measured on the first {k} {@products} of {users}.").format(
            k=found.k, users=plural("{n} {@customer}", "{n} {@customers}", found.users)
        )
    )
    with st.container(key="split_whole"):
        left, right = st.columns(2, gap="large")
    with left:
        _features(found)
    with right:
        _sources(found)
    with st.container(key="split_events"):
        left, right = st.columns(2, gap="large")
    with left:
        if found.recency["events"].any():
            _recency(found)
    with right:
        _event_types(found)
    _flow(found, category)
    _categories(found, category)


def _features(found: Overall) -> None:
    section(
        _("By feature"),
        _(
            "The mean size of each share, whichever way it points, as a part of all sizes, over "
            "all places of the lists; the first places are under “One recommendation”. A large "
            "bar says that the feature moves scores, not that it moves them rightly: compare with "
            "what the model gains over simple methods. Features that say the same (brand and "
            "category) divide their effect between them."
        ),
    )
    draw(
        "whole_features",
        importance_chart(found.features, palette(state.theme())),
        sentences_overall.features(found),
        lambda: found.features,
    )


def _sources(found: Overall) -> None:
    section(
        _("History, popularity or profile"),
        _(
            "What scores of recommended {@products} are made of, by size. Popularity is the same "
            "for everybody; it decides less of the order than its bar suggests, because all "
            "recommended {@products} have much of it. Groups differ also because their histories "
            "do."
        ),
    )
    segments = list(dict.fromkeys(found.segments["segment"]))
    chosen = ""
    if segments:
        chosen = str(
            st.segmented_control(
                _("Groups by"),
                segments,
                format_func=lambda name: (
                    _("Events in the history") if name == "history" else literal(feature_name(name))
                ),
                required=True,
                label_visibility="collapsed",
                **state.choice(state.GROUPING, segments, segments[0]),
            )
        )
    table = source_table(found, chosen)
    draw(
        "whole_sources",
        source_chart(table, palette(state.theme())),
        sentences_overall.sources(table),
        table,
    )


def _recency(found: Overall) -> None:
    section(
        _("By age of the event"),
        _(
            "How long before the recommendation the event was. Together: the part of all that "
            "history does. Each event: its mean size. Old events do much together because there "
            "are many; look at the single event to see how the model forgets."
        ),
    )
    table = recency_table(found)
    draw(
        "whole_recency",
        events_chart(table, _("Age"), palette(state.theme())),
        sentences_overall.events(table),
        table,
    )


def _event_types(found: Overall) -> None:
    section(
        _("By kind of event"),
        _(
            "What {@a_purchase} does beside a view. Frequent kinds do much together; the single "
            "event says which kind the model heeds. Kinds often come in a row, so that one speaks "
            "for the other."
        ),
    )
    table = event_type_table(found)
    draw(
        "whole_kinds",
        events_chart(table, _("Event"), palette(state.theme())),
        sentences_overall.events(table),
        table,
    )


def _flow(found: Overall, category: str) -> None:
    if found.flow.empty:
        return
    section(
        _("What feeds what"),
        _(
            "The mean recommendation as a flow: on the left the {feature} of events, in the middle "
            "what they act through, on the right the {feature} of what is recommended. What speaks "
            "for {@a_product} is blue, what speaks against it brown, and all blue less all brown "
            "is "
            "the mean score. Frequent ones show more, and a wide ribbon need not be what decides "
            "between two {@products}."
        ).format(feature=feature_inside(category)),
    )
    draw(
        "whole_flow",
        flow_of_categories(found, palette(state.theme())),
        sentences_overall.flow(found.flow),
        lambda: found.flow,
    )


def _categories(found: Overall, category: str) -> None:
    if found.categories.empty:
        return
    section(
        _("From {feature} to {feature}").format(feature=feature_inside(category)),
        _(
            "A row is the category of events, a column that of recommended {@products}; blue adds "
            "to their scores, brown takes away. It is the mean over all recommendations, so "
            "frequent categories show more. What adds in the model need not be why people {@buy}."
        ),
    )
    draw(
        "whole_categories",
        category_heatmap(found, palette(state.theme())),
        sentences_overall.categories(found.categories),
        lambda: found.categories,
    )
