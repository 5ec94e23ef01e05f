"""CSV and its cousins: text with separators as a frame of text."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from jaxtyping import Int

from recommender.data.baskets import baskets
from recommender.data.dialects import dialect_of
from recommender.data.limits import MAX_COLUMNS
from recommender.data.problems import Finder, Problem
from recommender.data.quoting import are_text, looks_odd, with_odd_quotes
from recommender.data.reading.cells import tame
from recommender.data.reading.headers import named_columns
from recommender.said import Said

MAX_RAGGED: Final = 0.05
"""Share of rows with too many or too few cells above which the file is refused."""

_BLOCK: Final = 1 << 25


@dataclass(eq=False)
class _Parsed:
    """The table with its header as the first row, and the rows that do not fit it."""

    table: pa.Table
    ragged: list[Any]
    lines: Int[np.ndarray, " row"]
    """Line of each row of the table."""
    ragged_lines: Int[np.ndarray, " ragged"]


@dataclass(eq=False)
class _Collector:
    rows: list[Any] = field(default_factory=list)

    def __call__(self, row: Any) -> str:
        self.rows.append(row)
        return "skip"


def read_delimited(content: bytes, finder: Finder) -> tuple[pd.DataFrame, list[Problem], str]:
    """The rows as text, indexed by line number, what is wrong with them, and the separator.

    Rows with too many or too few cells are left out and reported: to guess which cell is
    missing could put values under wrong names.
    """
    if not content.strip():
        remedy = Said(
            "Export it again: the first line names the columns, each further line is a row"
        )
        return pd.DataFrame(), [finder.error(Said("the file is empty"), remedy)], ""
    dialect = dialect_of(content, finder)
    if (of_baskets := baskets(dialect, finder)) is not None:
        return *of_baskets, dialect.shown
    skipped, content, separator = dialect.skipped, dialect.content, dialect.separator
    try:
        wide = _width(content, separator)
    except csv.Error:
        return pd.DataFrame(), [_open_for_long(finder)], separator
    if wide > MAX_COLUMNS:
        message = Said(
            "the file has {n} columns; at most {most} are read", n=wide, most=MAX_COLUMNS
        )
        problem = finder.error(message, Said("Leave out what is not needed"))
        return pd.DataFrame(), [problem], separator
    try:
        parsed, of_quotes = _parse_quotes(content, separator, skipped, finder)
    except pa.ArrowInvalid as error:
        return pd.DataFrame(), [_unreadable(error, finder)], separator
    header = [str(column[0]).strip() for column in parsed.table.columns]
    body = parsed.table.slice(1).rename_columns([str(i) for i in range(len(header))])
    body, problems = tame(body, parsed.lines[1:], finder, controls=False)
    frame = body.to_pandas()
    frame.index = pd.Index(parsed.lines[1:])
    problems += [*dialect.problems, *of_quotes, *_ragged_problems(parsed, len(header), finder)]
    problems += [] if of_quotes else _open_quote(frame, content, finder)
    if parsed.ragged and not finder.accepts("ragged"):
        frame = pd.concat([frame, _fitted(parsed, len(header), separator)]).sort_index()
    frame, named = named_columns(frame[~_blank(frame)], header, finder)
    return frame, problems + named, dialect.shown


def _width(content: bytes, separator: str) -> int:
    """How many columns the header has; a name in quotes may hold line breaks.

    Raises csv.Error for a name of more than 131,072 letters.
    """
    text = io.TextIOWrapper(io.BytesIO(content), "utf-8", errors="replace", newline="")
    return len(next(csv.reader(text, delimiter=separator), []))


def _fitted(parsed: _Parsed, width: int, separator: str) -> pd.DataFrame:
    """The rows that do not fit, filled up with blanks or cut to the header's length."""
    cells = [
        next(csv.reader(io.StringIO(row.text), delimiter=separator), []) for row in parsed.ragged
    ]
    rows = [(row + [""] * width)[:width] for row in cells]
    columns = [str(i) for i in range(width)]
    return pd.DataFrame(rows, columns=columns, index=parsed.ragged_lines, dtype="str")


def _parse_quotes(
    content: bytes, separator: str, skipped: int, finder: Finder
) -> tuple[_Parsed, list[Problem]]:
    """The table, and what its quotes are where they do not just stand around cells.

    A quote that is not closed takes all up to the next one into its cell, without a word; it shows
    where without quotes all rows fit.
    """
    if not looks_odd(content, separator):
        return _parse(content, separator, skipped), []
    parsed = _parse(content, separator, skipped, quoted=False)
    odd = with_odd_quotes(parsed.table)
    if parsed.ragged or not odd.any():
        return _parse(content, separator, skipped), []
    lines = parsed.lines[odd]
    found = Said("double quotes in {n} line{|s} do not close at the end of a cell", n=len(lines))
    if are_text(separator):
        problem = finder.fixed("quotes", lines, Said("{found} and", found=found))
        again = finder.accepts("quotes")
        return (parsed if again else _parse(content, separator, skipped)), [problem]
    whole = _parse(content, separator, skipped)
    if whole.table.num_rows == parsed.table.num_rows:
        return whole, []
    remedy = Said("Close the quotes or remove them")
    return whole, [
        finder.in_rows("error", lines, Said("{found}; rows are lost in it", found=found), remedy)
    ]


