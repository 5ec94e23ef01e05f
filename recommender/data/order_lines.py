"""Orders of several lines of which only the first says whose order it is, and when."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Bool

from recommender.data.cleaning.kinds import MISSING
from recommender.data.columns import BASKET, EVENT, ITEM, TIME, TITLE, USER
from recommender.data.problems import Finder, Problem
from recommender.data.reading.files import RawTable
from recommender.said import Said

Roles = dict[str, str | None]

_SAMPLE: Final = 20_000
_FILLED: Final = (USER, TIME, EVENT, BASKET)
"""Roles whose cells are the order's."""


def filled_down(
    table: RawTable, roles: Roles, finder: Finder
) -> tuple[RawTable, Roles, list[Problem]]:
    """The table with the cells of an order's first line in its other lines.

    The lines of an order have its number in common or, without a number, leave both buyer and time
    blank. A line without a buyer below one of another order stays as it is.
    """
    columns = {role: name for name, role in roles.items() if role is not None}
    if USER not in columns or ITEM not in columns:
        return table, roles, []
    frame = table.frame
    if not _may_be_blank(frame[columns[USER]]):
        return table, roles, []
    blank = _blank(frame[columns[USER]]) & ~_blank(frame[columns[ITEM]])
    if not blank.any() or blank[0] or blank.all():
        return table, roles, []
    order = _order_number(frame, roles, blank)
    if order is None and (TIME not in columns or not _blank(frame[columns[TIME]])[blank].all()):
        return table, roles, []
    first = np.maximum.accumulate(np.where(blank, -1, np.arange(len(frame))))
    if order is None and not _blank(frame[columns[TIME]])[~blank].mean() < 0.5:
        return table, roles, []
    found = Said(
        "{n} line{|s} of orders {leaves|leave:n} out the buyer, whom the first line of the order "
        "names, and",
        n=blank.sum(),
    )
    problem = finder.fixed("order_lines", frame.index[blank], found, column=columns[USER])
    if order is not None and BASKET not in columns:
        roles = roles | {order: BASKET}
    if not finder.accepts("order_lines"):
        return table, roles, [problem]
    names = [columns[role] for role in _FILLED if role in columns]
    names += [name for name, role in roles.items() if role is None and name != order]
    filled = {name: _filled(frame[name], blank, first) for name in names}
    return replace(table, frame=frame.assign(**filled)), roles, [problem]


def _may_be_blank(values: pd.Series) -> bool:
    """Whether some cell has no letter: looked at for all, words for nothing only in a sample."""
    text = pa.array(values, type=pa.large_string())
    return bool(pc.any(pc.equal(text, "")).as_py() or _blank(values.head(_SAMPLE)).any())


def _blank(values: pd.Series) -> Bool[np.ndarray, " row"]:
    return values.str.strip().isin(MISSING).to_numpy()


def _order_number(frame: pd.DataFrame, roles: Roles, blank: Bool[np.ndarray, " row"]) -> str | None:
    """The column that is the same in every such line as in the line above, and else changes."""
    named = [name for name, role in roles.items() if role == BASKET]
    free = [name for name, role in roles.items() if role in (None, TITLE)]
    for name in (*named, *free):
        if name not in frame:
            continue
        cells = frame[name].to_numpy(dtype=object)
        same = np.append(False, cells[1:] == cells[:-1]) & (cells != "")
        changes = ~same[1:][~blank[1:]]
        if same[blank].all() and len(changes) and changes.mean() > 0.9:
            return name
    return None


def _filled(values: pd.Series, below: Bool[np.ndarray, " row"], first: np.ndarray) -> pd.Series:
    """The cell of the order's first line where the line below has none."""
    take = np.arange(len(values))
    wanted = below & _blank(values)
    take[wanted] = first[wanted]
    return pd.Series(values.to_numpy(dtype=object)[take], index=values.index, dtype="str")
