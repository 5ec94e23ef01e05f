"""One file as a frame of text, whatever its format, encoding, separator and wrapping."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import pandas as pd
import pyarrow as pa

from recommender.confined import Limits
from recommender.data.fixes import FixName
from recommender.data.non_rows import without_non_rows
from recommender.data.problems import Finder, Problem
from recommender.data.queries import Query
from recommender.data.reading.archives import (
    ArchiveError,
    Member,
    check_size,
    is_workbook,
    listed,
    unpack,
)
from recommender.data.reading.cells import tame
from recommender.data.reading.decoding import to_utf8
from recommender.data.reading.delimited import read_delimited
from recommender.data.reading.parquet import PARQUET, read_parquet
from recommender.data.reading.workbooks import OLE, read_workbook
from recommender.said import Said, said_by

Source = str | Path | tuple[str, bytes] | Query
"""A path, the name and the content of an uploaded file, or a question to a database."""

_FOREIGN: Final = (
    (rb"\s*[\[{]\s*[\"{\[]", Said("JSON")),
    (rb"\s*<(!doctype|html|\?xml)", Said("a web page or XML")),
    (rb"\s*(create|insert|drop|begin|set)\s+[\w@]+[^,;\t]*[(;]", Said("a script of SQL")),
    (rb"%PDF", Said("a PDF")),
    (rb"SQLite format 3", Said("a database")),
    (
        rb"BZh|\xfd7zXZ|\x28\xb5\x2f\xfd|7z\xbc\xaf|Rar!",
        Said("an archive that is not gzip or zip"),
    ),
    (rb"\x89PNG|\xff\xd8\xff|GIF8", Said("a picture")),
    (rb"\x7fELF|MZ|#!", Said("a program")),
)
"""How files of other kinds begin."""
_REMEDY: Final = Said("Save it as CSV (UTF-8), TSV, Excel or Parquet, plain, gzip or zip")
_PATH: Final = Said("Check the path")


_LONGEST_NAME: Final = 255
"""Letters of a file's name, as in most systems."""


@dataclass(frozen=True)
class Form:
    """How a file is written, as it was found out; empty where that says nothing."""

    format: str = ""
    """`text`, `workbook`, `Parquet` or `database`."""
    packing: tuple[str, ...] = ()
    """`gzip` and `zip`, the outermost first."""
    encoding: str = ""
    separator: str = ""
    sheets: tuple[str, ...] = ()
    """Of a workbook."""
    size: int = 0
    """Bytes, unpacked."""


@dataclass(frozen=True, eq=False)
class RawTable:
    """A file as it is: every cell text, blank cells empty, nothing interpreted."""

    file: str
    """Name of the file, without its folder."""
    folder: Path | None
    """Where it lies, if it was read from a path."""
    frame: pd.DataFrame
    """The index holds the line numbers in the file (the header is line 1); in Parquet, which has
    no lines, the row numbers from 1. Rows that come of one line share its number."""
    problems: tuple[Problem, ...]
    """What is wrong with the file; with an error among them the frame is empty."""
    form: Form = Form()


@dataclass(frozen=True)
class Opened:
    """A file that is open to be read, and how much it may hold."""

    name: str
    """Without its folder."""
    folder: Path | None
    """Where it lies, if it was named by a path."""
    file: IO[bytes]
    most: int
    """Bytes, unpacked."""
    query: Query | None = None
    """What is asked of a database instead; the file is empty then."""
    limits: Limits | None = None
    """What may be taken to read it, if that is known."""


def read_one(
    source: Opened, encoding: str | None, sheet: str, refused: frozenset[FixName]
) -> RawTable:
    """The one table in a file. Problems are returned, never raised."""
    members = members_of(source)
    if isinstance(members, RawTable):
        return members
    if len(members) > 1:
        message = Said("the archive holds several tables: {names}", names=listed(members))
        remedy = Said("Pack one table, or name them after what they hold")
        problem = Finder(source.name).error(message, remedy)
        return RawTable(source.name, source.folder, pd.DataFrame(), (problem,))
    return read_member(source, members[0], encoding, sheet, refused)


