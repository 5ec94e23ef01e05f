"""How far each way to explain can be believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.model import Measure, strip_chart
from dashboard.figures.palette import Palette, plotly_colourbar
from dashboard.figures.shares import heatmap_about_zero
from dashboard.names import LENSES, lens_name
from dashboard.words import _

if TYPE_CHECKING:
    from recommender.evaluate.trust_report import Trust


def method_name(method: str) -> str:
    """How a method is called: the lenses by their plain words first."""
    for lens in LENSES:
        if method == lens:
            return f"{lens_name(lens).plain} ({lens_name(lens).term})"
    return {
        "rollout": _("Attention rollout"),
        "grad_attention": _("Gradient × attention"),
        "integrated_gradients": _("Integrated gradients"),
        "shapley": _("Shapley"),
        "recency": _("Newest first"),
        "random": _("Random"),
    }.get(method, method)


def deletion_table(trust: Trust, view: str, span: str = "tenths") -> pd.DataFrame:
    """The deletion measures of every method in one view, best first."""
    table = trust.deletion
    table = table[(table["view"] == view) & (table["span"] == span)]
    return table.sort_values("pos@5", kind="stable").reset_index(drop=True)


def checks_table(trust: Trust) -> pd.DataFrame:
    """Each method's checks, and how often it names the planted cause where that is known."""
    table = trust.checks.rename_axis("method").reset_index()
    if trust.planted is not None:
        planted = trust.planted[["top1", "top3"]].rename_axis("method").reset_index()
        table = table.merge(planted, on="method", how="left")
    return table


def deletion_measures() -> tuple[Measure, ...]:
    """What happens to a recommendation when its events are deleted."""
    return (
        Measure("pos@5", _("Still shown ↓"), "POS@5", "{:.2f}"),
        Measure("neg@5", _("Kept by the rest ↑"), "NEG@5", "{:.2f}"),
        Measure("del", _("Score left ↓"), "DEL", "{:.2f}"),
        Measure("cdcg", _("Rank left ↓"), "CDCG", "{:.2f}"),
    )


def check_measures(trust: Trust) -> tuple[Measure, ...]:
    """Whether an explanation follows the model, stays put, and names what is known to be true."""
    checks = (
        Measure("randomisation", _("Survives a shuffled model ↓"), _("randomisation"), "{:.2f}"),
        Measure("stability", _("Stays put ↑"), _("stability"), "{:.2f}"),
    )
    if trust.planted is None:
        return checks
    return (
        *checks,
        Measure("top1", _("Names the cause first ↑"), _("planted cause"), "{:.0%}"),
        Measure("top3", _("In its first three ↑"), _("planted cause"), "{:.0%}"),
    )


def methods_chart(
    table: pd.DataFrame, measures: tuple[Measure, ...], palette: Palette
) -> alt.LayerChart:
    """Strips of bars: the three lenses in their colours, all else in grey."""
    colours = dict(zip(LENSES, palette.lenses, strict=True))
    shown = table.assign(
        colour=[colours.get(method, palette.categories[-1]) for method in table["method"]],
        method=table["method"].map(method_name),
    )
    return strip_chart(shown, measures, palette)


def agreement_heatmap(trust: Trust, palette: Palette) -> go.Figure:
    """Mean rank correlation between methods, zero in the middle of the scale."""
    names = [method_name(method) for method in trust.agreement.index]
    values = trust.agreement.to_numpy(dtype=float)
    figure = heatmap_about_zero(
        values,
        1,
        palette,
        plotly_colourbar(_("rank correlation")) | {"tickvals": [-1, 0, 1]},
        x=names,
        y=names,
        texttemplate="%{z:.2f}",
        hovertemplate="%{y}<br>%{x}: <b>%{z:.2f}</b><extra></extra>",
    )
    figure.update_layout(height=36 * len(names) + 190)
    figure.update_xaxes(autotickangles=[0, -40, -90])
    return figure
