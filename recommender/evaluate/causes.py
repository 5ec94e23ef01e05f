"""How often each method names the planted cause of a purchase that was held out of training.

Asked of every held-out purchase that one earlier event caused. A hit: an event of the causing item
is among the k strongest events of the method (view, cart and purchase of one item mask each other);
strict: the causing event itself. Recency and a random order stand beside as methods of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from recommender.explain.attribution import attribution, item_feature_names, methods_of
from recommender.explain.ranking import standing_of
from recommender.explain.types import Method
from recommender.model.run import Run

SEED = 0


class Case(NamedTuple):
    """A held-out purchase with its planted cause."""

    user: int
    item: int
    cause: int
    """Code of the causing item."""
    cause_time: int
    """Seconds since 1970-01-01."""


def caused_cases(run: Run, causes: pd.DataFrame) -> list[Case]:
    """Every purchase of the test part that has a single cause; `causes` as the generator writes."""
    caused = causes[causes["cause_item_id"].notna() & (causes["event"] == "purchase")]
    found = []
    for row in caused.itertuples():
        user, item = run.user(row.user_id), run.item(row.item_id)
        held_out = run.held_out(user)
        if held_out is None or item not in held_out.items or _time(row.time) < held_out.as_of:
            continue
        found.append(Case(user, item, run.item(row.cause_item_id), _time(row.cause_time)))
    return found


def _time(text: str) -> int:
    return int(pd.Timestamp(text).timestamp())


def planted_causes(
    run: Run,
    causes: pd.DataFrame,
    top: int | None = None,
    track: Callable[[list[Case]], Iterable[Case]] = lambda cases: cases,
    methods: Sequence[Method] | None = None,
) -> pd.DataFrame:
    """Hit rates in [0, 1]: a row a method, columns top1, top3, strict1, strict3, cases.

    With `top`, only of purchases that stand among the first `top` of the default list. All methods
    that the model has by default.
    """
    cases = _ranked_high(run, caused_cases(run, causes), top)
    hits: dict[str, list[list[bool]]] = {}
    features = item_feature_names(run)
    for place, case in enumerate(track(cases)):
        history = run.history(case.user, before_held_out=True)
        of_item = history.items == case.cause
        itself = of_item & (history.times == case.cause_time)
        for method in methods or methods_of(run.scorer):
            seed = SEED + place
            found = attribution(run.scorer, history, [case.item], method, features, seed)
            order = np.argsort(-found.events[0], kind="stable")
            row = [bool(hit[order[:k]].any()) for hit in (of_item, itself) for k in (1, 3)]
            hits.setdefault(method, []).append(row)
    means = {name: np.mean(rows, axis=0) for name, rows in hits.items()}
    columns = ["top1", "top3", "strict1", "strict3"]
    table = pd.DataFrame.from_dict(means, orient="index", columns=columns)
    return table.assign(cases=[len(rows) for rows in hits.values()])


def _ranked_high(run: Run, cases: list[Case], top: int | None) -> list[Case]:
    """The cases whose item stands among the first `top` of the list that is shown by default."""
    if top is None or not cases:
        return cases
    histories = [run.history(case.user, before_held_out=True) for case in cases]
    asked = zip(cases, histories, run.scorer.logits(histories), strict=True)
    ranks = [
        standing_of(logits, history, case.item).among(run.default_view).rank
        for case, history, logits in asked
    ]
    return [case for case, rank in zip(cases, ranks, strict=True) if 0 < rank <= top]
