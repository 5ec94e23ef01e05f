"""Ids as they come in files: text, trimmed, never guessed at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from jaxtyping import Bool, Int

from recommender.data.cleaning.kinds import MISSING
from recommender.data.id_forms import FORMS, Form, odd
from recommender.data.limits import MAX_ID
from recommender.data.problems import Finder, Problem
from recommender.said import Said

_ROUNDED: Final = r"\d(?:[.,]\d+)?[eE]\+\d+"
"""A long number as spreadsheets show it, 4.00639E+12."""


def clean_ids(values: pd.Series, name: str, finder: Finder) -> tuple[pd.Categorical, list[Problem]]:
    """Ids as categories of trimmed text, and what was found in them; blank cells have none."""
    codes, distinct = pd.factorize(values)
    raw = pd.Series(distinct, dtype="str")
    column = _Column(codes, values.index, name, finder)
    ids = raw.str.strip()
    long, found = _too_long(ids, column)
    ids, problems = _put_right(ids.where(~long & ~ids.isin(MISSING), ""), column)
    rounded, of_rounded = _rounded(ids, column)
    categories = ids.where((ids != "") & ~rounded).astype("category")
    clean = pd.Categorical.from_codes(
        np.where(codes >= 0, categories.cat.codes.to_numpy()[codes], -1),
        categories=categories.cat.categories,
    )
    return clean, [*found, *problems, *of_rounded]


@dataclass(frozen=True, eq=False)
class _Column:
    """Where the ids of a column stand."""

    codes: Int[np.ndarray, " row"]
    """Row to id."""
    index: pd.Index
    name: str
    finder: Finder

    def lines(self, which: pd.Series) -> pd.Index:
        """The lines of these ids."""
        return self.index[which.to_numpy()[self.codes] & (self.codes >= 0)]


def _put_right(ids: pd.Series, column: _Column) -> tuple[pd.Series, list[Problem]]:
    """The ids without the forms that programs give them."""
    problems = []
    may = odd(ids) & (ids != "").to_numpy()
    for form in FORMS:
        if not may.any():
            break
        before = ids[may]
        better = form.put_right(before, ids[~may & (ids != "").to_numpy()])
        changed = pd.Series(False, index=ids.index)
        changed[may] = (better != before).to_numpy()
        if changed.any():
            problems.append(_told(form, ids, changed, better, column))
            if column.finder.accepts(form.fix):
                ids = ids.copy()
                ids[may] = better
                may &= (ids != "").to_numpy()
    return ids, problems


def _told(
    form: Form, ids: pd.Series, changed: pd.Series, better: pd.Series, column: _Column
) -> Problem:
    lines = column.lines(changed)
    first = ids[changed].index[0]
    said = {"n": len(lines), "example": ids[first], "other": better[first]}
    found = form.found.but(**{key: said[key] for key in form.found.values})
    problem = column.finder.fixed(form.fix, lines, found, form.remedy, column.name)
    if form.fix == "decimal_ids":  # of the whole column
        return replace(problem, severity="note", rows=(), count=1)
    return problem


def _too_long(ids: pd.Series, column: _Column) -> tuple[pd.Series, list[Problem]]:
    """Which are no ids because of their length."""
    long = ids.str.len() > MAX_ID
    if not long.any():
        return long, []
    lines = column.lines(long)
    message = Said(
        "{n} row{|s} {has|have} an id of more than {most} characters, which is none",
        n=len(lines),
        most=MAX_ID,
    )
    remedy = Said("Check the column")
    return long, [column.finder.in_rows("repaired", lines, message, remedy, column.name)]


def _rounded(ids: pd.Series, column: _Column) -> tuple[pd.Series, list[Problem]]:
    """Which ids are long numbers that a spreadsheet rounded, and so stand for many."""
    rounded = ids.str.fullmatch(_ROUNDED)
    if not rounded.any():
        return rounded, []
    lines = column.lines(rounded)
    found = Said(
        "{n} row{|s} {has|have} an id that a spreadsheet rounded, such as {example!r}, and",
        n=len(lines),
        example=ids[rounded].iloc[0],
    )
    remedy = Said("Export again with the column formatted as text")
    problem = column.finder.fixed("rounded_ids", lines, found, remedy, column.name)
    return rounded & column.finder.accepts("rounded_ids"), [problem]


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
