"""Everything that Plotly draws: rows and columns by their place, names as they are written.

Plotly takes names for more than names: what is equal is one category, what looks like numbers makes
an axis of numbers, and what looks like HTML is obeyed. So rows and columns are numbers here, and
whatever is written passes through `plain`. No other file hands Plotly a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float
from plotly.subplots import make_subplots

from dashboard.figures.drawing import FONT_SIZE, MARGIN, Drawing, Word
from dashboard.figures.palette import Palette, plotly_scale
from dashboard.words import _, shorten_apart

MOST_MARKS = 2000
"""So many cells can be clicked, the strongest; more would take SVG, or WebGL, seconds to draw."""
_NEAR = 12
"""Pixels within which a cell is found where not all can be."""
_NEAR_SPOT = 30
"""Pixels within which a spot of a drawing is found."""
_BARE: dict[str, Any] = {
    "margin": {"l": MARGIN, "r": MARGIN, "t": MARGIN, "b": MARGIN},
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
}
_PANEL = 210
_ROOM = "\u2005"
"""A narrow space."""


def plain(text: str) -> str:
    """The text so that Plotly writes it as it stands: its HTML and formulas are no markup."""
    return escape(text, quote=False).replace("$", "&#36;")


def written(text: str) -> str:
    """What stands on the page where Plotly was given `plain` of it."""
    return unescape(text)


@dataclass(frozen=True)
class Labels:
    """What the rows or columns of a heatmap are called: in the hover, and beside it.

    Any text, equal or empty: a row is where it stands, not what it is called.
    """

    long: Sequence[str]
    short: Sequence[str]

    @classmethod
    def of(cls, names: Sequence[str], width: int) -> Labels:
        """Names in full, and in `width` characters so that different names stay different."""
        return cls(names, shorten_apart(names, width))


@dataclass(frozen=True)
class Bar:
    """The scale of colours about zero: what it means, how far it goes, what is written at it."""

    title: str
    limit: float
    ends: tuple[str, str] | None = None
    """Words for the two ends; the numbers themselves if None."""
    digits: str = ""
    """How the numbers are written, as Plotly has it."""


def about_zero(
    values: Float[np.ndarray, "row column"],
    rows: Labels,
    columns: Labels,
    said: Sequence[Sequence[str]],
    bar: Bar,
    palette: Palette,
    in_cells: Sequence[Sequence[str]] | None = None,
) -> go.Figure:
    """Colours about zero; `said` is told of a cell under the mouse, `in_cells` stands in it."""
    figure = go.Figure(
        go.Heatmap(
            z=np.round(values, 5),
            zmin=-bar.limit,
            zmax=bar.limit,
            xgap=2,
            ygap=2,
            colorscale=plotly_scale(palette.diverging),
            colorbar=_colourbar(bar.title) | _ticks(bar),
            customdata=_plain_cells(said),
            hovertext=_cell_names(rows.long, columns.long),
            hovertemplate="%{hovertext}: <b>%{customdata}</b><extra></extra>",
            **({} if in_cells is None else {"text": _plain_cells(in_cells)}),
            **({} if in_cells is None else {"texttemplate": "%{text}"}),
        )
    )
    figure.update_layout(
        **_BARE, xaxis=_axis(columns.short, "x") | {"side": "top"}, yaxis=_axis(rows.short, "y")
    )
    return figure


def weights(
    values: Float[np.ndarray, "row column"],
    rows: Labels,
    columns: Labels,
    palette: Palette,
    corner: bool,
    least: float,
    reads: str = "",
) -> go.Figure:
    """Weights as colours; those below `least` stay blank. A click on a cell chooses it.

    The colours are explained in the right upper `corner` where that is empty. `reads` stands
    between row and column in the hover.
    """
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
            colorbar=_colourbar(_("weight"), corner) | {"tickformat": ".0%"},
        )
    )
    figure.add_trace(_cells(kept, reads))
    figure.update_layout(
        **_BARE,
        hovermode="closest",
        # A cell is read wherever it is touched, not at its middle alone.
        hoverdistance=-1 if np.isfinite(kept).sum() <= MOST_MARKS else _NEAR,
        showlegend=False,
        # The cells' own axes lie over those of the picture and hold the long names for the hover.
        xaxis2=_behind(columns.long, "x"),
        yaxis2=_behind(rows.long, "y"),
        xaxis=_axis(columns.short, "x"),
        yaxis=_axis(rows.short, "y"),
    )
    return figure


def _cells(values: Float[np.ndarray, "row column"], reads: str) -> go.Scatter:
    """Unseen marks on the strongest cells: a heatmap's own cells cannot be clicked."""
    row, column = np.nonzero(~np.isnan(values))
    strongest = np.argsort(-values[row, column], kind="stable")[:MOST_MARKS]
    row, column = row[strongest], column[strongest]
    between = f"<br>{plain(reads)}<br><b>%{{x}}</b><br>" if reads else "<br>%{x}: "
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
        hovertemplate=f"<b>%{{y}}</b>{between}%{{customdata:.1%}}<extra></extra>",
    )


