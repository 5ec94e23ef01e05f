"""How good the model is, and what the data are: the pictures of the overview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from dashboard.figures.finish import KEY_LABEL, finish, keys, rows
from dashboard.figures.palette import Palette
from dashboard.names import event_name, month_format, ranker_name
from dashboard.words import _, shorten_apart
from recommender.data.dataset import Dataset
from recommender.data.features import Feature

MOST_CATEGORIES = 20
"""Drawn at most."""


def quality_table(view: Mapping[str, Any], metric: str) -> pd.DataFrame:
    """The model and every baseline by one metric, best first."""
    rows = [(_("this model"), view["metrics"][metric], True)]
    rows += [
        (ranker_name(name), values[metric], False) for name, values in view["baselines"].items()
    ]
    table = pd.DataFrame(rows, columns=["name", "value", "model"])
    return table.sort_values("value", ascending=False, kind="stable").reset_index(drop=True)


def quality_chart(view: Mapping[str, Any], metric: str, palette: Palette) -> alt.LayerChart:
    """Bars of one metric: the model in colour, baselines in grey."""
    table = quality_table(view, metric)
    base = alt.Chart(table.assign(row=keys(table["name"]))).encode(
        y=rows(170),
        tooltip=[
            alt.Tooltip("name:N", title=_("Method")),
            alt.Tooltip("value:Q", title=metric, format=".4f"),
        ],
    )
    top = float(table["value"].max()) or 1.0
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, top * 1.18], nice=False))
    colour = alt.condition(
        "datum.model", alt.value(palette.accent), alt.value(palette.categories[-1])
    )
    bars = base.mark_bar(height=15, cornerRadius=2).encode(x=x, color=colour)
    words = base.mark_text(align="left", dx=6, fontSize=12, color=palette.text).encode(
        x=x, text=alt.Text("value:Q", format=".3f")
    )
    return finish(bars, words, height=alt.Step(28), palette=palette)


def activity_table(dataset: Dataset) -> pd.DataFrame:
    """Events by month and kind, as far as somebody said when they were."""
    events = dataset.dated
    table = pd.DataFrame(
        {
            "month": pd.to_datetime(events["time"].to_numpy(), unit="s").to_period("M").start_time,
            "event": np.array(dataset.event_types)[events["event"].to_numpy()],
        }
    )
    return table.groupby(["month", "event"]).size().rename("events").reset_index()


def activity_chart(table: pd.DataFrame, kinds: Sequence[str], palette: Palette) -> alt.LayerChart:
    """Events by month, stacked by kind."""
    present = [kind for kind in kinds if (table["event"] == kind).any()]
    kind_keys = keys(map(event_name, present))
    colours = list(palette.categories[: len(present)])
    shown = table.assign(
        kind=table["event"].map(dict(zip(present, kind_keys, strict=True))),
        event=table["event"].map(event_name),
    )
    chart: alt.Chart = (
        alt.Chart(shown)
        .mark_bar(cornerRadius=1)
        .encode(
            x=alt.X(
                "yearmonth(month):T",
                axis=alt.Axis(
                    title=None, grid=False, ticks=False, tickCount=6, format=month_format()
                ),
            ),
            y=alt.Y(
                "events:Q",
                axis=alt.Axis(title=None, domain=False, ticks=False, tickCount=4, format="~s"),
            ),
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=kind_keys, range=colours),
                legend=(
                    alt.Legend(title=None, orient="bottom", labelExpr=KEY_LABEL)
                    if len(present) > 1
                    else None
                ),
            ),
            tooltip=[
                alt.Tooltip("month:T", title=_("Month"), format=month_format()),
                alt.Tooltip("event:N", title=_("Event")),
                alt.Tooltip("events:Q", title=_("Events"), format=","),
            ],
        )
    )
    return finish(chart, height=220, palette=palette)


def category_table(dataset: Dataset, category: Feature) -> pd.DataFrame:
    """Events and products of each category, most events first."""
    codes = category.codes[:, 0]
    events = np.bincount(
        codes[dataset.interactions["item"].to_numpy()], minlength=len(category.values) + 1
    )
    items = np.bincount(codes, minlength=len(category.values) + 1)
    table = pd.DataFrame(
        {"name": list(category.values), "events": events[1:], "products": items[1:]}
    )
    return table.sort_values("events", ascending=False, kind="stable").reset_index(drop=True)


def category_chart(table: pd.DataFrame, called: str, palette: Palette) -> alt.LayerChart:
    """The categories with most events; `called` as their feature is."""
    shown = table.head(MOST_CATEGORIES)
    base = alt.Chart(shown.assign(row=keys(shorten_apart(list(shown["name"]), 24)))).encode(
        y=rows(170),
        tooltip=[
            alt.Tooltip("name:N", title=called),
            alt.Tooltip("events:Q", title=_("Events"), format=","),
            alt.Tooltip("products:Q", title=_("{@Products}"), format=","),
        ],
    )
    top = float(shown["events"].max()) if len(shown) else 1.0
    x = alt.X("events:Q", axis=None, scale=alt.Scale(domain=[0, top * 1.18], nice=False))
    bars = base.mark_bar(height=12, cornerRadius=2, color=palette.categories[-1]).encode(x=x)
    words = base.mark_text(align="left", dx=6, fontSize=11.5, color=palette.muted).encode(
        x=x, text=alt.Text("events:Q", format=",")
    )
    return finish(bars, words, height=alt.Step(22), palette=palette)


def loss_chart(
    table: pd.DataFrame, palette: Palette, measure: Literal["loss", "ndcg@10"] = "loss"
) -> alt.LayerChart:
    """One measure by step while training runs (columns `step` and the measure)."""
    titles = {"loss": _("loss"), "ndcg@10": _("NDCG@10, validation")}
    chart: alt.Chart = (
        alt.Chart(table)
        .mark_line(color=palette.accent, strokeWidth=2)
        .encode(
            x=alt.X(
                "step:Q", axis=alt.Axis(title=_("step"), grid=False, ticks=False, tickMinStep=1)
            ),
            y=alt.Y(
                f"{measure}:Q",
                scale=alt.Scale(zero=False),
                axis=alt.Axis(
                    title=titles[measure],
                    titleAngle=0,  # upright it is longer than the chart is high
                    titleAlign="left",
                    titleX=0,
                    titleY=-10,
                    domain=False,
                    ticks=False,
                    tickCount=3,
                ),
            ),
        )
    )
    return finish(chart, height=150, palette=palette)
