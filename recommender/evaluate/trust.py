"""How far each way to explain can be believed, measured on a run: the whole report.

Users are drawn at random, once, with a fixed seed, among those with a test case and at least ten
events before it; neither they nor the methods are chosen after seeing a figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float

from recommender.data.histories import History
from recommender.evaluate.causes import planted_causes
from recommender.evaluate.deletion import (
    CURVES,
    LEAST_EVENTS,
    MEASURES,
    N_STEPS,
    SPANS,
    Asked,
    Judged,
    judge,
)
from recommender.evaluate.randomised import randomised
from recommender.evaluate.trust_report import Trust
from recommender.explain.attribution import attribution, item_feature_names, methods_of
from recommender.explain.ranking import allowed_items
from recommender.explain.types import Method
from recommender.metrics.agreement import spearman
from recommender.metrics.evaluator import VIEWS
from recommender.model.device import threads
from recommender.model.inference import Scorer
from recommender.model.run import Run
from recommender.said import StatedError

USERS = 300
CHECKED = 100
"""Of them, so many are asked again of a shuffled model and with a random event dropped."""
SEED = 0
TOP = 10
"""Planted causes are asked of purchases that the model ranks this high."""

Track = Callable[[Sequence[Any], str], Iterable[Any]]


class _Case(NamedTuple):
    """What a user's history recommends, by view."""

    history: History
    targets: list[int]
    allowed: list[Bool[np.ndarray, " item"]]


Values = dict[Method, Float[np.ndarray, "view event"]]
"""How much each event counts for each view's target, by method."""


def measure_trust(
    run: Run,
    n_users: int = USERS,
    causes: pd.DataFrame | None = None,
    track: Track = lambda values, what: values,
) -> Trust:
    """Deletion protocol, correlations and checks of every method the run's readout has.

    `causes` are the planted causes of a made-up shop, where they are known. One thread. Raises
    ValueError if no user has ten events before a test case.
    """
    with threads(1):
        users = trust_users(run, n_users)
        rng = np.random.default_rng(SEED)
        shuffled = randomised(run.scorer, SEED)
        judged, correlated, checked, errors = [], [], [], [0.0]
        for place, user in enumerate(track(users, "Deleting events")):
            case = _case(run.scorer, run.history(user, before_held_out=True))
            values, error = _values(run, run.scorer, case, 2 * place)
            errors.append(error)
            judged.append(_judge(run.scorer, case, values, rng))
            correlated.append(_agreements(values))
            if place < CHECKED:
                dropped = int(rng.integers(len(case.history)))
                checked.append(_checks(run, shuffled, case, values, dropped, 2 * place + 1))
        planted = None
        if causes is not None:
            planted = planted_causes(run, causes, TOP, lambda cases: track(cases, "Planted causes"))
    methods = methods_of(run.scorer)
    agreement = pd.DataFrame(_mean(correlated), index=methods, columns=methods)
    return Trust(
        fingerprint=run.fingerprint,
        users=len(users),
        checked=len(checked),
        default_view=run.default_view,
        completeness_error=max(errors) if "contribution" in methods else None,
        deletion=_deletion_table(methods, np.array([one.measures for one in judged])),
        curves=_curve_table(methods, np.array([one.curves for one in judged])),
        checks=pd.DataFrame(_mean(checked), index=methods, columns=["randomisation", "stability"]),
        agreement=agreement,
        planted=planted,
    )


def trust_users(run: Run, n_users: int, seed: int = SEED) -> list[int]:
    """Codes of the users asked, at random among those with enough events before their test case."""
    enough = run.split.test.cuts >= LEAST_EVENTS
    users = run.split.test.users[enough]
    if not len(users):
        raise StatedError(
            "no user of {path} has {n} events before what was held out, and with fewer the ten "
            "steps of the protocol cannot be made",
            path=run.path,
            n=LEAST_EVENTS,
        )
    drawn = np.random.default_rng(seed).permutation(users)
    return [int(user) for user in drawn[:n_users]]


def _case(scorer: Scorer, history: History) -> _Case:
    """The first recommendation of each view; views without candidates are left out."""
    logits = scorer.logits([history])[0]
    targets, allowed = [], []
    for view in VIEWS:
        candidates = allowed_items(history, len(logits), view)
        if candidates.any():
            targets.append(int(np.where(candidates, logits, -np.inf).argmax()))
            allowed.append(candidates)
    return _Case(history, targets, allowed)


