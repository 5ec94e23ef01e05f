"""Every way to say how much each event counts, behind one call."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recommender.data.histories import History
from recommender.explain.contributions import contribution
from recommender.explain.gradients import integrated_gradients
from recommender.explain.influence import influence_on_logits
from recommender.explain.routes import attention, grad_attention, rollout
from recommender.explain.shapley import shapley
from recommender.explain.types import METHODS, Attribution, Method
from recommender.model.device import threads
from recommender.model.inference import Scorer
from recommender.model.run import Run
from recommender.said import StatedError


def attribute(
    run: Run, history: History, items: Sequence[int], method: Method = "influence", seed: int = 0
) -> Attribution:
    """How much each event counts for each candidate, by one method, on one thread.

    `seed` is that of what is drawn: Shapley's orders and the random baseline. Raises ValueError for
    a method that the run's readout does not have.
    """
    with threads(1):
        return attribution(run.scorer, history, items, method, item_feature_names(run), seed)


def attribution(
    scorer: Scorer,
    history: History,
    items: Sequence[int],
    method: Method,
    features: Sequence[str] = (),
    seed: int = 0,
) -> Attribution:
    """The same of a scorer, whose item features are named in `features`."""
    if method == "contribution":
        return contribution(scorer, history, items, features)
    if method == "shapley":
        return shapley(scorer, history, items, seed=seed)
    if method == "recency":
        return recency(history, items)
    if method == "random":
        return at_random(history, items, seed)
    others = {
        "influence": influence_on_logits,
        "attention": attention,
        "rollout": rollout,
        "grad_attention": grad_attention,
        "integrated_gradients": integrated_gradients,
    }
    if method not in others:
        known = ", ".join(METHODS)
        raise StatedError(
            "there is no method {method!r}: choose one of {known}", method=method, known=known
        )
    return others[method](scorer, history, items)


def methods_of(scorer: Scorer) -> tuple[Method, ...]:
    """The methods that the scorer's readout has, in their fixed order."""
    contextual = scorer.network.config.readout == "contextual"
    return tuple(method for method in METHODS if not (contextual and method == "contribution"))


def item_feature_names(run: Run) -> tuple[str, ...]:
    """Names of the item features, without the id."""
    return tuple(feature.name for feature in run.dataset.item_features)


def recency(history: History, items: Sequence[int]) -> Attribution:
    """The newer, the more: what every other method must beat."""
    order = np.arange(1, len(history) + 1) / max(len(history), 1)
    return Attribution("recency", tuple(items), np.tile(order, (len(items), 1)))


def at_random(history: History, items: Sequence[int], seed: int = 0) -> Attribution:
    """A random order, drawn for each candidate."""
    drawn = np.random.default_rng(seed).random((len(items), len(history)))
    return Attribution("random", tuple(items), drawn)
