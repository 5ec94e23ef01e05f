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
_MOST_NUMBERS = 10
"""As many stand side by side under a heatmap on a phone."""
MOST_MARKS = 2000
"""So many cells can be clicked, the strongest; more would take SVG, or WebGL, seconds to draw."""
_NEAR = 12
"""Pixels within which a cell is found where not all can be."""


@dataclass(frozen=True)
class Tokens:
    """The tokens that are shown, with a name that is unique and one that is short."""

    index: Int[np.ndarray, " token"]
    names: tuple[str, ...]
    short: tuple[str, ...]


@dataclass(frozen=True)
class Labels:
    """What stands at the rows or columns of a heatmap: in the hover, and beside it."""

    long: Sequence[str]
    short: Sequence[str]


@dataclass(frozen=True)
class Pair:
    """One cell of a heatmap."""

    query: int | None
    """The token that reads; None where it is the readout."""
    key: int
    """The token that is read."""
    layer: int
    head: int
    """`MEAN` for the mean over heads."""


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


def full_names(attention: Attention, context: Sequence[str]) -> list[str]:
    """Every token's unique name."""
    return [_name(attention, context, token) for token in range(len(attention.tokens))]


def _name(attention: Attention, context: Sequence[str], token: int) -> str:
    position = int(attention.positions[token])
    if position < 0:
        return attention.tokens[token]
    name = f"{position + 1}. {attention.tokens[token]}"
    return _("{name} ({value})").format(name=name, value=context[position])


def routing_weights(attention: Attention, layer: int, head: int) -> Float[np.ndarray, "query key"]:
    """One head's weights, or the mean of the layer's heads."""
    heads = attention.layers[layer]
    weights: np.ndarray = heads.mean(axis=0) if head == MEAN else heads[head]
    return weights


def routing_table(attention: Attention, layer: int, head: int, shown: Tokens) -> pd.DataFrame:
    """Weights of the shown tokens: one row a reading token, one column a token read."""
    weights = routing_weights(attention, layer, head)[np.ix_(shown.index, shown.index)]
    return pd.DataFrame(weights, index=list(shown.names), columns=list(shown.names))


def readout_column(attention: Attention, head: int) -> Float[np.ndarray, " key"]:
    """One readout head's weights, or the mean over heads."""
    weights: np.ndarray = (
        attention.readout.mean(axis=0) if head == MEAN else attention.readout[head]
    )
    return weights


def readout_table(attention: Attention, shown: Tokens) -> pd.DataFrame:
    """Readout weights of the shown tokens by head, their mean, and the mean gate beside."""
    table = pd.DataFrame(attention.readout[:, shown.index].T, index=list(shown.names))
    table.columns = pd.Index([_("head {n}").format(n=i + 1) for i in table.columns])
    table.insert(0, _("mean"), attention.readout[:, shown.index].mean(axis=0))
    return table


def _heatmap(
    values: Float[np.ndarray, "row column"],
    rows: Labels,
    columns: Labels,
    palette: Palette,
    corner: bool,
    least: float,
) -> go.Figure:
    """Weights as colours; those below `least` stay blank. A click on a cell chooses it.

    The colours are explained in the right upper `corner` where that is empty.
    """
    n_rows, n_columns = values.shape
    kept = np.where(values >= least, values, np.nan)
    figure = go.Figure(
        go.Heatmap(
            z=np.round(kept, 4).astype(np.float32),
            zmin=0,
            zmax=float(np.nanmax(values)) if values.size else 1.0,
            xgap=1,
            ygap=1,
            hoverinfo="skip",
            colorscale=plotly_scale(palette.sequential),
            colorbar=plotly_colourbar(_("weight"), corner) | {"tickformat": ".0%"},
        )
    )
    figure.add_trace(_cells(kept))
    figure.update_layout(
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hovermode="closest",
        # A cell is read wherever it is touched, not at its middle alone.
        hoverdistance=-1 if np.isfinite(kept).sum() <= MOST_MARKS else _NEAR,
        showlegend=False,
        # The cells' own axes lie over those of the picture and hold the long names for the hover.
        xaxis2=_behind("x", columns.long, [-0.5, n_columns - 0.5]),
        yaxis2=_behind("y", rows.long, [n_rows - 0.5, -0.5]),
    )
    figure.update_layout(
        xaxis=_named(columns.short, [-0.5, n_columns - 0.5]),
        yaxis=_named(rows.short, [n_rows - 0.5, -0.5]),
    )
    return figure


