"""Everything that can be tried on the model for one explanation, at once."""

from __future__ import annotations

from recommender.data.histories import History
from recommender.explain.claims import Findings
from recommender.explain.contrasts import contrast
from recommender.explain.counterfactual import drop_out
from recommender.explain.item_deletions import item_deletions
from recommender.explain.ranking import allowed_items, standing_of, top_items
from recommender.explain.summary import trust_summary
from recommender.metrics.evaluator import View
from recommender.model.device import threads
from recommender.model.run import Run


def try_out(
    run: Run, history: History, item: int, k: int = 10, candidates: View | None = None
) -> Findings:
    """Whether the reason holds, and what is lost without all events of an item.

    Where the item is in the top-k, also what would turn it out, and why it is above the next
    candidate (above the one before it, if it is the last of all).
    """
    view = candidates or run.default_view
    allowed = allowed_items(history, len(run.dataset.items), view)
    with threads(1):
        logits = run.scorer.logits([history])
    standing = standing_of(logits[0], history, item)
    inside = 0 < standing.among(view).rank <= k
    other = _next(list(map(int, top_items(logits[0], k + 1, allowed))), item) if inside else None
    titles = run.dataset.items["title"].to_numpy()
    return Findings.of(
        run.dataset,
        history.items,
        candidates=view,
        standing=standing,
        trust=trust_summary(run, history, item, view),
        item_deletions=item_deletions(run, history, item, view),
        counterfactual=drop_out(run, history, item, k, view) if inside else None,
        contrast=None if other is None else contrast(run, history, item, other),
        contrast_with="" if other is None else str(titles[other]),
    )


def _next(ranked: list[int], item: int) -> int | None:
    if item not in ranked:
        return None
    place = ranked.index(item)
    around = ranked[place + 1 : place + 2] or ranked[max(place - 1, 0) : place]
    return around[0] if around else None
