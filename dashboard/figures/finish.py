"""The look that all Altair charts share, and how their data are handed over."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from dashboard.figures.palette import Palette


def named(name: str) -> alt.Chart:
    """A layer over the table that `finish` is given under this name.

    Layers that hold their tables are copied with them at each step of Altair's grammar: named
    tables are what keeps a click under a second.
    """
    return alt.Chart(alt.NamedData(name))


def records(table: pd.DataFrame) -> list[dict[str, object]]:
    """The rows as JSON has them: moments as text without a zone, what is unknown as null."""
    plain = {}
    for column in table.columns:
        values = table[column]
        if pd.api.types.is_datetime64_any_dtype(values):
            values = values.dt.strftime("%Y-%m-%dT%H:%M:%S")
        known = values.astype(object).where(values.notna(), None)
        plain[str(column)] = known.tolist()
    return [dict(zip(plain, row, strict=True)) for row in zip(*plain.values(), strict=True)]


def finish(
    *layers: alt.Chart, height: int, palette: Palette, **tables: pd.DataFrame
) -> alt.LayerChart:
    """The layers as one chart, as wide as its place, without a frame, with quiet labels."""
    chart = alt.LayerChart(
        layer=list(layers),
        height=height,
        width="container",
        config=alt.Config(
            view=alt.ViewConfig(stroke=None),
            axis=alt.AxisConfig(labelFontSize=12.5, labelColor=palette.muted),
        ),
    )
    if tables:
        chart.datasets = {name: records(table) for name, table in tables.items()}
    return chart


def name_axis(labels: int | alt.ExprRef, **options: Any) -> alt.Axis:
    """Names of rows, `labels` pixels wide at most, without line or ticks."""
    return alt.Axis(
        title=None, ticks=False, domain=False, labelPadding=10, labelLimit=labels, **options
    )
