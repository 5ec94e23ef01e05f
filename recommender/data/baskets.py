"""Files with a basket in each line, as one row an event."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from recommender.data.cleaning.synonyms import COLUMN_NAMES, plain
from recommender.data.columns import ITEM, USER
from recommender.data.dialects import Dialect
from recommender.data.problems import Finder, Problem
from recommender.said import Said

_NAMES: Final = frozenset(name for names in COLUMN_NAMES.values() for name in names)
_SAMPLE: Final = 1 << 16
_LINES: Final = 5
_AGAIN: Final = 0.5
"""Share of the things in baskets that are in more than one."""
_WORDS: Final = 5
"""Words in a cell from which on it is a sentence."""


def baskets(dialect: Dialect, finder: Finder) -> tuple[pd.DataFrame, list[Problem]] | None:
    """Lines of different length, each a basket, as one row an event; None where it is no such
    file. Where every line begins with an id of its own, that is the user."""
    whole = len(dialect.content) <= _SAMPLE
    start = dialect.content[:_SAMPLE].decode("utf-8", errors="ignore")
    start = start if whole else start.rpartition("\n")[0]
    separator = dialect.separator
    first = _parted(start.partition("\n")[0], separator)
    if not first or any(plain(cell) in _NAMES for cell in first[0]):
        return None
    sample = _parted(start, separator)
    if not _are_baskets(sample):
        spaced = max(map(len, sample), default=0) == 1
        if not spaced or not _are_baskets(_parted(start, " "), codes=True):
            return None
        separator = " "
    text = dialect.content.decode("utf-8", errors="replace")
    rows = _parted(text, separator)
    lines = np.arange(len(rows)) + 1 + dialect.skipped
    with_user = _begin_with_users(rows)
    lengths = np.array([len(row) - with_user for row in rows])
    keys = [
        row[0] if with_user else str(line) for row, line in zip(rows, lines, strict=True) if row
    ]
    said = Said(
        "this looks like one basket a line: {events} items in {n} lines of different length, of "
        "which each",
        events=int(lengths.clip(0).sum()),
        n=len(keys),
    )
    remedy = Said("Write a row for each item, with the user and the time if they are known")
    problem = replace(finder.fixed("baskets", lines[:1], said, remedy), rows=())
    if not finder.accepts("baskets"):
        return None
    items = [item for row in rows for item in row[with_user:]]
    name = USER if with_user else "session_id"
    owners = np.repeat(np.array(keys, dtype=object), lengths[lengths >= 0])
    frame = pd.DataFrame({name: owners, ITEM: items}, dtype="str")
    return frame.set_axis(np.repeat(lines[lengths >= 0], lengths[lengths >= 0])), [problem]


def _parted(text: str, separator: str) -> list[list[str]]:
    if separator == " ":
        return [line.split() for line in text.splitlines()]
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error:
        return []
    return [[cell.strip() for cell in row if cell.strip()] for row in rows]


def _are_baskets(rows: Sequence[Sequence[str]], codes: bool = False) -> bool:
    """Whether lines differ in length and hold the same short things again and again."""
    rows = [row for row in rows if row]
    lengths = Counter(map(len, rows))
    if len(rows) < _LINES or len(lengths) < 2 or lengths.most_common(1)[0][1] > 0.9 * len(rows):
        return False
    if any(plain(cell) in _NAMES for cell in rows[0]):
        return False
    cells = Counter(cell for row in rows for cell in set(row))
    if codes and not all(any(map(str.isdigit, cell)) for cell in cells):
        return False
    short = all(len(cell.split()) < _WORDS for cell in cells)
    own = _begin_with_users(rows)
    return short and _again([row[1:] for row in rows] if own else rows) >= _AGAIN


def _again(rows: Sequence[Sequence[str]]) -> float:
    """Share of the things that are in more than one of the lines."""
    cells = Counter(cell for row in rows for cell in set(row))
    return sum(n > 1 for n in cells.values()) / max(len(cells), 1)


def _begin_with_users(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first cells are each there once and not among the others, or count the lines."""
    first = [row[0] for row in rows if row]
    if len(set(first)) < len(first) or any(len(row) == 1 for row in rows):
        return False
    others = {cell for row in rows for cell in row[1:]}
    counted = first in (
        [str(i) for i in range(len(first))],
        [str(i + 1) for i in range(len(first))],
    )
    return counted or not others.intersection(first)
