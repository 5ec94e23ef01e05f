"""Every attention weight as a heatmap: routing by layer and head, readout by head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from dashboard.figures.heatmap import Labels, weights
from dashboard.figures.palette import Palette
from dashboard.words import _, shorten_apart

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from recommender.explain.types import Attention

MEAN = -1
"""The head that stands for the mean over all heads."""
_MOST_NUMBERS = 10
"""As many stand side by side under a heatmap on a phone."""


@dataclass(frozen=True)
class Tokens:
    """The tokens that are shown, with a name that is unique and one that is short."""

    index: Int[np.ndarray, " token"]
    names: tuple[str, ...]
    short: tuple[str, ...]


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
    short = tuple(shorten_apart([attention.tokens[token] for token in index], 30))
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
    chosen: np.ndarray = heads.mean(axis=0) if head == MEAN else heads[head]
    return chosen


def routing_table(attention: Attention, layer: int, head: int, shown: Tokens) -> pd.DataFrame:
    """Weights of the shown tokens: one row a reading token, one column a token read."""
    between = routing_weights(attention, layer, head)[np.ix_(shown.index, shown.index)]
    return pd.DataFrame(between, index=list(shown.names), columns=list(shown.names))


def readout_column(attention: Attention, head: int) -> Float[np.ndarray, " key"]:
    """One readout head's weights, or the mean over heads."""
    chosen: np.ndarray = attention.readout.mean(axis=0) if head == MEAN else attention.readout[head]
    return chosen


def readout_table(attention: Attention, shown: Tokens) -> pd.DataFrame:
    """Readout weights of the shown tokens by head, their mean, and the mean gate beside."""
    table = pd.DataFrame(attention.readout[:, shown.index].T, index=list(shown.names))
    table.columns = pd.Index([_("head {n}").format(n=i + 1) for i in table.columns])
    table.insert(0, _("mean"), attention.readout[:, shown.index].mean(axis=0))
    return table


def routing_heatmap(
    attention: Attention, shown: Tokens, layer: int, head: int, palette: Palette, least: float = 0
) -> go.Figure:
    """Who reads whom: rows read, columns are read; nothing looks ahead, so half stays empty."""
    every = routing_table(attention, layer, head, shown).to_numpy(dtype=float)
    values = np.where(shown.index[None, :] > shown.index[:, None], np.nan, every)
    places = attention.positions[shown.index] + 1
    rows = [_numbered(*row) for row in zip(places, shown.short, strict=True)]
    figure = weights(
        values,
        Labels(shown.names, rows),
        Labels(shown.names, _few_numbers(places)),
        palette,
        corner=True,
        least=least,
        reads=_("reads"),
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
    figure = weights(
        table.to_numpy(dtype=float),
        Labels(shown.names[::-1], shown.short[::-1]),
        Labels(columns, columns),
        palette,
        corner=False,
        least=least,
    )
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
