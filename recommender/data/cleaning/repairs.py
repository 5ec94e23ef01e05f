"""Rows that stand for one event, events that were taken back, and ratings that are no interest."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

import numpy as np
import pandas as pd
from jaxtyping import Bool, Int

from recommender.data.columns import BASKET, EVENT, ITEM, PRICE, QUANTITY, RATING, TIME, USER
from recommender.data.event_types import is_purchase, is_return
from recommender.data.problems import Finder, Problem
from recommender.data.scales import middle_of, not_rated
from recommender.data.uncounted import REASON
from recommender.said import Said

_ODD: Final = np.uint64(0x9E3779B97F4A7C15)
"""2^64 over the golden ratio: products with it spread over all bits (Knuth, TAOCP 3, 6.4)."""

RatingRule = Literal["user_mean", "threshold", "all"]


def keep_interest(
    events: pd.DataFrame, rule: RatingRule, threshold: float | None, name: str, finder: Finder
) -> tuple[pd.DataFrame, list[Problem]]:
    """Leave out ratings that say *not for me*. Rows without a rating stay."""
    problems = []
    unrated = not_rated(events[RATING])
    scale = events[RATING] if unrated == 0 else events[RATING][events[RATING] != unrated]
    if rule != "all" and unrated is not None:
        events, asked = _without_unrated(events, unrated, name, finder)
        problems.append(asked)
    rating = events[RATING]
    if rule == "user_mean":
        floor = rating.groupby(events[USER], observed=True).transform("mean")
        below = Said("below the user's own mean")
    elif rule == "threshold":
        floor = pd.Series(threshold, index=events.index)
        below = Said("below {threshold}", threshold=f"{threshold:g}")
    else:
        return events, [finder.note(Said("all ratings count as interest"), column=name)]
    # A mean of equal ratings may come out a hair above them.
    low = (rating < floor - 1e-9).to_numpy()
    message = Said(
        "ratings {below} are no interest: {low} of {rows} row{|s} left out",
        below=below,
        low=low.sum(),
        rows=len(events),
    )
    remedy = Said("Choose another rule for ratings if you like")
    problems.append(finder.note(message, remedy, column=name))
    if rule == "user_mean":
        events, found = _above_the_middle(events[~low], middle_of(scale), name, finder)
        return events, problems + found
    return events[~low], problems


def _without_unrated(
    events: pd.DataFrame, unrated: float, name: str, finder: Finder
) -> tuple[pd.DataFrame, Problem]:
    """Without the rows whose rating may be none; where that is refused, without these ratings."""
    rows = (events[RATING] == unrated).to_numpy()
    found = Said(
        "{n} row{|s} {has|have:n} the rating {value}, which is the lowest or means not rated, and",
        n=rows.sum(),
        value=f"{unrated:g}",
    )
    remedy = Said("Refuse this fix (unrated) if it means not rated: then such rows count")
    problem = finder.fixed("unrated", events.index[rows], found, remedy, name)
    if finder.accepts("unrated"):
        return events[~rows], problem
    return events.assign(**{RATING: events[RATING].mask(rows)}), problem


def _above_the_middle(
    events: pd.DataFrame, middle: float | None, name: str, finder: Finder
) -> tuple[pd.DataFrame, list[Problem]]:
    """Who rated all of it low, likes nothing: the own mean alone would let the best of it count."""
    low = (events[RATING] < (-np.inf if middle is None else middle)).to_numpy()
    if not low.any():
        return events, []
    found = Said(
        "{n} further rating{|s} {is|are:n} in the lower half of what the column holds (below "
        "{middle}) and",
        n=low.sum(),
        middle=f"{middle:g}",
    )
    remedy = Said("Choose another rule for ratings if you like")
    told = finder.fixed("low_ratings", events.index[low], found, remedy, name)
    return (events[~low] if finder.accepts("low_ratings") else events), [told]


def merge_rows(
    events: pd.DataFrame, raw: pd.DataFrame, has_time: bool, finder: Finder
) -> tuple[pd.DataFrame, list[Problem]]:
    """Leave out copies of a row, then make rows of the same purchase one, quantities summed.

    Without a quantity column a copy in the same basket is one piece more. Without time and
    basket nothing tells a copy from doing the same again, and all rows stay.
    """
    if BASKET not in events and not has_time:
        return events, []
    may_repeat = _may_repeat(events, has_time)
    alone, events = events[~may_repeat], events[may_repeat]
    key = _same_event(events, has_time)
    problems = []
    again = _in_groups(key)
    if QUANTITY in events:
        copies = np.zeros(len(events), dtype=bool)
        copies[again] = raw.loc[events.index[again]].duplicated().to_numpy()
        if copies.any():
            found = Said(
                "{n} row{|s} {is an exact copy|are exact copies} of an earlier row and",
                n=copies.sum(),
            )
            problems.append(finder.fixed("copies", events.index[copies], found))
        copies &= finder.accepts("copies")
        events, key = events[~copies], key[~copies]
        again = _in_groups(key)
    elif again.any():  # there are baskets, or rows of one moment are the same event
        one = {QUANTITY: 1.0} if BASKET in events else {}
        alone, events = alone.assign(**one), events.assign(**one)
    if again.any():
        merged, lines = _merged(events[again], key[again])
        found = Said(
            "{n} row{|s} {stands|stand} for an event that another row has already and",
            n=len(lines),
        )
        problems.append(finder.fixed("same_event", lines, found))
        if finder.accepts("same_event"):
            events = pd.concat([events[~again], merged])
    return pd.concat([alone, events]).sort_index() if len(events) else alone, problems


def _may_repeat(events: pd.DataFrame, has_time: bool) -> Bool[np.ndarray, " row"]:
    """Rows that may share an event with another: those whose mixed codes come more than once.

    Equal rows have equal mixtures, so none is missed; the few that are equal by chance are told
    apart by `_same_event`, which takes ten times as long.
    """
    mixed = np.zeros(len(events), dtype=np.uint64)
    for name in (USER, ITEM, EVENT, BASKET, TIME):
        if name in events and (name != TIME or has_time):
            values = events[name] if name == TIME else events[name].cat.codes
            mixed = (mixed ^ values.to_numpy().astype(np.int64).view(np.uint64)) * _ODD
            mixed ^= mixed >> np.uint64(29)
    return np.asarray(pd.Series(mixed).duplicated(keep=False))


def _same_event(events: pd.DataFrame, has_time: bool) -> Int[np.ndarray, " row"]:
    """A number for each user, item, type, basket and time; purchases and returns apart."""
    columns = [USER, ITEM, EVENT]
    if BASKET in events:
        columns.append(BASKET)
    key = np.zeros(len(events), dtype=np.int64)
    for name in columns:
        codes = events[name].cat.codes.to_numpy(dtype=np.int64) + 1
        key = _renumbered(key * (codes.max(initial=0) + 1) + codes)
    if has_time:
        key = _renumbered(key * 2**31 + pd.factorize(events[TIME])[0])
    if QUANTITY in events:
        key = key * 2 + (events[QUANTITY] < 0).to_numpy()
    if not has_time:
        # A row without a basket is an event of its own.
        alone = events[BASKET].isna().to_numpy()
        key[alone] = key.max(initial=0) + 1 + np.arange(alone.sum())
    return key


def _renumbered(key: Int[np.ndarray, " row"]) -> Int[np.ndarray, " row"]:
    return np.asarray(pd.factorize(key)[0], dtype=np.int64)


def _in_groups(key: Int[np.ndarray, " row"]) -> Bool[np.ndarray, " row"]:
    """Rows whose key comes more than once."""
    return np.asarray(pd.Series(key).duplicated(keep=False))


def _merged(events: pd.DataFrame, key: np.ndarray) -> tuple[pd.DataFrame, pd.Index]:
    """The first row of each group with the sum of quantities and the mean price."""
    groups = events.groupby(key, sort=False)
    later = groups.cumcount().to_numpy() > 0
    merged = events[~later].copy()
    if QUANTITY in events:
        merged[QUANTITY] = groups[QUANTITY].sum(min_count=1).to_numpy()
    if PRICE in events:
        merged[PRICE] = groups[PRICE].mean().to_numpy()
    return merged, events.index[later]


def take_back(events: pd.DataFrame, finder: Finder) -> tuple[pd.DataFrame, list[Problem]]:
    """Let returns and cancellations (negative quantities) cancel what they take back.

    A return cancels the user's newest earlier purchase of the item that is not cancelled yet;
    where fewer pieces come back than were bought, the rest stays bought.
    """
    bought, returned = _bought_and_returned(events)
    if not returned.any():
        return events, []
    if not finder.accepts("returns"):
        found = Said("{n} row{|s} {is a return|are returns} that", n=returned.sum())
        return events[~returned], [finder.fixed("returns", events.index[returned], found)]
    purchase, back = _matched(events, bought, returned)
    kept = ~returned
    events = events.copy()
    if QUANTITY in events:
        quantity = events[QUANTITY].to_numpy(copy=True)
        left = quantity[purchase] - np.abs(quantity[back])
        quantity[purchase[left > 0]] = left[left > 0]
        events[QUANTITY] = quantity
        purchase = purchase[~(left > 0)]
    kept[purchase] = False
    lone = np.setdiff1d(np.flatnonzero(returned), back)
    return events[kept], _return_problems(events.index, back, purchase, lone, finder)


def not_kept(before: pd.DataFrame, after: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What `take_back` left out: purchases that came back, and what took them back."""
    gone = before[~before.index.isin(after.index)]
    returned = _bought_and_returned(before)[1][~before.index.isin(after.index)]
    return (
        gone[~returned].assign(**{REASON: "taken_back"}),
        gone[returned].assign(**{REASON: "return"}),
    )


