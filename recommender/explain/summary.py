"""Can this one explanation be believed? Its claim is put to the test: strong, mixed or weak."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

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
    return trust_summaries(run, history, [item], candidates)[0]


def trust_summaries(
    run: Run, history: History, items: Sequence[int], candidates: View | None = None
) -> tuple[TrustSummary, ...]:
    """The same for several items of one history, which takes hardly longer than for one: what is
    left of a history is scored for all of them at once."""
    if not len(items):
        return ()
    allowed = allowed_items(history, len(run.dataset.items), candidates or run.default_view)
    with threads(1):
        values = influence(run.scorer, history, items).logit
        named, newest = [strongest(row) for row in values], tuple(range(len(history)))[-NAMED:]
        logits = _without(run.scorer, history, [(), newest, *named])
    return tuple(
        _summary(logits[[0, 1, 2 + place]], item, allowed, named[place], newest)
        for place, item in enumerate(items)
    )


def _summary(
    logits: Float[np.ndarray, "3 item"],
    item: int,
    allowed: np.ndarray,
    named: tuple[int, ...],
    newest: tuple[int, ...],
) -> TrustSummary:
    """By the logits of the whole history, of that without the newest, and without the named."""
    competing = allowed.copy()
    competing[item] = True
    effects = -_log_probability(logits, item, competing)
    effects -= effects[0]
    place: Int[np.ndarray, " part"] = ranks(logits, item, competing)
    return TrustSummary(
        verdict=verdict(float(effects[2] - effects[1]), len(newest)),
        named=named,
        newest=newest,
        effect_named=float(effects[2]),
        effect_newest=float(effects[1]),
        rank_before=int(place[0]),
        rank_without_named=int(place[2]),
        rank_without_newest=int(place[1]),
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
