"""What kind of feature a column is, inferred from its values."""

from __future__ import annotations

import re
from typing import Final, Literal

import numpy as np
import pandas as pd

from recommender.data.cleaning.numerals import parse_numbers
from recommender.data.cleaning.times import looks_like_dates
from recommender.data.features import FeatureKind

Kind = FeatureKind | Literal["ignore"]

KINDS: Final[tuple[Kind, ...]] = (
    "categorical",
    "multi",
    "numeric",
    "text",
    "vector",
    "date",
    "ignore",
)
SEPARATORS: Final = {"|": 0.9, ";": 0.7, ",": 0.5}
"""What may separate the values of one cell, and how many of the parts may be distinct."""

MISSING: Final = frozenset({"", "nan", "NaN", "null", "NULL", "\\N", "<NA>", "#N/A", "NaT", "None"})
"""Cells that mean no value. `NA` is not among them: it is a country, and an id like any other."""

_SAMPLE: Final = 20_000
_URL = re.compile(r"(https?://|www\.|data:image/)\S+|\S+\.(jpe?g|png|svg|webp|gif)$", re.I)
_CODE_NAME = re.compile(r"(^|[^a-z])(id|code|no|zip|postcode|store|plz)$|编号|编码|邮编", re.I)


def is_code_name(name: str) -> bool:
    """Whether a column is called a code: its numbers are names."""
    return _CODE_NAME.search(name) is not None


def known(values: pd.Series) -> pd.Series:
    """The values that say something, trimmed."""
    trimmed = values.astype("str").str.strip()
    return trimmed[~trimmed.isin(MISSING)]


def infer_kind(values: pd.Series) -> Kind:
    """The kind of a column of text, one row an item or user.

    Constants, values that name each row (serial numbers, e-mail addresses) and links are of no
    use to a model and are ignored.
    """
    values = known(values)
    if len(values) > _SAMPLE:
        values = values.sample(_SAMPLE, random_state=0)
    distinct = pd.Series(values.unique(), dtype="str")
    if len(distinct) < 2:
        return "ignore"
    if _share(distinct, _URL) > 0.8:
        return "ignore"
    if looks_like_dates(distinct):
        return "date"
    if lists_of_numbers(values):
        return "multi"
    if _is_numeric(str(values.name), distinct):
        return "numeric"
    if separator(values) is not None:
        return "multi"
    return _kind_of_words(values, distinct)


def _kind_of_words(values: pd.Series, distinct: pd.Series) -> Kind:
    words = distinct.str.count(r"\w+").mean()
    chinese = distinct.str.count(r"[\u4e00-\u9fff]").mean()
    names_rows = len(distinct) > 0.9 * len(values) and len(values) >= 20
    if words >= 4 or chinese >= 12:
        return "text" if len(distinct) > 0.2 * len(values) else "categorical"
    if names_rows:
        return "text" if words >= 2 else "ignore"
    return "categorical"


def _share(values: pd.Series, pattern: re.Pattern[str]) -> float:
    return float(np.mean([pattern.match(value) is not None for value in values[:500]]))


def _is_numeric(name: str, distinct: pd.Series) -> bool:
    numbers = parse_numbers(distinct)
    if np.isnan(numbers).mean() > 0.05 or is_code_name(name):
        return False
    return not bool(distinct.str.match(r"0\d").any())


def lists_of_numbers(values: pd.Series) -> bool:
    """Whether these are lists such as `36 38 40`, and not numbers such as `1 234`.

    Where three digits stand after every space, it is a list if its parts are cells too.
    """
    several = values.str.fullmatch(r"\d+(?: +\d+)+")
    if several.mean() < 0.1 or not (several | values.str.fullmatch(r"\d+")).mean() > 0.95:
        return False
    cells = values[several]
    if not cells.str.fullmatch(r"\d{1,3}(?: \d{3})+").all():
        return True
    parts = cells.str.split().explode()
    return bool(parts.isin(values[~several]).mean() > 0.5)


def separator(values: pd.Series) -> str | None:
    """What separates the values in a multi-valued column, if it is one.

    Parts of a list are short and come back in other rows; clauses of a sentence do not. A `|`
    is hardly ever anything but a separator, a comma often is.
    """
    if lists_of_numbers(values):
        return " "
    for mark, most_distinct in SEPARATORS.items():
        if values.str.contains(mark, regex=False).mean() < 0.1:
            continue
        parts = values.str.split(mark, regex=False).explode().str.strip()
        short = parts.str.len().median() <= 25 and parts.str.count(" ").mean() < 2
        if short and parts.nunique() <= most_distinct * len(parts):
            return mark
    return None
