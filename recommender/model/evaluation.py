"""How good a model is beside the baselines, on the same cases and candidates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from recommender.data.dataset import Dataset
from recommender.data.splits import Holdout, Split
from recommender.metrics.evaluator import Scores, View, evaluate, views_of
from recommender.model.baselines import BaselineName, holdout_cases, quick_baselines
from recommender.model.choosing import fit_baselines
from recommender.model.inference import Scorer
from recommender.model.training import case_scores

WITHOUT_ATTENTION = "without attention"
"""What the row of our model without attention is called."""
METRICS = ("ndcg@10", "recall@10", "mrr@10")


ScoresOf = Callable[[Holdout], Scores]


def evaluate_run(
    dataset: Dataset,
    split: Split,
    scorer: Scorer,
    plain: Scorer | None = None,
    names: Sequence[BaselineName] | None = None,
) -> dict[str, Any]:
    """The model and the named baselines (the quick ones by default), every item ranked.

    `plain` is the same model trained without attention, whose row stands among them.
    `{"split", "views": {"all" | "new": {"users", "metrics", "baselines": {name: metrics}}}}`. The
    view `all` is left out where nobody came back to an item, and a view in which nobody has a
    target is left out too. By time `newcomers` stands beside `views`: the same of those who had no
    event before, where what they then had was new to anybody of them.
    """
    names = quick_baselines(dataset) if names is None else names
    rivals: dict[str, ScoresOf] = {
        one.name: partial(one.scores, dataset) for one in fit_baselines(dataset, split, names)
    }
    if plain is not None:
        rivals[WITHOUT_ATTENTION] = partial(case_scores, plain, dataset)
    model = partial(case_scores, scorer, dataset)
    views = views_of(holdout_cases(dataset, split.test))
    found: dict[str, Any] = {
        "split": split.name,
        "views": _beside(dataset, split.test, views, model, rivals),
    }
    if len(split.newcomers):
        late = _beside(dataset, split.newcomers, ("new",), model, rivals)
        if late:
            found["newcomers"] = late["new"]
    return found


def _beside(
    dataset: Dataset,
    holdout: Holdout,
    views: tuple[View, ...],
    model: ScoresOf,
    rivals: Mapping[str, ScoresOf],
) -> dict[View, dict[str, Any]]:
    """For each view the model's metrics, and its rivals'."""
    cases = holdout_cases(dataset, holdout)

    def measured(scores_of: ScoresOf) -> dict[View, dict[str, np.ndarray]]:
        return evaluate(scores_of(holdout), cases, views)

    own, others = measured(model), {name: measured(one) for name, one in rivals.items()}
    return {
        view: {
            "users": len(values["case"]),
            "metrics": _means(values),
            "baselines": {name: _means(by_view[view]) for name, by_view in others.items()},
        }
        for view, values in own.items()
        if len(values["case"])
    }


def _means(values: Mapping[str, np.ndarray]) -> dict[str, float]:
    return {name: round(float(np.mean(values[name])), 6) for name in METRICS}
