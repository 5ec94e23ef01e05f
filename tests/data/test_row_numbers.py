"""Row numbers are no feature, and no column vanishes without a word."""

from __future__ import annotations

import pandas as pd
import pytest

from recommender.data import TableError, Tables
from recommender.data.row_numbers import numbers_rows
from tests.data.shop import read
from tests.data.test_sureness import Made, made_files

WRITTEN = ["Unnamed: 0", "unnamed: 0", "Unnamed: 0.1", "Unnamed: 3", "index", "level_0", "column 1",
           "X", "X.1", "...1", "Index"]  # fmt: skip
COUNTED = ["#", "No", "No.", "Nr", "S.No", "Sr. No.", "row", "row_id", "row_number", "rownum",
           "idx", "Row ID", "line no", "serial", "Serial No", "序号", "行号", "seq"]  # fmt: skip


@pytest.mark.parametrize("name", [*WRITTEN, *COUNTED])
@pytest.mark.parametrize("numbers", ["0 1 2 3", "1 2 3 4", "3 10 17 24", "7 8 20 21"])
def test_what_is_called_and_counts_like_row_numbers_is(name: str, numbers: str) -> None:
    assert numbers_rows(name, pd.Series(numbers.split(), dtype="str"))


@pytest.mark.parametrize("name", WRITTEN)
def test_shuffled_row_numbers_are_row_numbers_under_the_name_of_a_program(name: str) -> None:
    assert numbers_rows(name, pd.Series(["7", "2", "9", "4"], dtype="str"))


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("size", "1 2 3 4"),
        ("index", "1 1 2 3"),
        ("index", "0.5 1 2 3"),
        ("No", "yes no yes no"),
        ("row", "3 1 2 9"),
        ("index", "a b c d"),
        ("floor", "1 2 3 4"),
        ("seq", "5 5 6 7"),
    ],
)
def test_what_may_say_something_is_kept(name: str, cells: str) -> None:
    assert not numbers_rows(name, pd.Series(cells.split(), dtype="str"))


EVENTS = "user_id,item_id,time\n" + "".join(f"u{i % 3},p{i},2024-01-0{i + 1}\n" for i in range(8))


@pytest.mark.parametrize("header", ["Unnamed: 0", "", "index", "#"])
@pytest.mark.parametrize("step", [1, 7])
def test_row_numbers_of_items_are_left_out_and_told(header: str, step: int) -> None:
    rows = [f"{3 + i * step},p{i},{'red' if i % 2 else 'blue'}\n" for i in range(8)]
    items = f"{header},item_id,colour\n" + "".join(rows)
    tables = read(EVENTS, items)
    assert set(tables.kinds["items"]) == {"colour"}
    assert any("it numbers the rows, so it is not used" in p.message for p in tables.problems)


def test_row_numbers_are_used_where_their_owner_gives_them_a_kind() -> None:
    items = "index,item_id\n" + "".join(f"{i},p{i}\n" for i in range(8))
    assert read(EVENTS, items, kinds={"index": "numeric"}).kinds["items"] == {"index": "numeric"}


def _silent(tables: Tables, made: Made) -> list[str]:
    """Columns that have no role, are no feature and stand in no message."""
    told = "\n".join(str(problem) for problem in tables.problems)
    features = {name for kinds in tables.kinds.values() for name, kind in kinds.items()}
    roles = tables.mapping[made.table]
    return [
        column
        for column in made.frame.columns
        if not roles.get(column)
        and not {column, f"{column} (feature)"} & features
        and column not in told
    ]


@pytest.mark.parametrize("made", made_files()[::5], ids=lambda made: made.where)
def test_no_column_vanishes_without_a_word(made: Made) -> None:
    content = made.frame.to_csv(index=False)
    try:
        if made.table == "interactions":
            tables = read(content)
        else:
            files = {made.table: content}
            tables = read("user_id,item_id\nu,i\nv,j\n", **files)
    except TableError as error:
        assert "no column is known as" in str(error)
        return
    assert _silent(tables, made) == []


@pytest.mark.parametrize("name", ["", "row_number", "序号", "X"])
def test_row_numbers_are_told_under_every_name(name: str) -> None:
    rows = "".join(f"{n},p{n},{'ab'[n % 2]}\n" for n in range(1, 5))
    tables = read(EVENTS, f"{name},item_id,colour\n{rows}")
    assert set(tables.kinds["items"]) == {"colour"}


def test_the_row_number_that_is_the_id_stays_the_id() -> None:
    tables = read(
        EVENTS.replace("p", ""),
        "index,title\n0,Rug\n1,Mug\n2,Pan\n3,Pot\n",
        columns={"items.item_id": "index"},
    )
    assert tables.items["title"].tolist()[:4] == ["Rug", "Mug", "Pan", "Pot"]
