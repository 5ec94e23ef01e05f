"""Uploaded data before any model: when events happened, how many for whom and of what."""

from __future__ import annotations

import altair as alt
import pandas as pd

from dashboard.figures.finish import KEY_LABEL, finish, keys, named, rows
from dashboard.figures.palette import Palette
from dashboard.names import event_name, month_format
from dashboard.words import _, shorten_apart
from recommender.data import Tables
from recommender.data.columns import EVENT, ITEM, TIME, TITLE, USER
from recommender.data.dataset import dated

_TOP = 12
_LONGEST = 50


def per_month(events: pd.DataFrame) -> pd.DataFrame:
    """Events by month and kind: columns `month` (a date), `event`, `events`."""
    events = dated(events)
    months = pd.to_datetime(events[TIME], unit="s").dt.to_period("M").dt.to_timestamp()
    counts = events.groupby([months.rename("month"), EVENT], observed=True).size()
    return counts.rename("events").reset_index().astype({EVENT: "str"})


def per_user(events: pd.DataFrame) -> pd.Series:
    """How many events each user has."""
    counts: pd.Series = events[USER].value_counts()
    return counts[counts > 0]


def most_frequent(tables: Tables) -> pd.DataFrame:
    """The products with most events: columns `title`, `events`, most first."""
    counts = tables.interactions[ITEM].value_counts().head(_TOP)
    titles = tables.items.set_index(ITEM)[TITLE].reindex(counts.index)
    return pd.DataFrame({"title": titles.to_numpy(), "events": counts.to_numpy()})


def events_by_time(table: pd.DataFrame, palette: Palette) -> alt.LayerChart:
    """Bars of months, coloured by the kind of event."""
    kinds = list(dict.fromkeys(table[EVENT]))
    kind_keys = dict(zip(kinds, keys(map(event_name, kinds)), strict=True))
    shown = table.assign(kind=table[EVENT].map(kind_keys), event=table[EVENT].map(event_name))
    chart = (
        named("months")
        .mark_bar()
        .encode(
            x=alt.X("yearmonth(month):T", title=None, axis=alt.Axis(format=month_format())),
            y=alt.Y("sum(events):Q", title=_("Events")),
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(range=list(palette.categories)),
                legend=alt.Legend(title=None, labelExpr=KEY_LABEL),
            ),
            tooltip=[
                alt.Tooltip("event:N", title=_("Event")),
                alt.Tooltip("sum(events):Q", title=_("Events")),
            ],
        )
    )
    return finish(chart, height=220, palette=palette, months=shown)


def lengths(counts: pd.Series, palette: Palette) -> alt.LayerChart:
    """How many users have how many events; the long tail is one bar."""
    table = counts.clip(upper=_LONGEST).value_counts().rename("users").reset_index()
    table.columns = pd.Index(["events", "users"])
    chart = (
        named("users")
        .mark_bar(color=palette.accent)
        .encode(
            x=alt.X("events:Q", title=_("Events ({n} or more in the last bar)").format(n=_LONGEST)),
            y=alt.Y("users:Q", title=_("{@Customers}")),
            tooltip=[
                alt.Tooltip("events:Q", title=_("Events")),
                alt.Tooltip("users:Q", title=_("{@Customers}")),
            ],
        )
    )
    return finish(chart, height=240, palette=palette, users=table)


def bars(table: pd.DataFrame, palette: Palette) -> alt.LayerChart:
    """One bar a product."""
    chart = (
        named("top")
        .mark_bar(color=palette.accent, height=13)
        .encode(
            x=alt.X("events:Q", title=_("Events")),
            y=rows(220),
            tooltip=[
                alt.Tooltip("title:N", title=_("{@Product}")),
                alt.Tooltip("events:Q", title=_("Events")),
            ],
        )
    )
    shown = table.assign(row=keys(shorten_apart(list(table["title"]), 40)))
    return finish(chart, height=alt.Step(20), palette=palette, top=shown)
