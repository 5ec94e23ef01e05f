"""The three lenses side by side for one recommendation, and the top-k with its reasons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float

from recommender.data.histories import History
from recommender.explain.contributions import contributions, feature_names
from recommender.explain.influence import influence
from recommender.explain.left_out import not_counted
from recommender.explain.ranking import allowed_items, standing_of, top_items
from recommender.explain.types import LENSES, Explanation, ProfileShare, Recommendation, Standing
from recommender.metrics.evaluator import View
from recommender.model.device import threads
from recommender.model.run import Run


def recommend(
    run: Run, history: History, k: int = 10, candidates: View | None = None
) -> tuple[Recommendation, ...]:
    """The k best candidates, each with the event that counts most for it.

    `candidates`: `all` items or only those `new` to the user; by default what the data set says.
    """
    with threads(1):
        logits = run.scorer.logits([history])[0]
        allowed = allowed_items(history, len(logits), candidates or run.default_view)
        top = top_items(logits, k, allowed)
        if not len(top):
            return ()
        shares = contributions(run.scorer, history, [int(item) for item in top])
    names = feature_names([feature.name for feature in run.dataset.item_features])
    return tuple(
        _recommendation(run, rank, int(item), logits, allowed, shares.features[rank], names)
        for rank, item in enumerate(top)
    )


def standings(run: Run, history: History, items: Sequence[int]) -> tuple[Standing, ...]:
    """Where each item stands in the lists of `recommend`, among all items and among new ones."""
    with threads(1):
        logits = run.scorer.logits([history])[0]
    return tuple(standing_of(logits, history, item) for item in items)


def _recommendation(
    run: Run,
    place: int,
    item: int,
    logits: Float[np.ndarray, " item"],
    allowed: Bool[np.ndarray, " item"],
    features: Float[np.ndarray, "event feature"],
    names: tuple[str, ...],
) -> Recommendation:
    by_event = features.sum(1)
    strongest = int(by_event.argmax()) if len(by_event) and by_event.max() > 0 else None
    through = names[int(features[strongest].argmax())] if strongest is not None else ""
    return Recommendation(
        rank=place + 1,
        item=item,
        item_id=str(run.dataset.items["item_id"].iloc[item]),
        title=str(run.dataset.items["title"].iloc[item]),
        logit=float(logits[item]),
        percentile=_percentile(logits[allowed], float(logits[item])),
        reason_event=strongest,
        reason_share=float(by_event[strongest]) if strongest is not None else 0.0,
        reason_feature=through,
    )


def _percentile(logits: Float[np.ndarray, " item"], logit: float) -> float:
    return 100.0 * float((logits < logit).sum()) / max(len(logits) - 1, 1)


def explain(run: Run, history: History, item: int) -> Explanation:
    """Why this candidate for this history: attention, contribution and influence of every event."""
    with threads(1):
        shares = contributions(run.scorer, history, [item])
        measured = influence(run.scorer, history, [item])
    dataset, before = run.dataset, run.scorer.network.n_placeless
    n_read = min(len(history), run.config.window)
    attention, gate = np.zeros(len(history)), np.zeros(len(history))
    newest = slice(len(history) - n_read, None)
    attention[newest] = shares.attention.mean(0)[before : before + n_read]
    gate[newest] = shares.gate.mean(0)[before : before + n_read]
    titles, ids = dataset.items["title"].to_numpy(), dataset.items["item_id"].to_numpy()
    return Explanation(
        item=item,
        item_id=str(ids[item]),
        title=str(titles[item]),
        as_of=history.as_of,
        logit=float(shares.logits[0]),
        bias=float(shares.bias[0]),
        lately=float(shares.lately[0]),
        order_term=float(shares.order_term[0]),
        window=run.config.window,
        items=history.items,
        item_ids=tuple(map(str, ids[history.items])),
        titles=tuple(map(str, titles[history.items])),
        times=history.times,
        event_types=tuple(dataset.event_types[code] for code in history.events),
        dates=history.dates,
        not_counted=not_counted(dataset, history),
        attention=attention,
        gate=gate,
        contribution=shares.features[0].sum(1),
        influence=measured.logit[0],
        influence_log=measured.log_softmax[0],
        feature_names=feature_names([feature.name for feature in dataset.item_features]),
        features=shares.features[0],
        profile=tuple(
            ProfileShare(
                feature=feature.name,
                value=profile_label(feature.values, history.profile[i]),
                attention=float(shares.attention.mean(0)[1 + i]),
                contribution=float(shares.profile[0, i]),
                influence=float(measured.profile[0, i]),
            )
            for i, feature in enumerate(dataset.user_features)
        ),
        lenses=LENSES if run.config.readout == "additive" else ("attention", "influence"),
    )


def profile_label(values: tuple[str, ...], codes: np.ndarray) -> str:
    """The profile value in words; `unknown` where it is not known."""
    return ", ".join(values[code - 1] for code in codes if code > 0) or "unknown"
