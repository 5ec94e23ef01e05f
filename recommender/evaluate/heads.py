"""What each attention head does, and what ranking loses when it is switched off."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
from jaxtyping import Float

from recommender.data.histories import History
from recommender.data.splits import Holdout
from recommender.explain.opened import opened
from recommender.explain.ranking import allowed_items, top_items
from recommender.metrics.evaluator import View, evaluate, views_of
from recommender.model.baselines import holdout_cases
from recommender.model.inference import Scorer
from recommender.model.run import Run
from recommender.model.training import case_scores

READOUT = "readout"
NEWEST = 3
"""Events that count as the newest."""
ROLES = ("newest", "same_category", "repetition", "first")
LIFT = 1.5
"""A head has a role if it gives it this many times the weight that chance would."""

Track = Callable[[Sequence[Any], str], Iterable[Any]]


class Head(NamedTuple):
    """One head of the readout, or of a routing layer (counted from 1)."""

    layer: str
    head: int


def head_roles(
    run: Run, users: Sequence[int], category: np.ndarray | None, view: View, track: Track
) -> pd.DataFrame:
    """A row a head: where its weight goes, beside what an even spread would give, and NDCG lost.

    Asked at the moment of the recommendation, of the readout's row and of the last token's row in
    each routing layer. Columns: `layer`, `head`, for each of `newest` (the three newest events),
    `same_category` (as the first recommendation of `view` in the readout, as the newest event in a
    layer),
    `repetition` (events on an item that is there more than once) and `first` (the oldest event) the
    weight and `…_even`; `profile` (weight on start and profile tokens), `role` (the one with the
    highest lift, if it is 1.5 or more, else `spread`), `ndcg_lost` (NDCG@10 of the held-out
    baskets of these users, with the head minus without).
    """
    histories = [run.history(user, before_held_out=True) for user in users]
    asked = [history for history in histories if len(history) > 1]
    sums: dict[Head, list[np.ndarray]] = {}
    for history in track(asked, "Heads"):
        for head, row in _rows(run, history, category, view).items():
            sums.setdefault(head, []).append(row)
    lost = ndcg_lost(run, users, list(sums))
    return pd.DataFrame(
        [_described(head, np.mean(rows, axis=0), lost[head]) for head, rows in sums.items()]
    )


def _described(head: Head, mean: Float[np.ndarray, " value"], lost: float) -> dict[str, Any]:
    weights, even = mean[: len(ROLES)], mean[len(ROLES) : 2 * len(ROLES)]
    lifts = np.divide(weights, even, out=np.zeros_like(weights), where=even > 0)
    best = int(np.nan_to_num(lifts).argmax())
    row: dict[str, Any] = {"layer": head.layer, "head": head.head}
    for name, weight, chance in zip(ROLES, weights, even, strict=True):
        row |= {name: float(weight), f"{name}_even": float(chance)}
    role = ROLES[best] if lifts[best] >= LIFT else "spread"
    return row | {"profile": float(mean[-1]), "role": role, "ndcg_lost": lost}


@torch.inference_mode()
def _rows(
    run: Run, history: History, category: np.ndarray | None, view: View
) -> dict[Head, Float[np.ndarray, " value"]]:
    network, before = run.scorer.network, run.scorer.network.n_placeless
    logits = run.scorer.logits([history])[0]
    first = top_items(logits, 1, allowed_items(history, len(logits), view))
    history = history.newest(network.config.window)
    n_tokens = before + len(history)
    found = opened(run.scorer, history)
    newest_item = int(history.items[-1])
    rows = {}
    if network.config.readout == "additive" and len(first):
        for head, weights in enumerate(found.readout[0].cpu().numpy()):
            rows[Head(READOUT, head)] = _spread(weights, before, history, int(first[0]), category)
    for layer, found_layer in enumerate(found.layers, start=1):
        for head, weights in enumerate(found_layer[0, :, n_tokens - 1].cpu().numpy()):
            row = _spread(weights, before, history, newest_item, category)
            rows[Head(str(layer), head)] = row
    return rows


def _spread(
    weights: Float[np.ndarray, " token"],
    before: int,
    history: History,
    item: int,
    category: np.ndarray | None,
) -> Float[np.ndarray, " value"]:
    """Weight by role, what an even spread over the events would give, and the profile's weight."""
    n = len(history)
    events = weights[before : before + n]
    back = np.arange(n)[::-1]
    times_there = np.bincount(history.items)[history.items]
    same = np.full(n, np.nan) if category is None else category[history.items] == category[item]
    masks = np.array([back < NEWEST, same, times_there > 1, back == n - 1], dtype=float)
    whole = max(float(events.sum()), 1e-12)
    return np.array([*(masks @ events / whole), *masks.mean(1), weights[:before].sum()])


def ndcg_lost(run: Run, users: Sequence[int], heads: Sequence[Head]) -> dict[Head, float]:
    """NDCG@10 with every head minus that without this one, mean over views; nan without cases."""
    chosen = np.flatnonzero(np.isin(run.split.test.users, np.asarray(users, dtype=np.int64)))
    if not len(chosen):
        return dict.fromkeys(heads, float("nan"))
    cases = run.split.test.of(chosen)
    whole = _ndcg(run, run.scorer, cases)
    return {head: whole - _ndcg(run, without_head(run.scorer, head), cases) for head in heads}


def without_head(scorer: Scorer, head: Head) -> Scorer:
    """The same scorer with one head giving nothing."""
    network = copy.deepcopy(scorer.network)
    with torch.no_grad():
        if head.layer == READOUT:
            network.mix[head.head].zero_()
        else:
            layer = network.layers[int(head.layer) - 1]
            size = network.config.width // network.config.n_heads
            layer.out.weight[:, head.head * size : (head.head + 1) * size].zero_()  # type: ignore[union-attr,index]
    return Scorer.of(network, scorer.voters.neighbours, scorer.trend)


def _ndcg(run: Run, scorer: Scorer, test: Holdout) -> float:
    cases = holdout_cases(run.dataset, test)
    found = evaluate(case_scores(scorer, run.dataset, test), cases, views_of(cases))
    asked = [values["ndcg@10"] for values in found.values() if len(values["ndcg@10"])]
    return float(np.mean([values.mean() for values in asked])) if asked else float("nan")
