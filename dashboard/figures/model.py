"""How good a model is and for whom: training, groups of users, fame of products, beyond hits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import altair as alt
import pandas as pd

from dashboard.figures.finish import finish, keys, named, rows
from dashboard.figures.lenses import wide
from dashboard.figures.palette import SHAPES, Palette
from dashboard.names import history_name, percent, ranker_name, value_name
from dashboard.words import _, shorten_apart

if TYPE_CHECKING:
    from recommender.evaluate.quality import Quality

ROW_HEIGHT = 27
_STRIP = 0.58
"""How much of a strip its longest bar takes; numbers stand in the rest."""
_MODEL = "this model"
Side = Literal["ndcg", "exposure"]


def curve_table(curve: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The measure on validation users after each pass, one row a view and epoch."""
    names = {"all": _("all {@products}"), "new": _("new {@products}")}
    rows = [
        (point["epoch"], names.get(key.rsplit(" ", 1)[-1], key), value)
        for point in curve
        for key, value in point.items()
        if "ndcg" in key
    ]
    return pd.DataFrame(rows, columns=["epoch", "view", "value"])


def curve_chart(curve: Sequence[Mapping[str, Any]], palette: Palette) -> alt.LayerChart:
    """Validation NDCG@10 by epoch, a line for each view; the best epoch is ringed."""
    table = curve_table(curve)
    views = list(dict.fromkeys(table["view"]))
    colours = [palette.accent, palette.contribution][: len(views)]
    mean = table.groupby("epoch")["value"].mean()
    best = table[table["epoch"] == mean.idxmax()]
    base = alt.Chart(alt.NamedData("points")).encode(
        x=alt.X("epoch:Q", axis=alt.Axis(title=_("epoch"), grid=False, tickMinStep=1, ticks=False)),
        y=alt.Y(
            "value:Q",
            scale=alt.Scale(zero=False),
            axis=alt.Axis(title=None, domain=False, ticks=False, tickCount=4),
        ),
        color=alt.Color(
            "view:N",
            scale=alt.Scale(domain=views, range=colours),
            legend=alt.Legend(title=None, orient="bottom") if len(views) > 1 else None,
        ),
        tooltip=[
            alt.Tooltip("view:N", title=_("Candidates")),
            alt.Tooltip("epoch:Q", title=_("Epoch")),
            alt.Tooltip("value:Q", title="NDCG@10", format=".4f"),
        ],
    )
    lines = base.mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=30))
    rings = base.mark_point(size=170, strokeWidth=2, filled=False)
    rings.data = alt.NamedData("best")
    return finish(lines, rings, height=250, palette=palette, points=table, best=best)


def group_table(quality: Quality, view: str, grouping: str) -> pd.DataFrame:
    """Every method in every group of one grouping."""
    table = quality.segments
    table = table[(table["view"] == view) & (table["grouping"] == grouping)].reset_index(drop=True)
    if grouping != "history":
        return table.assign(group=table["group"].map(value_name))
    return table.assign(group=table["group"].map(history_name))


