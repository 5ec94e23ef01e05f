"""The three lenses on every event, side by side: looked at, counted, mattered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from dashboard.figures.finish import NAME_AXIS, Rows, Spec, keys, wide_expr
from dashboard.figures.moments import moment_columns, moments_said
from dashboard.figures.palette import Palette
from dashboard.names import (
    LENSES,
    Lens,
    event_name,
    feature_and_value,
    lens_name,
    percent,
    score,
)
from dashboard.words import _, shorten_apart

if TYPE_CHECKING:
    from recommender.explain.types import Explanation

Order = Literal["attention", "contribution", "influence", "time"]
ROW_HEIGHT = 27
_PANEL, _WORDS, _GAP, _DATES = 1.0, 0.36, 0.08, 1.12


def lens_table(explanation: Explanation) -> pd.DataFrame:
    """One row an event, oldest first, then one a profile feature (position -1)."""
    profile = explanation.profile
    n_profile = len(profile)
    columns: dict[str, Any] = {
        "position": [*range(len(explanation.titles)), *[-1] * n_profile],
        "item_id": [*explanation.item_ids, *[""] * n_profile],
        "title": [*explanation.titles, *(feature_and_value(p.feature, p.value) for p in profile)],
        **moment_columns(explanation, n_profile),
        "event": [*map(event_name, explanation.event_types), *[_("profile")] * n_profile],
    }
    for lens in LENSES:
        of_profile = [getattr(share, lens) for share in profile]
        columns[lens] = np.append(getattr(explanation, lens), of_profile)
    columns["influence_log"] = np.append(explanation.influence_log, [np.nan] * n_profile)
    return pd.DataFrame(columns)


def strongest(explanation: Explanation, order: Order, n: int) -> pd.DataFrame:
    """The `n` events that stand out most, in this order, and then the whole profile.

    Events are chosen by the size of the lens they are ordered by, so that nothing strong is left
    out, and then run from most for the product to most against it.
    """
    table, n_events = lens_table(explanation), len(explanation.titles)
    if order == "time":
        events = np.arange(n_events)[::-1][:n]
    else:
        values = getattr(explanation, order)
        events = np.sort(np.argsort(-np.abs(values), kind="stable")[:n])
        events = events[np.argsort(-values[events], kind="stable")]
    profile = np.arange(n_events, len(table))
    return table.iloc[np.concatenate([events, profile])].reset_index(drop=True)


@dataclass(frozen=True)
class Panel:
    """Where one lens is drawn: bars between `low` and `high` of a strip one unit wide.

    The values in words stand right of their bars, also of those that go to the left: left of a
    strip are the words of another.
    """

    left: float
    low: float
    high: float

    def at(self, value: float) -> float:
        """Where a value is drawn."""
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return self.left + share * (_PANEL - _WORDS)


def panels_of(table: pd.DataFrame) -> dict[Lens, Panel]:
    """Counted and mattered are the same unit, so they share one scale."""
    logits = table[["contribution", "influence"]].to_numpy()
    low, high = (min(logits.min(), 0.0), max(logits.max(), 0.0)) if logits.size else (0.0, 1.0)
    top = max(float(table["attention"].max()), 1e-9) if len(table) else 1.0
    step = _PANEL + _GAP
    return {
        "attention": Panel(0.0, 0.0, top),
        "contribution": Panel(step, float(low), float(high) or 1.0),
        "influence": Panel(2 * step, float(low), float(high) or 1.0),
    }


def _bars(table: pd.DataFrame, panels: dict[Lens, Panel]) -> Rows:
    """One bar a row and lens. Without pandas, whose small tables cost more than the drawing."""
    days = moments_said(table)
    names = row_names(table)
    rows = list(zip(names, table["title"], days, contexts(table), table["event"], strict=True))
    bars: Rows = []
    for lens in LENSES:
        panel, say = panels[lens], percent if lens == "attention" else score
        name, start = lens_name(lens).plain, panel.at(0.0)
        for value, (key, title, when, context, event) in zip(
            table[lens].tolist(), rows, strict=True
        ):
            bars.append(
                {
                    "row": key,
                    "lens": name,
                    "start": start,
                    "end": panel.at(value),
                    "right": panel.at(max(value, 0.0)),
                    "value": say(value),
                    "title": title,
                    "when": when,
                    "context": context,
                    "event": event,
                }
            )
    return bars


def contexts(table: pd.DataFrame) -> list[str]:
    """Date and kind of each event, as short as they stay readable."""
    rows = zip(table["position"], moments_said(table, short=True), table["event"], strict=True)
    return [
        " · ".join(filter(None, (when, event))) if position >= 0 else ""
        for position, when, event in rows
    ]


def wide(usual: float | str, narrow: float | str) -> alt.ExprRef:
    """One value or expression on wide screens, another where the chart is as narrow as a phone."""
    return alt.ExprRef(expr=wide_expr(usual, narrow))


def row_names(table: pd.DataFrame) -> list[str]:
    """Keys of the rows, with titles as short as there is room for."""
    return keys(shorten_apart(list(table["title"]), 34))


def _row_axis() -> dict[str, Any]:
    """Titles of the rows, shorter on a phone."""
    return NAME_AXIS | {
        "labelLimit": {"expr": wide_expr(230, 112)},
        "labelFontSize": 12.5,
        "grid": False,
    }


def _lens_axis(panels: dict[Lens, Panel], palette: Palette) -> dict[str, Any]:
    """The names of the lenses in their colours, above their strips."""
    starts = [panel.left for panel in panels.values()]
    names = [[lens_name(lens).plain, lens_name(lens).term] for lens in LENSES]
    choose = f"datum.value < {starts[1] - 0.01} ? 0 : datum.value < {starts[2] - 0.01} ? 1 : 2"
    tests = [
        {"test": f"({choose}) == {i}", "value": colour} for i, colour in enumerate(palette.lenses)
    ]
    return {
        "orient": "top",
        "values": starts,
        "labelExpr": f"({json.dumps(names)})[{choose}]",
        "labelAlign": "left",
        "labelFontSize": 13,
        "labelFontWeight": 600,
        "labelLineHeight": 15,
        "labelBaseline": "bottom",
        "labelPadding": 6,
        "offset": 17,
        "labelColor": {"condition": tests, "value": palette.text},
        "title": None,
        "ticks": False,
        "domain": False,
        "grid": False,
    }


def lens_chart(
    explanation: Explanation, palette: Palette, order: Order = "contribution", n: int = 12
) -> Spec:
    """Three strips of bars on the same rows; the strips keep their order, words and colours."""
    table = strongest(explanation, order, n)
    panels = panels_of(table)
    said = (
        ("title", _("Event")),
        ("when", _("Date")),
        ("event", _("Kind")),
        ("lens", _("Lens")),
        ("value", _("Value")),
    )
    name = _("Bars of what was looked at, counted and mattered, event by event")
    looks = {"end": {"height": 13}}
    return strips(name, _bars(table, panels), panels, looks, said, palette)


def strips(
    name: str,
    bars: Rows,
    panels: dict[Lens, Panel],
    looks: dict[str, dict[str, Any]],
    said: Sequence[tuple[str, str]],
    palette: Palette,
) -> Spec:
    """Bars on three strips, their values in words, and the dates of the events.

    Every row of `bars` has its `row`, `lens`, `start`, `value` in words, the `right` end beside
    which these stand, and the `context` of its event. `looks` has how the bars look by the field
    where they end, `said` what is told under the mouse.
    """
    base = {
        "y": {"field": "row", "type": "ordinal", "axis": _row_axis()},
        "tooltip": [{"field": f, "type": "nominal", "title": title} for f, title in said],
    }
    narrowest = {"expr": wide_expr(-_DATES, 0.0)}
    right = panels["influence"].left + _PANEL
    start = {
        "field": "start",
        "type": "quantitative",
        "scale": {"domainMin": narrowest, "domainMax": right, "nice": False, "zero": False},
        "axis": _lens_axis(panels, palette),
    }
    names = [lens_name(lens).plain for lens in LENSES]
    colour = {
        "field": "lens",
        "type": "nominal",
        "scale": {"domain": names, "range": list(palette.lenses)},
        "legend": None,
    }
    text = {"type": "text", "fontSize": 11.5, "color": palette.text, "baseline": "middle"}
    right_end = {"field": "right", "type": "quantitative"}
    value = {"field": "value", "type": "nominal"}
    layers: list[dict[str, Any]] = [
        {
            "data": {"name": "zeros"},
            "mark": {"type": "rule", "color": palette.faint, "strokeWidth": 1},
            "encoding": {"x": {"field": "zero", "type": "quantitative"}},
        },
        *(
            {
                "data": {"name": "bars"},
                "mark": {"type": "bar", "cornerRadius": 2} | look,
                "encoding": base | {"x": start, "x2": {"field": field}, "color": colour},
            }
            for field, look in looks.items()
        ),
        {
            "data": {"name": "bars"},
            "mark": text | {"align": "left", "dx": 5},
            "encoding": base | {"x": right_end, "text": value},
        },
        {
            "data": {"name": "bars"},
            "transform": [{"filter": f"datum.lens == {json.dumps(names[0])}"}],
            "mark": text | {"align": "left", "fontSize": 11, "color": palette.muted},
            "encoding": base
            | {
                "x": {"datum": -_DATES},
                "text": {"field": "context", "type": "nominal"},
                "opacity": {"value": {"expr": wide_expr(1, 0)}},
            },
        },
    ]
    zeros: Rows = [{"zero": panel.at(0.0)} for panel in panels.values()]
    return Spec(name, layers, ROW_HEIGHT, palette, {"bars": bars, "zeros": zeros})
