"""Ids that are not what they seem: spellings of one item, and lines that are no products."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from recommender.data.cleaning.ids import among
from recommender.data.columns import ITEM, TITLE, USER
from recommender.data.problems import Finder, Problem
from recommender.said import Said

RARE_SHAPE: Final = 0.05
"""Share of items up to which the shape of an id (letters, digits, marks) is unusual."""
_SERVICES: Final = (
    r"\b(?:postage|shipping|delivery|carriage|freight|handling|bank charges?|fees?|commission"
    r"|discount|manual|samples?|adjust(?:ment)?|bad debt|gift (?:voucher|card)|voucher|tips?)\b"
    r"|运费|邮费|邮资|快递费|手续费|服务费|折扣|优惠券|礼品卡|测试|补差价"
)


def merge_spellings(
    events: pd.DataFrame, items: pd.DataFrame, finder: Finder, problems: list[Problem]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make ids that differ in letter case only one item, where they have the same title.

    The spelling of most rows stays. Without titles, or with different ones, they may be
    different things and are left apart.
    """
    groups = _spellings(events, items)
    if groups.empty:
        return events, items
    moved = groups[groups["same"] & (groups["best"] != groups[ITEM])]
    apart = groups[~groups["same"]]
    if len(apart):
        message = Said(
            "{n} id{|s} {differs|differ} from another one in letter case only, such as {example!r},"
            " and {is|are} left apart because the titles differ",
            n=len(apart),
            example=apart[ITEM].iloc[0],
        )
        problems.append(finder.note(message, Said("Write each id in one way")))
    if moved.empty:
        return events, items
    n = len(moved)
    found = Said(
        "{n} id{|s} {differs|differ} from another one of the same title in letter case only, such "
        "as {example!r} and {other!r}, and",
        n=n,
        example=moved[ITEM].iloc[0],
        other=moved["best"].iloc[0],
    )
    remedy = Said("Write each id in one way")
    lines = events.index[events[ITEM].isin(moved[ITEM])]
    problems.append(finder.fixed("spellings", lines, found, remedy, n=n))
    if not finder.accepts("spellings"):
        return events, items
    events = _respelled(events, ITEM, dict(zip(moved[ITEM], moved["best"], strict=True)))
    return events, items[~among(items[ITEM], moved[ITEM])].reset_index(drop=True)


def merge_users(
    events: pd.DataFrame, users: pd.DataFrame, finder: Finder
) -> tuple[pd.DataFrame, pd.DataFrame, list[Problem]]:
    """Say which users differ in letter case only; make them one where their owner refuses that
    they are left apart."""
    ids = users[USER]
    several = ids[ids.str.casefold().duplicated(keep=False)]
    if several.empty:
        return events, users, []
    groups = pd.DataFrame({"id": several, "folded": several.str.casefold()})
    groups["rows"] = events[USER].value_counts().reindex(several).fillna(0).to_numpy()
    groups = groups.sort_values(["folded", "rows", "id"], ascending=[True, False, True])
    groups["best"] = groups.groupby("folded")["id"].transform("first")
    moved = groups[groups["id"] != groups["best"]]
    found = Said(
        "{n} user{|s} {differs|differ} from another one in letter case only, such as {example!r} "
        "and {other!r}, and",
        n=len(moved),
        example=moved["id"].iloc[0],
        other=moved["best"].iloc[0],
    )
    lines = events.index[events[USER].isin(moved["id"])]
    problem = finder.fixed(
        "user_spellings", lines, found, Said("Write each id in one way"), n=len(moved)
    )
    if finder.accepts("user_spellings"):
        return events, users, [replace(problem, severity="note")]
    events = _respelled(events, USER, dict(zip(moved["id"], moved["best"], strict=True)))
    users = users[~among(ids, moved["id"])].reset_index(drop=True)
    return events, users, [replace(problem, severity="repaired")]


def _respelled(events: pd.DataFrame, key: str, spelling: dict[str, str]) -> pd.DataFrame:
    categories = pd.Series(events[key].cat.categories, dtype="str").replace(to_replace=spelling)
    merged = categories.astype("category")
    codes = merged.cat.codes.to_numpy()[events[key].cat.codes.to_numpy()]
    return events.assign(**{key: pd.Categorical.from_codes(codes, dtype=merged.dtype)})


def spelled_like(rows: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Other rows with their ids spelled as those of the events were spelled anew."""
    for key in (ITEM, USER) if len(rows) else ():
        codes, first = np.unique(before[key].cat.codes.to_numpy(), return_index=True)
        old = before[key].cat.categories[codes]
        new = after[key].iloc[first].astype("str")
        spelled = {was: now for was, now in zip(old, new, strict=True) if was != now}
        rows = rows.assign(**{key: rows[key].astype("str").replace(to_replace=spelled)})
    return rows


def _spellings(events: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Items whose ids are alike but for letter case, with the commonest spelling of each."""
    folded = items[ITEM].str.casefold()
    several = folded.duplicated(keep=False)
    titles = items[TITLE] if TITLE in items else pd.Series("", index=items.index)
    groups = pd.DataFrame({ITEM: items[ITEM], "folded": folded, "title": titles})[several]
    groups["title"] = groups["title"].str.casefold().str.strip()
    groups["rows"] = events[ITEM].value_counts().reindex(groups[ITEM]).fillna(0).to_numpy()
    groups = groups.sort_values(["folded", "rows", ITEM], ascending=[True, False, True])
    by_id = groups.groupby("folded")
    groups["same"] = (by_id["title"].transform("nunique") == 1) & (groups["title"] != "")
    groups["best"] = by_id[ITEM].transform("first")
    return groups


def without_services(
    events: pd.DataFrame, items: pd.DataFrame, finder: Finder, problems: list[Problem]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Leave out postage, fees, vouchers and the like.

    They are known by a word in the title and an id that looks unlike the others; one sign alone
    may be a product (a postage stamp, a rare code).
    """
    left_out = items[_are_services(items)]
    if left_out.empty or len(left_out) == len(items):
        return events, items
    of_service = events[ITEM].isin(left_out[ITEM])
    shown = [f"{row[ITEM]} ({row[TITLE]})" for _, row in left_out.head(8).iterrows()]
    lines = events.index[of_service]
    found = Said(
        "{n} row{|s} {is|are} postage, fees and the like, not products ({examples}), and",
        n=len(lines),
        examples=", ".join(shown) + (", …" if len(left_out) > 8 else ""),
    )
    remedy = Said("Refuse this fix (services) if they are products")
    problems.append(finder.fixed("services", lines, found, remedy))
    if not finder.accepts("services"):
        return events, items
    kept = items.drop(left_out.index).reset_index(drop=True)
    return events[~of_service], kept


def _are_services(items: pd.DataFrame) -> pd.Series:
    shape = items[ITEM].str.replace(r"\d+", "9", regex=True)
    shape = shape.str.replace(r"[^\W\d_]+", "A", regex=True)
    rare = shape.map(shape.value_counts(normalize=True)) <= RARE_SHAPE
    named = items[TITLE].str.contains(_SERVICES, case=False, regex=True)
    return rare & named & (items[TITLE] != items[ITEM])
