"""What the measures of trust mean in plain words."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from dashboard.figures.trust import method_name
from dashboard.names import LENSES, measure, percent
from dashboard.words import _, plural

if TYPE_CHECKING:
    from recommender.evaluate.trust_report import Trust

_CHANCE_ERRORS = 2.0
_HALF = 5
"""Of ten steps."""


def deletion(table: pd.DataFrame) -> str:
    """Which method finds what holds a recommendation, and how attention stands beside recency."""
    by_method = table.set_index("method")
    best = by_method.index[0]
    said = _(
        "Deleting the events that “{best}” names first, the {@product} stays in the first five in "
        "{share} of steps; deleting at random, in {random}. "
    ).format(
        best=method_name(best),
        share=percent(by_method.loc[best, "pos@5"]),
        random=percent(by_method.loc["random", "pos@5"]),
    )
    return said + attention_beside_newest(table)


def curves(table: pd.DataFrame, kind: str) -> str:
    """Where each of the best, attention and chance stands when half of the events are deleted."""
    half = table[table["step"] == _HALF].set_index("method")[kind]
    best = str(half.idxmin())
    how = percent if kind == "shown" else measure
    if kind == "shown":
        said = _(
            "With half of the events deleted, the {@product} is still in the first five of "
            "{best_value} of {@customers} by “{best}”, of {attention} by “{looked}” and of "
            "{random} at random."
        )
    else:
        said = _(
            "With half of the events deleted, the {@product} keeps {best_value} of its probability "
            "by “{best}”, {attention} by “{looked}” and {random} at random (above 1: it gained)."
        )
    return said.format(
        best=method_name(best),
        best_value=how(half[best]),
        attention=how(half["attention"]),
        looked=method_name("attention"),
        random=how(half["random"]),
    )


def attention_beside_newest(table: pd.DataFrame) -> str:
    """How attention stands beside taking the newest events; two standard errors are a tie."""
    by_method = table.set_index("method")
    attention, newest = by_method.loc["attention", "pos@5"], by_method.loc["recency", "pos@5"]
    error = float(by_method.loc[["attention", "recency"], "pos@5_se"].pow(2).sum() ** 0.5)
    if abs(attention - newest) < _CHANCE_ERRORS * error:
        return _("Attention finds it no better and no worse than taking the newest.")
    if attention < newest:
        return _("Attention finds it better than taking the newest events.")
    return _("Attention finds it worse than simply taking the newest events.")


def checks(trust: Trust) -> str:
    """Which lens the planted causes speak for, or which one ignores the model."""
    if trust.planted is not None:
        hits = trust.planted["top3"].astype(float)
        best = str(hits.idxmax())
        return _(
            "Where the true cause is known ({purchases}), “{best}” has it among its first three "
            "in {share}; the newest three events have it in {recency}."
        ).format(
            purchases=plural(
                "{n} {@purchase}", "{n} {@purchases}", int(trust.planted["cases"].max())
            ),
            best=method_name(best),
            share=percent(hits[best]),
            recency=percent(hits["recency"]),
        )
    kept = trust.checks["randomisation"].astype(float).reindex(list(LENSES)).dropna()
    worst = str(kept.abs().idxmax())
    return _("“{name}” changes least when the model is shuffled: {value}.").format(
        name=method_name(worst), value=measure(kept[worst])
    )


def agreement(trust: Trust) -> str:
    """Which of all methods that the chart shows tell the same story, and which the least."""
    pairs = combinations(trust.agreement.index, 2)
    known = {pair: float(trust.agreement.loc[pair[0], pair[1]]) for pair in pairs}
    values = {pair: value for pair, value in known.items() if value == value}
    most, least = max(values, key=values.__getitem__), min(values, key=values.__getitem__)
    return _("Closest are “{a}” and “{b}” ({high}), furthest “{c}” and “{d}” ({low}).").format(
        a=method_name(most[0]),
        b=method_name(most[1]),
        high=measure(values[most]),
        c=method_name(least[0]),
        d=method_name(least[1]),
        low=measure(values[least]),
    )
