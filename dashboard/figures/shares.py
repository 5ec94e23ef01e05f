"""How a score adds up: shares by feature, for one recommendation and over all users."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from dashboard.figures.finish import NAME_AXIS, Spec, keys, wide_expr
from dashboard.figures.heatmap import Bar, Labels, about_zero
from dashboard.figures.moments import moment_columns, moments_said
from dashboard.figures.palette import Palette
from dashboard.names import (
    event_name,
    feature_and_value,
    feature_help,
    feature_name,
    percent,
    score,
)
from dashboard.words import _, plural, shorten_apart
from recommender.explain.types import LATELY, USUALLY

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from recommender.explain.types import Explanation

ROW_HEIGHT = 27
_NARROW_LABELS = 190
"""Pixels on a phone, where bars need room too; the whole name is in the hover."""
_TINY = 0.005
_BESIDE = ((">", "left", 5), ("<", "right", -5))
"""On which side of its bar a value stands, by its sign, and how many pixels off."""
_FEWEST_TO_GATHER = 2


def share_table(explanation: Explanation) -> pd.DataFrame:
    """Every share of the logit by name and kind; the shares sum to the logit."""
    by_feature = explanation.features.sum(axis=0)
    rows = [
        *zip(
            explanation.feature_names,
            by_feature,
            ["event"] * len(explanation.feature_names),
            strict=False,
        ),
        *((share.feature, share.contribution, "profile") for share in explanation.profile),
    ]
    if explanation.lately:
        usually = explanation.bias - explanation.lately
        rows += [(USUALLY, usually, "bias"), (LATELY, explanation.lately, "bias")]
    else:
        rows.append(("bias", explanation.bias, "bias"))
    if explanation.order_term:
        rows.append(("order_term", explanation.order_term, "order"))
    table = pd.DataFrame(rows, columns=["feature", "contribution", "kind"])
    order = table["contribution"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def bars(
    table: pd.DataFrame,
    value: str,
    palette: Palette,
    colour: str,
    labels: int = 190,
    narrow: str = "said",
    params: tuple[dict[str, Any], ...] = (),
    beside: float = 0.2,
) -> Spec:
    """Horizontal bars from zero with their values in words; `table` has `name` in drawing order.

    The words are the column `said`; `narrow` is the one on a phone. A click on the bars goes to
    the selections in `params` whose view is `bars`. `beside` is the room for words at each end, as
    a share of what the bars span.
    """
    values = [float(number) for number in table[value]]
    zero, *ends = across([0.0, *values], beside)
    table = table.assign(
        row=keys(table["name"]),
        start=zero,
        end=ends,
        sign=[-1 if number < 0 else 1 for number in values],
    )
    said = (("name", _("Share")), ("said", _("Value")), ("help", _("Meaning")))
    chosen = {"condition": {"test": "datum.chosen", "value": 1.0}, "value": 0.35}
    bar = {"type": "bar", "height": 13, "cornerRadius": 2, "color": colour}
    looks = {"end": {"name": "bars", "mark": bar, "encoding": {"opacity": chosen}}}
    text = {"expr": wide_expr("datum.said", f"datum.{narrow}")}
    return from_zero(table, looks, "end", said, palette, text, labels, params)


def from_zero(
    table: pd.DataFrame,
    looks: dict[str, dict[str, Any]],
    reach: str,
    said: Sequence[tuple[str, str]],
    palette: Palette,
    text: dict[str, Any],
    labels: int = 190,
    params: tuple[dict[str, Any], ...] = (),
) -> Spec:
    """Bars on rows, from one line.

    Every row of `table` has its `row`, `start` and `sign`. `looks` has the layer of bars by the
    field where they end, `reach` is the field beside which the `text` stands, `said` what is told
    under the mouse.
    """
    base: dict[str, Any] = {
        "y": {
            "field": "row",
            "type": "ordinal",
            "axis": NAME_AXIS
            | {
                "labelLimit": {"expr": wide_expr(labels, min(labels, _NARROW_LABELS))},
                "grid": False,
                "labelOverlap": False,
            },
        },
        "tooltip": [{"field": f, "type": "nominal", "title": title} for f, title in said],
    }
    place: dict[str, Any] = {
        "type": "quantitative",
        "scale": {"domain": [0, 1], "nice": False},
        "axis": None,
    }
    layers: list[dict[str, Any]] = [
        {
            "data": {"name": "zero"},
            "mark": {"type": "rule", "color": palette.faint},
            "encoding": {"x": place | {"field": "start"}},
        },
        *(
            look
            | {
                "data": {"name": "rows"},
                "encoding": base
                | look.get("encoding", {})
                | {"x": place | {"field": field}, "x2": {"field": "start"}},
            }
            for field, look in looks.items()
        ),
        *(
            {
                "data": {"name": "rows"},
                "transform": [{"filter": f"datum.sign {side} 0"}],
                "mark": {
                    "type": "text",
                    "fontSize": 11.5,
                    "color": palette.text,
                    "text": text,
                    "align": align,
                    "dx": dx,
                },
                "encoding": base | {"x": place | {"field": reach}},
            }
            for side, align, dx in _BESIDE
        ),
    ]
    name, zero = _("Bars of shares, from the first to the last"), table[["start"]].head(1)
    return Spec(name, layers, ROW_HEIGHT, palette, {"rows": table, "zero": zero}, params)


def across(values: Sequence[float], beside: float = 0.2) -> list[float]:
    """Where values lie between 0 and 1, with room for words at each end that has bars.

    `beside` is that room, as a share of what the values span; zero is one of them.
    """
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    left, right = low - (beside * span if low < 0 else 0), high + beside * span
    return [(value - left) / (right - left) for value in values]


def share_chart(explanation: Explanation, palette: Palette, chosen: str | None = None) -> Spec:
    """Shares of this score by feature, strongest first; one of them may be `chosen`."""
    table = _gathered(share_table(explanation))
    table = table.assign(
        name=[_share_name(row.feature, row.kind, explanation) for row in table.itertuples()],
        said=table["contribution"].map(score),
        help=table["feature"].map(feature_help),
        chosen=table["feature"] == chosen if chosen else True,
    )
    return bars(table, "contribution", palette, palette.contribution)


def _gathered(table: pd.DataFrame) -> pd.DataFrame:
    """Shares too small to see as one, so that the bars still make the score."""
    tiny = table["contribution"].abs() < _TINY
    if tiny.sum() < _FEWEST_TO_GATHER:
        return table
    rest = pd.DataFrame(
        {
            "feature": ["rest"],
            "contribution": [table.loc[tiny, "contribution"].sum()],
            "kind": [plural("{n} share near zero", "{n} shares near zero", int(tiny.sum()))],
        }
    )
    return pd.concat([table[~tiny], rest], ignore_index=True)


def _share_name(feature: str, kind: str, explanation: Explanation) -> str:
    if feature == "rest":
        return kind
    if kind != "profile":
        return feature_name(feature)
    value = next(p.value for p in explanation.profile if p.feature == feature)
    return feature_and_value(feature, value)


def importance_chart(importance: pd.DataFrame, palette: Palette, chosen: str | None = None) -> Spec:
    """Average size of each share over all users; a click chooses a feature (`chosen`).

    Shares below half a percent are left out where there are several.
    """
    table = importance.sort_values("share", ascending=False, kind="stable")
    near_zero = table["share"] < _TINY
    if near_zero.sum() >= _FEWEST_TO_GATHER:
        table = table[~near_zero]
    table = table.assign(
        name=table["feature"].map(feature_name),
        said=table["share"].map(percent),
        help=table["feature"].map(feature_help),
        chosen=table["feature"] == chosen if chosen else True,
    )
    click = {
        "name": "feature",
        "select": {"type": "point", "fields": ["feature"], "on": "click"},
        "views": ["bars"],
    }
    return bars(table, "share", palette, palette.accent, params=(click,))


def acting_events_table(explanation: Explanation, feature: str) -> pd.DataFrame:
    """What each event adds through one feature, strongest first."""
    column = explanation.feature_names.index(feature)
    table = pd.DataFrame(
        {
            "title": list(explanation.titles),
            **moment_columns(explanation),
            "event": [event_name(kind) for kind in explanation.event_types],
            "contribution": explanation.features[:, column],
        }
    )
    order = table["contribution"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def acting_events_chart(
    explanation: Explanation, feature: str, palette: Palette, n: int = 8
) -> Spec:
    """The events that act most through one feature."""
    table = acting_events_table(explanation, feature).head(n)
    table = table.assign(
        name=[
            " · ".join(filter(None, (title, when, event)))
            for title, when, event in zip(
                shorten_apart(list(table["title"]), 40),
                moments_said(table),
                table["event"],
                strict=True,
            )
        ],
        said=table["contribution"].map(score),
        help=table["event"],
        chosen=True,
    )
    return bars(table, "contribution", palette, palette.contribution, labels=340)


def event_feature_table(explanation: Explanation) -> pd.DataFrame:
    """Contribution of each event through each feature, one row an event, newest first."""
    shares = pd.DataFrame(
        explanation.features,
        columns=[feature_name(feature) for feature in explanation.feature_names],
    )
    events = pd.DataFrame(
        {
            "title": list(explanation.titles),
            **moment_columns(explanation),
            "event": [event_name(kind) for kind in explanation.event_types],
        }
    )
    return pd.concat([events, shares], axis=1)[::-1].reset_index(drop=True)


def event_feature_heatmap(explanation: Explanation, palette: Palette, newest: int) -> go.Figure:
    """Events (newest on top) by feature, on one diverging scale with zero in its middle."""
    table = event_feature_table(explanation).head(newest)
    values = explanation.features[::-1][:newest]
    columns = [feature_name(name) for name in explanation.feature_names]
    rows = [
        _("{name} ({value})").format(
            name=f"{len(explanation.titles) - i}. {row.title}",
            value=_("{event}, {day}").format(event=row.event, day=when) if when else row.event,
        )
        for i, (row, when) in enumerate(zip(table.itertuples(), moments_said(table), strict=True))
    ]
    figure = about_zero(
        values,
        Labels(rows, shorten_apart([row.title for row in table.itertuples()], 34)),
        Labels(columns, columns),
        [[score(value, 3) for value in row] for row in values],
        share_bar(values),
        palette,
    )
    figure.update_layout(height=22 * len(rows) + 200)
    # Plotly itself leaves some names out where the chart is narrow.
    figure.update_xaxes(autotickangles=[0, -40, -90])
    return figure


def share_bar(values: Float[np.ndarray, "row column"]) -> Bar:
    """The scale of shares of a score, as far as the largest goes."""
    largest = float(np.abs(values).max(initial=0.0))
    return Bar(_("share of score"), largest or 1.0, digits="+.2f")
