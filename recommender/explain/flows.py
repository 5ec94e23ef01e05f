"""A logit as a flow: what each item of the history gives, by the way that it takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from recommender.data.histories import History
from recommender.explain.contributions import Shares, contributions
from recommender.explain.item_deletions import past_items
from recommender.explain.types import AGAIN, HEAD, LATELY, TOGETHER, USUALLY
from recommender.model.device import threads
from recommender.model.run import Run
from recommender.said import StatedError

_VOTES = (AGAIN, TOGETHER)


@dataclass(frozen=True, eq=False)
class Flow:
    """One candidate's logit: `shares.sum()` and what is `own` make it."""

    item: int
    item_id: str
    title: str
    items: Int[np.ndarray, " past"]
    """Codes of the history's items, in the order of their first events."""
    item_ids: tuple[str, ...]
    titles: tuple[str, ...]
    events: tuple[tuple[int, ...], ...]
    """For each item the positions of its events in the history."""
    ways: tuple[str, ...]
    """`+head 1` and so on, then `+again` and `+together`."""
    shares: Float[np.ndarray, "past way"]
    """Exact shares of the logit: all events of an item together, by way."""
    own: tuple[tuple[str, float], ...]
    """What no event gives: popularity (as `bias`, or `+usually` and `+lately`), the `order_term`
    and the whole `profile`."""

    @property
    def score(self) -> float:
        """The logit."""
        return float(self.shares.sum() + sum(share for _, share in self.own))


def has_flow(run: Run) -> bool:
    """Whether the run's scores are sums of shares."""
    return run.config.readout == "additive"


def score_flow(run: Run, history: History, item: int) -> Flow:
    """Which items of the history give what to this candidate, and through what.

    Raises ValueError for the contextual readout, whose logits are no sum over events.
    """
    if not has_flow(run):
        raise StatedError(
            "the contextual readout mixes all events before it reads them, so its score is no sum "
            "of shares and has no flow: ask for influence, which it has"
        )
    with threads(1):
        found = contributions(run.scorer, history, [item])
    past = past_items(history)
    of_item = (history.items == past[:, None]).astype(np.float64)
    titles, ids = (run.dataset.items[name].to_numpy() for name in ("title", "item_id"))
    return Flow(
        item=item,
        item_id=str(ids[item]),
        title=str(titles[item]),
        items=past,
        item_ids=tuple(map(str, ids[past])),
        titles=tuple(map(str, titles[past])),
        events=tuple(tuple(np.flatnonzero(row).tolist()) for row in of_item),
        ways=ways_of(found),
        shares=of_item @ by_way(found)[0],
        own=tuple((name, float(share[0])) for name, share in own_shares(found).items()),
    )


def ways_of(shares: Shares) -> tuple[str, ...]:
    """The ways that an event's share can take, the heads first."""
    return (*(f"{HEAD} {i + 1}" for i in range(shares.heads.shape[1])), *_VOTES)


def by_way(shares: Shares) -> Float[np.ndarray, "candidate event way"]:
    """The events' shares by way; over all ways they sum to what they sum to over all features."""
    heads = shares.heads.transpose(0, 2, 1)
    return np.concatenate([heads, shares.features[..., -3:-1]], axis=2, dtype=np.float64)


def own_shares(shares: Shares) -> dict[str, Float[np.ndarray, " candidate"]]:
    """What no event gives, by name, as far as the run has it."""
    popularity = {"bias": shares.bias}
    if shares.lately.any():
        popularity = {USUALLY: shares.bias - shares.lately, LATELY: shares.lately}
    rest = {"order_term": shares.order_term, "profile": shares.profile.sum(1)}
    own = popularity | {name: share for name, share in rest.items() if share.any()}
    return {name: np.asarray(share, dtype=np.float64) for name, share in own.items()}
