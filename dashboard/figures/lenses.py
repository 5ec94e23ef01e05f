"""The three lenses on every event, side by side: looked at, counted, mattered."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import altair as alt
import numpy as np
import pandas as pd

from dashboard.figures.finish import finish, named
from dashboard.figures.palette import Palette
from dashboard.names import (
    LENSES,
    Lens,
    day,
    feature_name,
    lens_name,
    percent,
    score,
    short_day,
)
from dashboard.words import _, shorten

if TYPE_CHECKING:
    from recommender.explain.types import Explanation

Order = Literal["attention", "contribution", "influence", "time"]
ROW_HEIGHT = 27
HEADER = 46
_NARROW = 480
PANEL, _GAP, DATES = 1.0, 0.08, 1.12


def lens_table(explanation: Explanation) -> pd.DataFrame:
    """One row an event, oldest first, then one a profile feature (position -1)."""
    events = pd.DataFrame(
        {
            "position": np.arange(len(explanation.titles)),
            "item_id": list(explanation.item_ids),
            "title": list(explanation.titles),
            "time": pd.to_datetime(explanation.times, unit="s"),
            "event": list(explanation.event_types),
            "attention": explanation.attention,
            "contribution": explanation.contribution,
            "influence": explanation.influence,
            "influence_log": explanation.influence_log,
        }
    )
    profile = pd.DataFrame(
        {
            "position": -1,
            "item_id": "",
            "title": [f"{feature_name(p.feature)}: {p.value}" for p in explanation.profile],
            "time": pd.NaT,
            "event": _("profile"),
            "attention": [p.attention for p in explanation.profile],
            "contribution": [p.contribution for p in explanation.profile],
            "influence": [p.influence for p in explanation.profile],
            "influence_log": float("nan"),
        },
    )
    return pd.concat([events, profile], ignore_index=True) if len(profile) else events


def strongest(explanation: Explanation, order: Order, n: int) -> pd.DataFrame:
    """The `n` events that stand out most, in this order, and then the whole profile.

    Events are chosen by the size of the lens they are ordered by, so that nothing strong is left
    out, and then run from most for the product to most against it.
    """
    table = lens_table(explanation)
    events = table[table["position"] >= 0]
    if order == "time":
        events = events.sort_values("position", ascending=False)
    else:
        sizes = events[order].abs().sort_values(ascending=False, kind="stable").head(n)
        events = events.loc[sizes.index].sort_values(order, ascending=False, kind="stable")
    return pd.concat([events.head(n), table[table["position"] < 0]], ignore_index=True)


@dataclass(frozen=True)
class Panel:
    """Where one lens is drawn: bars between `low` and `high` of a strip one unit wide."""

    left: float
    low: float
    high: float

    @property
    def _room(self) -> tuple[float, float]:
        return (0.2 if self.low < 0 else 0.0), 0.24

    def at(self, value: float) -> float:
        """Where a value is drawn."""
        before, after = self._room
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return self.left + before + share * (PANEL - before - after)


def panels_of(table: pd.DataFrame) -> dict[Lens, Panel]:
    """Counted and mattered are the same unit, so they share one scale."""
    logits = table[["contribution", "influence"]].to_numpy()
    low, high = (min(logits.min(), 0.0), max(logits.max(), 0.0)) if logits.size else (0.0, 1.0)
    top = max(float(table["attention"].max()), 1e-9) if len(table) else 1.0
    step = PANEL + _GAP
    return {
        "attention": Panel(0.0, 0.0, top),
        "contribution": Panel(step, float(low), float(high) or 1.0),
        "influence": Panel(2 * step, float(low), float(high) or 1.0),
    }


def _long(table: pd.DataFrame, panels: dict[Lens, Panel]) -> pd.DataFrame:
    parts = []
    for lens in LENSES:
        panel, values = panels[lens], table[lens]
        said = values.map(percent if lens == "attention" else score)
        parts.append(
            pd.DataFrame(
                {
                    "row": np.arange(len(table)),
                    "lens": lens_name(lens).plain,
                    "start": panel.at(0.0),
                    "end": values.map(panel.at),
                    "value": said,
                    "title": table["title"],
                    "when": [day(t.timestamp()) if pd.notna(t) else "" for t in table["time"]],
                    "context": contexts(table),
                    "event": table["event"],
                    "sign": np.where(values < 0, -1, 1),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def contexts(table: pd.DataFrame) -> list[str]:
    """Date and kind of each event, as short as they stay readable."""
    return [
        f"{short_day(time)} · {event}" if pd.notna(time) else ""
        for time, event in zip(table["time"], table["event"], strict=True)
    ]


def wide(usual: float | str, narrow: float | str) -> alt.ExprRef:
    """One value or expression on wide screens, another where the chart is as narrow as a phone."""
    return alt.ExprRef(expr=f"containerSize()[0] < {_NARROW} ? {narrow} : {usual}")


def row_axis(table: pd.DataFrame) -> alt.Axis:
    """Titles of the rows, shorter on a phone."""
    labels = {str(i): shorten(title, 34) for i, title in enumerate(table["title"])}
    return alt.Axis(
        labelExpr=f"({json.dumps(labels)})[datum.value]",
        labelLimit=wide(230, 112),
        labelPadding=10,
        labelFontSize=12.5,
        title=None,
        ticks=False,
        domain=False,
        grid=False,
    )


def lens_axis(panels: dict[Lens, Panel], palette: Palette) -> alt.Axis:
    """The names of the lenses in their colours, above their strips."""
    starts = [panel.left for panel in panels.values()]
    names = [[lens_name(lens).plain, lens_name(lens).term] for lens in LENSES]
    choose = f"datum.value < {starts[1] - 0.01} ? 0 : datum.value < {starts[2] - 0.01} ? 1 : 2"
    tests = [
        {"test": f"({choose}) == {i}", "value": colour} for i, colour in enumerate(palette.lenses)
    ]
    return alt.Axis(
        orient="top",
        values=starts,
        labelExpr=f"({json.dumps(names)})[{choose}]",
        labelAlign="left",
        labelFontSize=13,
        labelFontWeight=600,
        labelLineHeight=15,
        labelBaseline="bottom",
        labelPadding=6,
        offset=17,
        labelColor={"condition": tests, "value": palette.text},
        title=None,
        ticks=False,
        domain=False,
        grid=False,
    )


def lens_chart(
    explanation: Explanation, palette: Palette, order: Order = "contribution", n: int = 12
) -> alt.LayerChart:
    """Three strips of bars on the same rows; the strips keep their order, words and colours."""
    table = strongest(explanation, order, n)
    panels = panels_of(table)
    long = _long(table, panels)
    right = panels["influence"].left + PANEL
    base = named("bars").encode(
        y=alt.Y("row:O", axis=row_axis(table)),
        tooltip=[
            alt.Tooltip("title:N", title=_("Event")),
            alt.Tooltip("when:N", title=_("Date")),
            alt.Tooltip("event:N", title=_("Kind")),
            alt.Tooltip("lens:N", title=_("Lens")),
            alt.Tooltip("value:N", title=_("Value")),
        ],
    )
    x = alt.X(
        "start:Q",
        scale=alt.Scale(domainMin=wide(-DATES, 0.0), domainMax=right, nice=False, zero=False),
        axis=lens_axis(panels, palette),
    )
    names = [lens_name(lens).plain for lens in LENSES]
    colour = alt.Color(
        "lens:N", scale=alt.Scale(domain=names, range=list(palette.lenses)), legend=None
    )
    bars = base.mark_bar(height=13, cornerRadius=2).encode(x=x, x2=alt.X2("end:Q"), color=colour)
    words = base.mark_text(fontSize=11.5, color=palette.text, baseline="middle")
    after = (
        words.transform_filter("datum.sign > 0")
        .mark_text(align="left", dx=5, fontSize=11.5, color=palette.text)
        .encode(x=alt.X("end:Q"), text=alt.Text("value:N"))
    )
    before = (
        words.transform_filter("datum.sign < 0")
        .mark_text(align="right", dx=-5, fontSize=11.5, color=palette.text)
        .encode(x=alt.X("end:Q"), text=alt.Text("value:N"))
    )
    dates = (
        base.transform_filter(f"datum.lens == {json.dumps(names[0])}")
        .mark_text(align="left", fontSize=11, color=palette.muted)
        .encode(
            x=alt.XDatum(-DATES), text=alt.Text("context:N"), opacity=alt.OpacityValue(wide(1, 0))
        )
    )
    zeros = named("zeros").mark_rule(color=palette.faint, strokeWidth=1).encode(x=alt.X("zero:Q"))
    starts = pd.DataFrame({"zero": [panel.at(0.0) for panel in panels.values()]})
    height = ROW_HEIGHT * max(len(table), 1) + HEADER
    layers = (zeros, bars, after, before, dates)
    return finish(*layers, height=height, palette=palette, bars=long, zeros=starts)
