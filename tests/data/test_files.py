from __future__ import annotations

import gzip
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.data import RawTable, read_file

PLAIN = "user_id,item_id,title\n007,NA,Café\n008,x,Thé\n"
EXPECTED = [["007", "NA", "Café"], ["008", "x", "Thé"]]


def read(content: bytes | str) -> RawTable:
    return read_file(("table.csv", content.encode() if isinstance(content, str) else content))


def errors(table: RawTable) -> list[str]:
    return [str(problem) for problem in table.problems if problem.severity == "error"]


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.encode("latin-1"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-be"),
        PLAIN.encode("utf-32"),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace(",", "|").encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.rstrip("\n").encode(),
        gzip.compress(PLAIN.encode(), mtime=0),
        ("sep=;\r\n" + PLAIN.replace(",", ";")).encode(),
        ("\n\n" + PLAIN + "\n\n").encode(),
    ],
    ids=[
        "utf-8",
        "utf-8 with mark",
        "latin-1",
        "utf-16",
        "utf-16 without mark",
        "utf-32",
        "semicolon",
        "tab",
        "pipe",
        "windows lines",
        "old mac lines",
        "no last newline",
        "gzip",
        "excel separator line",
        "blank lines around",
    ],
)
def test_same_table_however_it_is_written(content: bytes) -> None:
    table = read(content)
    assert list(table.frame.columns) == ["user_id", "item_id", "title"]
    assert table.frame.to_numpy().tolist() == EXPECTED
    assert not errors(table)


def test_chinese_national_encoding_is_recognised() -> None:
    table = read("用户编号,商品编号\n张三,苹果\n李四,香蕉\n".encode("gb18030"))
    assert table.frame.to_numpy().tolist() == [["张三", "苹果"], ["李四", "香蕉"]]
    assert "read as gb18030" in table.problems[0].message


def test_encoding_can_be_told() -> None:
    table = read_file(("table.csv", "товар\nмолоко\n".encode("cp1251")), encoding="cp1251")
    assert table.frame["товар"].tolist() == ["молоко"]


def test_encoding_that_does_not_fit_is_an_error() -> None:
    table = read_file(("table.csv", PLAIN.encode("latin-1")), encoding="utf-8")
    assert "cannot be read as utf-8" in errors(table)[0]


def test_one_broken_byte_does_not_change_the_encoding() -> None:
    table = read(PLAIN.encode() * 1 + "009,y,Th\u00e9\n".encode() * 200 + b"010,z,\xff\n")
    assert table.frame["title"].iloc[0] == "Café"
    assert table.problems[0].severity == "repaired"
    assert table.problems[0].rows == (204,)


def test_upload_and_path_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(PLAIN, encoding="utf-8")
    assert read_file(path).frame.equals(read(PLAIN).frame)
    assert read_file(str(path)).folder == tmp_path


def test_parquet_becomes_text_with_blanks_for_what_is_missing() -> None:
    content = io.BytesIO()
    pd.DataFrame(
        {
            "id": [7, 8],
            "price": [2.5, None],
            "time": pd.to_datetime(["2024-01-01 10:00:00", "2024-01-02 00:00:00"]),
            "tags": [["a", "b"], None],
            "kind": pd.Categorical(["x", "y"]),
        }
    ).to_parquet(content)
    frame = read(content.getvalue()).frame
    assert frame["id"].tolist() == ["7", "8"]
    assert frame["price"].tolist() == ["2.5", ""]
    assert frame["time"].str[:19].tolist() == ["2024-01-01 10:00:00", "2024-01-02 00:00:00"]
    assert frame["tags"].tolist() == ["a|b", ""]
    assert frame["kind"].tolist() == ["x", "y"]
    assert frame.index.tolist() == [1, 2]


def test_ragged_rows_are_left_out_and_named_by_line() -> None:
    rows = "".join(f"u{i},i{i}\n" for i in range(60))
    table = read("user_id,item_id\na,b,too many\n" + rows + "too few\n")
    assert table.frame["user_id"].tolist() == [f"u{i}" for i in range(60)]
    (problem,) = table.problems
    assert (problem.severity, problem.count, problem.rows) == ("repaired", 2, (2, 63))


