"""What is packed: unpacked in memory, within limits, and nothing that it names is touched."""

from __future__ import annotations

import gzip
import io
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recommender.data import read_file, read_tables
from recommender.data.limits import MAX_RATIO
from recommender.data.reading.archives import ArchiveError, unpack

TABLE = b"user_id,item_id\nann,lamp\nbob,rug\n"
MUCH = 10**9


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


def test_a_file_that_is_not_packed_is_itself() -> None:
    (member,) = unpack("table.csv", TABLE, MUCH)
    assert (member.name, member.content, member.packing) == ("table.csv", TABLE, ())


def test_packings_are_named_from_the_outside_in() -> None:
    (member,) = unpack("table.zip", zipped(table__csv__gz=gzip.compress(TABLE)), MUCH)
    assert (member.name, member.content, member.packing) == ("table.csv", TABLE, ("zip", "gzip"))


def test_what_systems_leave_in_a_zip_is_no_table() -> None:
    files = {
        "__MACOSX/._table.csv": b"x",
        ".DS_Store": b"x",
        "README.txt": b"x",
        "folder/table.csv": TABLE,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    assert [member.name for member in unpack("table.zip", out.getvalue(), MUCH)] == ["table.csv"]


def test_chinese_names_without_a_mark_are_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("placeholder.csv", TABLE)
    name = "订单订单订1.csv".encode("gb18030")
    content = out.getvalue().replace(b"placeholder.csv", name)
    (member,) = unpack("table.zip", content, MUCH)
    assert member.name.startswith("订单")


def test_more_than_is_allowed_is_noticed_while_it_unpacks() -> None:
    with pytest.raises(ArchiveError, match=r"holds more than 0\.05 MB"):
        unpack("table.csv.gz", gzip.compress(bytes(range(256)) * 1_000), 50_000)


def test_two_files_in_a_zip_share_one_limit() -> None:
    content = zipped(a__csv=bytes(range(200)) * 200, b__csv=bytes(range(200)) * 200)
    assert len(unpack("table.zip", content, 90_000)) == 2
    with pytest.raises(ArchiveError, match="holds more than"):
        unpack("table.zip", content, 70_000)


def test_a_bomb_is_known_by_its_ratio() -> None:
    with pytest.raises(ArchiveError, match=f"{MAX_RATIO} times"):
        unpack("table.csv.gz", gzip.compress(bytes(30_000_000)), MUCH)


def test_three_tables_come_out_of_one_zip() -> None:
    content = zipped(
        order_items__csv=TABLE,
        products__csv=b"item_id,title\nlamp,Desk lamp\nrug,Wool rug\n",
        customers__csv=b"user_id,region\nann,north\nbob,south\n",
    )
    tables = read_tables(("shop.zip", content))
    assert tables.items["title"].tolist() == ["Desk lamp", "Wool rug"]
    assert tables.users["region"].tolist() == ["north", "south"]


def test_an_items_file_goes_before_the_one_in_the_zip() -> None:
    content = zipped(events__csv=TABLE, items__csv=b"item_id,title\nlamp,Old\n")
    own = ("items.csv", b"item_id,title\nlamp,New\nrug,Rug\n")
    tables = read_tables(("shop.zip", content), own)
    assert tables.items["title"].tolist() == ["New", "Rug"]
    assert any("not read: items.csv" in note for note in tables.notes)


def test_several_tables_are_too_many_for_one() -> None:
    table = read_file(("shop.zip", zipped(a__csv=TABLE, b__csv=TABLE)))
    assert "several tables: a.csv, b.csv" in str(table.problems[0])


def test_how_the_file_is_written_is_told() -> None:
    form = read_file(("t.csv.gz", gzip.compress(TABLE.replace(b",", b";")))).form
    assert (form.format, form.packing, form.encoding, form.separator) == (
        "text",
        ("gzip",),
        "utf-8",
        ";",
    )
    assert form.size == len(TABLE)


def test_one_long_text_said_a_million_times_is_not_spelled_out() -> None:
    codes = pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(100_000, dtype=np.int32)), pa.array(["x" * 1_000_000])
    )
    out = io.BytesIO()
    pq.write_table(pa.table({"user_id": codes, "item_id": pa.array(["a"] * 100_000)}), out)
    assert len(out.getvalue()) < 1_000_000
    table = read_file(("table.parquet", out.getvalue()))
    assert list(table.frame.columns) == ["item_id"]
    assert "not used" in str(table.problems[0])


def test_names_of_columns_are_one_line_of_what_can_be_printed() -> None:
    out = io.BytesIO()
    pq.write_table(pa.table({"user\n\x07 id": ["a"], "item_id": ["b"]}), out)
    assert list(read_file(("t.parquet", out.getvalue())).frame.columns) == ["user id", "item_id"]
