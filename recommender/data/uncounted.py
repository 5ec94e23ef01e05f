"""Rows that do not count: what a user did with an item that is no interest in it.

No model reads them. They are kept because whatever a user did with an item, it is not new to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, get_args

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from recommender.data.columns import EVENT, ITEM, RATING, TIME, USER
from recommender.data.histories import SECONDS_A_DAY

Reason = Literal[
    "rated_low",
    "taken_back",
    "return",
    "removed",
    "nothing_bought",
    "undated",
    "future",
    "no_number",
    "unknown_event",
]
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)
"""Why a row does not count: a rating that says *not for me*; a purchase that came back, and what
took it back; the removal from a cart or list; a quantity of 0; a time that is unreadable or yet to
come; a number that is none; a type of event that the run which scores it does not know."""

REASON: Final = "reason"
_TEXTS: Final = (USER, ITEM, EVENT, REASON)
_CODED: Final = {
    "user": "int32",
    "item": "int32",
    "place": "int32",
    "time": "float64",
    "event": "str",
    "rating": "float32",
    "reason": "str",
}


def no_rows() -> pd.DataFrame:
    """`Dataset.uncounted` of data in which every row counts."""
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _CODED.items()})


def left_out(before: pd.DataFrame, after: pd.DataFrame, reason: Reason) -> pd.DataFrame:
    """The rows that are no longer there, with the reason; the index holds the line numbers."""
    return before[~before.index.isin(after.index)].assign(**{REASON: reason})


def gathered(parts: Sequence[pd.DataFrame], counted: pd.DataFrame, has_time: bool) -> pd.DataFrame:
    """`Tables.uncounted`: all parts in the order of the file.

    `counted` are the rows that stay. Both are indexed by line number.
    """
    columns = (*_TEXTS, TIME, RATING)
    kept = [part[[name for name in columns if name in part]] for part in parts]
    texts = [part.astype(dict.fromkeys(_TEXTS, "str")) for part in kept if len(part)]
    rows = pd.concat(texts) if texts else pd.DataFrame()
    rows = rows.reindex(columns=list(columns)).sort_index()
    rows = rows.astype(dict.fromkeys(_TEXTS, "str") | {TIME: "float64", RATING: "float64"})
    if not has_time:
        rows[TIME] = (_counted_above(rows, counted) - 0.5) * SECONDS_A_DAY
    return rows.reset_index(drop=True)


def _counted_above(rows: pd.DataFrame, counted: pd.DataFrame) -> np.ndarray:
    """How many rows of the same user count and stand above each row in the file."""
    users = pd.concat([counted[USER].astype("str"), rows[USER]])
    counts = pd.Series(np.arange(len(users)) < len(counted), index=users.index)
    order = np.argsort(users.index.to_numpy(), kind="stable")
    above = counts.iloc[order].groupby(users.iloc[order].to_numpy()).cumsum().to_numpy()
    back = np.empty(len(order), dtype=np.int64)
    back[order] = above
    return back[len(counted) :]


def coded_rows(
    rows: pd.DataFrame,
    interactions: pd.DataFrame,
    items: pd.DataFrame,
    users: pd.DataFrame,
    has_time: bool,
) -> pd.DataFrame:
    """`Dataset.uncounted` from `Tables.uncounted`; ids become row numbers of the tables.

    Rows of items and users that the tables do not have are dropped.
    """
    user = pd.Index(users[USER]).get_indexer(rows[USER])
    item = pd.Index(items[ITEM]).get_indexer(rows[ITEM])
    known = (user >= 0) & (item >= 0)
    rows, user, item = rows[known], user[known], item[known]
    if rows.empty:
        return no_rows()
    times = rows[TIME].to_numpy()
    coded = pd.DataFrame(
        {
            "user": user,
            "item": item,
            "place": _places(user, times, interactions),
            "time": times if has_time else np.nan,
            "event": rows[EVENT].to_numpy(),
            "rating": rows[RATING].to_numpy(),
            "reason": rows[REASON].to_numpy(),
        }
    ).astype(_CODED)
    order = np.lexsort((np.arange(len(coded)), coded["time"], coded["place"], coded["user"]))
    return coded.iloc[order].reset_index(drop=True)


def _places(
    user: Int[np.ndarray, " row"], times: Float[np.ndarray, " row"], interactions: pd.DataFrame
) -> Int[np.ndarray, " row"]:
    """How many of the user's events come before; one more where some are of the same moment.

    So whoever asks about a moment knows only what happened before it. A row without a time is
    known to those who know all events.
    """
    owners = interactions["user"].to_numpy().astype(np.int64)
    own = interactions["time"].to_numpy()
    first, last = int(own.min()), int(own.max())
    asked = np.clip(np.nan_to_num(np.floor(times), nan=np.inf), first - 1, last + 1)
    width = np.int64(last - first + 3)
    keys = owners * width + (own - first + 1)
    key = user.astype(np.int64) * width + (asked.astype(np.int64) - first + 1)
    before = np.searchsorted(keys, key)
    beside = np.searchsorted(keys, key, side="right") > before
    return np.asarray(before - np.searchsorted(owners, user) + beside)
