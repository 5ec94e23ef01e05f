"""Every head at a glance: small pictures side by side, and what each does over all customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np
import pandas as pd

from dashboard.figures.attention import Tokens, routing_weights
from dashboard.figures.heatmap import small_weights
from dashboard.figures.model import Measure, strip_chart
from dashboard.figures.palette import Palette
from dashboard.words import _

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from recommender.evaluate.global_explanation import Overall
    from recommender.explain.types import Attention

ROLES = ("newest", "same_category", "repetition", "first")
READOUT = "readout"


def head_name(layer: str, head: int) -> str:
    """A head in words; heads count from 1 as layers do."""
    if layer == READOUT:
        return _("Readout, head {head}").format(head=head + 1)
    return _("Layer {layer}, head {head}").format(layer=layer, head=head + 1)


def role_name(role: str) -> str:
    """What a head does, in words."""
    return {
        "newest": _("the newest three events"),
        "same_category": _("events of the same category"),
        "repetition": _("{@products} that are there more than once"),
        "first": _("the oldest event"),
    }[role]


def small_multiples(attention: Attention, shown: Tokens, palette: Palette) -> go.Figure:
    """One small picture of who reads whom for each routing head, all on one scale."""
    layers, heads = attention.layers.shape[:2]
    chosen = np.ix_(shown.index, shown.index)
    ahead = shown.index[None, :] > shown.index[:, None]
    every = [
        [routing_weights(attention, i, j)[chosen] for j in range(heads)] for i in range(layers)
    ]
    titles = [head_name(str(i + 1), j) for i in range(layers) for j in range(heads)]
    return small_weights(np.where(ahead, np.nan, np.array(every)), shown.names, titles, palette)


def small_multiples_table(attention: Attention, shown: Tokens) -> pd.DataFrame:
    """Every weight between shown tokens: one row a head, reading token and token read."""
    layers, heads = attention.layers.shape[:2]
    pairs = [(i, j) for j, query in enumerate(shown.index) for i in range(j + 1)]
    return pd.DataFrame(
        [
            (layer + 1, head + 1, shown.names[query], shown.names[key], weights[query, key])
            for layer in range(layers)
            for head in range(heads)
            for weights in [attention.layers[layer, head][np.ix_(shown.index, shown.index)]]
            for key, query in pairs
        ],
        columns=["layer", "head", "reads", "is_read", "weight"],
    )


def head_table(found: Overall) -> pd.DataFrame:
    """What each head looks at, as times what an even spread would give; nan where that is none."""
    table = found.heads.copy()
    for role in ROLES:
        even = table[f"{role}_even"].astype(float)
        table[f"{role}_times"] = table[role].astype(float) / even.where(even > 0)
    table["name"] = [
        head_name(str(layer), int(head))
        for layer, head in zip(table["layer"], table["head"], strict=True)
    ]
    return table


def head_measures() -> tuple[Measure, ...]:
    """A head's weights, and what ranking loses without it."""
    times = _("× even")
    return (
        Measure("newest_times", _("Newest"), times, "{:.1f}×"),
        Measure("same_category_times", _("Category"), times, "{:.1f}×"),
        Measure("repetition_times", _("Repeated"), times, "{:.1f}×"),
        Measure("first_times", _("Oldest"), times, "{:.1f}×"),
        Measure("profile", _("Profile"), _("weight"), "{:.0%}"),
        Measure("ndcg_lost", _("Lost if off"), "NDCG@10", "{:.4f}"),
    )


def head_chart(table: pd.DataFrame, palette: Palette) -> alt.LayerChart:
    """Strips of bars: a row a head, a strip for each thing it may look at and for its worth."""
    short = [
        _("Readout {head}").format(head=head + 1)
        if layer == READOUT
        else _("Layer {layer} · {head}").format(layer=layer, head=head + 1)
        for layer, head in zip(table["layer"], table["head"], strict=True)
    ]
    shown = table.assign(method=short, colour=palette.attention)
    return strip_chart(shown, head_measures(), palette, _("Head"))
