"""Whether double quotes stand around cells, or are part of their text."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Bool

_PROPER: Final = r'(?s)^"(?:[^"]|"")*"$'
_COMMON: Final = frozenset({",", ";"})
"""Separators of files in which programs put quotes around cells."""


def looks_odd(content: bytes, separator: str) -> bool:
    """Whether a quote stands within a word, or a line has an odd number of them."""
    if b'"' not in content:
        return False
    signs = np.frombuffer(content, dtype=np.uint8)
    quotes = np.flatnonzero(signs == ord('"'))
    edges = np.frombuffer(f'{separator}"\n\r'.encode(), dtype=np.uint8)
    padded = np.concatenate([edges[-1:], signs, edges[-1:]])
    within = ~np.isin(padded[quotes], edges) & ~np.isin(padded[quotes + 2], edges)
    if within.any():
        return True
    of_line = np.searchsorted(np.flatnonzero(signs == ord("\n")), quotes)
    return bool((np.unique(of_line, return_counts=True)[1] % 2).any())


def with_odd_quotes(table: pa.Table) -> Bool[np.ndarray, " row"]:
    """Rows of a table that was read without regard to quotes in which a cell begins with a quote
    that does not close at its end."""
    odd = np.zeros(table.num_rows, dtype=bool)
    for column in table.columns:
        opened = pc.starts_with(column, '"')
        if pc.any(opened).as_py():
            proper = pc.match_substring_regex(column, _PROPER)
            odd |= np.asarray(pc.and_not(opened, proper))
    return odd


def are_text(separator: str) -> bool:
    """Whether such quotes are text: files with commas put cells in quotes, and one that is not
    closed is a fault of theirs."""
    return separator not in _COMMON
