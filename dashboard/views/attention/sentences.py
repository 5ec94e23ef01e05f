"""How far attention can be believed here, which methods agree, and what each head does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dashboard.figures.attributions import ordered, ranks
from dashboard.figures.heads import ROLES, head_name, role_name
from dashboard.figures.trust import deletion_table, method_name
from dashboard.names import measure, percent, score
from dashboard.sentences import rank_agreement
from dashboard.views.trust.sentences import attention_beside_newest
from dashboard.words import _, ended, in_a_row, plural

if TYPE_CHECKING:
    from recommender.evaluate.trust_report import Trust
    from recommender.explain.types import Attention, Attribution

_ALIKE = 0.7


def trust(measured: Trust | None) -> str:
    """What was measured of attention in this run, beside taking the newest and the best method."""
    if measured is None:
        return _("How far attention can be believed was not measured for this run.")
    table = deletion_table(measured, measured.default_view)
    still = table.set_index("method")["pos@5"]
    best = str(still.index[0])
    said = _(
        "Measured in this run: with the events deleted that attention names first, the {@product} "
        "stays in the first five in {attention} of steps; newest first {newest}, “{best}” {least}."
    ).format(
        attention=percent(still["attention"]),
        newest=percent(still["recency"]),
        best=method_name(best),
        least=percent(still[best]),
    )
    return in_a_row(said, attention_beside_newest(table))


def methods(found: Sequence[Attribution], titles: Sequence[str]) -> str:
    """Which methods put the same event first, and which order the events alike."""
    columns = ordered(found)
    first: dict[int, list[str]] = {}
    for one in columns:
        event = int(np.argmin(ranks(one.events[0])))
        first.setdefault(event, []).append(f"“{method_name(one.method)}”")
    camps = sorted(first.items(), key=lambda camp: -len(camp[1]))
    said = [
        _("{title} (event {n}) is first for {methods}").format(
            title=titles[event], n=event + 1, methods=_(", ").join(names)
        )
        for event, names in camps
    ]
    return in_a_row(ended(*said, *_orders(columns)), *_sampling(columns))


def _orders(columns: Sequence[Attribution]) -> list[str]:
    """The pairs that order events most and least alike, recency aside."""
    scored = []
    for one, other in combinations([c for c in columns if c.method != "recency"], 2):
        value = rank_agreement(one.events[0], other.events[0])
        if value is not None:
            scored.append((value, one.method, other.method))
    if not scored:
        return []
    alike = sum(value >= _ALIKE for value, *_names in scored)
    most, least = max(scored), min(scored)
    return [
        _(
            "Of the pairs of methods {alike} in {n} order events much alike (rank correlation of "
            "{limit} or more); closest “{a}” and “{b}” ({high}), furthest “{c}” and “{d}” ({low})"
        ).format(
            n=len(scored),
            alike=alike,
            limit=_ALIKE,
            a=method_name(most[1]),
            b=method_name(most[2]),
            high=measure(most[0]),
            c=method_name(least[1]),
            d=method_name(least[2]),
            low=measure(least[0]),
        )
    ]


def _sampling(columns: Sequence[Attribution]) -> list[str]:
    for one in columns:
        if one.standard_error is not None and one.standard_error.size:
            error = float(one.standard_error.mean())
            if error == 0:
                return [_("The Shapley values are exact.")]
            said = _("Shapley values are sampled: ± {error:.2g} on average.")
            return [said.format(error=error)]
    return []


def alike(attention: Attention) -> str:
    """Which routing head looks back furthest, and which stays nearest."""
    steps = np.arange(attention.layers.shape[-1])
    back = np.maximum(steps[:, None] - steps[None, :], 0)
    far = (attention.layers * back).sum(axis=-1).mean(axis=-1)
    count = far.shape[1]
    if far.size == 1:
        return _("The one head reads {back:.1f} places back on average.").format(back=far[0, 0])
    most, least = divmod(int(far.argmax()), count), divmod(int(far.argmin()), count)
    return _(
        "{far} looks back furthest, {most:.1f} places on average; {near} nearest, {least:.1f}."
    ).format(
        far=head_name(str(most[0] + 1), most[1]),
        most=far[most],
        near=head_name(str(least[0] + 1), least[1]).lower(),
        least=far[least],
    )


def heads(table: pd.DataFrame) -> str:
    """How many heads have one thing to do, and which ranking misses most."""
    if table.empty:
        return _("There are no heads to ask.")
    busy = int((table["role"] != "spread").sum())
    said = plural(
        "{n} of {all} heads looks mostly at one thing",
        "{n} of {all} heads look mostly at one thing",
        busy,
        all=len(table),
    )
    lost = table["ndcg_lost"].astype(float)
    if lost.isna().all():
        return ended(said)
    worst = table.loc[lost.idxmax()]
    useless = int((lost <= 0).sum())
    return said + _(
        "; ranking misses {name} most (NDCG@10 falls by {value:.4f}), {n} could go without loss."
    ).format(name=worst["name"].lower(), value=float(lost.max()), n=useless)


def head(row: Mapping[str, Any]) -> str:
    """One head: what it looks at more than by chance, and what it is worth."""
    times = {role: row[f"{role}_times"] for role in ROLES if row[f"{role}_times"] > 0}
    said = _("Spreads its weight much as chance would")
    if row["role"] != "spread":
        role = str(row["role"])
        said = _("Looks at {what}: {share} of its weight, {times:.1f} times chance").format(
            what=role_name(role), share=percent(row[role]), times=row[f"{role}_times"]
        )
    elif times:
        best = max(times, key=times.__getitem__)
        said += _("; most above it on {what} ({times:.1f} times)").format(
            what=role_name(best), times=times[best]
        )
    if row["ndcg_lost"] != row["ndcg_lost"]:
        return ended(said)
    if row["ndcg_lost"] <= 0:
        return said + _(". Switched off, ranking loses nothing ({value}).").format(
            value=score(-row["ndcg_lost"], 4)
        )
    return said + _(". Switched off, NDCG@10 falls by {value:.4f}.").format(value=row["ndcg_lost"])
