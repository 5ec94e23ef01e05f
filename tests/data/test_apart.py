"""What comes from outside is counted before it unfolds, and read by a process with limits."""

from __future__ import annotations

import base64
import io
import os
import resource
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recommender.confined import READING
from recommender.data import ReadOptions, read_file, read_tables
from recommender.data.problems import Finder
from recommender.data.reading.parquet import read_parquet
from recommender.data.reading.sources import gather
from tests.workspace.test_bundles import listing

TABLE = b"user_id,item_id,time\nann,lamp,2024-01-01\nbob,rug,2024-01-02\n"
ROWS = 477_000
LONG = "x" * 10_000


def codes(text: str | bytes, rows: int = ROWS) -> pa.DictionaryArray:
    """One text, so many times."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array([text]))


def parquet(kind: pa.DataType | None = None, **columns: pa.Array) -> bytes:
    """A file that says of its first column, whatever was written, that it is of this kind."""
    table = pa.table(columns)
    if kind is not None:
        said = table.schema.set(0, pa.field(table.column_names[0], kind)).serialize()
        table = table.replace_schema_metadata({"ARROW:schema": base64.b64encode(said)})
    out = io.BytesIO()
    pq.write_table(table, out, store_schema=kind is not None)
    return out.getvalue()


def lists(each: int, rows: int) -> pa.ListArray:
    offsets = pa.array(np.arange(rows + 1, dtype=np.int32) * each)
    return pa.ListArray.from_arrays(offsets, codes(LONG, each * rows))


UNFOLDING: dict[str, Callable[[], bytes]] = {
    "texts": lambda: parquet(user_id=codes(LONG), item_id=codes("a")),
    "large texts": lambda: parquet(pa.large_string(), user_id=codes(LONG), item_id=codes("a")),
    "views": lambda: parquet(pa.string_view(), user_id=codes(LONG), item_id=codes("a")),
    "bytes": lambda: parquet(user_id=codes(LONG.encode()), item_id=codes("a")),
    "large bytes": lambda: parquet(
        pa.large_binary(), user_id=codes(LONG.encode()), item_id=codes("a")
    ),
    "lists": lambda: parquet(tags=lists(4, ROWS // 4), item_id=codes("a", ROWS // 4)),
    "structs": lambda: parquet(
        told=pa.StructArray.from_arrays([codes(LONG)], ["x"]), item_id=codes("a")
    ),
}


@pytest.mark.parametrize("name", UNFOLDING)
def test_a_few_bytes_of_parquet_do_not_become_gigabytes(name: str) -> None:
    content = UNFOLDING[name]()
    assert len(content) < 60_000
    began = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    table = read_file(("few.parquet", content))
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert more < 500_000  # kilobytes; all of it would be five GB
    assert time.monotonic() - began < 60
    assert list(table.frame.columns) == ["item_id"]
    assert ["not used" in problem.message for problem in table.problems] == [True]


def test_bytes_of_one_length_are_counted_before_they_are_unfolded() -> None:
    small = pa.array([bytes(10_000)] * 100, pa.binary(10_000))
    table = pa.table({"user_id": pa.chunked_array([small] * 600)})
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    (problem,) = read_file(("few.parquet", out.getvalue())).problems
    assert problem.message == "the file holds more than 0.5 GB"


def test_values_in_lists_are_counted_before_they_are_unfolded() -> None:
    content = parquet(tags=pa.ListArray.from_arrays([0, 2_000], pa.nulls(2_000, pa.int8())))
    _, (problem,) = read_parquet(content, Finder("few.parquet"), most=1_000)
    assert problem.message == "the file has 2,000 values in its lists, more than can be read"


def test_texts_written_as_differences_are_read() -> None:
    out = io.BytesIO()
    table = pa.table({"user_id": ["ann", "anna"], "item_id": ["a", "b"]})
    pq.write_table(table, out, use_dictionary=False, column_encoding="DELTA_BYTE_ARRAY")
    frame = read_file(("t.parquet", out.getvalue())).frame
    assert frame.to_numpy().tolist() == [["ann", "a"], ["anna", "b"]]


@pytest.mark.parametrize("first", ['"a\nb"', '"a\rb"', '"' + "a\n" * 1_000 + '"'])
def test_columns_are_counted_to_the_end_of_a_header_with_line_breaks(first: str) -> None:
    header = ",".join([first, *(f"c{i}" for i in range(200_000))])
    began = time.monotonic()
    (problem,) = read_file(("wide.csv", f"{header}\n{',' * 200_000}\n".encode())).problems
    assert problem.message == "the file has 200,001 columns; at most 1,000 are read"
    assert time.monotonic() - began < 20


def test_a_name_of_a_column_may_hold_a_line_break() -> None:
    frame = read_file(("table.csv", b'"user\nid",item_id\nann,lamp\n')).frame
    assert list(frame.columns) == ["user id", "item_id"]
    assert frame.index.tolist() == [3]


def test_a_header_that_never_ends_is_refused() -> None:
    content = b'"' + b"a\n" * 100_000 + b'",' + b"b," * 100_000 + b"\n1,2\n"
    (problem,) = read_file(("wide.csv", content)).problems
    assert "a double quote is opened" in problem.message


def test_an_archive_of_too_many_files_is_refused_before_they_are_listed() -> None:
    content = b"PK\x03\x04" + listing(400_000)
    read_file(("t.csv", TABLE))  # the process that reads is there
    began = time.monotonic()
    (problem,) = read_file(("many.zip", content)).problems
    assert problem.message == "it lists more files than are read"
    assert time.monotonic() - began < 3


def test_what_takes_more_memory_than_it_may_is_refused_and_the_next_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RECLENS_READ_MB", "80")
    content = TABLE + b"ann,lamp,2024-01-01\n" * 3_000_000
    (problem,) = read_file(("table.csv", content)).problems
    assert "takes more than 80 MB of memory or 60 s" in problem.message
    assert "RECLENS_READ_MB" in problem.remedy
    assert len(read_file(("table.csv", TABLE)).frame) == 2


def test_what_takes_more_time_than_it_may_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECLENS_READ_SECONDS", "1")
    monkeypatch.setenv("RECLENS_READ_MB", "20000")
    content = TABLE + b"".join(b"u%d,i%d,2024-01-01\n" % (i, i) for i in range(50_000)) * 200
    began = time.monotonic()
    (problem,) = read_file(("table.csv", content)).problems
    assert "20,000 MB of memory or 1 s" in problem.message
    assert time.monotonic() - began < 60


def test_files_that_were_named_by_a_path_may_take_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECLENS_READ_MB", "80")
    content = TABLE + b"ann,lamp,2024-01-01\n" * 3_000_000
    (tmp_path / "table.csv").write_bytes(content)
    assert len(read_file(tmp_path / "table.csv").frame) == 3_000_002


def test_one_file_that_cannot_be_read_does_not_keep_the_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RECLENS_READ_MB", "80")
    much = b"item_id,title\n" + b"lamp,Desk lamp\n" * 4_000_000
    sources = {"interactions": ("a.csv", TABLE), "items": ("b.csv", much), "users": ("c", b"")}
    raw = gather(sources, ReadOptions())  # type: ignore[arg-type]
    assert raw["interactions"].frame["item_id"].tolist() == ["lamp", "rug"]
    assert "takes more than" in raw["items"].problems[0].message
    assert "is empty" in raw["users"].problems[0].message


def test_limits_are_whole_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECLENS_READ_MB", "many")
    with pytest.raises(ValueError, match="RECLENS_READ_MB is 'many'"):
        read_file(("table.csv", TABLE))


def test_the_process_that_reads_is_started_anew_when_it_was_killed() -> None:
    read_file(("table.csv", TABLE))
    assert READING._process is not None
    first = READING._process.pid
    os.kill(first, 9)
    assert len(read_file(("table.csv", TABLE)).frame) == 2
    assert READING._process.pid != first


def test_several_read_side_by_side_and_each_gets_its_own() -> None:
    def read(number: int) -> list[str]:
        content = TABLE.replace(b"ann", b"ann%d" % number)
        return read_tables(("table.csv", content)).users["user_id"].tolist()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read, range(8))) == [[f"ann{n}", "bob"] for n in range(8)]


def test_cells_come_back_as_they_were_read() -> None:
    content = "user_id,item_id,time\nänn,,2024-01-01\n\n007,NA,\n".encode()
    table = read_file(("table.csv", content))
    assert table.frame.to_numpy().tolist() == [["änn", "", "2024-01-01"], ["007", "NA", ""]]
    assert table.frame.index.tolist() == [2, 4]
    assert set(map(str, table.frame.dtypes)) == {"str"}
    assert (table.file, table.folder, table.form.separator) == ("table.csv", None, ",")
    assert isinstance(table.frame, pd.DataFrame)