def _parse(content: bytes, separator: str, skipped: int, quoted: bool = True) -> _Parsed:
    collector = _Collector()
    # A column not named here would be guessed at.
    text = {f"f{i}": pa.string() for i in range(MAX_COLUMNS)}
    table = pa_csv.read_csv(
        io.BytesIO(content),
        # Row numbers of ragged rows are known on one thread only; it is fast enough.
        pa_csv.ReadOptions(use_threads=False, block_size=_BLOCK, autogenerate_column_names=True),
        pa_csv.ParseOptions(
            delimiter=separator,
            quote_char='"' if quoted else False,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=collector,
        ),
        pa_csv.ConvertOptions(column_types=text, strings_can_be_null=False),
    )
    lines = _line_numbers(table, collector.rows, content) + skipped
    ragged = np.array([row.number - 1 for row in collector.rows], dtype=np.int64)
    valid = np.ones(len(lines), dtype=bool)
    valid[ragged] = False
    return _Parsed(table, collector.rows, lines[valid], lines[ragged])


def _line_numbers(table: pa.Table, ragged: list[Any], content: bytes) -> np.ndarray:
    """The line on which each row begins; quoted cells may hold several lines."""
    rows = table.num_rows + len(ragged)
    mark = "\n" if b"\n" in content else "\r"
    if content.count(mark.encode()) == rows:
        return np.arange(1, rows + 1)
    more = np.zeros(rows, dtype=np.int64)
    wrong = [row.number - 1 for row in ragged]
    more[wrong] = [row.text.count(mark) for row in ragged]
    valid = np.ones(rows, dtype=bool)
    valid[wrong] = False
    for column in table.columns:
        more[valid] += pc.count_substring(column, mark).to_numpy()
    return np.asarray(np.arange(1, rows + 1) + np.cumsum(more) - more)


def _blank(frame: pd.DataFrame) -> np.ndarray:
    """Rows of nothing but separators, which spreadsheets leave at the end."""
    blank = np.ones(len(frame), dtype=bool)
    for name in frame:
        if not blank.any():
            break
        blank &= (frame[name] == "").to_numpy()
    return blank


def _ragged_problems(parsed: _Parsed, width: int, finder: Finder) -> list[Problem]:
    if not parsed.ragged:
        return []
    first = parsed.ragged[0]
    found = Said(
        "{n} row{|s} {has|have} more or fewer cells than the {columns} column{|s} of the header "
        "(the first has {cells})",
        n=len(parsed.ragged_lines),
        columns=width,
        cells=str(first.actual_columns),
    )
    if finder.accepts("ragged") and len(parsed.ragged) > MAX_RAGGED * len(parsed.lines) + 1:
        remedy = Said(
            "Check the separator, and put cells that contain it in double quotes; if only blank "
            "cells at the end of rows are missing, refuse this fix (ragged) to have them filled up"
        )
        problem = finder.in_rows("error", parsed.ragged_lines, found, remedy)
        return [replace(problem, fix="ragged")]
    remedy = Said("Put cells that contain the separator in double quotes")
    found = Said("{found} and", found=found)
    return [finder.fixed("ragged", parsed.ragged_lines, found, remedy)]


def _open_quote(frame: pd.DataFrame, content: bytes, finder: Finder) -> list[Problem]:
    """A quote that is never closed swallows the rest of the file without a word."""
    if content.count(b'"') % 2 == 0 or not len(frame):
        return []
    longest = max(str(cell).count("\n") for cell in frame.iloc[-1])
    if longest < 2:
        return []
    message = Said(
        "a double quote that is not closed takes the last {lines} lines into one cell",
        lines=str(longest),
    )
    remedy = Said("Close the quote or remove it")
    return [finder.in_rows("error", frame.index[-1:], message, remedy)]


def _open_for_long(finder: Finder) -> Problem:
    return finder.error(
        Said("a double quote is opened and not closed for many lines"),
        Said("Close the quote or remove it; inside a quoted cell a quote is written twice"),
    )


def _unreadable(error: Exception, finder: Finder) -> Problem:
    if "straddling" in str(error):
        return _open_for_long(finder)
    message = Said("the file is no readable table: {why}", why=error)
    return finder.error(message, Said("Export it again as CSV"))
