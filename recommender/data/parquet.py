"""Parquet files as frames of text."""

from __future__ import annotations

from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from recommender.data.headers import one_line
from recommender.data.limits import MAX_BYTES, MAX_CELLS, MAX_COLUMNS
from recommender.data.problems import Finder, Problem

PARQUET: Final = b"PAR1"


def read_parquet(content: bytes, finder: Finder) -> tuple[pd.DataFrame, list[Problem]]:
    """The rows as text, numbered from 1, and what is wrong with them."""
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        width, rows = len(file.schema_arrow.names), file.metadata.num_rows
        if width > MAX_COLUMNS:
            message = f"the file has {width:,} columns; at most {MAX_COLUMNS:,} are read"
            return pd.DataFrame(), [finder.error(message, "Leave out what is not needed")]
        if rows * width > MAX_CELLS:
            message = f"the file has {rows:,} rows of {width:,} columns, more than can be read"
            return pd.DataFrame(), [finder.error(message, "Leave out what is not needed")]
        groups = range(file.metadata.num_row_groups)
        if sum(file.metadata.row_group(i).total_byte_size for i in groups) > MAX_BYTES:
            message = f"the file holds more than {MAX_BYTES / 1e9:g} GB"
            return pd.DataFrame(), [finder.error(message, "Leave out what is not needed")]
        table = _small(content, file.schema_arrow)
    except (pa.ArrowException, OSError, ValueError) as error:
        message = f"the Parquet file is damaged: {str(error).rstrip('.')}"
        return pd.DataFrame(), [finder.error(message, "Write or upload it again")]
    return _as_frame(table, finder)


def _small(content: bytes, schema: pa.Schema) -> pa.Table:
    """The table with text as codes: a few bytes can say a long text a million times."""
    text = [field.name for field in schema if pa.types.is_string(field.type)]
    return pq.read_table(pa.BufferReader(content), read_dictionary=text)


def _as_frame(table: pa.Table, finder: Finder) -> tuple[pd.DataFrame, list[Problem]]:
    columns: dict[str, pa.ChunkedArray] = {}
    problems: list[Problem] = []
    for i, name in enumerate(table.column_names):
        if name.startswith("__index_level_"):
            continue
        short = one_line(name)
        if short in columns or not short:
            short = f"{short} ({i + 1})".strip()
            problems.append(finder.note("the name stands over several columns", column=short))
        try:
            columns[short] = pc.fill_null(_as_text(table.column(i)), "")
        except (pa.ArrowException, UnicodeDecodeError, OverflowError):
            message = f"values of type {table.schema.field(i).type} are not used"
            problems.append(finder.note(message, column=name))
    frame = pa.table(columns).to_pandas()
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return frame, problems


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = _spelled_out(column)
    if pa.types.is_fixed_size_list(column.type):  # vectors, as other tools write them
        column = column.cast(pa.list_(column.type.value_type))
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        return pc.binary_join(column.cast(pa.list_(pa.string())), "|")
    return column.cast(pa.large_string())


def _spelled_out(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The values in place of their codes. Raises OverflowError if that takes too much memory."""
    size = 0
    for chunk in column.chunks:
        if pa.types.is_string(chunk.type.value_type):
            lengths = pc.binary_length(chunk.dictionary)
            size += pc.sum(pc.take(lengths.cast(pa.int64()), chunk.indices)).as_py() or 0
    if size > MAX_BYTES:
        raise OverflowError
    return column.cast(column.type.value_type)
