"""Columns that number the rows, as programs write them beside a table: they tell nothing of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from recommender.data.columns import TableName
from recommender.data.problems import Finder, Problem
from recommender.data.reading.files import RawTable
from recommender.said import Said

_WRITTEN: Final = re.compile(
    r"unnamed:\s*\d+(_level_\d+)?|(unnamed:\s*\d+\.)+\d+|column \d+|index|level_\d+|x\.?\d*"
    r"|\.\.\.\d+|rn|v1",
    re.IGNORECASE,
)
"""What pandas, R and this reader call the column that had no name."""
_COUNTED: Final = re.compile(
    r"#|n[o°r]\.?|s\.?\s?no\.?|sr\.?\s?no\.?|row[\s_]?(id|no|num|number|index)?|rownum|idx|line"
    r"([\s_]?(no|number))?|seq|serial([\s_]?(no|number))?|nummer|lfd\.?\s?nr\.?|zeile|ligne|序号|行号|番号|编号|№",
    re.IGNORECASE,
)
"""What people call it, who may mean something else by it: it must count on from row to row."""


def without_row_numbers(
    raw: Mapping[TableName, RawTable],
    mapping: Mapping[TableName, Mapping[str, str | None]],
    kept: frozenset[str],
) -> tuple[dict[TableName, RawTable], list[Problem]]:
    """The tables without columns of row numbers, also where rows were filtered and gaps are left.

    Columns with a role, and those in `kept` (whose kind was told), stay.
    """
    tables, problems = dict(raw), list[Problem]()
    for table, file in raw.items():
        free = [c for c, role in mapping[table].items() if role is None and c not in kept]
        numbering = [name for name in free if numbers_rows(name, file.frame[name])]
        if numbering:
            tables[table] = replace(file, frame=file.frame.drop(columns=numbering))
            problems += [_note(Finder(file.file), name) for name in numbering]
    return tables, problems


def _note(finder: Finder, name: str) -> Problem:
    message = Said("it numbers the rows, so it is not used")
    return finder.note(message, Said("Give it a kind to use it all the same"), column=name)


def numbers_rows(name: str, values: pd.Series) -> bool:
    """Whether the column is called and filled like one of row numbers."""
    written = _WRITTEN.fullmatch(name.strip()) is not None
    if (not written and _COUNTED.fullmatch(name.strip()) is None) or len(values) < 3:
        return False
    numbers = np.asarray(pd.to_numeric(values, errors="coerce"), dtype=np.float64)
    if np.isnan(numbers).any() or (numbers % 1).any():
        return False
    rises = bool((np.diff(numbers) > 0).all())
    return rises or (written and len(np.unique(numbers)) == len(numbers))
