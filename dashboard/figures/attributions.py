"""Every way to say what counted, side by side for one recommendation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from dashboard.figures.heatmap import Bar, Labels, about_zero
from dashboard.figures.palette import Palette
from dashboard.figures.trust import method_name
from dashboard.words import _, shorten_apart

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from recommender.explain.types import Attribution

ORDER = (
    "influence",
    "shapley",
    "contribution",
    "integrated_gradients",
    "grad_attention",
    "rollout",
    "attention",
    "recency",
)
"""From what is measured by deleting to what looks at no model; random is no explanation."""
EVENTS = 12
NAMED = 3
_SURE_ERRORS = 2.0


def ordered(found: Sequence[Attribution]) -> tuple[Attribution, ...]:
    """The methods that are shown, in their order."""
    by_name = {one.method: one for one in found}
    return tuple(by_name[method] for method in ORDER if method in by_name)


def method_table(found: Sequence[Attribution], titles: Sequence[str]) -> pd.DataFrame:
    """Every event (newest first) by every method, with the standard error of what is sampled."""
    table = pd.DataFrame({"event": range(1, len(titles) + 1), "title": list(titles)})
    for one in ordered(found):
        table[one.method] = one.events[0]
        if one.standard_error is not None:
            table[f"{one.method}_standard_error"] = one.standard_error[0]
    return table[::-1].reset_index(drop=True)


def strongest(found: Sequence[Attribution], n: int = EVENTS) -> Int[np.ndarray, " event"]:
    """Positions of the events that the methods put first on the whole, newest first.

    Each method's own first is among them if `n` has room. Recency has no say: the newest would
    always be shown.
    """
    voters = [one for one in ordered(found) if one.method != "recency"]
    mean = np.mean([_scaled(one.events[0]) for one in voters], axis=0)
    firsts = [int(np.argmin(ranks(one.events[0]))) for one in voters]
    chosen = list(dict.fromkeys([*firsts, *np.argsort(-mean, kind="stable").tolist()]))[:n]
    return np.sort(np.array(chosen, dtype=int))[::-1]


def _scaled(values: Float[np.ndarray, " event"]) -> Float[np.ndarray, " event"]:
    """Values so that the largest in size is 1 or -1."""
    return np.asarray(values / max(float(np.abs(values).max(initial=0.0)), 1e-12))


def ranks(values: Float[np.ndarray, " event"]) -> Int[np.ndarray, " event"]:
    """Place of each event from 1, the largest value first; the newer first among equals."""
    order = np.argsort(-values[::-1], kind="stable")
    place = np.empty(len(values), dtype=int)
    place[order] = np.arange(1, len(values) + 1)
    return place[::-1]


def marks(one: Attribution) -> list[str]:
    """The first three places of a method; “~” where the next place is within sampling error."""
    values, place = one.events[0], ranks(one.events[0])
    by_place = np.argsort(place)
    said = [""] * len(values)
    for rank in range(1, min(NAMED, len(values)) + 1):
        here = int(by_place[rank - 1])
        said[here] = str(rank)
        if one.standard_error is not None and rank < len(values):
            after = int(by_place[rank])
            error = float(np.hypot(one.standard_error[0][here], one.standard_error[0][after]))
            if values[here] - values[after] < _SURE_ERRORS * error:
                said[here] += "~"
    return said


def method_heatmap(
    found: Sequence[Attribution], titles: Sequence[str], context: Sequence[str], palette: Palette
) -> go.Figure:
    """Events (newest on top) by method; each column has a scale of its own, places in figures."""
    shown, columns = strongest(found), ordered(found)
    names = [
        _("{name} ({value})").format(name=f"{i + 1}. {titles[i]}", value=context[i]) for i in shown
    ]
    values = np.array([_scaled(one.events[0])[shown] for one in columns]).T
    methods = [method_name(one.method) for one in columns]
    figure = about_zero(
        values,
        Labels(names, shorten_apart([titles[i] for i in shown], 28)),
        Labels(methods, methods),
        np.array([_said(one) for one in columns]).T[shown].tolist(),
        Bar(_("of the method's largest"), 1, ends=(_("against"), _("for"))),
        palette,
        in_cells=np.array([marks(one) for one in columns]).T[shown].tolist(),
    )
    figure.update_layout(height=26 * len(names) + 230)
    figure.update_xaxes(autotickangles=[0, -90])
    return figure


def _said(one: Attribution) -> list[str]:
    if one.standard_error is None:
        return [f"{value:.3g}" for value in one.events[0]]
    pairs = zip(one.events[0], one.standard_error[0], strict=True)
    return [f"{value:.3g} ± {error:.2g}" for value, error in pairs]
