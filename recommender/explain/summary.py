"""Can this one explanation be believed? Its claim is put to the test: strong, mixed or weak."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from recommender.data.histories import History
from recommender.explain.deletions import part_logits
from recommender.explain.influence import influence
from recommender.explain.ranking import allowed_items, ranks
from recommender.explain.types import TrustSummary, Verdict
from recommender.metrics.evaluator import View
from recommender.model.device import threads
from recommender.model.inference import Scorer
from recommender.model.run import Run

NAMED = 3
"""Events an explanation names."""
MIXED, STRONG = 0.35, 0.7
"""Least lead of the named events over the newest ones, in log-probability: one naming at random in
twenty is as good as strong. Found by `recommender.evaluate.calibrate` on users kept for it."""


def trust_summary(
    run: Run, history: History, item: int, candidates: View | None = None
) -> TrustSummary:
    """Delete the three events with most influence, and, apart, the three newest; compare.

    The lead is what the target's log-probability loses by the first deletion more than by the
    second. Strong: at least `STRONG`; mixed: at least `MIXED`; weak: less, or there is no history.
    """
    allowed = allowed_items(history, len(run.dataset.items), candidates or run.default_view)
    allowed[item] = True
    with threads(1):
        values = influence(run.scorer, history, [item]).logit[0]
        named, newest = strongest(values), tuple(range(len(history)))[-NAMED:]
        logits = _without(run.scorer, history, [(), named, newest])
    effects = -_log_probability(logits, item, allowed)
    effects -= effects[0]
    place = ranks(logits, item, allowed)
    return TrustSummary(
        verdict=verdict(float(effects[1] - effects[2]), len(history)),
        named=named,
        newest=newest,
        effect_named=float(effects[1]),
        effect_newest=float(effects[2]),
        rank_before=int(place[0]),
        rank_without_named=int(place[1]),
        rank_without_newest=int(place[2]),
    )


def verdict(lead: float, n_events: int) -> Verdict:
    """The word for a lead of the named events over the newest."""
    if n_events == 0 or lead < MIXED:
        return "weak"
    return "strong" if lead >= STRONG else "mixed"


def strongest(values: Float[np.ndarray, " event"]) -> tuple[int, ...]:
    """The events an explanation names, strongest first; those that speak against are not named."""
    order = np.argsort(-values, kind="stable")[:NAMED]
    return tuple(int(event) for event in order if values[event] > 0)


def leads(
    scorer: Scorer,
    history: History,
    item: int,
    allowed: np.ndarray,
    named: list[tuple[int, ...]],
) -> Float[np.ndarray, " naming"]:
    """The lead over the newest events of each way to name events."""
    newest = tuple(range(len(history)))[-NAMED:]
    logits = _without(scorer, history, [newest, *named])
    log_probability = _log_probability(logits, item, allowed)
    return log_probability[0] - log_probability[1:]


def _without(
    scorer: Scorer, history: History, deleted: list[tuple[int, ...]]
) -> Float[np.ndarray, "part item"]:
    kept = np.ones((len(deleted), len(history)), dtype=bool)
    for row, events in zip(kept, deleted, strict=True):
        row[list(events)] = False
    return part_logits(scorer, history, kept)


def _log_probability(
    logits: Float[np.ndarray, "part item"], item: int, allowed: np.ndarray
) -> Float[np.ndarray, " part"]:
    """Log-softmax of the item among the candidates."""
    above = logits[:, allowed].astype(np.float64) - logits[:, [item]]
    return -np.log(np.exp(above).sum(1))
