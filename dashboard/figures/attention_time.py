"""Attention against time: this customer's events beside the mean over many customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import altair as alt
import numpy as np
import pandas as pd

from dashboard.figures.finish import finish, named
from dashboard.figures.palette import Palette
from dashboard.words import _

if TYPE_CHECKING:
    from recommender.evaluate.looking_back import Looked, LookingBack

Back = Literal["days", "places"]
_HEIGHT = 330
_NEAREST = 0.5
"""Days at which the scale begins: it is logarithmic."""


def looked_table(looked: Looked, titles: list[str], contexts: list[str]) -> pd.DataFrame:
    """One row an event that the window holds, oldest first; `days` where somebody said when."""
    table = pd.DataFrame(
        {
            "title": titles,
            "event": contexts,
            "days": np.round(looked.days, 3),
            "place": looked.places.astype(int) + 1,
            "times_even": np.round(looked.times, 4),
        }
    )
    nobody_said = len(table) > 0 and bool(table["days"].isna().all())
    return table.drop(columns="days") if nobody_said else table


def average_table(average: LookingBack, by: Back) -> pd.DataFrame:
    """The bins of one average, places counted from 1."""
    if by == "days":
        return average.gaps.assign(at=average.gaps["middle"].clip(lower=_NEAREST))
    return average.places.assign(at=average.places["middle"] + 1)


def looking_back_chart(
    looked: pd.DataFrame, average: LookingBack | None, by: Back, palette: Palette
) -> alt.LayerChart:
    """Points: this customer's events; line: the mean over customers; 1.0 is an even spread."""
    shown = looked.assign(at=looked["days"].clip(lower=_NEAREST) if by == "days" else looked.place)
    title = _("days before the recommendation") if by == "days" else _("place, newest first")
    x = alt.X(
        "at:Q",
        scale=alt.Scale(type="log", nice=False, padding=12),
        axis=alt.Axis(title=title, grid=False, ticks=False, format="~r", tickCount=6),
    )
    axis = alt.Axis(title=_("× even spread"), domain=False, ticks=False, tickCount=4, format="~r")
    names = [_("this {@customer}'s events"), _("mean over {@customers}")]
    legend = alt.Legend(title=None, orient="bottom") if average is not None else None
    scale = alt.Scale(domain=names, range=[palette.attention, palette.text])
    colour = alt.Color("who:N", scale=scale, legend=legend)
    points = (
        named("events")
        .mark_circle(size=75, opacity=0.7)
        .encode(
            x=x,
            color=colour,
            y=alt.Y("times_even:Q", axis=axis),
            tooltip=[
                alt.Tooltip("title:N", title=_("{@Product}")),
                alt.Tooltip("event:N", title=_("Event")),
                alt.Tooltip("times_even:Q", title=_("× even spread"), format=".2f"),
            ],
        )
    )
    chance = named("chance").mark_rule(strokeDash=[4, 4], color=palette.muted).encode(y="one:Q")
    tables = {"events": shown.assign(who=names[0]), "chance": pd.DataFrame({"one": [1.0]})}
    if average is None:
        return finish(chance, points, height=_HEIGHT, palette=palette, **tables)
    line = (
        named("average")
        .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=34))
        .encode(
            x=x,
            color=colour,
            y=alt.Y("times:Q", axis=axis),
            tooltip=[
                alt.Tooltip("times:Q", title=_("Mean over {@customers}, × even"), format=".2f"),
                alt.Tooltip("events:Q", title=_("Events"), format=","),
            ],
        )
    )
    tables["average"] = average_table(average, by).assign(who=names[1])
    return finish(chance, points, line, height=_HEIGHT, palette=palette, **tables)
