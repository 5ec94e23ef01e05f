"""Uploaded data before any model: when events happened, how many for whom and of what."""

from __future__ import annotations

import altair as alt
import pandas as pd

from dashboard.figures.finish import finish, name_axis, named
from dashboard.figures.palette import Palette
from dashboard.names import month_format
from dashboard.words import _, shorten
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
    named = [f"{shorten(title, 40)} ({i + 1})" for i, title in enumerate(titles)]
    return pd.DataFrame({"title": named, "events": counts.to_numpy()})


def events_by_time(table: pd.DataFrame, palette: Palette) -> alt.LayerChart:
    """Bars of months, coloured by the kind of event."""
    chart = (
        named("months")
        .mark_bar()
        .encode(
            x=alt.X("yearmonth(month):T", title=None, axis=alt.Axis(format=month_format())),
            y=alt.Y("sum(events):Q", title=_("Events")),
            color=alt.Color("event:N", title=None, scale=alt.Scale(range=list(palette.categories))),
            tooltip=["event:N", alt.Tooltip("sum(events):Q", title=_("Events"))],
        )
    )
    return finish(chart, height=220, palette=palette, months=table)


def lengths(counts: pd.Series, palette: Palette) -> alt.LayerChart:
    """How many users have how many events; the long tail is one bar."""
    table = counts.clip(upper=_LONGEST).value_counts().rename("users").reset_index()
    table.columns = pd.Index(["events", "users"])
    chart = (
        named("users")
        .mark_bar(color=palette.accent)
        .encode(
            x=alt.X("events:Q", title=_("Events ({n} or more in the last bar)").format(n=_LONGEST)),
            y=alt.Y("users:Q", title=_("Customers")),
            tooltip=["events:Q", "users:Q"],
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
            y=alt.Y("title:N", sort=list(table["title"]), axis=name_axis(220)),
            tooltip=["title:N", "events:Q"],
        )
    )
    return finish(chart, height=240, palette=palette, top=table)
