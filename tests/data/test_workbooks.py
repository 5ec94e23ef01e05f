"""Workbooks: one sheet of them, with dates as dates, read where it can harm nobody."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pytest

from recommender.data import ReadOptions, TableError, read_file, read_tables
from tests.hostile.generator import _far_cell


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


ORDERS: list[list[object]] = [
    ["user_id", "item_id", "time", "price"],
    [17850, "007", datetime(2024, 1, 2, 3, 4, 5), 2.5],
    [17851, "008", datetime(2024, 1, 3), None],
]


def test_numbers_ids_and_dates_are_as_a_person_sees_them() -> None:
    frame = read_file(("orders.xlsx", workbook(Orders=ORDERS))).frame
    assert frame.to_numpy().tolist() == [
        ["17850", "007", "2024-01-02 03:04:05", "2.5"],
        ["17851", "008", "2024-01-03", ""],
    ]
    assert frame.index.tolist() == [2, 3]


def test_the_sheet_that_was_chosen_is_read_and_the_others_are_named() -> None:
    content = workbook(Empty=[], Orders=ORDERS, Other=[["user_id", "item_id"], ["a", "b"]])
    first = read_tables(("orders.xlsx", content))
    assert set(first.users["user_id"]) == {"17850", "17851"}
    assert "'Orders' was read, not 'Empty', 'Other'" in first.notes[0]
    chosen = ReadOptions(sheets={"interactions": "Other"})
    assert read_tables(("orders.xlsx", content), options=chosen).users["user_id"].tolist() == ["a"]


def test_a_sheet_that_is_not_there_is_an_error_with_those_that_are() -> None:
    with pytest.raises(TableError, match="the sheets are: Orders"):
        read_tables(
            ("orders.xlsx", workbook(Orders=ORDERS)),
            options=ReadOptions(sheets={"interactions": "Nope"}),
        )


def test_a_workbook_that_asks_for_all_memory_is_refused() -> None:
    (problem,) = read_file(("far.xlsx", _far_cell())).problems
    assert problem.severity == "error"
