"""Before and after an edit: how ranks move, and what each lens says on either side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import altair as alt
import numpy as np
import pandas as pd

from dashboard.figures.finish import finish, name_axis
from dashboard.figures.lenses import (
    DATES,
    HEADER,
    PANEL,
    ROW_HEIGHT,
    Panel,
    lens_axis,
    lens_table,
    panels_of,
    row_axis,
    row_names,
    wide,
)
from dashboard.figures.palette import Palette
from dashboard.figures.shares import share_table
from dashboard.names import (
    LENSES,
    Lens,
    feature_name,
    lens_name,
    percent,
    score,
    short_day,
)
from dashboard.words import _

if TYPE_CHECKING:
    from recommender.explain.types import Explanation, Recommendation

_PALE = 0.32
_TINY = 0.005
_BESIDE: tuple[tuple[str, Literal["left", "right"], int], ...] = (
    (">=", "left", 5),
    ("<", "right", -5),
)
"""On which side of its bar a value stands, by its sign."""


def rank_changes(
    before: Sequence[Recommendation],
    after: Sequence[Recommendation],
    ranks_before: Sequence[int],
    ranks_after: Sequence[int],
) -> pd.DataFrame:
    """One row a product: the list after the edit, then what fell out of the list before.

    `ranks_before` are the ranks that the products of `after` had, `ranks_after` those that the
    products of `before` have now; 0 where a product is no candidate. Column `change`: `same`, `up`,
    `down`, `new` (was not in the list) or `out` (is not in it any more).
    """
    listed = {row.item for row in before}
    kept = {row.item for row in after}
    rows = [
        (row.item, row.item_id, row.title, row.rank, was, _change(row.rank, was, row.item, listed))
        for row, was in zip(after, ranks_before, strict=True)
    ]
    rows += [
        (row.item, row.item_id, row.title, now, row.rank, "out")
        for row, now in zip(before, ranks_after, strict=True)
        if row.item not in kept
    ]
    return pd.DataFrame(rows, columns=["item", "item_id", "title", "rank", "before", "change"])


def _change(rank: int, was: int, item: int, listed: set[int]) -> str:
    if item not in listed:
        return "new"
    if rank == was:
        return "same"
    return "up" if rank < was else "down"


def lens_changes(
    before: Explanation, after: Explanation, keys_before: Sequence[str], keys_after: Sequence[str]
) -> pd.DataFrame:
    """One row an event of either side, oldest first, then the profile, as `lens_table` has them.

    Keys name the events of each side, so that one and the same event stands in one row. Every lens
    has a column `<lens>_before` and `<lens>_after`; an event that is not there has 0 and, in
    column `state`, `removed` or `added`; else `kept`.
    """
    sides = []
    for explanation, keys in ((before, keys_before), (after, keys_after)):
        table = lens_table(explanation)
        names = [*keys, *(f"profile {share.feature}" for share in explanation.profile)]
        sides.append(table.assign(key=names).set_index("key"))
    first, second = sides
    both = second.combine_first(first)
    both["state"] = np.where(
        ~both.index.isin(second.index),
        "removed",
        np.where(both.index.isin(first.index), "kept", "added"),
    )
    for lens in LENSES:
        both[f"{lens}_before"] = first[lens].reindex(both.index).fillna(0.0)
        both[f"{lens}_after"] = second[lens].reindex(both.index).fillna(0.0)
    both["profile"] = both["position"] < 0
    ordered = both.sort_values(["profile", "time"], kind="stable")
    columns = [f"{lens}_{side}" for lens in LENSES for side in ("before", "after")]
    return ordered.reset_index()[["key", "title", "time", "event", "state", "profile", *columns]]


def strongest_changes(table: pd.DataFrame, n: int) -> pd.DataFrame:
    """The `n` events whose influence is largest on either side, strongest first, then the profile.

    What was left out or added comes before all others.
    """
    events, profile = table[~table["profile"]], table[table["profile"]]
    size = events[["influence_before", "influence_after"]].abs().max(axis=1)
    order = np.lexsort((-size.to_numpy(), (events["state"] == "kept").to_numpy()))
    return pd.concat([events.iloc[order].head(n), profile], ignore_index=True)


def lens_changes_chart(table: pd.DataFrame, palette: Palette, n: int = 10) -> alt.LayerChart:
    """The three strips of the lens chart twice: pale as it was, solid as it is now."""
    shown = strongest_changes(table, n)
    panels = _panels(shown)
    long = _long(shown, panels)
    names = [lens_name(lens).plain for lens in LENSES]
    base = alt.Chart(long).encode(
        y=alt.Y("row:O", axis=row_axis()),
        color=alt.Color(
            "lens:N", scale=alt.Scale(domain=names, range=list(palette.lenses)), legend=None
        ),
        tooltip=[
            alt.Tooltip("title:N", title=_("Event")),
            alt.Tooltip("context:N", title=_("When")),
            alt.Tooltip("lens:N", title=_("Lens")),
            alt.Tooltip("was:N", title=_("Before")),
            alt.Tooltip("value:N", title=_("After")),
        ],
    )
    x = alt.X(
        "start:Q",
        scale=alt.Scale(
            domainMin=wide(-DATES, 0.0),
            domainMax=panels["influence"].left + PANEL,
            nice=False,
            zero=False,
        ),
        axis=lens_axis(panels, palette),
    )
    pale = base.mark_bar(height=15, cornerRadius=2, opacity=_PALE).encode(x=x, x2="end_before:Q")
    solid = base.mark_bar(height=7, cornerRadius=2).encode(x=x, x2="end_after:Q")
    words = [
        base.transform_filter(f"datum.sign {test} 0")
        .mark_text(align=side, dx=dx, fontSize=11.5, baseline="middle")
        .encode(x="reach:Q", text="value:N", color=alt.value(palette.text))
        for test, side, dx in _BESIDE
    ]
    dates = (
        base.transform_filter(alt.datum.lens == names[0])
        .mark_text(align="left", fontSize=11)
        .encode(
            x=alt.datum(-DATES),
            text="context:N",
            color=alt.value(palette.muted),
            opacity=alt.value(wide(1, 0)),
        )
    )
    zeros = (
        alt.Chart(pd.DataFrame({"zero": [panel.at(0.0) for panel in panels.values()]}))
        .mark_rule(color=palette.faint, strokeWidth=1)
        .encode(x="zero:Q")
    )
    height = ROW_HEIGHT * max(len(shown), 1) + HEADER
    return finish(zeros, pale, solid, *words, dates, height=height, palette=palette)


def _panels(shown: pd.DataFrame) -> dict[Lens, Panel]:
    """One scale for both sides."""
    sides = [
        shown[[f"{lens}_{side}" for lens in LENSES]].set_axis(list(LENSES), axis=1)
        for side in ("before", "after")
    ]
    return panels_of(pd.concat(sides, ignore_index=True))


def _long(shown: pd.DataFrame, panels: dict[Lens, Panel]) -> pd.DataFrame:
    parts = []
    for lens in LENSES:
        panel, say = panels[lens], percent if lens == "attention" else score
        before, after = shown[f"{lens}_before"], shown[f"{lens}_after"]
        sign = np.where(after < -_TINY, -1, 1)
        farther = np.where(sign > 0, np.maximum(before, after), np.minimum(before, after))
        gone = shown["state"] == "removed"
        parts.append(
            pd.DataFrame(
                {
                    "row": row_names(shown),
                    "lens": lens_name(lens).plain,
                    "start": panel.at(0.0),
                    "end_before": before.map(panel.at),
                    "end_after": after.map(panel.at),
                    "reach": [
                        panel.at(max(value, 0.0) if s > 0 else value)
                        for value, s in zip(farther, sign, strict=True)
                    ],
                    "sign": sign,
                    "was": before.map(say),
                    "value": after.map(say).mask(gone, ""),
                    "title": shown["title"],
                    "context": _contexts(shown),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _contexts(shown: pd.DataFrame) -> list[str]:
    """When an event was and of what kind, or what became of it."""
    said = {"removed": _("left out"), "added": _("added")}
    dates = [
        f"{short_day(row.time)} · {row.event}" if pd.notna(row.time) else ""
        for row in shown.itertuples()
    ]
    return [said.get(state) or date for state, date in zip(shown["state"], dates, strict=True)]


def share_changes(before: Explanation, after: Explanation) -> pd.DataFrame:
    """Every share of the score by feature before and after, largest first; each side sums to it."""
    sides = [
        share_table(side).set_index(["feature", "kind"])["contribution"] for side in (before, after)
    ]
    table = pd.concat(sides, axis=1, keys=["before", "after"]).fillna(0.0)
    table["change"] = table["after"] - table["before"]
    order = table[["before", "after"]].abs().max(axis=1).sort_values(ascending=False, kind="stable")
    return table.loc[order.index].reset_index()


def share_changes_chart(table: pd.DataFrame, palette: Palette) -> alt.LayerChart:
    """Shares by feature: pale as they were, solid as they are now."""
    large = table[["before", "after"]].abs().max(axis=1) >= _TINY
    shown = table[large].assign(
        name=lambda rows: rows["feature"].map(feature_name),
        was=lambda rows: rows["before"].map(score),
        said=lambda rows: rows["after"].map(score),
        high=lambda rows: rows[["before", "after"]].max(axis=1).clip(lower=0.0),
        low=lambda rows: rows[["before", "after"]].min(axis=1).clip(upper=0.0),
    )
    low, high = min(shown["low"].min(), 0.0), max(shown["high"].max(), 0.0)
    span = (high - low) or 1.0
    scale = alt.Scale(domain=[low - (0.2 * span if low < 0 else 0), high + 0.2 * span], nice=False)
    base = alt.Chart(shown).encode(
        y=alt.Y(
            "name:N",
            sort=list(shown["name"]),
            axis=name_axis(190, grid=False),
        ),
        tooltip=[
            alt.Tooltip("name:N", title=_("Share")),
            alt.Tooltip("was:N", title=_("Before")),
            alt.Tooltip("said:N", title=_("After")),
        ],
    )
    colour = palette.contribution
    pale = base.mark_bar(height=15, cornerRadius=2, color=colour, opacity=_PALE).encode(
        x=alt.X("before:Q", scale=scale, axis=None)
    )
    solid = base.mark_bar(height=7, cornerRadius=2, color=colour).encode(
        x=alt.X("after:Q", scale=scale, axis=None)
    )
    words = [
        base.transform_filter(f"datum.after {test} 0")
        .mark_text(align=side, dx=dx, fontSize=11.5, color=palette.text)
        .encode(x=alt.X(f"{'high' if dx > 0 else 'low'}:Q", scale=scale), text="said:N")
        for test, side, dx in _BESIDE
    ]
    zero = (
        alt.Chart(pd.DataFrame({"zero": [0.0]}))
        .mark_rule(color=palette.faint)
        .encode(x=alt.X("zero:Q", axis=None))
    )
    height = ROW_HEIGHT * max(len(shown), 1)
    return finish(zero, pale, solid, *words, height=height, palette=palette)