def group_chart(table: pd.DataFrame, side: Side, palette: Palette) -> alt.LayerChart:
    """A dot and its 95 % interval for each group; baselines as quiet marks on the same line, each
    with a shape of its own that the legend names."""
    low, high = ("low", "high") if side == "ndcg" else ("exposure_low", "exposure_high")
    shown = pd.DataFrame(
        {
            "row": _group_keys(table),
            "group": table["group"],
            "method": table["method"],
            "users": table["users"],
            "value": table[side],
            "low": table[low],
            "high": table[high],
        }
    )
    shown["said"] = shown["value"].map(lambda v: f"{v:.3f}" if side == "ndcg" else percent(v))
    model = shown["method"] == _MODEL
    shown["method"] = shown["method"].map(ranker_name)
    own, others = shown[model], shown[~model]
    top = max(float(shown["value"].max()), float(own["high"].max()), 1e-9)
    title = "NDCG@10" if side == "ndcg" else _("Lesser-known")
    base = named("own").encode(
        y=rows(wide(170, 96), grid=True),
        tooltip=[
            alt.Tooltip("group:N", title=_("Group")),
            alt.Tooltip("method:N", title=_("Method")),
            alt.Tooltip("users:Q", title=_("{@Customers}"), format=","),
            alt.Tooltip("said:N", title=title),
        ],
    )
    axis = alt.Axis(
        title=None,
        domain=False,
        ticks=False,
        tickCount=4,
        format=".2f" if side == "ndcg" else ".0%",
    )
    x = alt.X("value:Q", scale=alt.Scale(domain=[0, top * 1.15], nice=False), axis=axis)
    rule = base.mark_rule(strokeWidth=2, color=palette.accent, opacity=0.55).encode(
        x=alt.X("low:Q", axis=axis), x2=alt.X2("high:Q")
    )
    dot = base.mark_circle(size=110, color=palette.accent, opacity=1).encode(x=x)
    words = base.mark_text(align="left", dx=7, fontSize=11.5, color=palette.text).encode(
        x=alt.X("high:Q"), text=alt.Text("said:N")
    )
    names = list(dict.fromkeys(others["method"]))
    marks = base.mark_point(size=46, color=palette.muted, filled=True, opacity=0.7).encode(
        x=x,
        shape=alt.Shape(
            "method:N",
            scale=alt.Scale(
                domain=names, range=[SHAPES[i % len(SHAPES)] for i in range(len(names))]
            ),
            legend=alt.Legend(title=None, orient="bottom", columns=wide(0, 1), labelLimit=160),
        ),
    )
    marks.data = alt.NamedData("others")
    layers, step = (marks, rule, dot, words), alt.Step(ROW_HEIGHT)
    return finish(*layers, height=step, palette=palette, own=own, others=others)


def _group_keys(table: pd.DataFrame) -> list[str]:
    """A row for each group; every method has all of them, in one order."""
    own = list(table.loc[table["method"] == _MODEL, "group"])
    every = keys(shorten_apart(own, 24))
    return [every[place] for place in table.groupby("method", sort=False).cumcount()]


def fame_table(quality: Quality, view: str) -> pd.DataFrame:
    """How places and real purchases share among fifths of the catalogue, for every method."""
    table = quality.fame[quality.fame["view"] == view]
    return table.drop(columns="view").reset_index(drop=True)


def fame_chart(table: pd.DataFrame, palette: Palette) -> alt.LayerChart:
    """The model's places as bars, what was really taken as a mark on each."""
    own = table[table["method"] == _MODEL]
    names = {1: _("least popular fifth"), 5: _("most popular fifth")}
    shown = own.assign(
        name=[names.get(part, _("fifth {n}").format(n=part)) for part in own["fifth"]],
        said=own["shown"].map(percent),
        really=own["taken"].map(percent),
        bar=_("Recommended"),
        mark=_("Really {@bought}"),
    )[::-1]
    top = max(float(shown["shown"].max()), float(shown["taken"].max()), 1e-9)
    scale = alt.Scale(domain=[0, top * 1.15], nice=False)
    base = named("fifths").encode(
        y=rows(wide(170, 120)),
        tooltip=[
            alt.Tooltip("name:N", title=_("{@Products}")),
            alt.Tooltip("said:N", title=_("Recommended")),
            alt.Tooltip("really:N", title=_("Really {@bought}")),
        ],
    )
    legend: dict[str, Any] = {
        "scale": alt.Scale(
            domain=[_("Recommended"), _("Really {@bought}")], range=[palette.accent, palette.text]
        ),
        "legend": alt.Legend(title=None, orient="bottom", symbolType="square"),
    }
    bars = base.mark_bar(height=15, cornerRadius=2).encode(
        x=alt.X("shown:Q", axis=None, scale=scale),
        color=alt.Color("bar:N", **legend),
    )
    marks = base.mark_tick(thickness=3, size=23).encode(
        x=alt.X("taken:Q", axis=None, scale=scale),
        color=alt.Color("mark:N", **legend),
    )
    words = base.mark_text(align="left", dx=8, fontSize=11.5, color=palette.text).encode(
        x=alt.X("end:Q", axis=None, scale=scale), text=alt.Text("said:N")
    )
    shown = shown.assign(row=keys(shown["name"]), end=shown[["shown", "taken"]].max(axis=1))
    step = alt.Step(ROW_HEIGHT)
    return finish(bars, marks, words, height=step, palette=palette, fifths=shown)


