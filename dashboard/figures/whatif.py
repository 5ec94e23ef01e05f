"""Before and after an edit: how ranks move, and what each lens says on either side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dashboard.figures.finish import Rows, Spec, keys
from dashboard.figures.lenses import Panel, lens_table, panels_of, row_names, strips
from dashboard.figures.moments import moments_said
from dashboard.figures.palette import Palette
from dashboard.figures.shares import across, from_zero, share_table
from dashboard.names import (
    LENSES,
    Lens,
    feature_name,
    lens_name,
    percent,
    score,
)
from dashboard.words import _

if TYPE_CHECKING:
    from recommender.explain.types import Explanation, Recommendation

_PALE = 0.32
_TINY = 0.005


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
    for explanation, own in ((before, keys_before), (after, keys_after)):
        table = lens_table(explanation)
        names = [*own, *(f"profile {share.feature}" for share in explanation.profile)]
        place = [*explanation.times, *[explanation.as_of] * len(explanation.profile)]
        sides.append(table.assign(key=names, place=place).set_index("key"))
    first, second = sides
    both = second.combine_first(first)
    if "number" in both:  # numbers are those of the history before the edits
        both["number"] = first["number"].reindex(both.index)
    both["state"] = np.where(
        ~both.index.isin(second.index),
        "removed",
        np.where(both.index.isin(first.index), "kept", "added"),
    )
    for lens in LENSES:
        both[f"{lens}_before"] = first[lens].reindex(both.index).fillna(0.0)
        both[f"{lens}_after"] = second[lens].reindex(both.index).fillna(0.0)
    both["profile"] = both["position"] < 0
    ordered = both.sort_values(["profile", "place"], kind="stable").reset_index()
    when = "number" if "number" in both else "time"
    columns = [f"{lens}_{side}" for lens in LENSES for side in ("before", "after")]
    return ordered[["key", "title", when, "event", "state", "profile", *columns]]


def strongest_changes(table: pd.DataFrame, n: int) -> pd.DataFrame:
    """The `n` events whose influence is largest on either side, strongest first, then the profile.

    What was left out or added comes before all others.
    """
    events, profile = table[~table["profile"]], table[table["profile"]]
    size = events[["influence_before", "influence_after"]].abs().max(axis=1)
    order = np.lexsort((-size.to_numpy(), (events["state"] == "kept").to_numpy()))
    return pd.concat([events.iloc[order].head(n), profile], ignore_index=True)


def lens_changes_chart(table: pd.DataFrame, palette: Palette, n: int = 10) -> Spec:
    """The three strips of the lens chart twice: pale as it was, solid as it is now."""
    shown = strongest_changes(table, n)
    panels = _panels(shown)
    looks: dict[str, dict[str, Any]] = {
        "end_before": {"height": 15, "opacity": _PALE},
        "end_after": {"height": 7},
    }
    said = (
        ("title", _("Event")),
        ("context", _("When")),
        ("lens", _("Lens")),
        ("was", _("Before")),
        ("value", _("After")),
    )
    name = _("Bars of what was looked at, counted and mattered, before and after")
    return strips(name, _bars(shown, panels), panels, looks, said, palette)


def _panels(shown: pd.DataFrame) -> dict[Lens, Panel]:
    """One scale for both sides."""
    sides = [
        shown[[f"{lens}_{side}" for lens in LENSES]].set_axis(list(LENSES), axis=1)
        for side in ("before", "after")
    ]
    return panels_of(pd.concat(sides, ignore_index=True))


def _bars(shown: pd.DataFrame, panels: dict[Lens, Panel]) -> Rows:
    """One bar a row, lens and side, as `strips` wants them."""
    events = list(
        zip(row_names(shown), shown["title"], _contexts(shown), shown["state"], strict=True)
    )
    bars: Rows = []
    for lens in LENSES:
        panel, say = panels[lens], percent if lens == "attention" else score
        for (row, title, context, state), before, after in zip(
            events, shown[f"{lens}_before"].tolist(), shown[f"{lens}_after"].tolist(), strict=True
        ):
            bars.append(
                {
                    "row": row,
                    "lens": lens_name(lens).plain,
                    "start": panel.at(0.0),
                    "end_before": panel.at(before),
                    "end_after": panel.at(after),
                    "right": panel.at(max(before, after, 0.0)),
                    "was": say(before),
                    "value": "" if state == "removed" else say(after),
                    "title": title,
                    "context": context,
                }
            )
    return bars


def _contexts(shown: pd.DataFrame) -> list[str]:
    """When an event was and of what kind, or what became of it."""
    said = {"removed": _("left out"), "added": _("added")}
    rows = zip(
        shown["state"],
        shown["profile"],
        moments_said(shown, short=True),
        shown["event"],
        strict=True,
    )
    return [
        said.get(state) or ("" if profile else " · ".join(filter(None, (when, event))))
        for state, profile, when, event in rows
    ]


def share_changes(before: Explanation, after: Explanation) -> pd.DataFrame:
    """Every share of the score by feature before and after, largest first; each side sums to it."""
    sides = [
        share_table(side).set_index(["feature", "kind"])["contribution"] for side in (before, after)
    ]
    table = pd.concat(sides, axis=1, keys=["before", "after"]).fillna(0.0)
    table["change"] = table["after"] - table["before"]
    order = table[["before", "after"]].abs().max(axis=1).sort_values(ascending=False, kind="stable")
    return table.loc[order.index].reset_index()


def share_changes_chart(table: pd.DataFrame, palette: Palette) -> Spec:
    """Shares by feature: pale as they were, solid as they are now."""
    shown = table[table[["before", "after"]].abs().max(axis=1) >= _TINY]
    before, after = shown["before"].tolist(), shown["after"].tolist()
    signs = [-1 if value < 0 else 1 for value in after]
    farthest = [
        min(was, now) if sign < 0 else max(was, now, 0.0)
        for sign, was, now in zip(signs, before, after, strict=True)
    ]
    zero, *ends = across([0.0, *before, *after, *farthest])
    n, names = len(shown), shown["feature"].map(feature_name)
    shown = shown.assign(
        row=keys(names),
        name=names,
        was=shown["before"].map(score),
        said=shown["after"].map(score),
        sign=signs,
        start=zero,
        end_before=ends[:n],
        end_after=ends[n : 2 * n],
        reach=ends[2 * n :],
    )
    bar = {"type": "bar", "cornerRadius": 2, "color": palette.contribution}
    looks = {
        "end_before": {"mark": bar | {"height": 15, "opacity": _PALE}},
        "end_after": {"mark": bar | {"height": 7}},
    }
    said = (("name", _("Share")), ("was", _("Before")), ("said", _("After")))
    return from_zero(shown, looks, "reach", said, palette, {"expr": "datum.said"})
