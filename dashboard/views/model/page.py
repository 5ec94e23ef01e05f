"""The model: how it was trained, for whom it works, what it favours and takes for alike."""

from __future__ import annotations

from typing import cast

import pandas as pd
import streamlit as st

from dashboard import catalogue, resources, state
from dashboard.access import fragment
from dashboard.figures.item_map import item_map_chart, map_table
from dashboard.figures.model import curve_chart, curve_table
from dashboard.figures.palette import palette
from dashboard.resources import Projection, Report, RunKey
from dashboard.views.chart import draw
from dashboard.views.data import sentences as sentences_scoring
from dashboard.views.frame import calm, section, title, whole_page_when
from dashboard.views.model import sentences as sentences_model
from dashboard.views.model.worth import worth
from dashboard.words import _, plural

_EVERY_SECONDS = 1.0
_PLANES = ("tsne", "pca")


def show() -> None:
    """Draw the page."""
    title(
        _("Model"),
        _("How it was trained, for whom it works, what it favours, what it takes for alike."),
    )
    key = resources.run_key(state.read(state.RUN))
    told = resources.report(key)
    with st.container(key="split_training"):
        left, right = st.columns([3, 2], gap="large")
    with left:
        _curve(told)
    with right:
        _configuration(key)
        if "split" in told.metrics:
            st.caption(sentences_model.split(told.metrics["split"]))
    _worth(key)
    _map(key, told)


def _curve(told: Report) -> None:
    section(
        _("How it was trained"),
        _(
            "NDCG@10 on {@customers} kept for choosing the model, after each pass over the data. A "
            "line that falls again has begun to learn by heart. It chose the weights, so it is a "
            "little too good: the measures below come from other {@purchases}."
        ),
    )
    if told.scored_with is not None:
        st.caption(sentences_scoring.trained_elsewhere(told.scored_with))
    if told.erased:
        st.caption(
            plural(
                "{n} {@customer} was erased from its data since: weights and figures are of "
                "before.",
                "{n} {@customers} were erased from its data since: weights and figures are of "
                "before.",
                told.erased,
            )
        )
    if curve_table(told.curve).empty:
        st.text(_("Nothing was kept for choosing, so there is no curve."))
        return
    draw(
        "curve",
        curve_chart(told.curve, palette(state.theme())),
        sentences_model.curve(told.curve),
        lambda: pd.DataFrame(told.curve),
    )


def _configuration(key: RunKey) -> None:
    section(_("Configuration"), _("What the model was built and trained with, as it was saved."))
    table = pd.DataFrame(resources.configuration(key), columns=[_("Setting"), _("Value")])
    with st.container(key="configuration"):
        st.dataframe(table, hide_index=True, height=262)


@calm
def _worth(key: RunKey) -> None:
    measured = resources.quality(key)
    trained = resources.report(key).scored_with
    if trained is not None and (seen := sentences_scoring.seen_before(trained)):
        st.caption(seen)
    if measured is None:
        fragment(calm(_await_worth), run_every=_EVERY_SECONDS)(key)
    else:
        worth(measured)


def _await_worth(key: RunKey) -> None:
    whole_page_when(resources.quality(key) is not None)
    st.caption(_("Being measured on the {@customers}' held-out {@purchases} …"))
    st.skeleton(height=340)


def _map(key: RunKey, told: Report) -> None:
    section(
        _("What the model takes for alike"),
        _(
            "A dot is {@a_product}, larger with more events, coloured by category; near means that "
            "the model scores them for the same {@customers}. Names stand above clusters "
            "(k-means on the vectors). The plane flattens many dimensions: PCA keeps the large "
            "distances, t-SNE the neighbours; sizes of gaps in t-SNE mean nothing."
        ),
    )
    with st.container(horizontal=True, vertical_alignment="center", key="map_controls"):
        names = {"pca": "PCA", "tsne": "t-SNE"}
        plane = st.segmented_control(
            _("Plane"),
            _PLANES,
            format_func=names.__getitem__,
            required=True,
            label_visibility="collapsed",
            **state.choice(state.PLANE, _PLANES, _PLANES[0]),
        )
        query = st.text_input(
            _("Find {@products}"),
            type="search",
            placeholder=_("Title, category or id …"),
            max_chars=catalogue.LONGEST_QUERY,
            label_visibility="collapsed",
            width=300,
            **state.words(state.FIND, ""),
        )
    _points(key, told, cast(Projection, plane), query or "")


def _points(key: RunKey, told: Report, plane: Projection, query: str) -> None:
    points = resources.item_map(key, plane)
    if points is None:
        fragment(calm(_await_map), run_every=_EVERY_SECONDS)(key, plane)
        return
    table = map_table(points, told.dataset, catalogue.category_feature(told.dataset))
    draw(
        "item_map",
        item_map_chart(table, query, palette(state.theme()), catalogue.category_name(told.dataset)),
        sentences_model.item_map(table, query),
        table,
    )


def _await_map(key: RunKey, plane: Projection) -> None:
    whole_page_when(resources.item_map(key, plane) is not None)
    st.caption(_("Being laid out …"))
    st.skeleton(height=420)
