"""The top-k lists of the model and of the baselines for the same held-out cases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from recommender.metrics.evaluator import Cases, Scores, View, views_of
from recommender.metrics.ranking import hits_at, ndcg, top_k
from recommender.model.baselines import holdout_cases, quick_baselines
from recommender.model.choosing import fit_baselines
from recommender.model.evaluation import WITHOUT_ATTENTION
from recommender.model.run import Run
from recommender.model.training import case_scores

K = 10
MOST_CASES = 2000
"""Test cases that are asked, at most; evenly spaced over the users."""
MODEL = "this model"
_CHUNK = 256


@dataclass(frozen=True, eq=False)
class Lists:
    """What one method would show in one view, case by case."""

    view: View
    method: str
    users: Int[np.ndarray, " case"]
    items: Int[np.ndarray, "case rank"]
    """Best first."""
    ndcg: Float[np.ndarray, " case"]
    """NDCG@10 of the case's held-out purchase."""
    targets: tuple[Int[np.ndarray, " target"], ...]
    """What each case took next, as far as the view has it."""


def ranked_lists(run: Run, most: int = MOST_CASES, k: int = K) -> tuple[Lists, ...]:
    """Top-k of every method for the test cases of each view; the model comes first.

    A view in which no case has a target is left out.
    """
    cases, test = holdout_cases(run.dataset, run.split.test), run.split.test
    chosen = np.linspace(0, len(test) - 1, min(most, len(test))).astype(np.int64)
    names = quick_baselines(run.dataset)
    rivals = fit_baselines(run.dataset, run.split, names)
    methods = [(MODEL, case_scores(run.scorer, run.dataset, test))]
    methods += [(one.name, one.scores(run.dataset, test)) for one in rivals]
    if run.without_attention is not None:
        scores = case_scores(run.without_attention, run.dataset, test)
        methods.append((WITHOUT_ATTENTION, scores))
    views = [view for view in views_of(cases) if cases.of_view(view).n_targets[chosen].any()]
    return tuple(
        _lists(method, scores, cases, view, chosen, test.users, k)
        for method, scores in methods
        for view in views
    )


def _lists(
    method: str,
    scores: Scores,
    cases: Cases,
    view: View,
    chosen: Int[np.ndarray, " chosen"],
    users: Int[np.ndarray, " user"],
    k: int,
) -> Lists:
    seen = cases.of_view(view)
    asked = chosen[seen.n_targets[chosen] > 0]
    tops: list[np.ndarray] = []
    for start in range(0, len(asked), _CHUNK):
        part = asked[start : start + _CHUNK]
        values = scores(part)
        if view == "new":
            values = np.where(seen.seen[part].toarray() > 0, -np.inf, values)
        tops.append(top_k(values, k))
    top = np.concatenate(tops)
    gains = ndcg(hits_at(top, seen.targets[asked]), seen.n_targets[asked])
    targets = tuple(seen.targets[case].indices for case in asked)
    return Lists(view, method, users[asked], top, gains, targets)
