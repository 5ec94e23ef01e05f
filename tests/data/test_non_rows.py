"""Lines that are no rows are left out, told, and kept where their owner says so."""

from __future__ import annotations

import io

import openpyxl
import pytest

from recommender.data import Tables, read_tables
from tests.data.shop import read

ROWS = "".join(f"u{i % 4},p{i % 3},2024-01-{i + 1:02d},{i % 2 + 1}\n" for i in range(12))
HEADER = "user_id,item_id,time,quantity\n"


def counts(tables: Tables) -> tuple[int, int, int]:
    return len(tables.interactions), len(tables.users), len(tables.items)


@pytest.mark.parametrize(
    "content",
    [
        HEADER + ROWS + HEADER + ROWS.replace("2024", "2023"),
        HEADER + "id,sku,date,pieces\n" + ROWS,
        HEADER + "[string],[string],[datetime],[int]\n" + ROWS,
        HEADER + "用户编号,商品编号,时间,数量\n" + ROWS,
        HEADER + "---,---,---,---:\n" + ROWS,
        HEADER + ROWS + "Total,,,18\n",
        HEADER + ROWS + "Grand Total,All,2024-03-01,18\n",
        HEADER + ROWS + ",,Summe:,18\n",
        HEADER + ROWS + "合计,,,18\n",
        HEADER + ROWS[:57] + "Subtotal,,,9\n" + ROWS[57:] + "Subtotal,,,9\n",
        HEADER + ROWS + "====,====,====,====\nTotal,,,18\n",
    ],
    ids=[
        "names again",
        "units",
        "types",
        "names in Chinese",
        "rule",
        "total",
        "grand total",
        "sum behind blanks",
        "total in Chinese",
        "subtotals",
        "rule and total",
    ],
)
def test_lines_that_are_no_rows_are_left_out(content: str) -> None:
    tables = read(content)
    events = 24 if "2023" in content else 12
    assert counts(tables) == (events, 4, 3)
    assert "non_rows" in {problem.fix for problem in tables.problems}


def test_a_total_is_named_by_its_line_and_may_be_kept() -> None:
    content = HEADER + ROWS + "Total,all,2024-03-01,18\n"
    told = next(problem for problem in read(content).problems if problem.fix == "non_rows")
    assert told.rows == (14,)
    assert counts(read(content, refused=frozenset({"non_rows"}))) == (13, 5, 4)


@pytest.mark.parametrize(
    "rows",
    [
        "sum,p1,2024-02-01,1\n" * 7,  # a customer who is called so
        "unit,p1,2024-02-01,1\n",
        "Total War,p1,2024-02-01,1\n",
    ],
)
def test_rows_that_only_look_odd_stay(rows: str) -> None:
    tables = read(HEADER + ROWS + rows)
    assert "non_rows" not in {problem.fix for problem in tables.problems}


def test_a_table_in_markdown_is_read() -> None:
    lines = "".join(f"| u{i % 4} | p{i % 3} | {i} |\n" for i in range(12))
    assert counts(read("| user_id | item_id | count |\n|---|:--:|---|\n" + lines)) == (12, 4, 3)


def test_a_workbook_with_units_and_a_total_is_read() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (HEADER.strip().split(","), ["id", "sku", "date", "pieces"]):
        sheet.append(row)
    for line in ROWS.splitlines():
        sheet.append([*line.split(",")[:3], int(line.split(",")[3])])
    sheet.append(["Gesamt", None, None, 18])
    out = io.BytesIO()
    book.save(out)
    assert counts(read_tables(("sales.xlsx", out.getvalue()))) == (12, 4, 3)


PLAYS = """user_id\titem_id\ttitle
u1\ta1\t"odd" name
u1\ta2\tPlain
u2\ta3\t"open
u2\ta2\tPlain
u3\ta1\t"odd" name
"""


@pytest.mark.parametrize("separator", ["\t", "|"])
def test_quotes_that_are_text_swallow_no_rows(separator: str) -> None:
    tables = read(PLAYS.replace("\t", separator))
    assert counts(tables) == (5, 3, 3)
    assert tables.items["title"].tolist() == ['"odd" name', "Plain", '"open']
    told = next(problem for problem in tables.problems if problem.fix == "quotes")
    assert told.rows == (2, 4, 6)


def test_quotes_around_cells_are_no_text() -> None:
    tables = read('user_id\titem_id\ttitle\nu1\ta1\t"a ""b"" c"\nu2\ta2\t"two\nlines"\n')
    assert tables.items["title"].tolist() == ['a "b" c', "two\nlines"]


def test_an_open_quote_between_commas_is_refused_with_its_line() -> None:
    with pytest.raises(ValueError, match=r"rows are lost in it \(lines 4, 6, 7\)"):
        read(PLAYS.replace("\t", ",").replace('"odd" name', "Odd", 1) + 'u4,a4,"x" y\n')
