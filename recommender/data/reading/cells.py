"""Cells that no table needs: a million characters, control characters, escaped formulas."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recommender.data.limits import MAX_CELL
from recommender.data.problems import Finder, Problem
from recommender.data.spreadsheets import ESCAPED, unescaped
from recommender.said import Said

_CONTROL: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"


def tame(
    table: pa.Table, lines: np.ndarray, finder: Finder, controls: bool = True
) -> tuple[pa.Table, list[Problem]]:
    """The table of text with such cells cut or cleaned, and which lines they were in.

    `controls` False: control characters are gone already.
    """
    problems: list[Problem] = []
    for i, name in enumerate(table.column_names):
        column = table.column(i)
        if (pc.max(pc.binary_length(column)).as_py() or 0) > MAX_CELL:
            column = _cut(column, lines, finder, problems)
        if controls:
            column = _clean(column, lines, finder, problems)
        if pc.any(pc.starts_with(column, "'")).as_py():
            column = _read_back(column)
        if column is not table.column(i):
            table = table.set_column(i, name, column)
    return table, problems


def _cut(
    column: pa.ChunkedArray, lines: np.ndarray, finder: Finder, problems: list[Problem]
) -> pa.ChunkedArray:
    long = np.asarray(pc.greater(pc.utf8_length(column), MAX_CELL))
    if not long.any():
        return column
    message = Said(
        "{n} cell{|s} {has|have} more than {most} characters and {was|were:n} cut",
        n=long.sum(),
        most=MAX_CELL,
    )
    problems.append(finder.in_rows("repaired", lines[long], message, Said("Shorten them")))
    return pc.utf8_slice_codeunits(column, 0, MAX_CELL)


def _clean(
    column: pa.ChunkedArray, lines: np.ndarray, finder: Finder, problems: list[Problem]
) -> pa.ChunkedArray:
    odd = np.asarray(pc.match_substring_regex(column, _CONTROL))
    if not odd.any():
        return column
    message = Said("control characters in {n} cell{|s} were removed", n=odd.sum())
    problems.append(finder.in_rows("repaired", lines[odd], message))
    return pc.replace_substring_regex(column, _CONTROL, "")


def _read_back(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Cells that exports, ours too, escaped, so that no spreadsheet takes them for formulas."""
    return pa.chunked_array(map(_chunk_read_back, column.chunks), column.type)


def _chunk_read_back(cells: pa.Array) -> pa.Array:
    written = pc.fill_null(pc.match_substring_regex(cells, ESCAPED), False)
    found = [unescaped(cell) for cell in cells.filter(written).to_pylist()]
    return pc.replace_with_mask(cells, written, pa.array(found, cells.type))
