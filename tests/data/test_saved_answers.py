"""What was answered about one month's file is what the next month's is read by."""

from __future__ import annotations

import tomllib
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from recommender.data import ReadOptions, TableError, Tables, read_tables
from recommender.data.saved_answers import as_toml, laid_over, read_answers, settled

MARCH = (
    "Wer,Was,Wann,Note,Lager\nann,kettle,03/04/2024,5,north\n"
    "ann,cup,04/04/2024,1,south\nbob,cup,05/04/2024,4,south\n"
)
ANSWERS = ReadOptions(
    columns={"user_id": "Wer", "item_id": "Was", "time": "Wann", "rating": "Note"},
    kinds={"Lager": "categorical"},
    rating_rule="threshold",
    rating_threshold=4.0,
    day_first=True,
    refused=frozenset({"services", "copies"}),
)


def read(folder: Path, text: str, options: ReadOptions) -> Tables:
    (folder / "orders.csv").write_text(text, encoding="utf-8")
    return read_tables(folder / "orders.csv", options=options)


def saved(folder: Path, options: ReadOptions) -> ReadOptions:
    (folder / "answers.toml").write_text(as_toml(options), encoding="utf-8")
    return read_answers(folder / "answers.toml")


def test_the_next_file_is_read_by_the_same_answers(tmp_path: Path) -> None:
    march = read(tmp_path, MARCH, ANSWERS)
    april = read(tmp_path, MARCH, saved(tmp_path, settled(ANSWERS, march)))
    assert april.interactions.equals(march.interactions)
    assert (april.mapping, april.kinds) == (march.mapping, march.kinds)
    assert sorted(april.interactions["time"]) == [1_712_102_400, 1_712_275_200]


def test_what_was_proposed_and_kept_is_an_answer_too(tmp_path: Path) -> None:
    tables = read(
        tmp_path, "user,product,colour\nann,1,red\nbob,2,blue\ncid,1,red\n", ReadOptions()
    )
    options = saved(tmp_path, settled(ReadOptions(), tables))
    assert options.columns == {"interactions.user_id": "user", "interactions.item_id": "product"}
    assert options.kinds == {"items.colour": "categorical"}


def test_every_answer_comes_back_as_it_was(tmp_path: Path) -> None:
    odd = 'a "b" \\ c = d\x7f\n金额'
    options = ReadOptions(
        columns={"user_id": odd, "items.title": None},
        kinds={odd: "numeric"},
        vectors={"picture": Path("pictures.npy")},
        day_first=False,
        encoding="gb18030",
        sheets={"items": odd},
        refused=frozenset({"returns"}),
    )
    assert saved(tmp_path, options) == options
    assert saved(tmp_path, ANSWERS) == ANSWERS
    assert saved(tmp_path, ReadOptions()) == ReadOptions()


def test_people_can_read_it() -> None:
    text = as_toml(ANSWERS)
    assert 'rating_rule = "threshold"\nrating_threshold = 4.0\nday_first = true\n' in text
    assert 'refused = ["copies", "services"]\n' in text
    assert '[columns]\n"user_id" = "Wer"\n' in text
    assert tomllib.loads(text)["columns"]["time"] == "Wann"


def _holds(kind: Any) -> bool:
    """Whether a file of answers can hold such a value."""
    inner = get_args(kind)
    if get_origin(kind) is Literal:
        return all(isinstance(one, str) for one in inner)
    if get_origin(kind) is tuple:
        return inner[1:] == (Ellipsis,) and _holds(inner[0])
    if inner:
        return all(map(_holds, inner))
    return kind in (str, bool, int, float, Path, NoneType, UnionType)


@pytest.mark.parametrize(("name", "kind"), get_type_hints(ReadOptions).items())
def test_a_file_of_answers_can_hold_each_option(name: str, kind: Any) -> None:
    assert _holds(kind), name


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[columns", "is no file of answers"),
        ('colums = "x"', "nothing is called 'colums' that can be answered; use columns, kinds"),
        ('day_first = "yes"', "'yes' is no answer for day_first"),
        ('refused = ["everything"]', "'everything' is no answer for refused"),
        ('[kinds]\n"age" = "huge"', "'huge' is no answer for kinds"),
        ('[columns]\n"time" = 3', "'3' is no answer for columns"),
        ('columns = "Wer"', "'Wer' is no answer for columns"),
        ('rating_rule = "threshold"', "a rating_threshold goes with"),
    ],
)
def test_what_is_no_answer_is_named_with_its_file(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "answers.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"answers\.toml") as raised:
        read_answers(path)
    assert words in str(raised.value)


def test_an_answer_about_a_column_that_is_gone_is_an_error_that_names_both(tmp_path: Path) -> None:
    options = saved(tmp_path, settled(ANSWERS, read(tmp_path, MARCH, ANSWERS)))
    with pytest.raises(TableError) as raised:
        read(tmp_path, MARCH.replace("Wann", "Datum").replace("Lager", "Ort"), options)
    said = str(raised.value)
    assert "there is no column 'Wann', which was named as interactions.time" in said
    assert "there is no column 'Wer'" not in said


def test_a_kind_of_a_feature_that_is_gone_is_an_error_that_names_it(tmp_path: Path) -> None:
    options = saved(tmp_path, settled(ANSWERS, read(tmp_path, MARCH, ANSWERS)))
    with pytest.raises(TableError, match=r"there is no feature .items\.Lager."):
        read(tmp_path, MARCH.replace("Lager", "Ort"), options)


def test_a_column_that_is_new_is_found_out_as_ever(tmp_path: Path) -> None:
    options = saved(tmp_path, settled(ANSWERS, read(tmp_path, MARCH, ANSWERS)))
    header, *rows = MARCH.splitlines()
    wider = "\n".join([f"{header},Farbe", *(f"{row},red {row.split(',')[1]}" for row in rows)])
    tables = read(tmp_path, wider, options)
    assert set(tables.kinds["items"]) == {"Farbe", "Lager"}


def test_an_answer_about_a_table_that_is_not_given_is_said(tmp_path: Path) -> None:
    options = ReadOptions(columns={"items.title": "Name"})
    tables = read(tmp_path, "user,product\nann,1\nbob,2\n", options)
    assert any("items.title was named, and there is no table" in note for note in tables.notes)


def test_what_is_said_now_wins_over_the_answers() -> None:
    answers = ReadOptions(
        columns={"interactions.user_id": "Wer", "items.title": "Name", "interactions.time": "Wann"},
        kinds={"items.colour": "text", "users.age": "numeric"},
        rating_rule="threshold",
        rating_threshold=4.0,
        refused=frozenset({"copies"}),
    )
    both = laid_over(
        answers,
        columns={"user": "Kunde", "items.title": None},
        kinds={"colour": "categorical"},
        rating_rule="all",
        refused=frozenset({"returns"}),
        day_first=None,
        sheets={},
    )
    assert both.columns == {"interactions.time": "Wann", "user": "Kunde", "items.title": None}
    assert both.kinds == {"users.age": "numeric", "colour": "categorical"}
    assert (both.rating_rule, both.rating_threshold) == ("all", None)
    assert both.refused == {"copies", "returns"}
    assert laid_over(answers) == answers
