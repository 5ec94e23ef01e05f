"""Figures as pictures that need no browser, as SVG or PNG: one Vega-Lite form for all charts."""

from __future__ import annotations

import json
from typing import Any, Final, TypeAlias

import altair as alt
import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.drawing import Drawing, svg
from dashboard.figures.finish import Spec, records
from dashboard.figures.heatmap import written
from dashboard.figures.palette import Palette
from dashboard.words import Language, language

Chart: TypeAlias = alt.Chart | alt.LayerChart | Spec | go.Figure
Figure: TypeAlias = Chart | Drawing
WIDTH = 860
"""Of a picture, in pixels."""
_VEGA_LITE = "6.4"
_PNG_SCALE = 2
_SNIPPET = "window.vegaEmbed = vegaEmbed;"
_FONTS: Final[dict[Language, str]] = {
    "en": "sans-serif",
    "zh": "Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif",
}
"""Where a picture is drawn no browser looks for a font that has the characters."""
_PLAIN = {"title": None, "ticks": False, "domain": False, "grid": False, "labelLimit": 260}


def picture_spec(figure: Chart, palette: Palette, width: int = WIDTH) -> dict[str, Any]:
    """The figure as Vega-Lite of a fixed width on a background of the theme's colour."""
    spec = (
        _heatmap_spec(figure) if isinstance(figure, go.Figure) else figure.to_dict(validate=False)
    )
    config = {"background": palette.surface, "padding": 12, "font": _FONTS[language()]} | spec.get(
        "config", {}
    )
    axis = {"labelColor": palette.muted, "titleColor": palette.muted, "gridColor": palette.faint}
    legend = {"labelColor": palette.muted, "titleColor": palette.muted}
    config["axis"] = axis | config.get("axis", {})
    config["legend"] = legend | config.get("legend", {})
    config["view"] = {"stroke": None} | config.get("view", {})
    return {**spec, "width": width, "autosize": {"type": "fit-x", "contains": "padding"}} | {
        "config": config
    }


def _heatmap_spec(figure: go.Figure) -> dict[str, Any]:
    """A Plotly heatmap, its labels and its scale, as Vega-Lite rectangles."""
    trace = figure.data[0]
    rows, columns = (
        [written(text) for text in axis.ticktext]
        for axis in (figure.layout.yaxis, figure.layout.xaxis)
    )
    values = np.asarray(trace.z, dtype=float)
    y, x = np.indices(values.shape)
    table = pd.DataFrame({"x": x.ravel(), "y": y.ravel(), "value": values.ravel()}).dropna()
    colours = [colour for _, colour in trace.colorscale]
    return {
        "datasets": {"cells": records(table)},
        "data": {"name": "cells"},
        "mark": {"type": "rect"},
        "height": 18 * max(len(rows), 1),
        "encoding": {
            "x": _place("x", columns) | {"axis": _axis(columns) | {"orient": "top"}},
            "y": _place("y", rows) | {"axis": _axis(rows)},
            "color": {
                "field": "value",
                "type": "quantitative",
                "scale": {
                    "domain": [float(trace.zmin), float(trace.zmax)],
                    "range": colours,
                    "interpolate": "rgb",
                },
                "legend": {"title": None, "orient": "bottom", "direction": "horizontal"},
            },
        },
    }


def _place(field: str, labels: list[str]) -> dict[str, Any]:
    return {
        "field": field,
        "type": "ordinal",
        "scale": {"domain": list(range(len(labels))), "paddingInner": 0.06},
    }


def _axis(labels: list[str]) -> dict[str, Any]:
    return _PLAIN | {"labelExpr": f"({json.dumps(labels)})[datum.value]"}


def to_svg(figure: Figure, palette: Palette, width: int = WIDTH) -> str:
    """The picture as SVG; text in it is text."""
    import vl_convert

    if isinstance(figure, Drawing):
        return svg(figure, width, _FONTS[language()], palette.surface)
    spec = picture_spec(figure, palette, width)
    drawn: str = vl_convert.vegalite_to_svg(spec, vl_version=_VEGA_LITE)
    return drawn


def to_png(figure: Figure, palette: Palette, width: int = WIDTH) -> bytes:
    """The picture as PNG, twice as fine as a screen."""
    import vl_convert

    drawn: bytes
    if isinstance(figure, Drawing):
        drawn = vl_convert.svg_to_png(to_svg(figure, palette, width), scale=_PNG_SCALE)
    else:
        spec = picture_spec(figure, palette, width)
        drawn = vl_convert.vegalite_to_png(spec, vl_version=_VEGA_LITE, scale=_PNG_SCALE)
    return drawn


def live_script() -> str:
    """Vega, Vega-Lite and Vega-Embed in one script that loads nothing (0.9 MB)."""
    import vl_convert

    bundle: str = vl_convert.javascript_bundle(_SNIPPET, vl_version=_VEGA_LITE)
    return bundle
