"""All heads side by side, and what each does over all customers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import resources, state
from dashboard.figures.attention import Tokens
from dashboard.figures.heads import (
    head_chart,
    head_table,
    small_multiples,
    small_multiples_table,
)
from dashboard.figures.palette import palette
from dashboard.resources import RunKey
from dashboard.views.attention import sentences as sentences_attention
from dashboard.views.chart import draw
from dashboard.views.features.overall import await_overall
from dashboard.views.frame import section
from dashboard.words import _

if TYPE_CHECKING:
    from recommender.explain.types import Attention


def heads(attention: Attention, shown: Tokens) -> None:
    """Who reads whom, a small picture for each routing head."""
    section(
        _("Every routing head"),
        _(
            "As in the routing layers, oldest events at the top left: a row reads the columns. All "
            "pictures share one scale. A bright stripe down is an event that all read; a bright "
            "diagonal is a head that reads the last event. Pictures show paths, not reasons."
        ),
    )
    draw(
        "heads",
        small_multiples(attention, shown, palette(state.theme())),
        sentences_attention.alike(attention),
        partial(small_multiples_table, attention, shown),
    )


def dossier(key: RunKey) -> None:
    """What each head looks at over all customers, and what ranking loses without it."""
    section(
        _("What each head does"),
        _(
            "Over {@customers} drawn at random: a head's weight on some events, as times what an "
            "even spread over events would give; 1.0 is chance. Lost if off: NDCG@10 of held-out "
            "{@purchases} with the head minus without it; below zero, ranking is better without. "
            "Small differences are noise, and heads can stand in for one another: two that seem "
            "useless alone need not be so together."
        ),
    )
    await_overall(key, (), _("Asking the heads; all {@customers} are explained on the way …"))
    if resources.overall_done(key) < 1:
        return
    table = head_table(resources.overall(key))
    if table.empty:
        st.text(_("No {@customer} has enough events to ask the heads about."))
        return
    draw(
        "dossier",
        head_chart(table, palette(state.theme())),
        sentences_attention.heads(table),
        table,
    )
    with st.container(key="head_words", gap="xsmall"):
        for row in table.to_dict("records"):
            st.markdown(f"**{row['name']}** · {sentences_attention.head(row)}")
