"""How far back attention goes, and what one pair of the heatmap says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dashboard.figures.attention import MEAN, Pair, readout_column, routing_weights
from dashboard.names import percent
from dashboard.words import _, in_a_row, plural

if TYPE_CHECKING:
    from recommender.evaluate.looking_back import LookingBack
    from recommender.explain.types import Attention

_DAY = 86_400
_MONTH = 30
_NEWEST = 5


def looking_back(looked: pd.DataFrame, average: LookingBack | None) -> str:
    """How much of the attention the last month holds, here and on average over customers.

    Where nobody said when events were, how much the newest ones hold.
    """
    if "days" not in looked:
        return _by_place(looked, average)
    recent = looked["days"] <= _MONTH
    if not recent.any():
        said = _("Nothing happened in the last 30 days; all attention is on older events.")
    else:
        said = _(
            "The last 30 days hold {share} of this {@customer}'s attention on events and {even} of "
            "the events."
        ).format(
            share=percent(float(looked.loc[recent, "times_even"].sum() / len(looked))),
            even=percent(float(recent.mean())),
        )
    if average is None or average.gaps.empty:
        return said
    near, far = average.gaps.iloc[0], average.gaps.iloc[-1]
    more = _(
        "Over {customers}, events nearest in time get {near:.1f} times an even share, the "
        "furthest {far:.1f} times."
    ).format(
        customers=plural("{n} {@customer}", "{n} {@customers}", average.users),
        near=near["times"],
        far=far["times"],
    )
    return in_a_row(said, more)


def _by_place(looked: pd.DataFrame, average: LookingBack | None) -> str:
    newest = looked["place"] <= _NEWEST
    said = _(
        "The newest {n} hold {share} of this {@customer}'s attention on events and {even} of the "
        "events."
    ).format(
        n=plural("{n} event", "{n} events", int(newest.sum())),
        share=percent(float(looked.loc[newest, "times_even"].sum() / len(looked))),
        even=percent(float(newest.mean())),
    )
    if average is None:
        return said
    near, far = average.places.iloc[0], average.places.iloc[-1]
    more = _(
        "Over {customers}, the newest event gets {near:.1f} times an even share, the furthest "
        "{far:.1f} times."
    ).format(
        customers=plural("{n} {@customer}", "{n} {@customers}", average.users),
        near=near["times"],
        far=far["times"],
    )
    return in_a_row(said, more)


def pair(attention: Attention, names: list[str], times: np.ndarray, chosen: Pair) -> str:
    """One cell in words: who looks at whom, how strongly, which rank, and each head's part."""
    if chosen.query is None:
        return _looks(attention, names, chosen)
    heads = attention.layers[chosen.layer]
    row = routing_weights(attention, chosen.layer, chosen.head)[chosen.query]
    weight = float(row[chosen.key])
    said = _(
        "{reader} reads {read} with {weight} of its look{head}: its number {rank} of {n}; an even "
        "spread would give {even}."
    ).format(
        reader=names[chosen.query],
        read=names[chosen.key] if chosen.key != chosen.query else _("itself"),
        weight=percent(weight),
        head=_head(chosen.head),
        rank=int((row[: chosen.query + 1] > weight).sum()) + 1,
        n=chosen.query + 1,
        even=percent(1 / (chosen.query + 1)),
    )
    gap = times[chosen.query] - times[chosen.key]
    if chosen.key != chosen.query and np.isfinite(gap):
        days = plural("{n} day lies between them.", "{n} days lie between them.", round(gap / _DAY))
        said = in_a_row(said, days)
    by_head = [percent(float(one[chosen.query, chosen.key])) for one in heads]
    more = _("Head by head: {shares}.").format(shares=" · ".join(by_head))
    return in_a_row(said, more)


def _looks(attention: Attention, names: list[str], chosen: Pair) -> str:
    row = readout_column(attention, chosen.head)
    weight = float(row[chosen.key])
    said = _(
        "The readout{head} looks at {read} with {weight}: its number {rank} of {n}; an even "
        "spread would give {even}."
    ).format(
        head=_head(chosen.head),
        read=names[chosen.key],
        weight=percent(weight),
        rank=int((row > weight).sum()) + 1,
        n=len(row),
        even=percent(1 / len(row)),
    )
    gates = attention.gate[:, chosen.key]
    gate = float(gates.mean() if chosen.head == MEAN else gates[chosen.head])
    by_head = [percent(float(one[chosen.key])) for one in attention.readout]
    more = _("Its gate is {gate:.2f} (1 lets through as it is). Head by head: {shares}.").format(
        gate=gate, shares=" · ".join(by_head)
    )
    return in_a_row(said, more)


def _head(head: int) -> str:
    return _(" (mean of heads)") if head == MEAN else _(" (head {n})").format(n=head + 1)
