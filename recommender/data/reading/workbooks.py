"""Excel and LibreOffice workbooks: one sheet as a frame of text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from recommender.data.limits import MAX_COLUMNS
from recommender.data.problems import Finder, Problem
from recommender.data.reading.headers import named_columns, one_line
from recommender.said import Said, StatedError

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

OLE: Final = b"\xd0\xcf\x11\xe0"
"""How .xls files begin, and workbooks with a password."""
MAX_SHEET_CELLS: Final = 20_000_000
_LISTED: Final = 20


def read_workbook(
    content: bytes, finder: Finder, sheet: str = ""
) -> tuple[pd.DataFrame, list[Problem], tuple[str, ...]]:
    """The rows of a sheet as text, indexed by row number, what is wrong, and the sheets' names.

    The sheet is the one named, else the first that is not empty.
    """
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = tuple(book.sheet_names)
        if sheet and sheet not in names:
            raise _RefusedError(
                "there is no sheet {sheet!r}; the sheets are: {sheets}",
                sheet=one_line(sheet),
                sheets=_listed(names),
            )
        chosen = _first(book, [sheet] if sheet else names)
        if chosen is None:
            raise _RefusedError("the workbook has no cells")
        frame = _cells(chosen)
    except PasswordError:
        refused = Said("the workbook needs a password")
    except _RefusedError as error:
        refused = error.said
    except MemoryError:
        raise
    except Exception as error:  # what is damaged raises whatever it finds
        refused = Said("the workbook is damaged: {why}", why=one_line(str(error)))
    else:
        return (*_framed(frame, chosen.name, names, finder), names)
    return pd.DataFrame(), [finder.error(refused, Said("Save the sheet as CSV (UTF-8)"))], ()


class _RefusedError(StatedError):
    """A workbook that is whole and is not read."""


def _first(book: CalamineWorkbook, names: Sequence[str]) -> CalamineSheet | None:
    """The first sheet with cells: a workbook often begins with an empty one."""
    sheets = (book.get_sheet_by_name(name) for name in names)
    return next((sheet for sheet in sheets if sheet.height), None)


def _cells(sheet: CalamineSheet) -> pd.DataFrame:
    """All cells of a sheet as text, indexed by row number."""
    if sheet.width > MAX_COLUMNS:
        raise _RefusedError(
            "the sheet has {n} columns; at most {most} are read", n=sheet.width, most=MAX_COLUMNS
        )
    if sheet.width * sheet.height > MAX_SHEET_CELLS:
        raise _RefusedError("the sheet has more than {most} cells", most=MAX_SHEET_CELLS)
    cells: list[list[str]] = [[] for _ in range(sheet.width)]
    for row in sheet.to_python():
        for column, cell in zip(cells, row, strict=True):
            column.append(_text(cell))
    arrays = [pa.array(column, pa.large_string()) for column in cells]
    frame = pa.table(arrays, names=[str(i) for i in range(len(arrays))]).to_pandas()
    first = (sheet.start or (0, 0))[0] + 1
    frame.index = pd.RangeIndex(first, first + len(frame))
    return frame


def _text(cell: Any) -> str:
    """A cell as it would stand in a CSV file. Spreadsheets have no whole numbers."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, timedelta):
        return str(cell)
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def _framed(
    frame: pd.DataFrame, read: str, sheets: tuple[str, ...], finder: Finder
) -> tuple[pd.DataFrame, list[Problem]]:
    filled = ~np.logical_and.reduce([(frame[name] == "").to_numpy() for name in frame])
    frame = frame[filled]
    skipped = _above(frame)
    header = [str(cell).strip() for cell in frame.iloc[skipped]]
    frame, problems = named_columns(frame.iloc[skipped + 1 :], header, finder)
    if len(sheets) > 1:
        others = _listed([repr(one_line(name)) for name in sheets if name != read])
        message = Said(
            "the sheet {sheet!r} was read, not {others}", sheet=one_line(read), others=others
        )
        remedy = Said("Choose another sheet if that is the wrong one")
        problems.insert(0, finder.note(message, remedy))
    if skipped:
        message = Said("{n} lines above the names of the columns were skipped", n=skipped)
        problems.append(finder.note(message))
    return frame, problems


def _listed(names: Sequence[str]) -> str:
    """The first of the names; a workbook of a few kilobytes can have thousands."""
    more = ", …" if len(names) > _LISTED else ""
    return ", ".join(one_line(name) for name in names[:_LISTED]) + more


def _above(frame: pd.DataFrame) -> int:
    """How many lines of title stand above the header: lines of one cell, where others have more."""
    filled = (frame.head(10) != "").sum(axis=1).to_numpy()
    wide = int(filled.max(initial=0))
    if wide < 3:
        return 0
    return int(np.argmax(filled > 1)) if filled[0] == 1 else 0