@dataclass(frozen=True)
class Measure:
    """One column of the chart of worth."""

    column: str
    plain: str
    term: str
    digits: str

    def said(self, value: float) -> str:
        """The value in words; a dash where there is none."""
        return self.digits.format(value).replace("-", "−") if value == value else "–"


def measures() -> tuple[Measure, ...]:
    """What lists are measured by, plain word first, term of art second."""
    return (
        Measure("ndcg", _("Right"), "NDCG@10", "{:.3f}"),
        Measure("coverage", _("Catalogue used"), _("coverage"), "{:.0%}"),
        Measure("novelty", _("Unusual"), _("novelty, bits"), "{:.1f}"),
        Measure("diversity", _("Varied"), _("diversity"), "{:.2f}"),
        Measure("concentration", _("Always the same"), _("Gini"), "{:.2f}"),
    )


def beyond_table(quality: Quality, view: str) -> pd.DataFrame:
    """Every method by every measure in one view, as measured."""
    return quality.beyond[quality.beyond["view"] == view].reset_index(drop=True)


def beyond_chart(table: pd.DataFrame, palette: Palette) -> alt.LayerChart:
    """The worth of every method's lists, the model in colour."""
    colours = [
        palette.accent if method == _MODEL else palette.categories[-1] for method in table["method"]
    ]
    return strip_chart(
        table.assign(colour=colours, method=table["method"].map(ranker_name)), measures(), palette
    )


def _in_strip(values: pd.Series) -> tuple[float, pd.Series]:
    """Where zero and each value lie in a strip that is one wide, with room for words behind."""
    known = values.fillna(0)
    low, high = min(float(known.min()), 0.0), max(float(known.max()), 0.0)
    span = max(high - low, 1e-9)
    return _STRIP * -low / span, _STRIP * (known - low) / span


def strip_chart(
    table: pd.DataFrame, every: Sequence[Measure], palette: Palette, what: str = ""
) -> alt.LayerChart:
    """A strip of bars for each measure on the same rows; each strip has a scale of its own.

    The table has `method` and `colour`, and a column for each measure; bars of values below zero
    go to the left of where the others begin. `what` says what a row is; a method if empty.
    """
    parts = []
    for place, measure in enumerate(every):
        zero, ends = _in_strip(table[measure.column])
        parts.append(
            pd.DataFrame(
                {
                    "row": keys(table["method"]),
                    "method": table["method"],
                    "measure": measure.plain,
                    "start": place + zero,
                    "end": place + ends,
                    "words": place + ends.clip(lower=zero),
                    "said": [measure.said(value) for value in table[measure.column]],
                    "colour": table["colour"],
                }
            )
        )
    heads = json.dumps([[measure.plain, measure.term] for measure in every])
    base = named("bars").encode(
        y=rows(wide(170, 84), labelFontSize=wide(12.5, 10), grid=False),
        tooltip=[
            alt.Tooltip("method:N", title=what or _("Method")),
            alt.Tooltip("measure:N", title=_("Measure")),
            alt.Tooltip("said:N", title=_("Value")),
        ],
    )
    axis = alt.Axis(
        orient="top",
        values=[float(place) for place in range(len(every))],
        labelExpr=f"({heads})[datum.value]",
        labelAlign="left",
        labelFontSize=wide(12.5, 9),
        labelFontWeight=600,
        labelLimit=wide(190, 54),
        labelColor=palette.text,
        labelLineHeight=15,
        labelBaseline="bottom",
        labelPadding=6,
        labelOverlap=False,
        offset=17,
        title=None,
        ticks=False,
        domain=False,
        grid=False,
    )
    x = alt.X("start:Q", axis=axis, scale=alt.Scale(domain=[0, len(every)], nice=False))
    colour = alt.Color("colour:N", scale=None)
    drawn = base.mark_bar(height=14, cornerRadius=2).encode(x=x, x2=alt.X2("end:Q"), color=colour)
    words = base.mark_text(
        align="left", dx=wide(5, 2), fontSize=wide(11.5, 8.5), color=palette.text
    ).encode(x=alt.X("words:Q"), text=alt.Text("said:N"))
    bars, step = pd.concat(parts), alt.Step(ROW_HEIGHT)
    return finish(drawn, words, height=step, palette=palette, bars=bars)
