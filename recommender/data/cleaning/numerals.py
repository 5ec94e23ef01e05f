"""Numbers as people write them: `1,234.50`, `2,55`, `£3`, `12 %`, `2-`, `(2)`."""

from __future__ import annotations

import sys
import unicodedata
from functools import cache
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Float

_SIGN: Final = "[+-]?"
_BESIDE: Final = r"[€$£¥￥元%]|USD|EUR|GBP|CNY|RMB|CHF"
_GAP: Final = r"[\s'’]"
_SPACED: Final = rf"{_SIGN}\d{{1,3}}(?:{_GAP}\d{{3}})+(?:[.,]\d+)?"
_SHOWN: Final = {
    mark: rf"(?:\d*{m}(?:\d{{1,2}}|\d{{4,}})|(?:0?|\d{{4,}}){m}\d+"
    rf"|\d{{1,3}}(?:{o}\d{{3}})+{m}\d+|\d{{1,3}}(?:{o}\d{{3}}){{2,}})"
    for mark, m, o in ((",", ",", r"\."), (".", r"\.", ","))
}
"""Decimal mark to the numbers that cannot have the other one."""


def parse_numbers(values: pd.Series) -> Float[np.ndarray, " row"]:
    """The numbers in a column of text; NaN where there is none, and for infinities."""
    numbers = plain_numbers(values)
    left = np.isnan(numbers)
    if left.any():
        left[left] = (values[left] != "").to_numpy()
    if left.any():
        numbers[left] = _written(values[left])
    return np.where(np.isfinite(numbers), numbers, np.nan)


def plain_numbers(values: pd.Series) -> Float[np.ndarray, " row"]:
    """Numbers as programs write them; NaN for anything else."""
    trimmed = pc.utf8_trim_whitespace(pa.array(values, type=pa.large_string()))
    filled = pc.if_else(pc.equal(trimmed, ""), "nan", trimmed)
    try:
        return np.array(pc.cast(filled, pa.float64()))
    except pa.ArrowInvalid:  # one cell that is no number; pandas is five times slower
        return np.array(pd.to_numeric(values, errors="coerce"), dtype=np.float64)


def bare(values: pd.Series) -> pd.Series:
    """Text without currency, percent and what separates thousands but points and commas.

    Spaces separate thousands only where three digits follow each: `36 42` is no number.
    """
    digits = ascii_digits(values)
    alone = digits.str.replace(_BESIDE, "", regex=True).str.strip()
    return alone.where(~alone.str.fullmatch(_SPACED), alone.str.replace(_GAP, "", regex=True))


def marks_of(values: pd.Series) -> frozenset[str]:
    """Which decimal marks the numbers show beyond doubt: `2,55` and `1.234.567` show a comma."""
    numbers = bare(values)
    return frozenset(
        mark for mark, shown in _SHOWN.items() if numbers.str.fullmatch(_SIGN + shown).any()
    )


def either_way(values: pd.Series) -> pd.Series:
    """Which numbers do not show what their mark is: `1.234` and `1,234`."""
    return bare(values).str.fullmatch(_SIGN + r"[1-9]\d{0,2}[.,]\d{3}")


def with_point(values: pd.Series) -> pd.Series:
    """Numbers with a decimal comma as programs write them; other cells as they are."""
    numbers = bare(values)
    ours = numbers.str.fullmatch(_SIGN + r"(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d*)?")
    plain = numbers.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    return values.where(~ours, plain)


def _written(values: pd.Series) -> Float[np.ndarray, " row"]:
    numbers = _minus_in_front(bare(values))
    comma = numbers.str.match(r"^[+-]?(\d+|\d{1,3}(\.\d{3})+),(\d{1,2}|\d{4,})$")
    point = numbers.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    numbers = numbers.where(~comma, point)
    thousands = numbers.str.match(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")
    numbers = numbers.where(~thousands, numbers.str.replace(",", "", regex=False))
    return np.asarray(pd.to_numeric(numbers, errors="coerce"), dtype=np.float64)


def _minus_in_front(numbers: pd.Series) -> pd.Series:
    """Minus as bookkeeping writes it, behind the number or as brackets around it."""
    return numbers.str.replace(
        r"^(?:\(\s*(\d[\d.,]*)\s*\)|（\s*(\d[\d.,]*)\s*）|(\d[\d.,]*)\s*[-−–])$",
        r"-\1\2\3",
        regex=True,
    ).str.replace(r"^[−–﹣－](?=\d)", "-", regex=True)


_SIGNS: Final = {"\u066b": ".", "\u066c": ",", "．": ".", "，": ",", "－": "-", "−": "-"}
"""Signs that stand beside digits of other scripts, and the true minus."""


@cache
def _digits() -> dict[int, str]:
    """Every digit of every script but our own, and the signs beside them."""
    found = (chr(code) for code in range(128, sys.maxunicode + 1))
    digits = {ord(sign): str(unicodedata.decimal(sign)) for sign in found if sign.isdecimal()}
    return digits | {ord(sign): ours for sign, ours in _SIGNS.items()}


def ascii_digits(values: pd.Series) -> pd.Series:
    """Text with the digits of any script as 0 to 9."""
    text = pa.array(values, type=pa.large_string())
    if pc.all(pc.fill_null(pc.string_is_ascii(text), True)).as_py() in (True, None):
        return values
    return values.str.translate(_digits())
