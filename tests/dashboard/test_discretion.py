"""Messages and logs without what is not for everybody to see."""

from __future__ import annotations

import logging
from pathlib import Path

import pandas as pd
import pytest

from dashboard import discretion
from dashboard.discretion import discreet, note_failure, shown_place, without_places
from dashboard.errors import told
from recommender.data.problems import Finder
from recommender.data.reading.headers import named_columns
from recommender.workspace.visitors import Visitor

ANN = Visitor("ann", "Ann", admin=False)
HOME = Path("/srv/rec lens/workspace")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("/srv/rec lens/workspace/people/9f/runs/shop is damaged", "shop is damaged"),
        ("no user of work/runs/shop-2 has 3 events", "no user of shop-2 has 3 events"),
        ("[Errno 28] No space left on device: '/var/lib/x/weights.bin'",
         "[Errno 28] No space left on device: 'weights.bin'"),
        ('File "/usr/lib/python3/pandas/io.py", line 3', 'File "io.py", line 3'),
        (r"C:\data\reclens\runs\shop is gone", "shop is gone"),
        ("see https://example.org/a/b, 3/4", "see https://example.org/a/b, 3/4"),
        ("two/three events, and/or none", "two/three events, and/or none"),
    ],
)  # fmt: skip
def test_a_path_is_left_its_last_name(said: str, told: str) -> None:
    assert without_places(said, (HOME, Path("work"))) == told


def test_where_something_stands_is_for_operators(monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path("/srv/reclens/runs/shop")
    assert discreet(f"{path} is damaged") == f"{path} is damaged"
    assert shown_place(path) == str(path)
    monkeypatch.setattr(discretion.access, "visitor", lambda: ANN)
    assert discreet(f"{path} is damaged") == "shop is damaged"
    assert shown_place(path) == "shop"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("1 of the 2 ids is missing here, such as 'bob'; it is kept",
         "1 of the 2 ids is missing here, such as …; it is kept"),
        ("such as '85a' and '85A', and was made one", "such as …, and was made one"),
        ('such as "o\'hara", and was left out', "such as …, and was left out"),
        ("ids such as 17850.0 were written as whole numbers",
         "ids such as … were written as whole numbers"),
        ("names, such as user_id, item_id", "names, such as user_id, item_id"),
        ("line 3\nKeyError: 'bob'\nended", "line 3\nKeyError: …\nended"),
        ("a.b.CError: bob", "a.b.CError: …"),
        ("Error: the file is empty", "Error: the file is empty"),
    ],
)  # fmt: skip
def test_no_cell_is_an_example_while_ids_are_hidden(
    said: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert discreet(said) == said
    monkeypatch.setattr(discretion.state, "masked", lambda: True)
    assert discreet(said) == told


@pytest.mark.parametrize("hidden", [True, False])
def test_the_first_row_of_a_file_without_names_of_columns_is_no_example_either(
    hidden: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = ["17850", "22423", "1.95"]
    _, (problem,) = named_columns(pd.DataFrame([row]), row, Finder("events.csv"))
    monkeypatch.setattr(discretion.state, "masked", lambda: hidden)
    assert ("17850" in told(problem.message)) is not hidden


@pytest.mark.parametrize("hidden", [True, False])
def test_a_failure_is_logged_without_its_message_while_ids_are_hidden(
    hidden: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(discretion.state, "masked", lambda: hidden)
    name = f"SECRETUSER{1:04d}"  # a log has the lines of the code
    try:
        try:
            raise KeyError(name)
        except KeyError as first:
            raise ValueError(f"there is no {name}") from first
    except ValueError as error:
        note_failure(logging.getLogger("dashboard"), "a view failed", error)
    assert ("SECRETUSER0001" in caplog.text) is not hidden
    for known in ("a view failed", "test_discretion.py", "KeyError", "ValueError"):
        assert known in caplog.text
