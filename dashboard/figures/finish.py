"""The look that all Altair charts share, and how their data are handed over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import altair as alt
import pandas as pd

from dashboard.figures.palette import Palette

Rows: TypeAlias = list[dict[str, object]]
"""A table as JSON has it."""


def named(name: str) -> alt.Chart:
    """A layer over the table that `finish` is given under this name.

    Layers that hold their tables are copied with them at each step of Altair's grammar: named
    tables are what keeps a click under a second.
    """
    return alt.Chart(alt.NamedData(name))


def records(table: pd.DataFrame) -> Rows:
    """The rows as JSON has them: moments as text without a zone, what is unknown as null."""
    plain = {}
    for column, values in table.items():
        if pd.api.types.is_datetime64_any_dtype(values):
            values = values.dt.strftime("%Y-%m-%dT%H:%M:%S")
        known = values.tolist()
        if values.hasnans:
            known = [None if pd.isna(value) else value for value in known]
        plain[str(column)] = known
    return [dict(zip(plain, row, strict=True)) for row in zip(*plain.values(), strict=True)]


def finish(
    *layers: alt.Chart, height: int | alt.Step, palette: Palette, **tables: pd.DataFrame
) -> alt.LayerChart:
    """The layers as one chart, as wide as its place, without a frame, with quiet labels.

    A chart of rows takes a step a row, so that what stands above or below takes nothing from them.
    """
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


@dataclass(frozen=True, eq=False)
class Spec:
    """A layered chart as Vega-Lite has it, for charts that are drawn anew at each click.

    Altair's grammar copies its objects at every step: built from them, the two charts of an
    explanation take 140 ms of processor, as dictionaries 10. Whatever is of one customer or product
    stands in the tables: where all else is as it was, the browser keeps the chart and moves its
    marks, and does not compile and build it anew.
    """

    name: str
    """What it is a chart of, for who hears it; the sentence under it says what it shows."""
    layer: list[dict[str, Any]]
    step: int
    """Pixels for each row."""
    palette: Palette
    tables: dict[str, pd.DataFrame | Rows]
    params: tuple[dict[str, Any], ...] = ()

    def to_dict(self, validate: bool = True) -> dict[str, Any]:
        """The whole specification; `validate` holds it against Vega-Lite's schema."""
        shared: dict[str, Any] = {
            "layer": self.layer,
            "height": {"step": self.step},
            "width": "container",
            "config": {
                "view": {"stroke": None},
                "axis": {"labelFontSize": 12.5, "labelColor": self.palette.muted},
            },
            "datasets": {
                name: records(table) if isinstance(table, pd.DataFrame) else table
                for name, table in self.tables.items()
            },
        }
        if self.params:
            shared["params"] = list(self.params)
        if validate:
            alt.LayerChart.from_dict(shared)
        return shared


_DIGITS = 4
KEY_LABEL = f"slice(datum.value, {_DIGITS})"
"""What Vega writes where a category has one of `keys`."""


def keys(names: Iterable[str]) -> list[str]:
    """A key for each category, whatever it is called: Vega takes what is called alike for one.

    They sort as they stand, and end in what is written.
    """
    return [f"{place:0{_DIGITS}d}{name}" for place, name in enumerate(names)]


NAME_AXIS: dict[str, Any] = {
    "title": None,
    "ticks": False,
    "domain": False,
    "labelPadding": 10,
    "labelExpr": KEY_LABEL,
}
"""Names of rows that have `keys`, without line or ticks."""
_NARROW = 480
"""Pixels, below which a chart is as narrow as a phone."""


def wide_expr(usual: float | str, narrow: float | str) -> str:
    """One value or expression on wide screens, another where the chart is as narrow as a phone."""
    return f"containerSize()[0] < {_NARROW} ? {narrow} : {usual}"


def rows(labels: int | alt.ExprRef, **options: Any) -> alt.Y:
    """A row for each of the `keys` in column `row`; names `labels` pixels wide at most.

    Neither line nor ticks; `options` go to the axis.
    """
    axis = alt.Axis(
        title=None,
        ticks=False,
        domain=False,
        labelPadding=10,
        labelLimit=labels,
        labelExpr=KEY_LABEL,
        labelOverlap=False,
        **options,
    )
    return alt.Y("row:O", axis=axis)
