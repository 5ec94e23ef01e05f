"""One file as a frame of text, whatever its format, encoding, separator and wrapping."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from recommender.data.decoding import to_utf8
from recommender.data.delimited import read_delimited
from recommender.data.problems import Finder, Problem

Source = str | Path | tuple[str, bytes]
"""A path, or the name and the content of an uploaded file."""

MAX_BYTES: Final = 2_000_000_000
"""A file unpacked may not be larger: a few kilobytes of gzip can hold more than any memory."""

_REMEDY: Final = "Save it as CSV (UTF-8), TSV or Parquet, plain or gzip"


@dataclass(frozen=True, eq=False)
class RawTable:
    """A file as it is: every cell text, blank cells empty, nothing interpreted."""

    file: str
    """Name of the file, without its folder."""
    folder: Path | None
    """Where it lies, if it was read from a path."""
    frame: pd.DataFrame
    """The index holds the line numbers in the file (the header is line 1); in Parquet, which has
    no lines, the row numbers from 1."""
    problems: tuple[Problem, ...]
    """What is wrong with the file; with an error among them the frame is empty."""


def read_file(source: Source, encoding: str | None = None) -> RawTable:
    """Read a CSV, TSV or Parquet file, plain or gzip. Problems are returned, never raised."""
    name, folder = (source[0], None) if isinstance(source, tuple) else _place(Path(source))
    finder = Finder(Path(name).name)
    try:
        content = _unpacked(source[1] if isinstance(source, tuple) else Path(source).read_bytes())
    except (OSError, EOFError, zlib.error, ValueError) as error:
        return RawTable(finder.file, folder, pd.DataFrame(), (_unreadable(error, finder),))
    frame, problems = _table(content, finder, encoding)
    if any(problem.severity == "error" for problem in problems):
        frame = pd.DataFrame()
    elif frame.empty:
        problems.append(finder.error("the file has a header but no rows", "Export it again"))
    return RawTable(finder.file, folder, frame, tuple(problems))


def _place(path: Path) -> tuple[str, Path]:
    return path.name, path.parent


def _unpacked(content: bytes) -> bytes:
    """The content, unpacked if it is gzip; the file's name may lie about that."""
    if content[:2] != b"\x1f\x8b":
        return content
    unpacked = gzip.GzipFile(fileobj=pa.BufferReader(content)).read(MAX_BYTES + 1)
    if len(unpacked) > MAX_BYTES:
        raise ValueError(f"it holds more than {MAX_BYTES / 1e9:.0f} GB")
    return unpacked


def _unreadable(error: Exception, finder: Finder) -> Problem:
    if isinstance(error, FileNotFoundError):
        return finder.error("there is no such file", "Check the path")
    if isinstance(error, OSError) and error.strerror:
        return finder.error(f"the file cannot be read: {error.strerror}", "Check the path")
    return finder.error(f"the gzip file cannot be unpacked: {error}", "Pack or upload it again")


def _table(
    content: bytes, finder: Finder, encoding: str | None
) -> tuple[pd.DataFrame, list[Problem]]:
    if content[:4] == b"PAR1":
        return _read_parquet(content, finder)
    if content[:4] == b"PK\x03\x04" or content[:4] == b"\xd0\xcf\x11\xe0":
        message = "this is a workbook or an archive, not a table of text"
        return pd.DataFrame(), [finder.error(message, _REMEDY)]
    decoded = to_utf8(content, finder, encoding)
    if any(problem.severity == "error" for problem in decoded.problems):
        return pd.DataFrame(), list(decoded.problems)
    frame, problems = read_delimited(decoded.content, finder)
    return frame, [*decoded.problems, *problems]


def _read_parquet(content: bytes, finder: Finder) -> tuple[pd.DataFrame, list[Problem]]:
    try:
        table = pq.read_table(pa.BufferReader(content))
    except (pa.ArrowException, OSError) as error:
        message = f"the Parquet file is damaged: {str(error).rstrip('.')}"
        return pd.DataFrame(), [finder.error(message, "Write or upload it again")]
    columns, problems = {}, []
    for name in table.column_names:
        if name.startswith("__index_level_"):
            continue
        try:
            columns[name] = pc.fill_null(_as_text(table.column(name)), "")
        except pa.ArrowException:
            message = f"values of type {table.schema.field(name).type} are not used"
            problems.append(finder.note(message, column=name))
    frame = pa.table(columns).to_pandas()
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return frame, problems


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        return pc.binary_join(column.cast(pa.list_(pa.string())), "|")
    return column.cast(pa.string())
