"""How good a model is beside the baselines, on the same cases and candidates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from recommender.data.dataset import Dataset
from recommender.data.splits import Split
from recommender.metrics.evaluator import Scores, evaluate, views_of
from recommender.model.baselines import BaselineName, holdout_cases, quick_baselines
from recommender.model.choosing import fit_baselines
from recommender.model.inference import Scorer
from recommender.model.training import case_scores

METRICS = ("ndcg@10", "recall@10", "mrr@10")


def evaluate_run(
    dataset: Dataset,
    split: Split,
    scorer: Scorer,
    names: Sequence[BaselineName] | None = None,
) -> dict[str, Any]:
    """The model and the named baselines (the quick ones by default), every item ranked.

    `{"split", "views": {"all" | "new": {"users", "metrics", "baselines": {name: metrics}}}}`. The
    view `all` is left out where nobody came back to an item, and a view in which nobody has a
    target is left out too.
    """
    cases = holdout_cases(dataset, split.test)
    views = views_of(cases)
    names = quick_baselines(dataset) if names is None else names
    rivals = fit_baselines(dataset, split, names)

    def measured(scores: Scores) -> dict[str, dict[str, Any]]:
        by_view = evaluate(scores, cases, views)
        return {
            view: {name: round(float(np.mean(values[name])), 6) for name in METRICS}
            | {"users": len(values["case"])}
            for view, values in by_view.items()
            if len(values["case"])
        }

    model = measured(case_scores(scorer, dataset, split.test))
    others = {one.name: measured(one.scores(dataset, split.test)) for one in rivals}
    return {
        "split": split.name,
        "views": {
            view: {
                "users": values.pop("users"),
                "metrics": values,
                "baselines": {
                    name: {metric: by_view[view][metric] for metric in METRICS}
                    for name, by_view in others.items()
                },
            }
            for view, values in model.items()
        },
    }
