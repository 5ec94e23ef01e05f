"""What stands in a column, looked at in a sample of the rows: what a name alone does not say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
from jaxtyping import Float

from recommender.data.kinds import MISSING
from recommender.data.numerals import parse_numbers
from recommender.data.times import looks_like_dates, parse_times

SAMPLE: Final = 2_000
"""Rows from all over the file."""
BLOCK: Final = 20_000
"""First rows of the file, in which ids come back."""
_ENOUGH: Final = 8
"""Rows of ids that come back, from which it can be told what stays the same within them."""
_LONGEST_DATE: Final = 50


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
        """Of the cells that say something."""
        return float((~np.isnan(self.numbers)).mean()) if len(self.filled) else 0.0

    @cached_property
    def share_times(self) -> float:
        """Of the cells that say something, read as dates, moments or counts of them."""
        return float(parse_times(self.filled).readable.mean()) if len(self.filled) else 0.0

    @cached_property
    def are_dates(self) -> bool:
        """Whether the cells can hardly be anything but dates or moments."""
        if not len(self.distinct) or self.distinct.str.len().median() > _LONGEST_DATE:
            return False
        return looks_like_dates(self.distinct)

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
    counts = _counted(keys, cells)
    return None if counts is None else float((counts["values"] == 1).mean())


def share_agreeing(keys: pd.Series, cells: pd.Series) -> float | None:
    """Of the rows of keys that come back, the share with the commonest value of their key."""
    counts = _counted(keys, cells)
    return None if counts is None else float(counts["commonest"].sum() / counts["rows"].sum())


def _counted(keys: pd.Series, cells: pd.Series) -> pd.DataFrame | None:
    """For each key that comes back its `rows`, different `values`, and rows of the `commonest`."""
    words = cells.astype("str").str.strip()
    said = ~(words.isin(MISSING) | keys.isin(MISSING)).to_numpy()
    pairs = pd.DataFrame({"key": keys[said].to_numpy(), "word": words[said].to_numpy()})
    sizes = pairs.value_counts(sort=False)
    counts = sizes.groupby(level="key").agg(rows="sum", values="size", commonest="max")
    counts = counts[counts["rows"] > 1]
    return counts if counts["rows"].sum() >= _ENOUGH else None
