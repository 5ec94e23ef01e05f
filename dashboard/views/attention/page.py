"""Every attention weight: where the readout looked, and who reads whom on the way there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from dashboard import resources, sentences, state
from dashboard.figures.attention import (
    MEAN,
    Pair,
    Tokens,
    full_names,
    readout_cells,
    readout_heatmap,
    readout_pair,
    readout_table,
    routing_cells,
    routing_heatmap,
    routing_pair,
    routing_table,
    tokens,
)
from dashboard.figures.palette import palette
from dashboard.views.attention import sentences_over_time as sentences_looking
from dashboard.views.attention.attributions import methods, trust_note
from dashboard.views.attention.heads import dossier, heads
from dashboard.views.attention.over_time import attention_over_time
from dashboard.views.chart import draw
from dashboard.views.frame import section, title
from dashboard.views.left_out import left_out
from dashboard.views.selection import Selection, select
from dashboard.words import _

if TYPE_CHECKING:
    from recommender.explain.types import Attention

_STAGES = ("readout", "routing", "heads")
_FEWEST, _USUAL = 5, 30
_LEAST = ("0", "1", "2", "5", "10", "20")
"""In percent."""


def show() -> None:
    """Draw the page."""
    title(
        _("Attention"),
        _("Where the model looked. Looking is not using: compare it with what counted."),
    )
    selection = select()
    if selection is None:
        return
    attention = resources.attention(selection.question)
    with st.container(key="controls", horizontal=True, vertical_alignment="top", gap="medium"):
        stage = _stage()
        layer, head = _layer_and_head(attention) if stage == "routing" else (0, MEAN)
        shown = _shown(selection, attention)
        least = _least(stage)
    if not len(shown.index):
        st.text(_("There is no history to look at."))
    elif stage == "readout":
        _readout(selection, attention, shown, least)
    elif stage == "routing":
        _routing(selection, attention, shown, layer, head, least)
    else:
        heads(attention, shown)
    left_out(selection.question)
    if len(shown.index):
        attention_over_time(selection)
    trust_note(selection.question.run)
    if stage == "heads":
        dossier(selection.question.run)
    methods(selection)


def _stage() -> str:
    names = {"readout": _("Readout heads"), "routing": _("Routing layers"), "heads": _("All heads")}
    return str(
        st.segmented_control(
            _("Stage"),
            _STAGES,
            format_func=names.__getitem__,
            required=True,
            help=_(
                "Readout: the last look, whose weights decide what each event may add. Routing: "
                "how events read one another before that. All heads: each routing head as a small "
                "picture, and what every head does over all {@customers}."
            ),
            **state.choice(state.STAGE, _STAGES, _STAGES[0]),
        )
    )


def _shown(selection: Selection, attention: Attention) -> Tokens:
    """The tokens that the reader wants to see."""
    n_events = int((attention.positions >= 0).sum())
    newest = n_events
    if n_events > _FEWEST:
        usual = min(_USUAL, n_events)
        newest = st.slider(
            _("Newest events"),
            _FEWEST,
            n_events,
            width=220,
            **state.number(state.NEWEST, _FEWEST, n_events, usual),
        )
    others = st.toggle(
        _("Start and profile too"),
        help=_("Besides events, heads can look at the start mark and at the profile."),
        **state.switch(state.OTHERS),
    )
    context = resources.event_names(selection.question)
    return tokens(attention, context, newest, others)


def _readout(selection: Selection, attention: Attention, shown: Tokens, least: float) -> None:
    section(
        _("Where the readout looked"),
        _(
            "A row is an event, newest on top; a column is a head. Weights of a head sum to 100% "
            "over all events, the start and the profile. The mean is the lens “looked at”. Click "
            "on a cell to read it."
        ),
    )
    cells = readout_cells(shown, len(attention.readout))
    draw(
        "readout",
        readout_heatmap(attention, shown, palette(state.theme()), least),
        sentences.readout(attention),
        partial(readout_table, attention, shown),
        **_clicks("readout", *cells),
    )
    with st.container(key="pair", border=True):
        heads = list(readout_table(attention, shown).columns)
        _cell((_("Event"), cells[0], shown.names[::-1]), (_("Head"), cells[1], heads))
        _pair(selection, attention, readout_pair(shown, state.cell(state.CELL, *cells)))


def _routing(
    selection: Selection, attention: Attention, shown: Tokens, layer: int, head: int, least: float
) -> None:
    section(
        _("Who reads whom"),
        _(
            "The event of a row reads the events of the columns; rows sum to 100%. Nothing reads "
            "what comes later, so the upper half is empty. These weights mix positions and other "
            "signals: they show paths, not reasons. Click on a cell to read the pair; of very many "
            "cells only the strongest answer, and fields below choose any."
        ),
    )
    cells = routing_cells(shown)
    draw(
        "routing",
        routing_heatmap(attention, shown, layer, head, palette(state.theme()), least),
        sentences.routing(attention, shown, layer, head),
        partial(routing_table, attention, layer, head, shown),
        **_clicks("routing", *cells),
    )
    at = state.cell(state.CELL, *cells)
    with st.container(key="pair", border=True):
        _cell((_("This event"), cells[0], shown.names), (_("reads"), cells[1], shown.names))
        _pair(selection, attention, routing_pair(shown, layer, head, at))


def _clicks(name: str, rows: list[str], columns: list[str]) -> dict[str, Any]:
    """A click on a cell goes to the URL."""
    return {
        "on_select": partial(state.cell_click, f"{name}_plot", state.CELL, rows, columns),
        "selection_mode": "points",
    }


def _cell(*sides: tuple[str, Sequence[str], Sequence[str]]) -> None:
    """A cell chosen without a mouse, by row and column: a label, names in links, names to read."""
    with st.container(horizontal=True, gap="medium"):
        for side, (label, options, names) in enumerate(sides):
            st.selectbox(
                label,
                options,
                format_func=dict(zip(options, names, strict=True)).__getitem__,
                placeholder=_("Choose …"),
                **state.cell_half(state.CELL, side, options),
            )


def _pair(selection: Selection, attention: Attention, chosen: Pair | None) -> None:
    """The chosen cell in words."""
    if chosen is None:
        st.caption(_("Click on a cell, or choose it here, to read what it says in words."))
        return
    history = resources.history(selection.question)
    contexts = resources.event_names(selection.question)
    names = full_names(attention, contexts)
    moments = [history.moment(place).time if place >= 0 else None for place in attention.positions]
    times = np.array([np.nan if time is None else time for time in moments], dtype=np.float64)
    st.text(sentences_looking.pair(attention, names, times, chosen))


def _least(stage: str) -> float:
    """Weights below this are left blank."""
    if stage == "heads":
        return 0.0
    chosen = st.selectbox(
        _("Weights from"),
        _LEAST,
        format_func=lambda n: _("all") if n == "0" else f"{n}%",
        width=110,
        help=_("Cells below are left blank, so that the strong ones stand out."),
        **state.choice(state.LEAST, _LEAST, "0"),
    )
    return int(chosen) / 100


def _layer_and_head(attention: Attention) -> tuple[int, int]:
    layers, heads = attention.layers.shape[:2]
    layer = 0
    if layers > 1:
        layer = int(_pick(_("Layer"), state.LAYER, [str(i) for i in range(layers)], "0"))
    head = int(_pick(_("Head"), state.HEAD, [str(MEAN), *map(str, range(heads))], str(MEAN)))
    return layer, head


def _pick(label: str, name: str, options: list[str], default: str) -> str:
    return str(
        st.segmented_control(
            label,
            options,
            format_func=lambda i: _("mean") if int(i) == MEAN else str(int(i) + 1),
            required=True,
            **state.choice(name, options, default),
        )
    )
