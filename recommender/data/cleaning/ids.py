"""Ids as they come in files: text, trimmed, never guessed at."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
from jaxtyping import Bool

from recommender.data.cleaning.kinds import MISSING
from recommender.data.limits import MAX_ID
from recommender.data.problems import Finder, Problem
from recommender.said import Said

_ROUNDED: Final = r"\d(?:[.,]\d+)?[eE]\+\d+"
"""A long number as spreadsheets show it, 4.00639E+12."""


def clean_ids(
    values: pd.Series, name: str, finder: Finder, problems: list[Problem]
) -> pd.Categorical:
    """Ids as categories of trimmed text; blank cells have none.

    Numbers that went through a program with no blank in whole numbers come as 17850.0; where
    every id looks like that, the ending goes.
    """
    codes, distinct = pd.factorize(values)
    ids = pd.Series(distinct, dtype="str").str.strip()
    blank = ids.isin(MISSING) | _too_long(ids, codes, values, name, finder, problems)
    blank |= _rounded(ids, codes, values, name, finder, problems)
    if (~blank).any() and ids[~blank].str.match(r"\d+\.0$").all():
        found = Said("ids such as {example}", example=str(distinct[(~blank).to_numpy()][0]))
        remedy = Said("Write ids as whole numbers or text")
        problem = finder.fixed("decimal_ids", (), found, remedy, name)
        problems.append(replace(problem, severity="note", count=1))
        ids = ids.str.removesuffix(".0") if finder.accepts("decimal_ids") else ids
    categories = ids.where(~blank).astype("category")
    return pd.Categorical.from_codes(
        np.where(codes >= 0, categories.cat.codes.to_numpy()[codes], -1),
        categories=categories.cat.categories,
    )


def _too_long(
    ids: pd.Series,
    codes: np.ndarray,
    values: pd.Series,
    name: str,
    finder: Finder,
    problems: list[Problem],
) -> pd.Series:
    """Which are no ids because of their length."""
    long = ids.str.len() > MAX_ID
    if long.any():
        lines = values.index[long.to_numpy()[codes]]
        message = Said(
            "{n} row{|s} {has|have} an id of more than {most} characters, which is none",
            n=len(lines),
            most=MAX_ID,
        )
        problems.append(finder.in_rows("repaired", lines, message, Said("Check the column"), name))
    return long


def _rounded(
    ids: pd.Series,
    codes: np.ndarray,
    values: pd.Series,
    name: str,
    finder: Finder,
    problems: list[Problem],
) -> pd.Series:
    """Which ids are long numbers that a spreadsheet rounded, and so stand for many."""
    rounded = ids.str.fullmatch(_ROUNDED)
    if not rounded.any():
        return rounded
    lines = values.index[rounded.to_numpy()[codes]]
    found = Said(
        "{n} row{|s} {has|have} an id that a spreadsheet rounded, such as {example!r}, and",
        n=len(lines),
        example=ids[rounded].iloc[0],
    )
    remedy = Said("Export again with the column formatted as text")
    problems.append(finder.fixed("rounded_ids", lines, found, remedy, name))
    return rounded & finder.accepts("rounded_ids")


def with_ids(
    ids: pd.Series, name: str, finder: Finder, problems: list[Problem]
) -> Bool[np.ndarray, " row"]:
    """Which rows have an id; those without are reported as left out."""
    blank = ids.isna().to_numpy()
    if blank.any():
        lines = ids.index[blank]
        message = Said("{n} row{|s} {has|have} no id here and {was|were} left out", n=len(lines))
        problems.append(finder.in_rows("repaired", lines, message, Said("Fill in the ids"), name))
    return np.asarray(~blank)


def pruned(values: pd.Series) -> pd.Series:
    """The column without categories that no row has.

    The same as `remove_unused_categories`, which sorts all rows.
    """
    codes = values.cat.codes.to_numpy()
    n = len(values.cat.categories)
    used = np.bincount(codes[codes >= 0], minlength=n) > 0
    if used.all():
        return values
    renumbered = np.append(np.cumsum(used) - 1, -1)
    kept = pd.Categorical.from_codes(
        renumbered[codes], categories=values.cat.categories[used], ordered=values.cat.ordered
    )
    return pd.Series(kept, index=values.index, name=values.name)


def among(ids: pd.Series | pd.Index, known: pd.Series | pd.Index) -> Bool[np.ndarray, " row"]:
    """Which ids are among the known ones, each of which comes once.

    The same as `isin`, which takes twenty times as long on text.
    """
    return np.asarray(pd.Index(known).get_indexer(ids) >= 0)
