"""Lists in cells are taken apart: items into events, values of features into values."""

from __future__ import annotations

import io
import json

import pandas as pd
import pytest

from recommender.data import Tables, read_tables
from recommender.data.lists import parts_of
from tests.data.shop import read


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("[12, 7, 3]", ("12", "7", "3")),
        ("[12 7 3]", ("12", "7", "3")),
        ("['a', 'b c']", ("a", "b c")),
        ('["a", "b, c"]', ("a", "b, c")),
        ("{b,a}", ("b", "a")),
        ('{"b c",NULL,a}', ("b c", "a")),
        ("{3, 1, 2}", ("3", "1", "2")),
        ("('a', 'b')", ("a", "b")),
        ("[['Home', 'Bath'], ['Home']]", ("Home", "Bath", "Home")),
        ("[{'id': 6, 'name': 'Action'}]", ("Action",)),
        ('[{"id": 6, "name": "Action"}, {"id": 7, "name": "War"}]', ("Action", "War")),
        ('{"brand": "Acme", "colour": "red"}', ("brand: Acme", "colour: red")),
        ("[1.0, 2.5, null]", ("1", "2.5")),
        ("[]", ()),
        ("{}", ()),
        ("[" * 9_000 + "]" * 9_000, ()),
    ],
)
def test_what_a_list_holds(cell: str, parts: tuple[str, ...]) -> None:
    assert parts_of(cell) == parts


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def events(*cells: str, name: str = "item_id", **options: object) -> tuple[list[str], Tables]:
    rows = "".join(f"u{i},{quoted(cell)}\n" for i, cell in enumerate(cells))
    tables = read(f"user_id,{name}\n{rows}", **options)
    seen = tables.interactions
    return [f"{u} {i}" for u, i in zip(seen["user_id"], seen["item_id"], strict=True)], tables


@pytest.mark.parametrize(
    "cells",
    [
        ("[9, 7, 3]", "[7]"),
        ('["9", "7", "3"]', '["7"]'),
        ("{9,7,3}", "{7}"),
        ("9 7 3", "7"),
        ("(9, 7, 3)", "(7,)"),
        ('[{"product_id": 9, "name": "x"}, {"product_id": 7}, {"product_id": 3}]', '[{"id": 7}]'),
    ],
)
def test_each_item_of_a_list_is_an_event_in_order(cells: tuple[str, str]) -> None:
    more = tuple(cells) * 2
    seen, tables = events(*more)
    assert seen == ["u0 9", "u0 7", "u0 3", "u1 7", "u2 9", "u2 7", "u2 3", "u3 7"]
    told = next(problem for problem in tables.problems if problem.fix == "lists")
    assert "8 items in 4 rows" in told.message


@pytest.mark.parametrize("mark", ["|", ";", ", ", "、"])
def test_codes_with_marks_between_that_come_again_are_lists(mark: str) -> None:
    cells = [mark.join(one) for one in (("p1", "p2"), ("p2",), ("p3", "p1", "p2"), ("p3",))]
    assert events(*cells)[0] == ["u0 p1", "u0 p2", "u1 p2", "u2 p3", "u2 p1", "u2 p2", "u3 p3"]


def test_words_with_commas_between_are_asked_about() -> None:
    cells = ("milk, bread", "bread", "eggs, milk, bread", "eggs")
    kept, tables = events(*cells)
    assert kept[0] == "u0 milk, bread"
    assert "look like lists of items" in "".join(tables.notes)
    assert events(*cells, refused=frozenset({"whole_cells"}))[0][:3] == [
        "u0 milk",
        "u0 bread",
        "u1 bread",
    ]


@pytest.mark.parametrize(
    "cells",
    [
        ("Lamp, red", "Lamp, blue", "Rug, green", "Mug"),
        ("Tent 2 persons", "Tent 4 persons", "iPhone 12"),
        ("12-7", "12-8", "13-7"),
        ("a|1", "b|2", "c|3"),
    ],
)
def test_titles_and_codes_of_several_parts_are_one_item(cells: tuple[str, ...]) -> None:
    seen, tables = events(*cells)
    assert seen == [f"u{i} {cell}" for i, cell in enumerate(cells)]
    assert {problem.fix for problem in tables.problems} == {None}


def test_problems_of_events_out_of_lists_name_the_line_of_the_list() -> None:
    rows = 'u1,"[5, 6]",2024-01-01\nu2,"[6, 5, 7]",never\nu3,[7],2024-01-03\n'
    tables = read(f"user_id,item_id,time\n{rows}")
    told = next(problem for problem in tables.problems if problem.fix == "undated")
    assert told.rows == (3,)
    assert len(tables.interactions) == 3


def test_lists_beside_the_items_go_with_them() -> None:
    rows = 'ann,"[5, 6]","[2, 1]",3\nbob,"[6, 5, 7]","[1, 1, 4]",5\n'
    tables = read(f"user_id,item_id,quantity,age\n{rows}")
    assert tables.interactions["quantity"].tolist() == [2, 1, 1, 1, 4]
    assert tables.users["age"].tolist() == ["3", "5"]


def test_lists_of_parquet_become_events() -> None:
    frame = pd.DataFrame({"user_id": ["a", "b"], "items": [["x", "y"], ["y", "z", "x"]]})
    out = io.BytesIO()
    frame.rename(columns={"items": "item_id"}).to_parquet(out)
    seen = read_tables(("shop.parquet", out.getvalue())).interactions
    assert seen["item_id"].tolist() == ["x", "y", "y", "z", "x"]


EVENTS = "user_id,item_id\n" + "".join(f"u{i % 5},p{i % 4}\n" for i in range(20))


@pytest.mark.parametrize(
    "cells",
    [
        ("{red,blue}", "{blue}", "{green,red}", "{}"),
        ("['red', 'blue']", "['blue']", "['green', 'red']", "[]"),
        ('[["red"], ["blue"]]', '[["blue"]]', '[["green"], ["red"]]', ""),
        (
            "[{'id': 1, 'name': 'red'}, {'id': 2, 'name': 'blue'}]",
            "[{'id': 2, 'name': 'blue'}]",
            "[{'id': 3, 'name': 'green'}, {'id': 1, 'name': 'red'}]",
            "[]",
        ),
    ],
    ids=["database", "Python", "nested", "objects"],
)
def test_brackets_are_no_part_of_values(cells: tuple[str, ...]) -> None:
    items = "".join(f"p{i},{quoted(cell)}\n" for i, cell in enumerate(cells))
    tables = read(EVENTS, f"item_id,colours\n{items}")
    assert tables.items["colours"].tolist() == ["red|blue", "blue", "green|red", ""]
    assert tables.kinds["items"]["colours"] == "multi"


def test_brackets_around_one_value_each_are_a_category() -> None:
    items = "".join(f"p{i},{{{colour}}}\n" for i, colour in enumerate("abab"))
    tables = read(EVENTS, f"item_id,colour\n{items}")
    assert tables.kinds["items"]["colour"] == "categorical"
    assert tables.items["colour"].tolist() == list("abab")


def test_vectors_stay_vectors() -> None:
    items = "".join(f"p{i},{quoted(json.dumps([i + 0.5] * 9))}\n" for i in range(4))
    assert read(EVENTS, f"item_id,embedding\n{items}").kinds["items"]["embedding"] == "vector"
