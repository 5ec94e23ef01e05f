"""The clean files read back as the same tables, and nothing in them runs in a spreadsheet."""

from __future__ import annotations

import io
import zipfile
from typing import Literal

import pandas as pd
import pytest

from recommender.data import Tables, read_tables
from recommender.data.cleaning.export import cleaned_files, problem_table
from recommender.data.spreadsheets import to_csv
from tests.data.shop import INTERACTIONS, ITEMS, USERS, read

EVIL = ITEMS.replace("Spy watch", "=HYPERLINK(1)").replace("Wool rug", "@SUM(A1)")


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_clean_files_read_back_as_the_same_tables(form: Literal["csv", "parquet"]) -> None:
    tables = read(INTERACTIONS, EVIL, USERS)
    again = read_tables(("clean.zip", cleaned_files(tables, form)))
    pd.testing.assert_frame_equal(again.interactions, tables.interactions)
    pd.testing.assert_frame_equal(again.users, tables.users)
    assert again.items["title"].tolist() == tables.items["title"].tolist()


def test_no_clean_cell_is_a_formula() -> None:
    content = cleaned_files(read(INTERACTIONS, EVIL, USERS), "csv")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("items.csv").decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert not [cell for line in text.splitlines() for cell in line.split(",") if cell[:1] in "=@"]


def test_clean_files_without_time_have_none() -> None:
    content = cleaned_files(read("user_id,item_id\na,b\na,c\n"), "csv")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"time" not in archive.read("interactions.csv").splitlines()[0]


def test_the_report_has_a_row_a_problem_with_its_lines() -> None:
    tables: Tables = read(INTERACTIONS + "ann,007,=never(),view,s9,,\n")
    table = problem_table(tables.problems)
    dated = table[table["fix"] == "undated"].iloc[0]
    assert (dated["state"], dated["lines"], dated["count"]) == ("repaired", "7", 1)
    assert len(table) == len(tables.problems)
    assert not to_csv(table).decode("utf-8-sig").startswith(("=", "+"))
