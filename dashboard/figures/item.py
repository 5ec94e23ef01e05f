"""One product seen from all users: who gets it, what its score is made of, what leads to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from dashboard.figures.finish import Spec, finish, keys, rows
from dashboard.figures.palette import Palette
from dashboard.figures.shares import ROW_HEIGHT, bars
from dashboard.names import feature_and_value, feature_help, feature_name, percent, score
from dashboard.words import _, plural, shorten_apart
from recommender.explain.types import ANY

if TYPE_CHECKING:
    from recommender.evaluate.items import Audience

_TINY = 0.005
FEWEST = 20
"""A segment of fewer users is not drawn: its rate is chance."""
_WORDS = 0.14
"""Room that a value takes, as a share of the longest bar."""
MOST_SEGMENTS = 24
"""Drawn at most."""


def part_table(audience: Audience) -> pd.DataFrame:
    """The mean score in parts: popularity, any event at all, the history, the profile, the order.

    What any event adds, whichever product it was about, is not taste and is a part of its own.
    """
    shares = audience.shares
    part = shares["kind"].mask(shares["feature"] == ANY, "any")
    sums = shares["contribution"].groupby(part).sum()
    parts = [name for name in ("bias", "any", "event", "profile", "order") if name in sums.index]
    return pd.DataFrame({"part": parts, "contribution": [float(sums[name]) for name in parts]})


def part_name(part: str) -> str:
    """How a part of the score is called."""
    return {
        "bias": _("Popularity"),
        "any": _("Any event at all"),
        "event": _("Taste: the history"),
        "profile": _("Taste: the profile"),
        "order": _("Order and combination"),
    }[part]


def part_chart(audience: Audience, palette: Palette) -> Spec:
    """How popularity and taste share in the score."""
    table = part_table(audience)
    table = table[~table["part"].isin(["order", "any"]) | (table["contribution"].abs() > _TINY)]
    help_texts = {
        "bias": _("The score that the {@product} has for anyone, whatever the history."),
        "any": feature_help(ANY),
        "event": _("What the events of the history add through what they were about."),
        "profile": _("What the profile adds."),
        "order": _("What the order of events adds and no single event explains."),
    }
    table = table.assign(
        name=table["part"].map(part_name),
        said=table["contribution"].map(score),
        help=table["part"].map(help_texts),
        chosen=True,
    )
    return bars(table, "contribution", palette, palette.contribution)


def feature_table(audience: Audience) -> pd.DataFrame:
    """Mean share of the score by feature, largest first."""
    order = audience.shares["contribution"].abs().sort_values(ascending=False, kind="stable").index
    return audience.shares.loc[order].reset_index(drop=True)


def feature_chart(audience: Audience, palette: Palette) -> Spec:
    """The features that lead to it, those near zero left out."""
    table = feature_table(audience)
    taste = (table["kind"] != "bias") & (table["feature"] != ANY)
    table = table[taste & (table["contribution"].abs() >= _TINY)]
    table = table.assign(
        name=table["feature"].map(feature_name),
        said=table["contribution"].map(score),
        help=table["feature"].map(feature_help),
        chosen=True,
    )
    return bars(table, "contribution", palette, palette.contribution)


def cause_chart(audience: Audience, palette: Palette) -> Spec:
    """The products in people's past that lead to it."""
    table = audience.causes.assign(
        name=shorten_apart(list(audience.causes["title"]), 34),
        said=audience.causes["contribution"].map(score),
        help=[
            plural("{n} of those explained has it", "{n} of those explained have it", users)
            for users in audience.causes["users"]
        ],
        chosen=True,
    )
    return bars(table, "contribution", palette, palette.contribution, labels=240)


def segment_table(audience: Audience) -> pd.DataFrame:
    """Profile values with at least 20 users, most likely to get it first."""
    table = audience.segments[audience.segments["users"] >= FEWEST]
    return table.sort_values("rate", ascending=False, kind="stable").reset_index(drop=True)


def segment_chart(audience: Audience, palette: Palette) -> alt.LayerChart:
    """How many of each segment get it; the line is everybody."""
    table = segment_table(audience).head(MOST_SEGMENTS)
    overall = len(audience.users) / max(audience.asked, 1)
    table = table.assign(
        name=[feature_and_value(row.feature, row.value) for row in table.itertuples()],
        said=table["rate"].map(percent),
        counts=[
            _("{n} of {all}").format(n=f"{row.receivers:,}", all=f"{row.users:,}")
            for row in table.itertuples()
        ],
    )
    top = max(float(table["rate"].max()), overall, 1e-9)
    # A value stands at its bar, and behind the line where it would lie on it.
    crossed = (table["rate"] <= overall) & (table["rate"] > overall - _WORDS * top)
    table = table.assign(row=keys(table["name"]), words=table["rate"].mask(crossed, overall))
    scale = alt.Scale(domain=[0, top * 1.25], nice=False)
    x = alt.X("rate:Q", axis=None, scale=scale)
    base = alt.Chart(table).encode(
        y=rows(210),
        tooltip=[
            alt.Tooltip("name:N", title=_("Segment")),
            alt.Tooltip("said:N", title=_("Share who get it")),
            alt.Tooltip("counts:N", title=_("{@Customers}")),
        ],
    )
    drawn = base.mark_bar(height=13, cornerRadius=2, color=palette.accent).encode(x=x)
    words = base.mark_text(align="left", dx=5, fontSize=11.5, color=palette.text).encode(
        x=alt.X("words:Q", axis=None, scale=scale), text="said:N"
    )
    line = (
        alt.Chart(pd.DataFrame({"rate": [overall]}))
        .mark_rule(color=palette.muted, strokeDash=[4, 3], strokeWidth=1.5)
        .encode(x=x)
    )
    return finish(drawn, words, line, height=alt.Step(ROW_HEIGHT), palette=palette)
