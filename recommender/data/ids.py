"""Ids as they come in files: text, trimmed, never guessed at."""

from __future__ import annotations

import numpy as np
import pandas as pd
from jaxtyping import Bool

from recommender.data.kinds import MISSING
from recommender.data.problems import Finder, Problem


def clean_ids(
    values: pd.Series, name: str, finder: Finder, problems: list[Problem]
) -> pd.Categorical:
    """Ids as categories of trimmed text; blank cells have none.

    Numbers that went through a program with no blank in whole numbers come as 17850.0; where
    every id looks like that, the ending goes.
    """
    codes, distinct = pd.factorize(values)
    ids = pd.Series(distinct, dtype="str").str.strip()
    blank = ids.isin(MISSING)
    if (~blank).any() and ids[~blank].str.match(r"\d+\.0$").all():
        ids = ids.str.removesuffix(".0")
        message = f"ids such as {distinct[(~blank).to_numpy()][0]} were read without their '.0'"
        problems.append(finder.note(message, "Write ids as whole numbers or text", column=name))
    categories = ids.where(~blank).astype("category")
    return pd.Categorical.from_codes(
        np.where(codes >= 0, categories.cat.codes.to_numpy()[codes], -1),
        categories=categories.cat.categories,
    )


def with_ids(
    ids: pd.Series, name: str, finder: Finder, problems: list[Problem]
) -> Bool[np.ndarray, " row"]:
    """Which rows have an id; those without are reported as left out."""
    blank = ids.isna().to_numpy()
    if blank.any():
        message = "{n} rows have no id here and were left out"
        lines = ids.index[blank]
        problems.append(finder.in_rows("repaired", lines, message, "Fill in the ids", name))
    return np.asarray(~blank)


def among(ids: pd.Series | pd.Index, known: pd.Series | pd.Index) -> Bool[np.ndarray, " row"]:
    """Which ids are among the known ones, each of which comes once.

    The same as `isin`, which takes twenty times as long on text.
    """
    return np.asarray(pd.Index(known).get_indexer(ids) >= 0)