def _bought_and_returned(
    events: pd.DataFrame,
) -> tuple[Bool[np.ndarray, " row"], Bool[np.ndarray, " row"]]:
    types = events[EVENT].cat.categories
    of_type = events[EVENT].cat.codes.to_numpy()
    returning = np.array([is_return(name) for name in types], dtype=bool)
    returned = np.zeros(len(events), dtype=bool)
    if len(types) > 1:
        returned |= returning[of_type]
    if QUANTITY in events:
        returned |= (events[QUANTITY] < 0).to_numpy()
    buying = np.array([is_purchase(name) for name in types], dtype=bool)
    buying = buying if buying.any() else ~returning
    return buying[of_type] & ~returned, returned


def without_nothing(
    events: pd.DataFrame, name: str, finder: Finder
) -> tuple[pd.DataFrame, list[Problem]]:
    """Leave out purchases of quantity 0: nothing was bought."""
    bought, _ = _bought_and_returned(events)
    nothing = bought & (events[QUANTITY] == 0).to_numpy()
    if not nothing.any():
        return events, []
    found = Said("{n} row{|s} {has|have} quantity 0, so nothing was bought, and", n=nothing.sum())
    problem = finder.fixed("nothing", events.index[nothing], found, column=name)
    return events[~nothing] if finder.accepts("nothing") else events, [problem]