def place(source: Source) -> tuple[str, Path | None]:
    """The name of the file without its folder, and the folder if it has one."""
    if isinstance(source, Query):
        return source.name, None
    if isinstance(source, tuple):
        return Path(source[0]).name[:_LONGEST_NAME] or "file", None
    return Path(source).name, Path(source).parent


def members_of(source: Opened) -> tuple[Member, ...] | RawTable:
    """The tables in a file, unpacked; an empty table with the problem where that fails."""
    try:
        check_size(os.fstat(source.file.fileno()).st_size, source.most)
        return unpack(source.name, source.file.read(), source.most)
    except (OSError, ValueError) as error:
        return unreadable((source.name, b""), error, source.folder)


def unreadable(source: Source, error: Exception, folder: Path | None = None) -> RawTable:
    """An empty table with the problem."""
    file, its = place(source)
    problem = _unreadable(error, Finder(file))
    return RawTable(file, folder or its, pd.DataFrame(), (problem,))


def read_member(
    source: Opened,
    member: Member,
    encoding: str | None,
    sheet: str,
    refused: frozenset[FixName],
) -> RawTable:
    """Read one table out of a file that is unpacked already."""
    finder = Finder(source.name if len(member.packing) < 1 else member.name, refused)
    frame, found, form = _table(member, finder, encoding, sheet, source.most)
    problems = list(found)
    if any(problem.severity == "error" for problem in problems):
        frame = pd.DataFrame()
    elif frame.empty:
        message = Said("the file has a header but no rows")
        problems.append(finder.error(message, Said("Export it again")))
    frame, more = without_non_rows(frame, finder)
    return RawTable(finder.file, source.folder, frame, (*problems, *more), form)


def _unreadable(error: Exception, finder: Finder) -> Problem:
    if isinstance(error, FileNotFoundError):
        return finder.error(Said("there is no such file"), _PATH)
    if isinstance(error, ArchiveError):
        return finder.error(said_by(error), _REMEDY)
    why = (error.strerror if isinstance(error, OSError) else "") or error
    return finder.error(Said("the file cannot be read: {why}", why=why), _PATH)


def _table(
    member: Member, finder: Finder, encoding: str | None, sheet: str, most: int
) -> tuple[pd.DataFrame, Iterable[Problem], Form]:
    content, size = member.content, len(member.content)
    if content.startswith(PARQUET):
        frame, problems = read_parquet(content, finder, most)
        frame, more = tamed(frame, finder)
        return frame, [*problems, *more], Form("Parquet", member.packing, size=size)
    if content.startswith(OLE) or is_workbook(content):
        frame, problems, sheets = read_workbook(content, finder, sheet)
        frame, more = tamed(frame, finder)
        form = Form("workbook", member.packing, sheets=sheets, size=size)
        return frame, [*problems, *more], form
    if (kind := _foreign(content)) is not None:
        message = Said("this is {kind}, no table", kind=kind)
        return pd.DataFrame(), [finder.error(message, _REMEDY)], Form()
    decoded = to_utf8(content, finder, encoding)
    form = Form("text", member.packing, decoded.encoding, size=size)
    if any(problem.severity == "error" for problem in decoded.problems):
        return pd.DataFrame(), decoded.problems, form
    frame, problems, separator = read_delimited(decoded.content, finder)
    form = Form("text", member.packing, decoded.encoding, separator, size=size)
    return frame, [*decoded.problems, *problems], form


def _foreign(content: bytes) -> Said | None:
    for pattern, kind in _FOREIGN:
        if re.match(pattern, content[:1000], re.IGNORECASE):
            return kind
    return None


def tamed(frame: pd.DataFrame, finder: Finder) -> tuple[pd.DataFrame, list[Problem]]:
    """The frame with cells that no table needs cut or cleaned, and where they were."""
    if frame.empty:
        return frame, []
    table = pa.Table.from_pandas(frame, preserve_index=False)
    table, problems = tame(table, frame.index.to_numpy(), finder)
    tamed = table.replace_schema_metadata(None).to_pandas()
    tamed.index = frame.index
    return tamed, problems
