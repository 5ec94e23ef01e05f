"""When events were, as tables and charts have it: days, or numbers where nobody said when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dashboard.names import day, short_day
from dashboard.words import _

if TYPE_CHECKING:
    from recommender.explain.types import Explanation


def moment_columns(explanation: Explanation, more: int = 0) -> dict[str, Any]:
    """A column `time` for the events, or `number` where the data has no times.

    `more` rows without either stand below them; so does an event whose time nobody said.
    """
    moments = [explanation.moment(i) for i in range(len(explanation.titles))]
    if not explanation.dates.has_time:
        numbers = [*(moment.number for moment in moments), *[pd.NA] * more]
        return {"number": pd.array(numbers, dtype="Int64")}
    nobody = np.datetime64("NaT", "s")
    said = [nobody if one.time is None else np.datetime64(one.time, "s") for one in moments]
    times = np.array([*said, *[nobody] * more], dtype="datetime64[s]")
    return {"time": pd.DatetimeIndex(times).as_unit("ns")}


def moments_said(table: pd.DataFrame, short: bool = False) -> list[str]:
    """Either column in words; nothing where neither is known."""
    if "number" in table:
        numbers = table["number"]
        return ["" if pd.isna(n) else _("event {n}").format(n=f"{n:,}") for n in numbers]
    return [
        "" if pd.isna(time) else short_day(time) if short else day(time.timestamp())
        for time in table["time"]
    ]
