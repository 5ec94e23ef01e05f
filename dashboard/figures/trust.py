"""How far each way to explain can be believed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from dashboard.figures.finish import finish, named
from dashboard.figures.heatmap import Bar, Labels, about_zero
from dashboard.figures.lenses import wide
from dashboard.figures.model import Measure, strip_chart
from dashboard.figures.palette import Palette
from dashboard.names import LENSES, lens_name, measure, percent
from dashboard.words import _

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from recommender.evaluate.trust_report import Trust

_DASHES = ([6, 3], [2, 2], [8, 3, 2, 3], [1, 3], [10, 4], [4, 2, 1, 2])


def method_name(method: str) -> str:
    """How a method is called: the lenses by their plain words first."""
    for lens in LENSES:
        if method == lens:
            said = lens_name(lens)
            return _("{name} ({value})").format(name=said.plain, value=said.term)
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


def curve_table(trust: Trust, view: str) -> pd.DataFrame:
    """The deletion curves of every method in one view; empty in a report without curves."""
    if trust.curves.empty:
        return trust.curves
    return trust.curves[trust.curves["view"] == view].reset_index(drop=True)


def curves_chart(
    table: pd.DataFrame, order: Sequence[str], value: str, palette: Palette
) -> alt.LayerChart:
    """A line a method over the ten deletions: the lenses in their colours, all else in grey.

    Methods differ by their dashes too; `order` is that of the legend; `value` is `shown` or
    `probability`.
    """
    colours: dict[str, str] = dict(zip(LENSES, palette.lenses, strict=True))
    shown = table.assign(
        name=table["method"].map(method_name),
        said=table[value].map(percent if value == "shown" else measure),
        deleted=table["step"] / 10,
    )
    names = [method_name(method) for method in order]
    paint = [colours.get(method, palette.muted) for method in order]
    others = [method for method in order if method not in colours]
    dashes = [
        [1, 0] if method in colours else _DASHES[others.index(method) % len(_DASHES)]
        for method in order
    ]
    legend = alt.Legend(
        title=None, orient="bottom", columns=wide(3, 2), symbolType="stroke", labelLimit=210
    )
    base = named("steps").encode(
        x=alt.X(
            "deleted:Q",
            axis=alt.Axis(title=_("deleted"), format=".0%", grid=False, ticks=False, tickCount=5),
        ),
        y=alt.Y(
            f"{value}:Q",
            scale=alt.Scale(zero=True, nice=False),
            axis=alt.Axis(
                title=None,
                domain=False,
                ticks=False,
                tickCount=5,
                format=".0%" if value == "shown" else ".2f",
            ),
        ),
        color=alt.Color("name:N", scale=alt.Scale(domain=names, range=paint), legend=legend),
        strokeDash=alt.StrokeDash("name:N", scale=alt.Scale(domain=names, range=dashes)),
        tooltip=[
            alt.Tooltip("name:N", title=_("Method")),
            alt.Tooltip("deleted:Q", title=_("Deleted"), format=".0%"),
            alt.Tooltip("said:N", title=_("Value")),
        ],
    )
    lines = base.mark_line(strokeWidth=2)
    points = base.mark_point(size=60, opacity=0, filled=True).encode(strokeDash=alt.Undefined)
    return finish(lines, points, height=430, palette=palette, steps=shown)


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
    colours: dict[str, str] = dict(zip(LENSES, palette.lenses, strict=True))
    shown = table.assign(
        colour=[colours.get(method, palette.categories[-1]) for method in table["method"]],
        method=table["method"].map(method_name),
    )
    return strip_chart(shown, measures, palette)


def agreement_heatmap(trust: Trust, palette: Palette) -> go.Figure:
    """Mean rank correlation between methods, zero in the middle of the scale."""
    names = [method_name(method) for method in trust.agreement.index]
    values = trust.agreement.to_numpy(dtype=float)
    written = [[measure(value) for value in row] for row in values]
    labels = Labels(names, names)
    bar = Bar(_("rank correlation"), 1)
    figure = about_zero(values, labels, labels, written, bar, palette, in_cells=written)
    figure.update_layout(height=36 * len(names) + 190)
    figure.update_xaxes(autotickangles=[0, -40, -90])
    return figure
