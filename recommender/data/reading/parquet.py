"""Parquet files as frames of text."""

from __future__ import annotations

from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from recommender.data.limits import MAX_CELLS, MAX_COLUMNS
from recommender.data.problems import Finder, Problem
from recommender.data.reading.headers import one_line
from recommender.said import Said

PARQUET: Final = b"PAR1"
_EXACT: Final = {16: 2**11, 32: 2**24, 64: 2**53}
"""Bits of a float to the whole number up to which it tells all apart."""
_AS_CODES: Final = {"PLAIN", "RLE", "BIT_PACKED", "PLAIN_DICTIONARY", "RLE_DICTIONARY"}


def read_parquet(content: bytes, finder: Finder, most: int) -> tuple[pd.DataFrame, list[Problem]]:
    """The rows as text, numbered from 1, and what is wrong with them.

    They are counted first: as text they may have `most` bytes.
    """
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        if too_much := _too_much(file, most):
            return pd.DataFrame(), [finder.error(too_much, Said("Leave out what is not needed"))]
        table = pq.read_table(pa.BufferReader(content), read_dictionary=_texts(file))
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        message = Said("the Parquet file is damaged: {why}", why=str(error).rstrip("."))
        return pd.DataFrame(), [finder.error(message, Said("Write or upload it again"))]
    return _as_frame(table, finder, most)


def _too_much(file: pq.ParquetFile, most: int) -> Said | None:
    """What is more than can be read, as far as the file says it itself; None if nothing is."""
    width, rows = len(file.schema_arrow.names), file.metadata.num_rows
    if width > MAX_COLUMNS:
        return Said("the file has {n} columns; at most {most} are read", n=width, most=MAX_COLUMNS)
    if rows * width > min(MAX_CELLS, most):
        return Said(
            "the file has {rows} rows of {columns} columns, more than can be read",
            rows=rows,
            columns=width,
        )
    columns = range(len(file.schema))
    values = [sum(chunk.num_values for chunk in _chunks(file, i)) for i in columns]
    if sum(values) > min(MAX_CELLS, most):
        return Said("the file has {n} values in its lists, more than can be read", n=sum(values))
    groups = range(file.metadata.num_row_groups)
    size = sum(file.metadata.row_group(i).total_byte_size for i in groups)
    fixed = sum(values[i] * max(file.schema.column(i).length, 0) for i in columns)
    if max(size, fixed) > most:
        return Said("the file holds more than {most} GB", most=f"{most / 1e9:g}")
    return None


def _chunks(file: pq.ParquetFile, column: int) -> list[pq.ColumnChunkMetaData]:
    groups = range(file.metadata.num_row_groups)
    return [file.metadata.row_group(i).column(column) for i in groups]


def _texts(file: pq.ParquetFile) -> list[str]:
    """Columns of texts, which are read as codes: a few bytes can say a long text a million times.

    Those whose texts are written as differences cannot be.
    """
    found = []
    for i in range(len(file.schema)):
        column = file.schema.column(i)
        written = {name for chunk in _chunks(file, i) for name in chunk.encodings}
        is_text = column.physical_type == "BYTE_ARRAY" and column.logical_type.type != "DECIMAL"
        if is_text and written <= _AS_CODES:
            found.append(column.path)
    return found


def _as_frame(table: pa.Table, finder: Finder, most: int) -> tuple[pd.DataFrame, list[Problem]]:
    columns: dict[str, pa.ChunkedArray] = {}
    problems: list[Problem] = []
    left = most
    for i, name in enumerate(table.column_names):
        if name.startswith("__index_level_"):
            continue
        short = one_line(name)
        if short in columns or not short:
            short = f"{short} ({i + 1})".strip()
            message = Said("the name stands over several columns")
            problems.append(finder.note(message, column=short))
        column, found = _whole(table.column(i), finder, short)
        problems += found
        size = _spelled_out(column)
        try:
            columns[short] = pc.fill_null(_as_text(column, size, left), "")
            left -= size
        except MemoryError:
            raise
        except (pa.ArrowException, UnicodeDecodeError, OverflowError):
            kind = str(table.schema.field(i).type)[:100]
            message = Said("values of type {kind} are not used", kind=kind)
            problems.append(finder.note(message, column=name))
    frame = pa.table(columns).to_pandas()
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return frame, problems


def _whole(
    column: pa.ChunkedArray, finder: Finder, name: str
) -> tuple[pa.ChunkedArray, list[Problem]]:
    """Whole numbers that a blank cell made floats, as whole numbers again."""
    if not pa.types.is_floating(column.type) or not len(column):
        return column, []
    numbers = pc.if_else(pc.is_nan(column), None, column)
    same = pc.equal(numbers, pc.floor(numbers))
    if not pc.all(same).as_py():  # None where all are blank
        return column, []
    most = _EXACT[column.type.bit_width]
    if pc.max(pc.abs(numbers)).as_py() < most:
        return numbers.cast(pa.int64()), []
    message = Said(
        "whole numbers as floats of {bits} bits are not exact from {most} on: different ones may "
        "have become one",
        bits=column.type.bit_width,
        most=most,
    )
    remedy = Said("Write the column as whole numbers or as text")
    return column, [finder.note(message, remedy, column=name)]


def _as_text(column: pa.ChunkedArray, size: int, most: int) -> pa.ChunkedArray:
    """Cells as text. Raises OverflowError if they take too much memory, ArrowException if not."""
    if size > most:
        raise OverflowError
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_fixed_size_list(column.type):  # vectors, as other tools write them
        column = column.cast(pa.list_(column.type.value_type))
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        return pc.binary_join(column.cast(pa.list_(pa.string())), "|")
    return column.cast(pa.large_string())


def _spelled_out(column: pa.ChunkedArray) -> int:
    """Bytes of the texts of which the column, or the lists in it, has the codes."""
    while _is_list(column.type):
        column = pc.list_flatten(column)
    if not pa.types.is_dictionary(column.type):
        return 0
    size = 0
    for chunk in column.chunks:
        if _is_text(chunk.type.value_type):
            lengths = pc.binary_length(chunk.dictionary).cast(pa.int64())
            size += pc.sum(pc.take(lengths, chunk.indices)).as_py() or 0
    return size


def _is_list(kind: pa.DataType) -> bool:
    types = pa.types
    return types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)


def _is_text(kind: pa.DataType) -> bool:
    types = pa.types
    wide = types.is_large_string(kind) or types.is_large_binary(kind)
    return wide or types.is_string(kind) or types.is_binary(kind)
