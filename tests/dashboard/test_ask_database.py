"""The Data page asks a database: for operators alone, with the doctor after it, and no password
anywhere."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard import access
from recommender.data.saved_answers import read_answers
from recommender.workspace.visitors import Visitor
from tests.dashboard import shop
from tests.dashboard.test_pages import _workspace, opened, words

__all__ = ["_workspace"]


@pytest.fixture
def database(tmp_path: Path) -> str:
    """The address of the shop's events in SQLite."""
    header, *rows = (line.split(",") for line in shop.interactions().splitlines())
    with closing(sqlite3.connect(tmp_path / "orders.db")) as made:
        made.execute(f"CREATE TABLE events ({', '.join(header)})")
        made.executemany(f"INSERT INTO events VALUES ({', '.join('?' * len(header))})", rows)
        made.commit()
    return f"sqlite:///{tmp_path / 'orders.db'}"


def ask(app: AppTest, address: str, sql: str) -> AppTest:
    app.text_input(key="database_address").set_value(address)
    app.text_area(key="query_interactions").set_value(sql)
    return next(button for button in app.button if button.label == "Ask").click().run()


def test_the_doctor_goes_over_what_a_database_answers(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_DATABASE", database)
    app = ask(opened("data", way="upload"), "env:SHOP_DATABASE", "SELECT * FROM events")
    said = words(app)
    assert "orders.db · 960 rows · 4 columns · " in said
    assert "100% sure, by its name" in said
    assert "960 events · 60 customers · 24 products" in said
    assert app.text_input(key="w_name").value == "orders"
    app = ask(app, "env:SHOP_DATABASE", "SELECT * FROM events LIMIT 500")
    assert "500 events" in words(app)


def test_no_password_is_on_the_page_or_in_its_address() -> None:
    url = "postgresql://ann:hunter2@127.0.0.1:1/shop"
    app = ask(opened("data", way="upload"), url, "SELECT * FROM events")
    tables = " ".join(str(table.value.to_dict()) for table in app.dataframe)
    assert "the database refuses" in words(app)
    assert "hunter2" not in f"{words(app)} {tables} {dict(app.query_params)}"
    app = ask(app, "env:NO_SUCH_NAME", "SELECT 1")
    assert "the environment has no NO_SUCH_NAME" in words(app)


def test_who_is_no_operator_cannot_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _has_the_form(opened("data", way="upload"))
    monkeypatch.setattr(access, "visitor", lambda: Visitor("ann", "Ann", admin=False))
    assert not _has_the_form(opened("data", way="upload"))


def _has_the_form(app: AppTest) -> bool:
    return "database_address" in [field.key for field in app.text_input]


def test_the_answers_to_the_doctor_can_be_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: dict[str, Any] = {}
    button = st.download_button

    def offering(label: str, **options: Any) -> bool:
        offered[label] = options["data"]
        return button(label, **options)

    monkeypatch.setattr(st, "download_button", offering)
    app = opened("data", way="upload", do="look", dates="month")
    content = shop.interactions().encode()
    app.file_uploader(key="file_interactions").upload("shop.csv", content, "text/csv").run()
    (tmp_path / "answers.toml").write_bytes(offered["Answers (TOML)"]())
    answers = read_answers(tmp_path / "answers.toml")
    assert answers.columns == {
        "interactions.user_id": "user_id",
        "interactions.item_id": "item_id",
        "interactions.event": "event",
        "interactions.time": "timestamp",
    }
    assert answers.day_first is False
