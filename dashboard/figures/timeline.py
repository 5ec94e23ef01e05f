"""A user's history as a timeline: when, what kind of event, which category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Int

from dashboard.figures.finish import KEY_LABEL, Spec, keys, wide_expr
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
    held_out_events: tuple[int, ...] = ()
    """What the user did with each of them: codes of event types."""


def timeline_table(
    dataset: Dataset, history: History, category: Feature | None, marks: Marks
) -> pd.DataFrame:
    """One row an event, oldest first, and one for each item that was held out."""
    items = np.concatenate([history.items, np.array(marks.held_out, dtype=np.int64)])
    seen = len(history)
    kinds = [dataset.event_types[code] for code in (*history.events, *marks.held_out_events)]
    return pd.DataFrame(
        {
            "position": np.arange(len(items)),
            "item_id": dataset.items["item_id"].to_numpy()[items],
            "title": dataset.items["title"].to_numpy()[items],
            **_moments(history, len(marks.held_out)),
            "event": kinds,
            "category": _labels(category, items),
            "cause": np.isin(np.arange(len(items)), marks.causes),
            "held_out": np.arange(len(items)) >= seen,
        }
    )


def _moments(history: History, n_held_out: int) -> dict[str, Any]:
    """Column `time`; where the data has no times, `number`: which event it was."""
    moments = [*(history.moment(i) for i in range(len(history))), *[history.asked] * n_held_out]
    if not history.dates.has_time:
        return {"number": [moment.number for moment in moments]}
    nobody = np.datetime64("NaT", "s")
    times = [nobody if one.time is None else np.datetime64(one.time, "s") for one in moments]
    return {"time": np.array(times, dtype="datetime64[s]")}


def _labels(category: Feature | None, items: Int[np.ndarray, " event"]) -> list[str]:
    return [category.label(int(item)) if category else "" for item in items]


def looks(
    categories: pd.Series, palette: Palette, shapes: Sequence[str] = ("circle",)
) -> tuple[pd.Series, dict[str, tuple[str, str]]]:
    """A key for each category, and its colour and shape: the most frequent by name, all others as
    one. Colours run out first, then the next shape has them again."""
    *hues, grey = palette.categories
    most = len(hues) * len(shapes)
    frequent = [name for name in categories.value_counts().index if name][:most]
    every = keys([*frequent, _("other")])
    place = dict(zip(frequent, every[:-1], strict=True))
    found = pd.Series([place.get(name, every[-1]) for name in categories], categories.index)
    own = [(hues[i % len(hues)], shapes[i // len(hues)]) for i in range(len(frequent))]
    there = set(found)
    known = zip(every, [*own, (grey, "circle")], strict=True)
    return found, {key: look for key, look in known if key in there}


def grouped(categories: pd.Series, palette: Palette) -> tuple[pd.Series, dict[str, str]]:
    """A key for each category and its colour: the most frequent by name, all others as one."""
    found, every = looks(categories, palette)
    return found, {key: colour for key, (colour, _shape) in every.items()}


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
    groups, colours = grouped(table["category"], palette)
    present = [kind for kind in reversed(event_types) if (table["event"] == kind).any()]
    kinds = dict(zip(present, keys(map(event_name, present)), strict=True))
    shown = table.assign(
        group=groups, row=table["event"].map(kinds), event=table["event"].map(event_name)
    )
    place, colour = _place(_across(table), category or _("Category")), _colour(colours)
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


def _across(table: pd.DataFrame) -> dict[str, Any]:
    """The moments as the chart places them: days, or numbers of events."""
    axis: dict[str, Any] = {"grid": False, "labelPadding": 6, "labelOverlap": True}
    if "number" in table:
        axis |= {"format": "d", "tickMinStep": 1, "tickCount": _TICKS}
        scale = {"zero": False, "nice": False, "padding": 8}
        return {"field": "number", "type": "quantitative", "axis": axis, "scale": scale}
    return {"field": "time", "type": "temporal", "axis": axis | _dates(table["time"])}


def _place(across: dict[str, Any], category: str) -> dict[str, Any]:
    """When and of what kind, and what is said of an event under the mouse."""
    axis = {"title": None, "ticks": False, "domain": False}
    names = {"grid": True, "labelPadding": 8, "labelExpr": KEY_LABEL}
    said = (("title", _("{@Product}")), ("category", category), ("event", _("Event")))
    when = {name: across[name] for name in ("field", "type")}
    if when["type"] == "temporal":
        when |= {"title": _("Date"), "format": day_format()}
    else:
        when |= {"title": _("Number"), "format": "d"}
    return {
        "x": across | {"axis": axis | across["axis"]},
        "y": {"field": "row", "type": "ordinal", "axis": axis | names},
        "tooltip": [*({"field": f, "type": "nominal", "title": title} for f, title in said), when],
    }


def _colour(colours: dict[str, str]) -> dict[str, Any]:
    """A colour for each category, grey for the others."""
    legend = {"title": None, "orient": "bottom", "symbolType": "circle", "labelExpr": KEY_LABEL}
    return {
        "field": "group",
        "type": "nominal",
        "scale": {"domain": list(colours), "range": list(colours.values())},
        "legend": legend | {"labelLimit": 160, "padding": 0, "columns": {"expr": wide_expr(0, 2)}},
    }