def _matched(
    events: pd.DataFrame, bought: Bool[np.ndarray, " row"], returned: Bool[np.ndarray, " row"]
) -> tuple[Int[np.ndarray, " pair"], Int[np.ndarray, " pair"]]:
    """Rows of purchases and of the returns that cancel them, matched like brackets."""
    pair = events[USER].cat.codes.to_numpy(dtype=np.int64) * len(events[ITEM].cat.categories)
    pair += events[ITEM].cat.codes.to_numpy()
    rows = np.flatnonzero((bought | returned) & np.isin(pair, pair[returned]))
    order = np.lexsort((rows, returned[rows], events[TIME].to_numpy()[rows], pair[rows]))
    rows = rows[order]
    opens, group = bought[rows], pair[rows]
    depth = pd.Series(np.where(opens, 1, -1)).groupby(group).cumsum()
    floor = depth.groupby(group).cummin().clip(upper=0).to_numpy()
    level = depth.to_numpy() - floor
    lowest = np.append(0, floor[:-1])
    lowest[np.append(True, group[1:] != group[:-1])] = 0
    lone = ~opens & (floor < lowest)  # a return deeper than anything bought
    rows, opens, group = rows[~lone], opens[~lone], group[~lone]
    # A purchase reaches a level and the next return from that level takes it back.
    level = np.where(opens, level[~lone], level[~lone] + 1)
    order = np.lexsort((np.arange(len(rows)), level, group))
    rows, opens = rows[order], opens[order]
    closes = np.flatnonzero(~opens)
    return rows[closes - 1], rows[closes]


def _return_problems(
    lines: pd.Index, back: np.ndarray, purchase: np.ndarray, lone: np.ndarray, finder: Finder
) -> list[Problem]:
    problems = []
    if len(back):
        problem = finder.fixed("returns", lines[np.sort(back)], Said("{n} return{|s}", n=len(back)))
        more = Said(
            "{found}; {n} purchase{|s} {was|were} cancelled whole",
            found=problem.message,
            n=len(purchase),
        )
        problems.append(replace(problem, message=more))
    if len(lone):
        message = Said(
            "{n} return{|s} {has|have} no earlier purchase in the file and {was|were} left out",
            n=len(lone),
        )
        problems.append(finder.in_rows("repaired", lines[lone], message))
    return problems
