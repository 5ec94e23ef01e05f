"""Why A above B, and why C is not here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from recommender.data.histories import History
from recommender.explain.contributions import Shares, contributions, feature_names
from recommender.explain.ranking import allowed_items, ranks, top_items
from recommender.explain.types import Absence, Contrast, Lift
from recommender.metrics.evaluator import View
from recommender.model.device import threads
from recommender.model.run import Run
from recommender.said import StatedError

TRIED = 24
"""Items tried as one more event of the user."""
NAMED = 3


def contrast(run: Run, history: History, item: int, other: int) -> Contrast:
    """Why `item` scores above `other` (or below): the difference of their shares.

    With the contextual readout all but the voters' shares is in `order_term`.
    """
    with threads(1):
        return _contrast(run, contributions(run.scorer, history, [item, other]), item, other)


def _contrast(run: Run, shares: Shares, item: int, other: int) -> Contrast:
    bias, order, features, profile = (
        values[0] - values[1]
        for values in (shares.bias, shares.order_term, shares.features, shares.profile)
    )
    return Contrast(
        item=item,
        other=other,
        difference=float(shares.logits[0] - shares.logits[1]),
        bias=float(bias),
        order_term=float(order),
        features=features,
        feature_names=feature_names([feature.name for feature in run.dataset.item_features]),
        profile=profile,
        profile_names=tuple(feature.name for feature in run.dataset.user_features),
    )


def why_not(
    run: Run, history: History, item: int, k: int = 10, candidates: View | None = None
) -> Absence:
    """Why the item is not in the top-k: its rank, what it lacks, and what would lift it.

    Raises ValueError if it is there.
    """
    allowed = allowed_items(history, len(run.dataset.items), candidates or run.default_view)
    title = str(run.dataset.items["title"].iloc[item])
    with threads(1):
        logits = run.scorer.logits([history])
        last = _last(logits[0], allowed, k)
        gap = float(logits[0, last] - logits[0, item])
        if allowed[item] and ranks(logits, item, allowed)[0] <= k:
            raise StatedError("{title} is among the first {k}", title=title, k=k)
        shares = contributions(run.scorer, history, [last, item])
        by_event = shares.features[1].sum(1)
        return Absence(
            item=item,
            title=title,
            k=k,
            candidate=bool(allowed[item]),
            rank=int(ranks(logits, item, allowed)[0]),
            gap=gap,
            against=_contrast(run, shares, last, item),
            holding_down=tuple(
                int(event)
                for event in np.argsort(by_event, kind="stable")[:NAMED]
                if by_event[event] < 0
            ),
            lifts=_lifts(run, history, item, k, allowed),
        )


def _last(logits: Float[np.ndarray, " item"], allowed: np.ndarray, k: int) -> int:
    top = top_items(logits, k, allowed)
    if not len(top):
        raise StatedError("nothing is left to recommend: the user has every item")
    return int(top[-1])


def _lifts(run: Run, history: History, item: int, k: int, allowed: np.ndarray) -> tuple[Lift, ...]:
    """Try one more event at the moment of the recommendation, on the items that speak for this."""
    tried = _speakers(run, item)
    with_one_more = [with_purchase(run, history, other) for other in tried]
    logits = run.scorer.logits(with_one_more)
    place = ranks(logits, item, allowed)
    best = [i for i in np.argsort(place, kind="stable") if place[i] <= k][:NAMED]
    titles = run.dataset.items["title"].to_numpy()
    return tuple(Lift(tried[i], str(titles[tried[i]]), int(place[i])) for i in best)


def _speakers(run: Run, item: int) -> Sequence[int]:
    """Items that are bought with this one, then those that lie nearest to it as candidates."""
    neighbours = run.scorer.voters.neighbours[:, [item]].toarray().ravel()
    candidates = run.scorer.candidates
    alike = (candidates @ candidates[item]).cpu().numpy()
    orders = np.argsort(-neighbours, kind="stable"), np.argsort(-alike, kind="stable")
    mixed = dict.fromkeys(int(one) for pair in zip(*orders, strict=True) for one in pair)
    return [other for other in mixed if other != item][:TRIED]


def with_purchase(run: Run, history: History, item: int) -> History:
    """The history with a purchase of the item just now."""
    event = run.dataset.asked_codes[-1]
    basket = history.baskets[-1] + 1 if len(history) else 0
    undated = history.dates.undated
    return replace(
        history,
        items=np.append(history.items, np.array(item, history.items.dtype)),
        events=np.append(history.events, np.array(event, history.events.dtype)),
        times=np.append(history.times, np.array(history.as_of, history.times.dtype)),
        baskets=np.append(history.baskets, np.array(basket, history.baskets.dtype)),
        dates=replace(
            history.dates, undated=None if undated is None else np.append(undated, False)
        ),
    )
