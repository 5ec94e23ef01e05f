"""Texts of any separator, with or without names, whatever stands above the table."""

from __future__ import annotations

import re

import pytest

from recommender.data import TableError, Tables
from tests.data.shop import read

ROWS = [
    ["user_id", "item_id", "time"],
    *([f"u{i % 4}", f"p{i % 3}", f"2024-01-{i + 1:02d}"] for i in range(12)),
]


def text(separator: str = ",", rows: list[list[str]] = ROWS, end: str = "") -> str:
    return "".join(separator.join(row) + end + "\n" for row in rows)


def counts(tables: Tables) -> tuple[int, int, int]:
    return len(tables.interactions), len(tables.users), len(tables.items)


@pytest.mark.parametrize("separator", ["::", "||", "^", "~", " ", "   ", "\t\t", " ; ", ";;", "§"])
def test_any_separator_of_the_whole_file_is_found(separator: str) -> None:
    assert counts(read(text(separator))) == (12, 4, 3)


def test_columns_that_are_aligned_by_spaces_are_read() -> None:
    rows = [
        ["user_id", "item_id", "time"],
        *([a, b, f"{c} 10:{i:02d}"] for i, (a, b, c) in enumerate(ROWS[1:])),
    ]
    aligned = "".join(f"{a:>10} {b:<8} {c}\n" for a, b, c in rows)
    tables = read(aligned)
    assert counts(tables) == (12, 4, 3)
    assert tables.interactions["time"].iloc[1] % 3600 == 60


def test_a_table_that_r_wrote_has_row_numbers_without_a_name() -> None:
    rows = [[f'"{i}"', *row] for i, row in enumerate(ROWS)]
    written = " ".join(f'"{name}"' for name in ROWS[0]) + "\n" + text(" ", rows[1:])
    tables = read(written)
    assert counts(tables) == (12, 4, 3)
    assert "begins with its number" in "".join(tables.notes)


@pytest.mark.parametrize(
    "above",
    [
        "# Sales\n# of 2024\n",
        "Report\n\n",
        "Report,,\nPeriod,2024,\n",
        "Shop: Acme\nExported: 2024-03-01 by ann\n\n",
        "// a comment, with a comma\n",
    ],
)
def test_lines_above_the_names_are_skipped_and_told(above: str) -> None:
    tables = read(above + text())
    assert counts(tables) == (12, 4, 3)
    assert re.search(r"lines? above the names", "".join(tables.notes))


def test_problems_below_lines_of_title_name_the_right_line() -> None:
    content = "# Sales\n# of 2024\n" + text() + "u1,p1,never\n"
    problem = next(one for one in read(content).problems if one.fix == "undated")
    assert problem.rows == (16,)


def test_names_behind_a_number_sign_are_names() -> None:
    assert counts(read("#" + text("\t"))) == (12, 4, 3)


def test_a_separator_at_the_end_of_each_row_is_no_cell() -> None:
    head, _, rest = text(end=",").partition(",\n")
    tables = read(f"{head}\n{rest}")
    assert counts(tables) == (12, 4, 3)
    assert "ends in a separator" in "".join(tables.notes)


DAYS = [f"2024-01-{i + 1:02d}" for i in range(12)]
IDS = [[f"u{i % 4}", f"p{i % 3}"] for i in range(12)]
UNNAMED = {
    "user_id, item_id, time": [[*ids, day] for ids, day in zip(IDS, DAYS, strict=True)],
    "user_id, item_id, rating, time": [
        [f"{i % 4}", f"{70 + i % 3}", f"{i % 5 + 1}", f"{1700000000 + i}"] for i in range(12)
    ],
    "item_id, user_id, column 3": [
        [f"B00ABCDE{i % 3:02d}", f"A1B2C3D4E5F6{i % 4}", "5.0"] for i in range(12)
    ],
    "time, event, user_id, item_id": [
        [day, "buy" if ids[0] == "u1" else "view", *ids] for ids, day in zip(IDS, DAYS, strict=True)
    ],
}


@pytest.mark.parametrize("names", UNNAMED)
@pytest.mark.parametrize("separator", [",", "::", "\t"])
def test_a_table_without_names_is_named_by_its_cells(names: str, separator: str) -> None:
    tables = read(text(separator, UNNAMED[names]), rating_rule="all")
    assert counts(tables) == (12, 4, 3)
    problem = next(one for one in tables.problems if one.fix == "headerless")
    assert f"taken for {names}, and" in problem.message
    assert problem.rows == (1,)


def test_items_without_names_are_items() -> None:
    items = "".join(
        f"p{i}::Film {word}::{'ab'[i % 2]}\n"
        for i, word in enumerate(["one", "two", "three", "four", "five", "six"])
    )
    tables = read(text(), items)
    assert tables.items["title"].tolist()[:3] == ["Film one", "Film two", "Film three"]


@pytest.mark.parametrize("content", ["1,2,3\n4,5,6\n", "a,b\n1,2\n3,4\n5,6\n7,8\n9,10\n"])
def test_where_it_cannot_be_told_names_are_asked_for(content: str) -> None:
    with pytest.raises(TableError, match=r"holds values|known as user_id"):
        read(content)