def test_mostly_ragged_rows_are_an_error() -> None:
    table = read("user_id,item_id\n" + "a,b,c\n" * 5)
    assert table.frame.empty
    assert "5 rows have more or fewer cells than the 2 columns" in errors(table)[0]


def test_lines_are_counted_through_quoted_line_breaks() -> None:
    table = read('a,b\n"x\ny",1\n"p\nq\nr",2\nz,3\n')
    assert table.frame.index.tolist() == [2, 4, 7]
    assert table.frame["a"].tolist() == ["x\ny", "p\nq\nr", "z"]


def test_line_of_a_ragged_row_after_quoted_line_breaks() -> None:
    table = read('a,b\n"x\ny",1\n1,2,3\n' + "1,2\n" * 40)
    assert table.problems[0].rows == (4,)


@pytest.mark.parametrize("content", ["", "\n\n  \n"])
def test_empty_file_is_an_error(content: str) -> None:
    assert errors(read(content)) == [
        "table.csv: the file is empty. Export it again: the first line names the columns, "
        "each further line is a row"
    ]


@pytest.mark.parametrize("content", ["user_id,item_id", "user_id,item_id\n", "a,b\n,\n,\n"])
def test_header_only_is_an_error(content: str) -> None:
    assert "has a header but no rows" in errors(read(content))[0]


def test_values_in_place_of_a_header_are_an_error() -> None:
    assert "the first line holds values" in errors(read("1,2,3.5\n4,5,6\n"))[0]


def test_second_column_of_a_name_gets_another() -> None:
    table = read("a,a,b\n1,2,3\n")
    assert list(table.frame.columns) == ["a", "a (2)", "b"]
    assert table.problems[0].column == "a"


def test_row_numbers_without_a_name_are_dropped() -> None:
    assert list(read(",a,b\n0,x,y\n1,z,w\n").frame.columns) == ["a", "b"]


def test_column_without_a_name_that_says_something_stays() -> None:
    assert list(read("a,,b\nx,p,y\nz,q,w\n").frame.columns) == ["a", "column 2", "b"]


def test_separators_at_the_end_of_every_line_do_no_harm() -> None:
    assert list(read("a,b,\n1,2,\n3,4,\n").frame.columns) == ["a", "b"]


def test_null_bytes_are_removed_and_counted() -> None:
    table = read("a,b\nx\0,y\n" + "1,2\n" * 100)
    assert table.frame["a"].iloc[0] == "x"
    assert table.problems[0].rows == (2,)


def test_open_quote_is_an_error_with_its_line() -> None:
    table = read('a,b\n1,2\n1,"2\n' + "3,4\n" * 5)
    assert "quote" in errors(table)[0]
    assert table.problems[0].rows == (3,)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 a workbook", "zip file cannot be unpacked"),
        (b"PAR1 no parquet", "Parquet file is damaged"),
        (b"\x1f\x8b no gzip", "gzip file cannot be unpacked"),
        (gzip.compress(PLAIN.encode(), mtime=0)[:-12], "gzip file cannot be unpacked"),
        (bytes(range(256)) * 20, "no table of text"),
    ],
)
def test_what_is_no_table_is_an_error(content: bytes, said: str) -> None:
    assert said in errors(read(content))[0]


@settings(max_examples=60)
@given(
    st.integers(0, 50),
    st.integers(0, 20),
    st.binary(max_size=8),
    st.sampled_from(["utf-8", "utf-16"]),
)
def test_damage_anywhere_is_reported_never_raised(
    start: int, cut: int, noise: bytes, encoding: str
) -> None:
    content = PLAIN.encode(encoding)
    table = read(content[:start] + noise + content[start + cut :])
    assert table.frame.index.is_unique
    assert table.frame.columns.is_unique
    assert table.frame.empty == bool(errors(table))


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    assert "there is no such file" in errors(read_file(tmp_path / "nothing.csv"))[0]


def test_folder_is_an_error(tmp_path: Path) -> None:
    assert "cannot be read" in errors(read_file(tmp_path))[0]


def test_gzip_that_unpacks_to_too_much_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommender.data.reading.process_client.MAX_UPLOAD_UNPACKED", 1000)
    assert "it holds more than" in errors(read(gzip.compress(b"a" * 2000)))[0]
