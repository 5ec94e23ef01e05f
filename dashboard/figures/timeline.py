"""A user's history as a timeline: when, what kind of event, which category."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Int

from dashboard.figures.finish import Spec, wide_expr
from dashboard.figures.palette import Palette
from dashboard.names import (
    day_format,
    day_of_year_format,
    event_name,
    hour_format,
    month_format,
)
from dashboard.words import _
from recommender.data.dataset import Dataset
from recommender.data.features import Feature
from recommender.data.histories import History

_FEW_DAYS, _SHORT_DAYS = 3, 200
_TICKS = 7
_PARTS = ("year", "month", "date", "hours", "minutes", "seconds")
"""Of a moment, as Vega-Lite has them: in the time of the reader, as it reads the events."""
_ROW_HEIGHT = 30


@dataclass(frozen=True)
class Marks:
    """Which events stand out."""

    causes: tuple[int, ...] = ()
    """Positions of the events that the shown recommendation rests on."""
    held_out: tuple[int, ...] = ()
    """Items of the purchase that the model has not seen."""


def timeline_table(
    dataset: Dataset, history: History, category: Feature | None, marks: Marks
) -> pd.DataFrame:
    """One row an event, oldest first, and one for each item that was held out."""
    items = np.concatenate([history.items, np.array(marks.held_out, dtype=np.int64)])
    seen = len(history)
    kinds = [dataset.event_types[code] for code in history.events]
    later = dataset.target_events[-1:] * len(marks.held_out)
    times = np.concatenate([history.times, np.full(len(marks.held_out), history.as_of)])
    return pd.DataFrame(
        {
            "position": np.arange(len(items)),
            "item_id": dataset.items["item_id"].to_numpy()[items],
            "title": dataset.items["title"].to_numpy()[items],
            "time": pd.to_datetime(times, unit="s"),
            "event": [*kinds, *later],
            "category": _labels(category, items),
            "cause": np.isin(np.arange(len(items)), marks.causes),
            "held_out": np.arange(len(items)) >= seen,
        }
    )


def _labels(category: Feature | None, items: Int[np.ndarray, " event"]) -> list[str]:
    return [category.label(int(item)) if category else "" for item in items]


def _grouped(categories: pd.Series, keep: int) -> tuple[pd.Series, list[str]]:
    """The most frequent categories by name, all others as one."""
    frequent = [name for name in categories.value_counts().index if name][:keep]
    other = _("other")
    grouped = categories.where(categories.isin(frequent), other)
    return grouped, [*frequent, *([other] if (grouped == other).any() else [])]


def _dates(times: pd.Series) -> dict[str, Any]:
    """How the axis of time is labelled, so that no two of its labels say the same.

    Months where the history is long, days where it is short, hours where it is a few days of
    events with a time of day, and the one day where there is just one moment.
    """
    days = (times.max() - times.min()) / pd.Timedelta(days=1)
    if days == 0:
        parts = dict(zip(_PARTS, times.min().timetuple()[:6], strict=True))
        return {"values": [parts], "format": day_format()}
    if days < _FEW_DAYS and (times != times.dt.normalize()).any():
        return {"tickCount": _TICKS, "format": hour_format()}
    if days < _TICKS:
        return {"tickCount": {"interval": "day", "step": 1}, "format": day_of_year_format()}
    short = days < _SHORT_DAYS
    return {"tickCount": _TICKS, "format": day_of_year_format() if short else month_format()}


def timeline(
    table: pd.DataFrame, event_types: tuple[str, ...], palette: Palette, category: str = ""
) -> Spec:
    """Events by time and kind; a ring marks the causes, a diamond what was held out.

    `category` is what the categories are called.
    """
    grouped, names = _grouped(table["category"], len(palette.categories) - 1)
    shown = table.assign(group=grouped)
    present = [kind for kind in reversed(event_types) if (shown["event"] == kind).any()]
    shown["event"] = shown["event"].map(event_name)
    called = category or _("Category")
    place = _place(_dates(table["time"]), list(map(event_name, present)), called)
    colour = _colour(names, palette)
    hollow = {"type": "point", "strokeWidth": 2, "filled": False}
    ring = hollow | {"size": 230, "color": palette.text, "shape": "circle"}
    diamond = hollow | {"size": 130, "color": palette.accent, "shape": "diamond"}
    dot = {"type": "circle", "size": 85, "opacity": 0.85}
    layers = [
        {"data": {"name": "events"}, "transform": [{"filter": which}], "mark": mark, "encoding": at}
        for which, mark, at in (
            ("!datum.held_out", dot, place | {"color": colour}),
            ("datum.cause", ring, place),
            ("datum.held_out", diamond, place),
        )
    ]
    return Spec(_("Events in time"), layers, _ROW_HEIGHT, palette, {"events": shown})


def _place(dates: dict[str, Any], kinds: list[str], category: str) -> dict[str, Any]:
    """When and of what kind, and what is said of an event under the mouse."""
    axis = {"title": None, "ticks": False, "domain": False}
    days = {"grid": False, "labelPadding": 6, "labelOverlap": True} | dates
    names = {"grid": True, "labelPadding": 8}
    said = (("title", _("Product")), ("category", category), ("event", _("Event")))
    date = {"field": "time", "type": "temporal", "title": _("Date"), "format": day_format()}
    return {
        "x": {"field": "time", "type": "temporal", "axis": axis | days},
        "y": {"field": "event", "type": "nominal", "sort": kinds, "axis": axis | names},
        "tooltip": [*({"field": f, "type": "nominal", "title": title} for f, title in said), date],
    }


def _colour(names: list[str], palette: Palette) -> dict[str, Any]:
    """A colour for each category by name, grey for the others."""
    colours = [
        palette.categories[-1] if name == _("other") else palette.categories[i]
        for i, name in enumerate(names)
    ]
    legend = {"title": None, "orient": "bottom", "symbolType": "circle"}
    return {
        "field": "group",
        "type": "nominal",
        "scale": {"domain": names, "range": colours},
        "legend": legend | {"labelLimit": 160, "padding": 0, "columns": {"expr": wide_expr(0, 2)}},
    }
