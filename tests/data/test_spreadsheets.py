"""No cell of a CSV is a formula wherever the file is opened, and each reads back as it was."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.data import read_tables
from recommender.data.spreadsheets import escaped, to_csv, unescaped

EVIL = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠SUM(A1)",
    "kettle\r=1+1", "kettle\n=1+1", "kettle\r\n=1+1", "kettle;=1+1", "kettle;;-1", "k\t@SUM(A1)",
    "'=1+1", "''=1", "'a;'=b", ";=", "a;'＝1", "=HYPERLINK(\"http://example.org\";\"x\")",
)  # fmt: skip
HARMLESS = ("kettle", "", "'", "'90s music", "a-b", "a; b", "a,-1", "5", "{}'=", "x=1", "it's; -1")
SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def cells(file: bytes, separator: str) -> list[str]:
    """What a program finds that splits by this."""
    text = io.StringIO(file.decode("utf-8-sig"), newline="")
    return [cell for row in csv.reader(text, delimiter=separator) for cell in row]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("cell", EVIL)
def test_nothing_that_a_program_finds_in_a_file_begins_a_formula(cell: str, separator: str) -> None:
    file = to_csv(pd.DataFrame({"title": ["kettle", cell], cell: [cell, "kettle"]}))
    assert [found for found in cells(file, separator) if found.startswith(SIGNS)] == []
    lines = file.decode("utf-8-sig").replace("\r", "\n").split("\n")
    assert [line for line in lines if line.startswith(SIGNS)] == []


@pytest.mark.parametrize("cell", HARMLESS)
def test_what_is_no_formula_is_left_alone(cell: str) -> None:
    assert escaped(cell) == cell == unescaped(cell)


@given(st.text(alphabet="'=+;\t\r\n＝a ", max_size=12))
def test_every_text_reads_back_as_it_was(cell: str) -> None:
    assert unescaped(escaped(cell)) == cell


def test_every_cell_is_quoted() -> None:
    assert to_csv(pd.DataFrame({"n": [1], "t": ["a"]})).decode("utf-8-sig") == '"n","t"\n"1","a"\n'


def test_a_file_that_was_exported_is_read_as_it_was() -> None:
    titles = ["plain", "=1+1", "kettle;=1", "'=1", "a;'＝1", "'90s music", "it's; -1"]
    ids = [f"i{n}" for n in range(len(titles))]
    events = pd.DataFrame({"user_id": "u1", "item_id": ids, "time": range(1, len(ids) + 1)})
    items = pd.DataFrame({"item_id": ids, "title": titles})
    read = read_tables(("events.csv", to_csv(events)), ("items.csv", to_csv(items)))
    assert read.items["title"].tolist() == titles