def small_weights(
    values: Float[np.ndarray, "layer head query key"],
    names: Sequence[str],
    titles: Sequence[str],
    palette: Palette,
) -> go.Figure:
    """A small picture for each head, layer by layer, all on one scale; rows are columns too."""
    layers, heads = values.shape[:2]
    figure = make_subplots(
        rows=layers,
        cols=heads,
        subplot_titles=[plain(title) for title in titles],
        horizontal_spacing=0.03,
        vertical_spacing=0.3 / max(layers, 2),
    )
    top = float(np.nan_to_num(values).max(initial=0.0)) or 1.0
    for i, j in np.ndindex(layers, heads):
        picture = go.Heatmap(
            z=np.round(values[i, j], 4),
            zmin=0,
            zmax=top,
            hoverongaps=False,
            showscale=False,
            colorscale=plotly_scale(palette.sequential),
            hovertemplate="<b>%{y}</b><br>%{x}: %{z:.1%}<extra></extra>",
        )
        figure.add_trace(picture, row=i + 1, col=j + 1)
    figure.update_xaxes(**_axis(names, "x"), showticklabels=False)
    figure.update_yaxes(**_axis(names, "y"), showticklabels=False)
    figure.update_annotations(font={"size": 12.5, "color": palette.muted})
    figure.update_layout(**_BARE, height=_PANEL * layers + 50)
    figure.update_layout(margin={"t": 30})
    return figure


def plotted(drawing: Drawing) -> go.Figure:
    """A drawing with spots that the mouse finds; a click tells the number of a spot."""
    spots, words = drawing.spots, drawing.words
    unseen = {"marker": {"opacity": 0}}
    figure = go.Figure(
        go.Scatter(
            x=np.array([spot.x for spot in spots]),
            y=np.array([spot.y for spot in spots]),
            mode="markers",
            marker={"size": 16, "opacity": 0},
            selected=unseen,
            unselected=unseen,
            customdata=[plain(spot.said[0]) for spot in spots],
            hovertext=["<br>".join(map(plain, spot.said[1:])) for spot in spots],
            hovertemplate="<b>%{customdata}</b><br>%{hovertext}<extra></extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=[word.x for word in words],
            y=[word.y for word in words],
            mode="text",
            text=[_apart(word) for word in words],
            textposition=[f"middle {word.side}" for word in words],
            textfont={"size": FONT_SIZE, "color": [word.colour for word in words]},
            hoverinfo="skip",
            cliponaxis=False,
        )
    )
    figure.update_layout(
        **_BARE,
        height=drawing.height + 2 * MARGIN,
        showlegend=False,
        hovermode="closest",
        hoverdistance=_NEAR_SPOT,
        dragmode=False,
        xaxis={"range": [0, 1], "visible": False, "fixedrange": True},
        yaxis={"range": [drawing.height, 0], "visible": False, "fixedrange": True},
        shapes=[
            {
                "type": "path",
                "path": patch.path(),
                "fillcolor": patch.colour,
                "opacity": patch.opacity,
                "line": {"width": 0},
                "layer": "below",
            }
            for patch in drawing.patches
        ],
    )
    return figure


def _apart(word: Word) -> str:
    """The text with some room to its place, which Plotly has no number for."""
    text = plain(word.text)
    return f"{_ROOM}{text}" if word.side == "right" else f"{text}{_ROOM}"


def _axis(names: Sequence[str], across: str) -> dict[str, Any]:
    """An axis on which every name has its own place, from 0; the first row is on top."""
    ends = [-0.5, max(len(names), 1) - 0.5]
    return {
        "type": "linear",
        "tickvals": list(range(len(names))),
        "ticktext": [plain(name) for name in names],
        "ticklabeloverflow": "allow",  # to look which overflow takes seconds for 200
        "ticks": "",
        "range": ends if across == "x" else ends[::-1],
        "automargin": True,
        "showgrid": False,
        "zeroline": False,
    }


def _behind(names: Sequence[str], across: str) -> dict[str, Any]:
    unseen = {"showticklabels": False, "automargin": False}
    return _axis(names, across) | unseen | {"overlaying": across, "matches": across}


def _plain_cells(cells: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[plain(text) for text in row] for row in cells]


def _cell_names(rows: Sequence[str], columns: Sequence[str]) -> list[list[str]]:
    """What every cell is called under the mouse."""
    beside = [plain(column) for column in columns]
    return [[f"{plain(row)}<br>{column}" for column in beside] for row in rows]


def _ticks(bar: Bar) -> dict[str, Any]:
    """Both ends of the scale and zero."""
    ticks: dict[str, Any] = {"tickvals": [-bar.limit, 0, bar.limit]}
    if bar.ends is not None:
        ticks["ticktext"] = [plain(bar.ends[0]), "0", plain(bar.ends[1])]
    return ticks | ({"tickformat": bar.digits} if bar.digits else {})


def _colourbar(title: str, corner: bool = False) -> dict[str, Any]:
    """A short bar below the picture, or in its right upper corner where that is empty, so that
    narrow screens keep their width."""
    return {
        "title": {"text": plain(title), "side": "top", "font": {"size": 12}},
        "orientation": "h",
        "thickness": 8,
        "len": 120 if corner else 170,
        "lenmode": "pixels",
        "tickangle": 0,
        "x": 1,
        "xanchor": "right",
        "y": 1 if corner else 0,
        "yanchor": "top",
        "ypad": 0 if corner else 12,
        "outlinewidth": 0,
        "nticks": 4,
    }
