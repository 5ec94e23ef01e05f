"""Through which features events act: for one recommendation, and in the whole model."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import resources, sentences, state
from dashboard.figures.palette import palette
from dashboard.figures.shares import (
    acting_events_chart,
    acting_events_table,
    event_feature_heatmap,
    event_feature_table,
    importance_chart,
    share_chart,
    share_table,
)
from dashboard.names import feature_help, feature_inside, feature_name
from dashboard.views.chart import draw
from dashboard.views.features.overall import whole_model
from dashboard.views.frame import section, title, waiting
from dashboard.views.product import pick_product
from dashboard.views.selection import Selection, select
from dashboard.words import _

if TYPE_CHECKING:
    from recommender.explain.types import Explanation

_SCOPES = ("one", "whole")
_FEWEST, _USUAL = 5, 25


def show() -> None:
    """Draw the page."""
    title(
        _("Features"),
        _("What about an event made it count: the {@product} itself, its category, its brand …"),
    )
    if _scope() == "whole":
        key = resources.run_key(state.read(state.RUN))
        with waiting(key):
            resources.run(key)
        whole_model(key)
    else:
        _one()


def _scope() -> str:
    names = {"one": _("One recommendation"), "whole": _("The whole model")}
    return str(
        st.segmented_control(
            _("What is explained"),
            _SCOPES,
            format_func=names.__getitem__,
            required=True,
            label_visibility="collapsed",
            **state.choice(state.SCOPE, _SCOPES, _SCOPES[0]),
        )
    )


def _one() -> None:
    """One recommendation, with what the features do on average beside it."""
    selection = select()
    item = pick_product(selection) if selection else None
    if selection is None or item is None:
        return
    explained = resources.explanation(selection.question, item)
    chosen = _chosen(explained)
    with st.container(key="split_features"):
        left, right = st.columns(2, gap="large")
    with left:
        _everywhere(selection, chosen)
    with right:
        _here(explained, chosen)
    _through(explained, chosen)
    _heatmap(explained)


def _chosen(explained: Explanation) -> str | None:
    feature = state.read(state.FEATURE)
    return feature if feature in explained.feature_names else None


def _everywhere(selection: Selection, chosen: str | None) -> None:
    section(
        _("In what {@customers} are offered first"),
        _(
            "How far each share moves the score of the first recommendation, on average over "
            "{@customers} drawn at random. What holds on the first places of all is under “The "
            "whole model”: what {@customers} had before counts more at the very first. Click on a "
            "bar, or choose a feature, to follow it."
        ),
    )
    table = resources.importance(selection.question.run)
    st.selectbox(
        _("Follow a feature"),
        list(table.sort_values("share", ascending=False, kind="stable")["feature"]),
        format_func=feature_name,
        placeholder=_("Follow a feature"),
        label_visibility="collapsed",
        **state.option(state.FEATURE, list(table["feature"])),
    )
    draw(
        "importance",
        importance_chart(table, palette(state.theme()), chosen),
        sentences.importance(table, resources.importance_users(selection.question.run)),
        table,
        on_select=partial(state.chart_choice, "importance_plot", state.FEATURE),
        selection_mode="feature",
    )


def _here(explained: Explanation, chosen: str | None) -> None:
    section(
        _("For {title}").format(title=explained.title),
        _("The shares of this one score. Together they make it exactly."),
    )
    draw(
        "shares",
        share_chart(explained, palette(state.theme()), chosen),
        sentences.shares(explained),
        partial(share_table, explained),
    )


def _through(explained: Explanation, chosen: str | None) -> None:
    """The events that act through the chosen feature."""
    if chosen is None or not explained.titles:
        return
    section(
        _("Events acting through “{feature}”").format(feature=feature_inside(chosen)),
        feature_help(chosen),
    )
    draw(
        "acting",
        acting_events_chart(explained, chosen, palette(state.theme())),
        sentences.acting(explained, chosen),
        partial(acting_events_table, explained, chosen),
    )


def _heatmap(explained: Explanation) -> None:
    section(
        _("Every event by every feature"),
        _(
            "A cell is what one event adds through one feature: blue for, brown against, pale "
            "nothing. All cells, the profile and the popularity together make the score."
        ),
    )
    n = len(explained.titles)
    if not n:
        st.text(_("There is no history, so there is nothing to lay out."))
        return
    newest = n
    if n > _FEWEST:
        newest = st.slider(
            _("Newest events"),
            _FEWEST,
            n,
            width=280,
            **state.number(state.NEWEST, _FEWEST, n, min(_USUAL, n)),
        )
    draw(
        "event_features",
        event_feature_heatmap(explained, palette(state.theme()), newest),
        sentences.event_features(explained),
        partial(event_feature_table, explained),
    )