def _values(run: Run, scorer: Scorer, case: _Case, seed: int) -> tuple[Values, float]:
    """Every method's values, and the largest completeness error of the contributions."""
    found: Values = {}
    error = 0.0
    for method in methods_of(scorer):
        names = item_feature_names(run)
        one = attribution(scorer, case.history, case.targets, method, names, seed)
        found[method] = one.events
        if method == "contribution" and one.completeness_gap is not None:
            error = float(np.abs(one.completeness_gap).max())
    return found, error


def _judge(scorer: Scorer, case: _Case, values: Values, rng: np.random.Generator) -> Judged:
    """Every view's measures and curves by method; NaN where a view has no candidates."""
    measures = np.full((len(VIEWS), len(values), len(SPANS), len(MEASURES)), np.nan)
    curves = np.full((len(VIEWS), len(values), len(CURVES), N_STEPS), np.nan)
    asked = [
        Asked(case.targets[view], case.allowed[view], one[view])
        for view in range(len(case.targets))
        for one in values.values()
    ]
    n_views, found = len(case.targets), judge(scorer, case.history, asked, rng)
    measures[:n_views] = found.measures.reshape(n_views, *measures.shape[1:])
    curves[:n_views] = found.curves.reshape(n_views, *curves.shape[1:])
    return Judged(measures, curves)


def _agreements(values: Values) -> Float[np.ndarray, "method method"]:
    """Rank correlation of each pair of methods, mean over the views."""
    return np.array([[_nanmean(spearman(a, b)) for b in values.values()] for a in values.values()])


def _checks(
    run: Run, shuffled: Scorer, case: _Case, values: Values, dropped: int, seed: int
) -> Float[np.ndarray, "method check"]:
    """Rank correlation with the shuffled model's values, and with those without a random event.

    The random baseline is drawn anew each time, so it shows what no agreement looks like.
    """
    shorter = case._replace(history=case.history.without(dropped))
    of_shuffled, _ = _values(run, shuffled, case, seed)
    of_shorter, _ = _values(run, run.scorer, shorter, seed)
    return np.array(
        [
            [
                _nanmean(spearman(values[method], of_shuffled[method])),
                _nanmean(spearman(np.delete(values[method], dropped, 1), of_shorter[method])),
            ]
            for method in values
        ]
    )


def _deletion_table(
    methods: Sequence[str], judged: Float[np.ndarray, "user view method span measure"]
) -> pd.DataFrame:
    """A row for each view, span and method: the mean of each measure and its standard error."""
    rows = []
    for v, view in enumerate(VIEWS):
        asked = judged[~np.isnan(judged[:, v, 0, 0, 0]), v]
        if not len(asked):
            continue
        mean, error = asked.mean(0), asked.std(0) / np.sqrt(len(asked))
        for s, span in enumerate(SPANS):
            for m, method in enumerate(methods):
                means = dict(zip(MEASURES, mean[m, s], strict=True))
                spread = {f"{name}_se": error[m, s, i] for i, name in enumerate(MEASURES)}
                row = {"view": view, "span": span, "method": method, "users": len(asked)}
                rows.append(row | means | spread)
    return pd.DataFrame(rows)


def _curve_table(
    methods: Sequence[str], curves: Float[np.ndarray, "user view method curve step"]
) -> pd.DataFrame:
    """A row for each view, method and step: the mean of each curve and its standard error."""
    rows = []
    for v, view in enumerate(VIEWS):
        asked = curves[~np.isnan(curves[:, v, 0, 0, 0]), v]
        if not len(asked):
            continue
        mean, error = asked.mean(0), asked.std(0) / np.sqrt(len(asked))
        for m, method in enumerate(methods):
            for step in range(N_STEPS):
                row = {"view": view, "method": method, "step": step}
                for c, curve in enumerate(CURVES):
                    row |= {curve: mean[m, c, step], f"{curve}_se": error[m, c, step]}
                rows.append(row)
    return pd.DataFrame(rows)


def _mean(tables: Sequence[Float[np.ndarray, "row column"]]) -> Float[np.ndarray, "row column"]:
    """Mean over users; where a method ranks all events alike there is none."""
    stacked = np.array(tables)
    known = ~np.isnan(stacked)
    total = np.where(known, stacked, 0).sum(0)
    return np.divide(total, known.sum(0), out=np.full_like(total, np.nan), where=known.any(0))


def _nanmean(values: Float[np.ndarray, " view"]) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