def _cells(values: Float[np.ndarray, "row column"]) -> go.Scatter:
    """Unseen marks on the strongest cells: a heatmap's own cells cannot be clicked."""
    row, column = np.nonzero(~np.isnan(values))
    strongest = np.argsort(-values[row, column], kind="stable")[:MOST_MARKS]
    row, column = row[strongest], column[strongest]
    return go.Scatter(
        x=column.astype(np.int16),
        y=row.astype(np.int16),
        customdata=np.round(values[row, column], 4).astype(np.float32),
        xaxis="x2",
        yaxis="y2",
        mode="markers",
        marker={"symbol": "square", "size": 12, "opacity": 0},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
    )


def _named(names: Sequence[str], limits: list[float]) -> dict[str, object]:
    return {
        "tickvals": list(range(len(names))),
        "ticktext": list(names),
        "ticklabeloverflow": "allow",  # to look which overflow takes seconds for 200
        "range": limits,
        "ticks": "",
        "automargin": True,
        "showgrid": False,
        "zeroline": False,
    }


def _behind(axis: str, names: Sequence[str], limits: list[float]) -> dict[str, object]:
    return {
        "overlaying": axis,
        "matches": axis,
        "range": limits,
        "tickvals": list(range(len(names))),
        "ticktext": list(names),
        "showticklabels": False,
        "ticklabeloverflow": "allow",
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
    }


def routing_heatmap(
    attention: Attention, shown: Tokens, layer: int, head: int, palette: Palette, least: float = 0
) -> go.Figure:
    """Who reads whom: rows read, columns are read; nothing looks ahead, so half stays empty."""
    weights = routing_table(attention, layer, head, shown).to_numpy(dtype=float)
    values = np.where(shown.index[None, :] > shown.index[:, None], np.nan, weights)
    places = attention.positions[shown.index] + 1
    rows = [_numbered(*row) for row in zip(places, shown.short, strict=True)]
    figure = _heatmap(
        values,
        Labels(shown.names, rows),
        Labels(shown.names, _few_numbers(places)),
        palette,
        corner=True,
        least=least,
    )
    reads = _("reads")
    figure.data[
        1
    ].hovertemplate = (
        f"<b>%{{y}}</b><br>{reads}<br><b>%{{x}}</b><br>%{{customdata:.1%}}<extra></extra>"
    )
    figure.update_layout(height=max(17 * len(values) + 50, 240))
    figure.update_layout(xaxis={"tickangle": 0, "tickfont": {"size": 11}})
    figure.update_layout(yaxis={"tickfont": {"size": 11}})
    return figure


def _numbered(place: int, title: str) -> str:
    """An event's place in the history before its title; the start and the profile have none."""
    return f"{place}  {title}" if place > 0 else title


def _few_numbers(places: Int[np.ndarray, " token"]) -> list[str]:
    """The places of events as far as they fit side by side on a phone; the others stay blank."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if len(places) <= _MOST_NUMBERS * step)
    return [str(place) if place > 0 and place % step == 0 else "" for place in places]


def readout_heatmap(
    attention: Attention, shown: Tokens, palette: Palette, least: float = 0
) -> go.Figure:
    """Where the readout looked: tokens (newest on top) by head, the mean first."""
    table = readout_table(attention, shown)[::-1]
    columns = tuple(table.columns)
    figure = _heatmap(
        table.to_numpy(dtype=float),
        Labels(shown.names[::-1], shown.short[::-1]),
        Labels(columns, columns),
        palette,
        corner=False,
        least=least,
    )
    figure.data[1].hovertemplate = "<b>%{y}</b><br>%{x}: %{customdata:.1%}<extra></extra>"
    figure.update_traces(xgap=3, ygap=1, selector={"type": "heatmap"})
    figure.update_layout(height=19 * len(table) + 140)
    figure.update_layout(xaxis={"side": "top"})
    return figure


def routing_cells(shown: Tokens) -> tuple[list[str], list[str]]:
    """Names of the rows and columns of `routing_heatmap`, as links spell them."""
    names = [str(token) for token in shown.index]
    return [f"reads.{name}" for name in names], names


def readout_cells(shown: Tokens, heads: int) -> tuple[list[str], list[str]]:
    """Names of the rows and columns of `readout_heatmap`, as links spell them."""
    return [f"seen.{token}" for token in shown.index[::-1]], ["mean", *map(str, range(heads))]


def routing_pair(shown: Tokens, layer: int, head: int, at: tuple[int, int] | None) -> Pair | None:
    """What the cell of `routing_heatmap` in this row and column stands for; nothing looks ahead."""
    if at is None or at[1] > at[0]:
        return None
    return Pair(int(shown.index[at[0]]), int(shown.index[at[1]]), layer, head)


def readout_pair(shown: Tokens, at: tuple[int, int] | None) -> Pair | None:
    """What the cell of `readout_heatmap` in this row and column stands for."""
    if at is None:
        return None
    return Pair(None, int(shown.index[::-1][at[0]]), 0, at[1] - 1 if at[1] else MEAN)
