"""Excel and LibreOffice workbooks: one sheet as a frame of text."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from recommender.data.headers import named_columns
from recommender.data.limits import MAX_COLUMNS
from recommender.data.problems import Finder, Problem

OLE: Final = b"\xd0\xcf\x11\xe0"
"""How .xls files begin, and workbooks with a password."""
MAX_SHEET_CELLS: Final = 20_000_000
_SCRIPT: Final = Path(__file__).with_name("sheet_process.py")
_MEGABYTES: Final = 4_096
_SECONDS: Final = 120


def read_workbook(
    content: bytes, finder: Finder, sheet: str = ""
) -> tuple[pd.DataFrame, list[Problem], tuple[str, ...]]:
    """The rows of a sheet as text, indexed by row number, what is wrong, and the sheets' names.

    The sheet is the one named, else the first that is not empty. It is read by another process
    with limits of its own, since a workbook of a few bytes can ask for any amount of memory.
    """
    limits = (_MEGABYTES, _SECONDS, MAX_COLUMNS, MAX_SHEET_CELLS)
    wanted = sheet.replace("\0", "")  # an argument cannot hold it
    command = [sys.executable, "-I", str(_SCRIPT), wanted, *map(str, limits)]
    try:
        ended = subprocess.run(command, input=content, capture_output=True, timeout=2 * _SECONDS)
    except subprocess.TimeoutExpired:
        return pd.DataFrame(), [_too_much(finder)], ()
    if ended.returncode != 0:
        return pd.DataFrame(), [_too_much(finder)], ()
    if ended.stdout.startswith(b"{"):
        message = json.loads(ended.stdout)["error"]
        return pd.DataFrame(), [finder.error(message, "Save the sheet as CSV (UTF-8)")], ()
    return _framed(pa.ipc.open_stream(ended.stdout).read_all(), finder)


def _too_much(finder: Finder) -> Problem:
    message = "the workbook is damaged, or takes too much memory or time to read"
    return finder.error(message, "Save the sheet as CSV (UTF-8)")


def _framed(table: pa.Table, finder: Finder) -> tuple[pd.DataFrame, list[Problem], tuple[str, ...]]:
    told = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    sheets = tuple(json.loads(told["sheets"]))
    frame = table.replace_schema_metadata(None).to_pandas()
    frame.index = pd.RangeIndex(int(told["first"]), int(told["first"]) + len(frame))
    filled = ~np.logical_and.reduce([(frame[name] == "").to_numpy() for name in frame])
    frame = frame[filled]
    skipped = _above(frame)
    header = [str(cell).strip() for cell in frame.iloc[skipped]]
    frame, problems = named_columns(frame.iloc[skipped + 1 :], header, finder)
    if len(sheets) > 1:
        others = ", ".join(repr(name) for name in sheets if name != told["sheet"])
        message = f"the sheet {told['sheet']!r} was read, not {others}"
        problems.insert(0, finder.note(message, "Choose another sheet if that is the wrong one"))
    if skipped:
        message = f"{skipped} lines above the names of the columns were skipped"
        problems.append(finder.note(message))
    return frame, problems, sheets


def _above(frame: pd.DataFrame) -> int:
    """How many lines of title stand above the header: lines of one cell, where others have more."""
    filled = (frame.head(10) != "").sum(axis=1).to_numpy()
    wide = int(filled.max(initial=0))
    if wide < 3:
        return 0
    return int(np.argmax(filled > 1)) if filled[0] == 1 else 0
