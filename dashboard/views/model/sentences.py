"""What the charts of the model's page say in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard.figures.item_map import clusters, found
from dashboard.figures.model import curve_table
from dashboard.names import percent, ranker_name
from dashboard.words import _, ended, plural

_MODEL = "this model"


def curve(points: Sequence[Mapping[str, Any]]) -> str:
    """The best epoch, and whether training went on in vain after it."""
    mean = curve_table(points).groupby("epoch")["value"].mean()
    best, last = int(mean.idxmax()), int(mean.index[-1])
    said = _("Best after epoch {best} of {last}: these weights were kept").format(
        best=best, last=last
    )
    if last > best and mean.iloc[-1] < mean.max():
        said += _("; after that it learned its training data by heart, not more")
    return ended(said)


def split(name: str) -> str:
    """What was held out, and what figures on it mean."""
    if name == "by-time":
        return _(
            "Held out is all that happened from one moment on, about the last tenth: no method "
            "knows anything later, as in live use. {@Customers} without an earlier event stand "
            "apart."
        )
    what = {
        "leave-last-out": _("the last event of each {@customer}"),
        "leave-last-basket-out": _("the last {@basket} of each {@customer}"),
    }
    return _(
        "Held out is {what}, whenever it was: every method knows what others did later, so all "
        "figures are a little better than tomorrow's would be."
    ).format(what=what[name])


def measured_so(metrics: Mapping[str, Any]) -> list[str]:
    """What the figures of a run mean, and what they lack that an older version measured."""
    said = [split(metrics["split"])] if "split" in metrics else []
    rivals = [view["baselines"] for view in metrics["views"].values()]
    if any(known and "blend" not in known for known in rivals):
        said.append(
            _(
                "An older version of RecLens measured this: the simple methods could know less "
                "than the model (nothing of what is {@bought} lately, nor of the {@purchases} that "
                "chose the model), and their best blend was not asked. The command evaluate "
                "measures it anew."
            )
        )
    return said


def groups(table: pd.DataFrame) -> str:
    """The best and the worst served group, and whether chance could make the difference."""
    own = table[table["method"] == _MODEL].sort_values("ndcg", kind="stable")
    if len(own) < 2:
        return _("There is only one group.")
    worst, best = own.iloc[0], own.iloc[-1]
    said = _("Served best: {best} ({high:.3f}); worst: {worst} ({low:.3f}). ").format(
        best=best["group"], high=best["ndcg"], worst=worst["group"], low=worst["ndcg"]
    )
    if worst["high"] >= best["low"]:
        return said + _("Their intervals overlap: chance may make this difference.")
    return said + _("Their intervals do not overlap: chance alone hardly makes this difference.")


def exposure(table: pd.DataFrame) -> str:
    """Which group is shown most and least of the lesser-known products."""
    own = table[table["method"] == _MODEL].sort_values("exposure", kind="stable")
    if len(own) < 2:
        return _("There is only one group.")
    least, most = own.iloc[0], own.iloc[-1]
    said = _("{most} see most of the lesser-known {@products} ({high}), {least} least ({low}). ")
    verdict = (
        _("Their intervals overlap.")
        if least["exposure_high"] >= most["exposure_low"]
        else _("Their intervals do not overlap.")
    )
    return (
        said.format(
            most=most["group"],
            high=percent(most["exposure"]),
            least=least["group"],
            low=percent(least["exposure"]),
        )
        + verdict
    )


def fame(table: pd.DataFrame) -> str:
    """Whether popular products get more places than purchases."""
    own = table[(table["method"] == _MODEL) & (table["fifth"] == 5)].iloc[0]
    said = _("The most popular fifth gets {shown} of the places and {taken} of what is {@bought}: ")
    more = own["shown"] - own["taken"]
    if abs(more) < 0.02:
        verdict = _("the lists are as popular as the {@purchases}.")
    elif more > 0:
        verdict = _("the model favours what is popular already.")
    else:
        verdict = _("the model reaches beyond what is popular.")
    return said.format(shown=percent(own["shown"]), taken=percent(own["taken"])) + verdict


def beyond(table: pd.DataFrame) -> str:
    """What the model's accuracy costs or brings beside the best baseline."""
    own = table[table["method"] == _MODEL].iloc[0]
    others = table[table["method"] != _MODEL]
    said = _("The model's lists use {share} of the catalogue").format(
        share=percent(own["coverage"])
    )
    if others.empty:
        return ended(said)
    rival = others.sort_values("ndcg", kind="stable").iloc[-1]
    return said + _("; those of {name}, the most accurate baseline, {other}.").format(
        name=ranker_name(rival["method"]), other=percent(rival["coverage"])
    )


def item_map(table: pd.DataFrame, query: str) -> str:
    """How pure the clusters are, or what was found."""
    if query.strip():
        hits = found(table, query)
        if hits.empty:
            return _("No {@product} is called that.")
        said = plural("{n} {@product} found", "{n} {@products} found", len(hits))
        clusters_all = table["cluster"].nunique()
        return said + plural(
            ", in {some} of {n} cluster.",
            ", in {some} of {n} clusters.",
            clusters_all,
            some=hits["cluster"].nunique(),
        )
    groups_found = clusters(table)
    weights = groups_found["items"] / groups_found["items"].sum()
    pure = float((groups_found["share"].fillna(0) * weights).sum())
    return plural(
        "{n} cluster of {@products} that the model takes for alike; {share} of it are of one "
        "category.",
        "{n} clusters of {@products} that the model takes for alike; on average {share} of a "
        "cluster are of one category.",
        len(groups_found),
        share=percent(pure),
    )
