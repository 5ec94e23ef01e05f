"""What would have to be otherwise: the smallest change of the past that changes the top-k.

Every result shown has been run through the model, and no proper subset of it works. It need not be
the only one of its size; sets of one event are tried all, larger ones by a beam.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from jaxtyping import Bool, Float

from recommender.data.histories import History
from recommender.explain.deletions import part_logits
from recommender.explain.ranking import allowed_items, margins, ranks, top_items
from recommender.explain.types import Counterfactual, ProfileChange
from recommender.metrics.evaluator import View
from recommender.model.device import threads
from recommender.model.run import Run
from recommender.said import StatedError

MOST_EVENTS = 5
"""Larger sets are not looked for."""
BEAM = 4
"""Sets kept from one size to the next."""
TRIED = 10
"""Events that may join a set: those whose single deletion helps most."""

Chosen = tuple[int, ...]
Lack = Callable[[Sequence[Chosen]], Float[np.ndarray, " set"]]
"""How far each deletion is from reaching its goal; it is reached below 0."""


def drop_out(
    run: Run, history: History, item: int, k: int = 10, candidates: View | None = None
) -> Counterfactual:
    """The smallest set of events without which the item is no longer in the top-k.

    Raises ValueError if the item is not in the top-k to begin with.
    """
    return _search(run, history, item, k, candidates, leaves=True)


def bring_in(
    run: Run, history: History, item: int, k: int = 10, candidates: View | None = None
) -> Counterfactual:
    """The smallest set of events without which the item would be in the top-k.

    Raises ValueError if it is in already, or is no candidate.
    """
    return _search(run, history, item, k, candidates, leaves=False)


def change_profile(
    run: Run, history: History, item: int, k: int = 10, candidates: View | None = None
) -> ProfileChange | None:
    """The one other profile value that moves the item out of the top-k, or into it, most clearly.

    None if no single value does.
    """
    changes = [
        (i, code)
        for i, feature in enumerate(run.dataset.user_features)
        for code in range(len(feature.values) + 1)
        if set(history.profile[i][history.profile[i] > 0]) != ({code} if code else set())
    ]
    if not changes:
        return None
    histories = [history, *(_with_value(history, i, code) for i, code in changes)]
    with threads(1):
        logits = run.scorer.logits(histories)
    allowed = allowed_items(history, logits.shape[1], candidates or run.default_view)
    margin = margins(logits, item, k, allowed)
    leaves = bool(ranks(logits[:1], item, allowed)[0] <= k)
    lack = margin[1:] if leaves else -margin[1:]
    best = int(lack.argmin())
    if lack[best] >= 0:
        return None
    feature = run.dataset.user_features[changes[best][0]]
    now = history.profile[changes[best][0]]
    rank = ranks(logits[[0, 1 + best]], item, allowed)
    return ProfileChange(
        feature=feature.name,
        before=", ".join(feature.values[code - 1] for code in now if code > 0),
        after=feature.values[changes[best][1] - 1] if changes[best][1] else "",
        rank_before=int(rank[0]),
        rank_after=int(rank[1]),
    )


def _with_value(history: History, feature: int, code: int) -> History:
    profile = np.array(history.profile)
    profile[feature] = 0
    profile[feature, 0] = code
    return replace(history, profile=profile)


def _search(
    run: Run, history: History, item: int, k: int, candidates: View | None, leaves: bool
) -> Counterfactual:
    allowed = allowed_items(history, len(run.dataset.items), candidates or run.default_view)
    title = str(run.dataset.items["title"].iloc[item])
    if not allowed[item]:
        raise StatedError("{title} is no candidate: the user has it already", title=title)
    with threads(1):
        full = part_logits(run.scorer, history, np.ones((1, len(history)), dtype=bool))
        if (ranks(full, item, allowed)[0] <= k) != leaves:
            if leaves:
                raise StatedError("{title} is not among the first {k}", title=title, k=k)
            raise StatedError("{title} is already among the first {k}", title=title, k=k)
        n_scored = 0

        def lack(chosen: Sequence[Chosen]) -> Float[np.ndarray, " set"]:
            nonlocal n_scored
            n_scored += len(chosen)
            logits = part_logits(run.scorer, history, _kept(len(history), chosen))
            margin = margins(logits, item, k, allowed)
            # At a margin of exactly 0 the item ties for the last place: turned neither way.
            return margin if leaves else -margin

        events = smallest_set(len(history), lack)
        after = part_logits(run.scorer, history, _kept(len(history), [events or ()]))
    swapped = _swapped(full[0], after[0], k, allowed, item, leaves) if events else None
    titles = run.dataset.items["title"].to_numpy()
    return Counterfactual(
        item=item,
        k=k,
        leaves=leaves,
        events=events,
        titles=tuple(str(titles[history.items[event]]) for event in events or ()),
        rank_before=int(ranks(full, item, allowed)[0]),
        rank_after=int(ranks(after, item, allowed)[0]) if events else None,
        other=swapped,
        other_title="" if swapped is None else str(titles[swapped]),
        most_events=MOST_EVENTS,
        n_scored=n_scored,
    )


def _kept(n_events: int, chosen: Sequence[Chosen]) -> Bool[np.ndarray, "set event"]:
    kept = np.ones((len(chosen), n_events), dtype=bool)
    for row, deleted in zip(kept, chosen, strict=True):
        row[list(deleted)] = False
    return kept


def smallest_set(n_events: int, lack: Lack) -> Chosen | None:
    """The events to delete so that `lack` falls below 0; None if up to five do not reach it.

    Greedy prefixes of the single deletions' order bound the size; a beam looks for smaller sets;
    what is found is pruned to a set of which no proper subset works.
    """
    if n_events == 0:
        return None
    alone = lack([(event,) for event in range(n_events)])
    order = [int(event) for event in np.argsort(alone, kind="stable")]
    if alone[order[0]] < 0:
        return (order[0],)
    most = min(MOST_EVENTS, n_events)
    prefixes = [tuple(sorted(order[:size])) for size in range(2, most + 1)]
    reached = [
        prefix for prefix, value in zip(prefixes, _of(lack, prefixes), strict=True) if value < 0
    ]
    found = reached[0] if reached else None
    largest = len(found) - 1 if found else most
    beam: list[Chosen] = [(event,) for event in order[:BEAM]]
    for _ in range(2, largest + 1):
        pairs = ((one, event) for one in beam for event in order[:TRIED])
        grown = sorted({tuple(sorted((*one, event))) for one, event in pairs if event not in one})
        if not grown:
            break
        values = lack(grown)
        best = np.argsort(values, kind="stable")
        if values[best[0]] < 0:
            found = grown[best[0]]
            break
        beam = [grown[i] for i in best[:BEAM]]
    return _pruned(found, lack) if found else None


def _of(lack: Lack, chosen: Sequence[Chosen]) -> Float[np.ndarray, " set"]:
    return lack(chosen) if chosen else np.zeros(0)


def _pruned(found: Chosen, lack: Lack) -> Chosen:
    """The smallest subset that works, the strongest of its size; singles are known not to."""
    subsets = [one for size in range(2, len(found)) for one in combinations(found, size)]
    values = _of(lack, subsets)
    working = [
        (len(one), value, one) for one, value in zip(subsets, values, strict=True) if value < 0
    ]
    return min(working)[2] if working else found


def _swapped(
    before: Float[np.ndarray, " item"],
    after: Float[np.ndarray, " item"],
    k: int,
    allowed: Bool[np.ndarray, " item"],
    item: int,
    leaves: bool,
) -> int | None:
    """The best item that came in as ours left, or the best that left as ours came in."""
    old, new = top_items(before, k, allowed), top_items(after, k, allowed)
    here, there = (new, old) if leaves else (old, new)
    moved = [int(other) for other in here if other not in there and other != item]
    return moved[0] if moved else None
