"""Dates as people write them, turned into seconds since 1970."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Bool, Int


@dataclass(frozen=True, eq=False)
class Times:
    """A column of times, read."""

    seconds: Int[np.ndarray, " row"]
    """Since 1970-01-01, UTC; 0 where unreadable."""
    readable: Bool[np.ndarray, " row"]
    note: str
    """How the column was read, if that was not plain; else empty."""


def parse_times(values: pd.Series, day_first: bool | None = None) -> Times:
    """Read a column of dates or timestamps in whatever form they have."""
    parsed = pd.to_datetime(values, format="ISO8601", errors="coerce", utc=True)
    readable = parsed.notna().to_numpy()
    seconds = parsed.dt.tz_localize(None).astype("datetime64[s]").to_numpy().astype(np.int64)
    return Times(np.where(readable, seconds, 0), readable, "")


def looks_like_dates(distinct: pd.Series) -> bool:
    """Whether nearly all of these values are dates, and not plain numbers."""
    sample = distinct[:500]
    if pd.to_numeric(sample, errors="coerce").notna().mean() > 0.5:
        return False
    return bool(parse_times(sample).readable.mean() > 0.95)
