"""Numbers as the whole file writes them: whether 1.234 has decimals or thousands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from recommender.data.cleaning.kinds import MISSING, is_code_name
from recommender.data.cleaning.numerals import bare, either_way, marks_of, with_point
from recommender.data.columns import PRICE, QUANTITY, RATING
from recommender.data.problems import Finder, Problem
from recommender.data.reading.files import RawTable
from recommender.said import Said

_SAMPLE: Final = 1_000
_NUMBERS: Final = 0.9
"""Share of a column's cells from which they are numbers."""
_NUMBER: Final = r"[+-]?[\d.,]*\d[\d.,]*(?:[eE][+-]?\d+)?"


@dataclass(frozen=True, eq=False)
class _Written:
    """How a column writes its numbers."""

    codes: np.ndarray
    """Row to distinct cell."""
    distinct: pd.Series
    marks: frozenset[str]
    """Decimal marks that it shows beyond doubt."""
    doubtful: pd.Series
    """Which distinct cells do not show theirs."""


def in_plain_numbers(
    table: RawTable, roles: Mapping[str, str | None], finder: Finder
) -> tuple[RawTable, list[Problem]]:
    """The table with numbers as programs write them, where a column or the file shows that it
    writes decimals with a comma; asked about where nothing shows it."""
    columns = {name: table.frame[name] for name, role in roles.items() if _may_count(name, role)}
    commas = table.form.separator == ","
    found = {name: _written(values, commas) for name, values in columns.items()}
    written = {name: one for name, one in found.items() if one is not None}
    told = frozenset().union(*(one.marks for one in written.values()))
    changed, problems = {}, []
    for name, one in written.items():
        mark, problem = _mark(one, table.frame.index, told, name, finder)
        problems += problem
        if mark == ",":
            plain = with_point(one.distinct).to_numpy()[one.codes]
            changed[name] = pd.Series(plain, index=table.frame.index, dtype="str")
    return (replace(table, frame=table.frame.assign(**changed)) if changed else table), problems


def _may_count(name: str, role: str | None) -> bool:
    return role in (QUANTITY, PRICE, RATING) or (role is None and not is_code_name(name))


def _written(values: pd.Series, commas_part_cells: bool) -> _Written | None:
    """None where there is nothing to tell: whole numbers, or no numbers."""
    if not _numbers(values):
        return None
    text = pa.array(values, type=pa.large_string())
    commas = _has(text, ",") or not pc.all(pc.string_is_ascii(text)).as_py()
    if not commas and not _has(text, "."):
        return None
    shown = marks_of(_distinct(values.head(_SAMPLE))[1])
    if shown == {"."} and not commas:
        nothing = pd.Series([], dtype="str")
        return _Written(np.array([], dtype=np.int64), nothing, shown, nothing == "")
    codes, distinct = _distinct(values)
    doubtful = either_way(distinct)
    if commas_part_cells:  # whoever writes decimals with a comma parts cells with something else
        doubtful &= ~distinct.str.contains(",", regex=False)
    return _Written(codes, distinct, marks_of(distinct), doubtful)


def _has(text: pa.Array, sign: str) -> bool:
    return bool(pc.any(pc.match_substring(text, sign)).as_py())


def _numbers(values: pd.Series) -> bool:
    step = max(1, len(values) // _SAMPLE)
    cells = bare(_distinct(values.iloc[::step])[1])
    cells = cells[~cells.isin(MISSING)]
    return len(cells) > 0 and bool(cells.str.fullmatch(_NUMBER).mean() >= _NUMBERS)


def _distinct(values: pd.Series) -> tuple[np.ndarray, pd.Series]:
    codes, distinct = pd.factorize(values)
    return codes, pd.Series(distinct, dtype="str").str.strip()


def _mark(
    one: _Written, index: pd.Index, told: frozenset[str], name: str, finder: Finder
) -> tuple[str, list[Problem]]:
    """The decimal mark of a column, and what is told or asked about it."""
    if len(one.marks) == 1:
        return next(iter(one.marks)), []
    if not one.doubtful.any() or told == {"."}:
        return "", []
    lines = index[one.doubtful.to_numpy()[one.codes]]
    said = {"n": len(lines), "example": one.distinct[one.doubtful].iloc[0]}
    remedy = Said("Write numbers like 1234.5")
    if told == {","} and not one.marks:
        message = Said(
            "{n} number{|s} such as {example!r} {shows|show:n} no decimal mark, others of the file "
            "do, so {it|they:n}",
            **said,
        )
        problem = finder.fixed("decimal_comma", lines, message, remedy, name)
        return ("," if finder.accepts("decimal_comma") else "."), [problem]
    message = Said("{n} number{|s} such as {example!r} may be meant either way and", **said)
    problem = finder.fixed("decimal_mark", lines, message, remedy, name)
    mark = "" if finder.accepts("decimal_mark") else ","
    return mark, [replace(problem, severity="note")]
