"""How often each lens names the planted cause of a purchase that was held out of training.

Asked of every held-out purchase that one earlier event caused. A hit: an event of the causing item
is among the k strongest events of the lens (view, cart and purchase of one item mask each other);
strict: the causing event itself. Recency and a random order stand beside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from recommender.explain.lenses import explain
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
    track: Callable[[list[Case]], Iterable[Case]] = lambda cases: cases,
) -> pd.DataFrame:
    """Hit rates in percent: a row a lens, columns top1, top3, strict1, strict3, cases."""
    rng = np.random.default_rng(SEED)
    hits: dict[str, list[list[bool]]] = {}
    for case in track(caused_cases(run, causes)):
        found = explain(run, run.history(case.user, before_held_out=True), case.item)
        strengths = {
            "influence": found.influence,
            "influence (log-softmax)": found.influence_log,
            "contribution": found.contribution,
            "attention": found.attention,
            "recency": np.arange(len(found.items)),
            "random": rng.random(len(found.items)),
        }
        of_item = found.items == case.cause
        itself = of_item & (found.times == case.cause_time)
        for name, strength in strengths.items():
            order = np.argsort(-strength, kind="stable")
            row = [bool(hit[order[:k]].any()) for hit in (of_item, itself) for k in (1, 3)]
            hits.setdefault(name, []).append(row)
    means = {name: 100 * np.mean(rows, axis=0) for name, rows in hits.items()}
    columns = ["top1", "top3", "strict1", "strict3"]
    table = pd.DataFrame.from_dict(means, orient="index", columns=columns)
    return table.assign(cases=[len(rows) for rows in hits.values()])
