"""Lines of a table that are no rows of it: names once more, rules, units, and totals."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Bool

from recommender.data.cleaning.synonyms import COLUMN_NAMES, plain
from recommender.data.problems import Finder, Problem
from recommender.said import Said

_ENDS: Final = 5
"""Lines at the top and the bottom of a table that are looked at one by one."""
_SAMPLE: Final = 20_000
_RULE: Final = r"[:|+]?[-=_–—]{2,}[:|+]?"
_TOTAL: Final = (
    r"(?i)^\W*(?:(?:grand|sub|overall|net|general|order|invoice)[ -]?)?(?:totals?|sum)(?: général"
    r"| general| geral)?\W*$|^\W*(?:(?:gesamt|zwischen|end)?(?:summe|ergebnis)|gesamt|insgesamt"
    r"|somme|sous-total|subtotales?|totaal|totale|totalt|итого|всего|合计|总计|小计|总和|共计|合計"
    r"|小計|総計|합계|총계)\W*$"
)
_WORDS: Final = """id ids sku code key no pcs pc piece pieces unit units qty count number num kg g
    mg lb lbs oz l ml cm mm m € $ £ ¥ usd eur gbp cny rmb % percent date time datetime timestamp s
    sec seconds ms string str text varchar char int int32 int64 integer bigint float float64 double
    decimal numeric bool boolean object token token_seq nominal category stück stk datum prix unité
    pièces 件 个 元 千克 克 日期 编号 文本 字符串 整数"""
_UNITS: Final = frozenset(_WORDS.split())
_NAMES: Final = frozenset(name for names in COLUMN_NAMES.values() for name in names)
_FILLED: Final = 0.95
"""Share of a column's cells from which one that is blank, or no number, is odd."""


def without_non_rows(frame: pd.DataFrame, finder: Finder) -> tuple[pd.DataFrame, list[Problem]]:
    """The frame without lines that repeat the names, rule lines off, name units, or sum up."""
    if not len(frame):
        return frame, []
    found = _names_again(frame) | _rules(frame) | _units(frame) | _totals(frame)
    if not found.any() or found.all():
        return frame, []
    first = frame[found].iloc[0]
    said = Said(
        "{n} line{|s} {is|are} no row{|s:n} but names, units, rules or totals, such as "
        "{example!r}, and",
        n=found.sum(),
        example=", ".join(cell for cell in first if cell)[:60],
    )
    remedy = Said("Refuse this fix (non_rows) if they are rows")
    problem = finder.fixed("non_rows", frame.index[found], said, remedy)
    return (frame[~found] if finder.accepts("non_rows") else frame), [problem]


def _names_again(frame: pd.DataFrame) -> Bool[np.ndarray, " row"]:
    """Lines whose filled cells are the names of their columns, as where files were put together."""
    named = pa.array(frame.iloc[:, 0], type=pa.large_string())
    places = np.flatnonzero(pc.equal(named, str(frame.columns[0])))
    if not len(places):
        return np.zeros(len(frame), dtype=bool)
    cells = frame.iloc[places].apply(lambda column: column.str.strip())
    same = (cells == "") | (cells == pd.Series(frame.columns, index=frame.columns))
    return _at(frame, places[same.all(axis=1).to_numpy()])


def _at(frame: pd.DataFrame, places: np.ndarray) -> Bool[np.ndarray, " row"]:
    found = np.zeros(len(frame), dtype=bool)
    found[places] = True
    return found


def _ends_of(frame: pd.DataFrame) -> pd.DataFrame:
    """The first lines and the last ones; slices, which copy nothing."""
    rest = max(len(frame) - _ENDS, 0)
    return pd.concat([frame.head(_ENDS), frame.tail(min(_ENDS, rest))])


def _rules(frame: pd.DataFrame) -> Bool[np.ndarray, " row"]:
    """Lines of dashes: below the names, and above the totals."""
    n = len(frame)
    ends = np.append(np.arange(min(_ENDS, n)), np.arange(max(n - _ENDS, _ENDS), n))
    cells = _ends_of(frame).apply(lambda column: column.str.strip())
    rule = cells.apply(lambda column: column.str.fullmatch(_RULE))
    whole = (rule | (cells == "")).all(axis=1) & rule.any(axis=1)
    return _at(frame, ends[whole.to_numpy()])


def _units(frame: pd.DataFrame) -> Bool[np.ndarray, " row"]:
    """The line below the names, where it says in what the numbers are, or names columns again."""
    nothing = np.zeros(len(frame), dtype=bool)
    if len(frame) < 3:
        return nothing
    first = frame.iloc[0].str.strip()
    words = first[first != ""].str.strip("()[]<>{} ").str.casefold()
    if words.empty or words.str.contains(r"\d", regex=True).any():
        return nothing
    names = words.map(plain).isin(_NAMES)
    if names.all() and len(words) > 1:
        return _at(frame, np.array([0]))
    bracketed = first[first != ""].str.fullmatch(r"[(\[<].*[)\]>]")
    if not (words.isin(_UNITS) | bracketed | names).all():
        return nothing
    below = frame.iloc[1 : 1 + 1000]
    odd = [
        name for name in words.index if below[name].str.contains(r"\d", regex=True).mean() > _FILLED
    ]
    return _at(frame, np.array([0])) if odd else nothing


def _totals(frame: pd.DataFrame) -> Bool[np.ndarray, " row"]:
    """Lines that begin with a word for a total: the last ones, and those between with blanks."""
    n = len(frame)
    last = np.arange(max(n - _ENDS, 1), n)
    leading = [_leading(row) for row in frame.tail(len(last)).itertuples(index=False)]
    text = pa.array([cell for _, cell in leading], type=pa.large_string())
    total = np.asarray(pc.match_substring_regex(text, _TOTAL))
    found = _at(frame, last[total])
    for place, (column, cell) in zip(
        last[total], np.array(leading, dtype=object)[total], strict=True
    ):
        if (frame.iloc[:, column] == cell).sum() > _ENDS:  # an id like any other
            found[place] = False
    return found | _between(frame)


def _leading(row: tuple[str, ...]) -> tuple[int, str]:
    """The first cell that says something, and its column."""
    return next(((i, cell) for i, cell in enumerate(row) if cell.strip()), (0, ""))


def _between(frame: pd.DataFrame) -> Bool[np.ndarray, " row"]:
    """Sums of parts of the table: a cell that is filled in nearly all other rows is blank there."""
    text = pa.array(frame.iloc[:, 0], type=pa.large_string())
    if not pc.any(pc.match_substring_regex(text[:_SAMPLE], _TOTAL)).as_py():
        return np.zeros(len(frame), dtype=bool)  # sums of parts come soon
    total = np.asarray(pc.match_substring_regex(text, _TOTAL))
    if total.mean() > 1 - _FILLED:
        return np.zeros(len(frame), dtype=bool)
    blank = np.zeros(len(frame), dtype=bool)
    for name in frame.columns[1:]:
        empty = (frame[name] == "").to_numpy()
        if empty[~total].mean() < 1 - _FILLED:
            blank |= empty
    return total & blank
