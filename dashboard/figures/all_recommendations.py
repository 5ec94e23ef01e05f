"""What a whole model rests on: age and kind of events, categories, and who gets what from where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np
import pandas as pd

from dashboard.figures.finish import finish, keys, named, rows
from dashboard.figures.heatmap import Labels, about_zero
from dashboard.figures.lenses import wide
from dashboard.figures.model import Measure, strip_chart
from dashboard.figures.palette import Palette
from dashboard.figures.shares import share_bar
from dashboard.groups import grouping_and_group
from dashboard.names import event_name, feature_and_value, history_name, percent, score
from dashboard.words import _, plural, shorten_apart

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from recommender.evaluate.global_explanation import Overall

SOURCES = ("history", "popularity", "profile", "order and combination")
ROW_HEIGHT = 27
_ROOM_FOR_WORDS = 0.09
_HOURS = 24


def source_name(source: str) -> str:
    """Where a score comes from, in words."""
    return {
        "history": _("History"),
        "popularity": _("Popularity"),
        "profile": _("Profile"),
        "order and combination": _("Order and combination"),
    }.get(source, source)


def group_name(spelled: str) -> str:
    """A group of customers as `user_groups` spells it, in words."""
    grouping, group = grouping_and_group(spelled)
    if grouping == "history":
        return history_name(group)
    return feature_and_value(grouping, group)


def age_name(days_from: float, days_to: float) -> str:
    """An age of events from so many days to so many."""
    if days_from <= 0:
        return plural("under {n} hour", "under {n} hours", round(days_to * _HOURS))
    if not np.isfinite(days_to):
        return _("{n:.0f} days +").format(n=days_from)
    if days_to <= 1:
        return _("{a:.0f}–{b:.0f} hours").format(a=days_from * _HOURS, b=days_to * _HOURS)
    return _("{a:.0f}–{b:.0f} days").format(a=days_from, b=days_to)


def recency_table(found: Overall) -> pd.DataFrame:
    """Ages of events, newest first, without those that no event has."""
    table = found.recency[found.recency["events"] > 0]
    names = [age_name(*pair) for pair in zip(table["days_from"], table["days_to"], strict=True)]
    return table.assign(name=names).reset_index(drop=True)


def event_type_table(found: Overall) -> pd.DataFrame:
    """Kinds of events, the one with the largest share first."""
    table = found.event_types[found.event_types["events"] > 0]
    table = table.sort_values("share", ascending=False, kind="stable")
    return table.assign(name=table["event"].map(event_name)).reset_index(drop=True)


def event_measures() -> tuple[Measure, ...]:
    """How much events of one age or kind do: together, each, and how many there are."""
    return (
        Measure("share", _("All together"), _("of history"), "{:.0%}"),
        Measure("contribution", _("Each event"), _("mean size"), "{:.3f}"),
        Measure("events", _("Events"), _("of {@a_customer}"), "{:.1f}"),
    )


def events_chart(table: pd.DataFrame, what: str, palette: Palette) -> alt.LayerChart:
    """Strips of bars for each row of a table of ages or kinds; `what` the rows are, in words."""
    shown = table.assign(method=table["name"], colour=palette.contribution)
    return strip_chart(shown, event_measures(), palette, what)


def source_table(found: Overall, segment: str) -> pd.DataFrame:
    """Share of each source for everybody and for each group: one row a group and source."""
    whole = dict(zip(found.sources["source"], found.sources["share"], strict=True))
    groups = found.segments[found.segments["segment"] == segment].to_dict("records")
    rows = [
        (_("Everybody chosen"), found.users, whole),
        *((str(group["group"]), int(group["users"]), group) for group in groups),
    ]
    return pd.DataFrame(
        [
            {"group": name, "users": users, "source": source, "share": float(shares[source])}
            for name, users, shares in rows
            for source in SOURCES
        ]
    )


def source_chart(table: pd.DataFrame, palette: Palette) -> alt.LayerChart:
    """A bar to 100 % for each group, made of its sources."""
    present = [s for s in SOURCES if table.loc[table["source"] == s, "share"].max() > 0]
    grey = palette.categories[-1]
    colours = dict(zip(SOURCES, (palette.accent, grey, *palette.categories[1:3]), strict=True))
    groups = list(table["group"])[:: len(SOURCES)]
    named_rows = table.assign(row=np.repeat(keys(shorten_apart(groups, 24)), len(SOURCES)))
    shown = named_rows[table["source"].isin(present)].copy()
    shown["end"] = shown.groupby("row", sort=False)["share"].cumsum()
    shown["start"] = shown["end"] - shown["share"]
    shown["middle"] = (shown["start"] + shown["end"]) / 2
    shown["said"] = shown["share"].map(percent)
    shown["words"] = shown["said"].where(shown["share"] >= _ROOM_FOR_WORDS, "")
    shown["source"] = shown["source"].map(source_name)
    base = named("sources").encode(
        y=rows(wide(170, 100)),
        tooltip=[
            alt.Tooltip("group:N", title=_("Group")),
            alt.Tooltip("users:Q", title=_("{@Customers}"), format=","),
            alt.Tooltip("source:N", title=_("From")),
            alt.Tooltip("said:N", title=_("Share")),
        ],
    )
    scale = alt.Scale(domain=[0, 1], nice=False)
    bars = base.mark_bar(height=16, stroke=palette.surface, strokeWidth=1).encode(
        x=alt.X("start:Q", axis=None, scale=scale),
        x2=alt.X2("end:Q"),
        color=alt.Color(
            "source:N",
            scale=alt.Scale(
                domain=[source_name(s) for s in present], range=[colours[s] for s in present]
            ),
            legend=alt.Legend(title=None, orient="bottom", columns=2),
        ),
    )
    words = base.mark_text(fontSize=11.5, fontWeight=600, color=palette.surface).encode(
        x=alt.X("middle:Q", axis=None, scale=scale), text=alt.Text("words:N")
    )
    return finish(bars, words, height=alt.Step(ROW_HEIGHT), palette=palette, sources=shown)


def category_heatmap(found: Overall, palette: Palette) -> go.Figure:
    """What events of one category (row) add to products of another (column), a recommendation."""
    table = found.categories.pivot(
        index="history", columns="recommended", values="contribution"
    ).fillna(0.0)
    table = table.loc[(table != 0).any(axis=1), (table != 0).any(axis=0)]
    history, recommended = list(map(str, table.index)), list(map(str, table.columns))
    values = table.to_numpy(dtype=float)
    figure = about_zero(
        values,
        Labels.of(history, 22),
        Labels.of(recommended, 22),
        [[score(value, 4) for value in row] for row in values],
        share_bar(values),
        palette,
    )
    figure.update_layout(height=22 * len(history) + 220)
    figure.update_yaxes(title=_("in the history"))
    figure.update_xaxes(tickangle=-55, title=_("recommended"))
    return figure
