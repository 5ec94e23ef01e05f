"""Every attention weight as a heatmap: routing by layer and head, readout by head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from jaxtyping import Float, Int

from dashboard.figures.palette import Palette, plotly_colourbar, plotly_scale
from dashboard.words import _, shorten

if TYPE_CHECKING:
    from recommender.explain.types import Attention

MEAN = -1
"""The head that stands for the mean over all heads."""


@dataclass(frozen=True)
class Tokens:
    """The tokens that are shown, with a name that is unique and one that is short."""

    index: Int[np.ndarray, " token"]
    names: tuple[str, ...]
    short: tuple[str, ...]


def tokens(attention: Attention, context: Sequence[str], newest: int, others: bool) -> Tokens:
    """The newest events and, if `others`, the start and profile tokens before them.

    `context` says for each event of the full history what kind it was and when.
    """
    is_event = attention.positions >= 0
    events = np.flatnonzero(is_event)[-newest:] if newest else np.flatnonzero(is_event)[:0]
    first = np.flatnonzero(~is_event) if others else np.array([], dtype=int)
    index = np.concatenate([first, events]).astype(int)
    names = tuple(_name(attention, context, int(token)) for token in index)
    short = tuple(shorten(attention.tokens[token], 30) for token in index)
    return Tokens(index, names, short)


def _name(attention: Attention, context: Sequence[str], token: int) -> str:
    position = int(attention.positions[token])
    if position < 0:
        return attention.tokens[token]
    return f"{position + 1}. {attention.tokens[token]} ({context[position]})"


def routing_weights(attention: Attention, layer: int, head: int) -> Float[np.ndarray, "query key"]:
    """One head's weights, or the mean of the layer's heads."""
    heads = attention.layers[layer]
    weights: np.ndarray = heads.mean(axis=0) if head == MEAN else heads[head]
    return weights


def routing_table(attention: Attention, layer: int, head: int, shown: Tokens) -> pd.DataFrame:
    """Weights of the shown tokens: one row a reading token, one column a token read."""
    weights = routing_weights(attention, layer, head)[np.ix_(shown.index, shown.index)]
    return pd.DataFrame(weights, index=list(shown.names), columns=list(shown.names))


def readout_table(attention: Attention, shown: Tokens) -> pd.DataFrame:
    """Readout weights of the shown tokens by head, their mean, and the mean gate beside."""
    table = pd.DataFrame(attention.readout[:, shown.index].T, index=list(shown.names))
    table.columns = pd.Index([_("head {n}").format(n=i + 1) for i in table.columns])
    table.insert(0, _("mean"), attention.readout[:, shown.index].mean(axis=0))
    return table


def _heatmap(
    table: pd.DataFrame,
    columns: tuple[str, ...],
    rows: tuple[str, ...],
    palette: Palette,
    top: bool,
) -> go.Figure:
    values = table.to_numpy(dtype=float)
    figure = go.Figure(
        go.Heatmap(
            z=np.round(values, 4),
            x=list(table.columns),
            y=list(table.index),
            zmin=0,
            zmax=float(np.nanmax(values)) if values.size else 1.0,
            xgap=1,
            ygap=1,
            hoverongaps=False,
            colorscale=plotly_scale(palette.sequential),
            colorbar=plotly_colourbar(_("weight"), top) | {"tickformat": ".0%"},
        )
    )
    figure.update_layout(
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    figure.update_xaxes(
        tickvals=list(table.columns), ticktext=columns, automargin=True, showgrid=False
    )
    figure.update_yaxes(
        tickvals=list(table.index),
        ticktext=rows,
        automargin=True,
        showgrid=False,
        autorange="reversed",
    )
    return figure


def routing_heatmap(
    attention: Attention, shown: Tokens, layer: int, head: int, palette: Palette
) -> go.Figure:
    """Who reads whom: rows read, columns are read; nothing looks ahead, so half stays empty."""
    table = routing_table(attention, layer, head, shown)
    ahead = shown.index[None, :] > shown.index[:, None]
    figure = _heatmap(table.mask(ahead), shown.short, shown.short, palette, top=True)
    reads = _("reads")
    figure.update_traces(
        hovertemplate=f"<b>%{{y}}</b><br>{reads}<br><b>%{{x}}</b><br>%{{z:.1%}}<extra></extra>"
    )
    figure.update_layout(height=max(17 * len(table) + 210, 360))
    figure.update_xaxes(autotickangles=[-55, -90], tickfont={"size": 11})
    figure.update_yaxes(tickfont={"size": 11})
    return figure


def readout_heatmap(attention: Attention, shown: Tokens, palette: Palette) -> go.Figure:
    """Where the readout looked: tokens (newest on top) by head, the mean first."""
    table = readout_table(attention, shown)[::-1]
    figure = _heatmap(table, tuple(table.columns), shown.short[::-1], palette, top=False)
    figure.update_traces(
        hovertemplate="<b>%{y}</b><br>%{x}: %{z:.1%}<extra></extra>", xgap=3, ygap=1
    )
    figure.update_layout(height=19 * len(table) + 140)
    figure.update_xaxes(side="top")
    return figure
