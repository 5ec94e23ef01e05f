"""Numbers as people write them: `1,234.50`, `2,55`, `£3`, `12 %`, `2-`, `(2)`."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Float


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


def _written(values: pd.Series) -> Float[np.ndarray, " row"]:
    bare = values.str.replace(r"[\s'€$£¥￥元%]|USD|EUR|GBP|CNY|RMB", "", regex=True)
    bare = _minus_in_front(bare)
    comma = bare.str.match(r"^[+-]?(\d+|\d{1,3}(\.\d{3})+),(\d{1,2}|\d{4,})$")
    point = bare.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    bare = bare.where(~comma, point)
    thousands = bare.str.match(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")
    bare = bare.where(~thousands, bare.str.replace(",", "", regex=False))
    return np.asarray(pd.to_numeric(bare, errors="coerce"), dtype=np.float64)


def _minus_in_front(bare: pd.Series) -> pd.Series:
    """Minus as bookkeeping writes it, behind the number or as brackets around it."""
    bare = bare.str.replace(r"^[−–﹣－](?=\d)", "-", regex=True)
    return bare.str.replace(
        r"^(?:\((\d[\d.,]*)\)|（(\d[\d.,]*)）|(\d[\d.,]*)[-−–])$", r"-\1\2\3", regex=True
    )
