"""The tables of items and users: each id once, with what the files know of it."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pandas as pd

from recommender.data.cleaning.ids import among, clean_ids, with_ids
from recommender.data.cleaning.kinds import MISSING
from recommender.data.cleaning.numerals import parse_numbers
from recommender.data.columns import IMAGE, ITEM, PRICE, TITLE
from recommender.data.problems import Finder, Problem
from recommender.data.reading.files import RawTable
from recommender.said import Said

MAX_INLINED: Final = 20_000
"""Bytes of a picture file that is taken into the table."""
_MEDIA: Final = {".svg": "image/svg+xml", ".png": "image/png"}


def clean_entities(
    table: RawTable, key: str, names: dict[str, str], finder: Finder
) -> tuple[pd.DataFrame, list[Problem]]:
    """Rows of an items or users file, columns named by role, each id once."""
    frame = table.frame.rename(columns=names)
    of_file = next(name for name, role in names.items() if role == key)
    clean, problems = clean_ids(frame[key], of_file, finder)
    ids = pd.Series(clean, index=frame.index)
    has_id = with_ids(ids, of_file, finder, problems)
    frame = frame.assign(**{key: ids.astype("str")})[has_id]
    keep: Literal["first", "last"] = "first" if finder.accepts("repeated_ids") else "last"
    again = frame[key].duplicated(keep=keep).to_numpy()
    if again.any():
        lines = frame.index[again]
        found = Said("{n} row{|s} {has|have} an id that another row has;", n=len(lines))
        remedy = Said("Keep one row an id")
        problems.append(finder.fixed("repeated_ids", lines, found, remedy, of_file))
    return frame[~again].reset_index(drop=True), problems


def with_seen(
    frame: pd.DataFrame | None,
    lifted: pd.DataFrame,
    key: str,
    finder: Finder | None,
    problems: list[Problem],
) -> pd.DataFrame:
    """The table with a row for each id of the interactions, and the columns lifted from them.

    `lifted` holds the ids of the interactions. What the table itself knows goes first; where it
    is blank, what was lifted fills it.
    """
    if frame is None or finder is None:
        return lifted.copy()
    merged = frame.merge(lifted, on=key, how="outer", suffixes=("", "\0lifted")).fillna("")
    for name in [name for name in merged if name.endswith("\0lifted")]:
        own = name.removesuffix("\0lifted")
        merged[own] = merged[own].where(~merged[own].isin(MISSING), merged[name])
        merged = merged.drop(columns=name)
    unknown = lifted[key][~among(lifted[key], frame[key])]
    if len(unknown):
        message = Said(
            "{n} of the {all} ids in the interactions {is|are:n} missing here, such as {example!r};"
            " {it is kept and its|they are kept and their:n} features are unknown",
            n=len(unknown),
            all=len(lifted),
            example=unknown.iloc[0],
        )
        problems.append(finder.note(message, Said("Add their rows if you have them")))
    return merged


def complete_items(
    items: pd.DataFrame,
    events: pd.DataFrame,
    folder: Path | None,
    finder: Finder,
    problems: list[Problem],
) -> pd.DataFrame:
    """Titles for all, prices as numbers, small pictures taken in."""
    title = items[TITLE].str.strip() if TITLE in items else pd.Series("", index=items.index)
    items = items.assign(**{TITLE: title.where(~title.isin(MISSING), items[ITEM])})
    if IMAGE in items:
        items[IMAGE] = [_inlined(link.strip(), folder) for link in items[IMAGE]]
    price = parse_numbers(items[PRICE]) if PRICE in items else np.full(len(items), np.nan)
    price[price < 0] = np.nan
    paid = usual_price(events, items)
    filled = np.isnan(price) & ~np.isnan(paid)
    if filled.any():
        message = Said(
            "the price of {n} item{|s} is the median of what was paid for {it|them}", n=filled.sum()
        )
        problems.append(finder.note(message))
    items = items.drop(columns=PRICE, errors="ignore")
    if not np.isnan(price).all() or filled.any():
        items[PRICE] = np.where(filled, paid, price)
    first = [name for name in (ITEM, TITLE, IMAGE, PRICE) if name in items]
    return items[[*first, *(name for name in items if name not in first)]]


def usual_price(events: pd.DataFrame, items: pd.DataFrame) -> np.ndarray:
    """The median of the prices in the interactions for each item; NaN where there is none."""
    if PRICE not in events:
        return np.full(len(items), np.nan)
    positive = events[PRICE].where(events[PRICE] > 0)
    usual = positive.groupby(events[ITEM], observed=True).median()
    return np.asarray(np.round(usual.reindex(items[ITEM]).to_numpy(dtype=np.float64), 2))


def _inlined(link: str, folder: Path | None) -> str:
    """The picture itself where the link is the name of a small file beside the table."""
    media = _MEDIA.get(Path(link).suffix.casefold())
    if folder is None or media is None or re.match(r"[a-z]+:|/|\\", link, re.IGNORECASE):
        return link
    path = (folder / link).resolve()
    # A table may come from a stranger: nothing outside its own folder is read.
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        return link
    if path.stat().st_size >= MAX_INLINED:
        return link
    return f"data:{media};base64,{base64.b64encode(path.read_bytes()).decode()}"
