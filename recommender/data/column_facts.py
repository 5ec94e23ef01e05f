"""What stands in a column, looked at in a sample of the rows: what a name alone does not say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int

from recommender.data.cleaning.kinds import MISSING
from recommender.data.cleaning.numerals import ascii_digits, parse_numbers
from recommender.data.cleaning.times import looks_like_dates, parse_times

SAMPLE: Final = 2_000
"""Rows from all over the file."""
BLOCK: Final = 20_000
"""First rows of the file, in which ids come back."""
_ENOUGH: Final = 8
"""Rows of ids that come back, from which it can be told what stays the same within them."""
_LONGEST_DATE: Final = 50
_LIST: Final = r"\[[\d\s.,;'\"+-]*\]|\{[\d\s.,;'\"+-]*\}"
"""A list of numbers in a cell."""


@dataclass(frozen=True, eq=False)
class Facts:
    """One column; `cells` are those of the sample, as text."""

    cells: pd.Series

    @cached_property
    def trimmed(self) -> pd.Series:
        """The cells of the sample without blanks around them."""
        return self.cells.astype("str").str.strip()

    @cached_property
    def filled(self) -> pd.Series:
        """Those that say something."""
        return self.trimmed[~self.trimmed.isin(MISSING)]

    @cached_property
    def distinct(self) -> pd.Series:
        """Each of them once."""
        return pd.Series(self.filled.unique(), dtype="str")

    @cached_property
    def numbers(self) -> Float[np.ndarray, " cell"]:
        """The numbers among what says something; NaN for others."""
        return parse_numbers(self.filled)

    @property
    def share_filled(self) -> float:
        """Of all cells."""
        return len(self.filled) / max(len(self.trimmed), 1)

    @property
    def share_numbers(self) -> float:
        """Of the cells that say something, lists of numbers among them."""
        if not len(self.filled):
            return 0.0
        lists = self.filled.str.fullmatch(_LIST).to_numpy(dtype=bool)
        return float((~np.isnan(self.numbers) | lists).mean())

    @cached_property
    def share_times(self) -> float:
        """Of the cells that say something, read as dates, moments or counts of them."""
        return float(parse_times(self.filled).readable.mean()) if len(self.filled) else 0.0

    @cached_property
    def are_dates(self) -> bool:
        """Whether the cells can hardly be anything but dates or moments."""
        if not len(self.distinct) or self.distinct.str.len().median() > _LONGEST_DATE:
            return False
        return looks_like_dates(ascii_digits(self.distinct))

    @property
    def are_moments(self) -> bool:
        """Whether they are numbers that count seconds or less since 1970, or such as 20240131."""
        if self.share_numbers < 0.9 or self.share_times < 0.9:
            return False
        unit = parse_times(self.filled).form.unit
        return unit in ("s", "ms", "us", "ns") or unit.startswith("%Y%m%d")

    @property
    def are_clocks(self) -> bool:
        """Whether they are times of day without a day."""
        return len(self.filled) > 0 and bool(
            self.filled.str.match(r"\d{1,2}:\d{2}(:\d{2})?(\s*[AaPp][Mm])?$").mean() > 0.9
        )

    @property
    def are_names(self) -> bool:
        """Whether they are words, as names of things are, and not codes."""
        if not len(self.distinct) or self.share_numbers > 0.5:
            return False
        letters = self.distinct.str.contains(r"[^\W\d_]{3}|[\u4e00-\u9fff]", regex=True)
        codes = self.distinct.str.match(r"^\S*\d\S*$")
        return bool((letters & ~codes).mean() > 0.5)


def share_constant(keys: pd.Series, cells: pd.Series) -> float | None:
    """Of the keys that come back, the share with one value throughout; None if that is too few.

    Blank cells say nothing.
    """
    back = _coming_back(keys, cells)
    return None if back is None else float((back.values == 1).mean())


def share_agreeing(keys: pd.Series, cells: pd.Series) -> float | None:
    """Of the rows of keys that come back, the share with the commonest value of their key."""
    back = _coming_back(keys, cells)
    return None if back is None else float(back.commonest.sum() / back.rows.sum())


class _Back(NamedTuple):
    """Of each key that comes back."""

    rows: Int[np.ndarray, " key"]
    values: Int[np.ndarray, " key"]
    """How many different ones."""
    commonest: Int[np.ndarray, " key"]
    """Rows with the value that most have."""


def _coming_back(keys: pd.Series, cells: pd.Series) -> _Back | None:
    owner, owners = pd.factorize(keys)
    value, values = pd.factorize(cells)
    said = ~(_are_blank(owners)[owner] | _are_blank(values)[value])
    pairs, counts = np.unique(owner[said] * len(values) + value[said], return_counts=True)
    key = pairs // max(len(values), 1)
    rows = np.bincount(key, weights=counts, minlength=1).astype(np.int64)
    commonest = np.zeros(len(rows), dtype=np.int64)
    np.maximum.at(commonest, key, counts)
    back = rows > 1
    if rows[back].sum() < _ENOUGH:
        return None
    return _Back(rows[back], np.bincount(key, minlength=len(rows))[back], commonest[back])


def _are_blank(values: pd.Index) -> Bool[np.ndarray, " value"]:
    trimmed = pd.Series(values, dtype="str").str.strip()
    return np.asarray(trimmed.isin(MISSING) | trimmed.isna(), dtype=bool)
