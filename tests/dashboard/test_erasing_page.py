"""A customer erased on the Data page; how long data are kept; who did what."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import access, resources
from recommender.data import load_dataset
from recommender.model.run import open_run
from recommender.workspace import audit, jobs, library, places, processes, receipts, records, store
from recommender.workspace.library import OPERATOR
from recommender.workspace.visitors import Visitor
from tests.dashboard.test_pages import opened, words

ANN = Visitor("ann", "Ann", admin=False, identity="https://id.example.org#1")


@pytest.fixture(autouse=True)
def home(run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a data set and a run on it; nobody works off its queue."""
    monkeypatch.setenv(library.HOME, str(tmp_path))
    monkeypatch.delenv(library.START_RUN, raising=False)
    monkeypatch.setattr(places, "SAMPLE_RUN", tmp_path / "none")
    monkeypatch.setattr(processes, "start_supervisor", lambda home: None)
    store.close_store()
    shutil.copytree(run_folder.parent / "data", tmp_path / "datasets" / "shop")
    shutil.copytree(run_folder, tmp_path / "runs" / "first")
    records.reconcile()
    return tmp_path


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def _dialog() -> None:
    from dashboard.views.data.erasing import dialog

    dialog()


def asked(user_id: str) -> AppTest:
    app = AppTest.from_function(_dialog, default_timeout=60).run()
    return app.text_input(key="erase_id").set_value(user_id).run()


def test_the_button_stands_on_the_data_page() -> None:
    assert "Erase a customer" in [button.label for button in opened("data").button]


def test_a_customer_is_erased_only_after_a_word_and_a_receipt_is_left(home: Path) -> None:
    app = asked("u07")
    assert app.multiselect[0].value == ["first", "dataset:shop"]
    assert app.multiselect[0].options == ["first", "shop (data)"]
    assert len(load_dataset(home / "datasets" / "shop").users) == 60
    app = press(app, "Erase for good")
    assert len(load_dataset(home / "datasets" / "shop").users) == 59
    assert len(open_run(home / "runs" / "first").dataset.users) == 59
    (customer,) = receipts.receipts().values()
    assert f"Erased. The customer is called {customer} in the receipt." in words(app)
    assert "only training anew takes that out" in words(app)
    (row,) = [row for row in audit.deeds(OPERATOR) if row["action"] == "erase"]
    assert (row["actor"], row["name"]) == ("no login", customer)


def test_the_run_is_trained_anew_with_its_own_settings_on_the_data_of_now(home: Path) -> None:
    press(press(asked("u07"), "Erase for good"), "Train first anew")
    (job,) = jobs.jobs(OPERATOR)
    assert (job.dataset, job.name) == (home / "runs" / "first" / "dataset", "first-2")
    with store.reading() as connection:
        (told,) = connection.execute(jobs.table.select()).mappings()
    assert told["options"] == ["--config", str(home / "runs" / "first" / "config.json")]


def test_only_what_stays_chosen_is_changed(home: Path) -> None:
    app = asked("u07")
    press(app.multiselect[0].set_value(["first"]).run(), "Erase for good")
    assert len(load_dataset(home / "datasets" / "shop").users) == 60
    assert len(open_run(home / "runs" / "first").dataset.users) == 59


def test_nobody_is_found_where_nothing_is_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "nothing of this customer" in words(asked("nobody"))
    monkeypatch.setattr(access, "visitor", lambda: ANN)
    assert "nothing of this customer" in words(asked("u07"))


def test_what_is_cached_is_forgotten_when_anybody_was_erased(home: Path) -> None:
    """Also by another process: it leaves a mark in the workspace."""
    key = resources.run_key("first")
    resources.forget_erased()
    before = resources.report(key)
    resources.forget_erased()
    assert resources.report(key) is before
    (home / places.ERASED).write_text("1\n")
    resources.forget_erased()
    assert resources.report(key) is not before


def test_a_session_forgets_what_it_read_when_anybody_was_erased(home: Path) -> None:
    app = opened("data")
    app.session_state["m_raw"] = ("key", "u07")
    app = app.run()
    assert "m_raw" in app.session_state
    (home / places.ERASED).write_text("2\n")
    assert "m_raw" not in app.run().session_state


def test_pages_say_what_weights_and_figures_are_of(home: Path) -> None:
    assert "erased from its data" not in words(opened("model", run="first"))
    config = home / "runs" / "first" / "config.json"
    told = json.loads(config.read_text())
    config.write_text(json.dumps(told | {"erased": ["A", "B"]}))
    said = "2 customers were erased from its data since: weights and figures are of before."
    assert said in words(opened("model", run="first"))


def test_how_long_a_data_set_is_kept_is_chosen_and_said_beforehand(home: Path) -> None:
    app = opened("data", entry="shop")
    app.number_input[0].set_value(30)
    app = press_last(app, "Keep")
    entry = library.find("shop", OPERATOR)
    assert entry is not None
    assert entry.keep_until == pytest.approx(time.time() + 30 * 86_400, abs=120)
    day = time.strftime("%Y-%m-%d", time.gmtime(entry.keep_until))
    for name in ("shop", "first"):
        assert f"{name} is kept until {day} and then deleted" in words(opened("data", entry=name))


def press_last(app: AppTest, label: str) -> AppTest:
    """Name and note have a button that is called so too."""
    return [button for button in app.button if button.label == label][-1].click().run()


def test_what_was_kept_long_enough_goes_when_a_page_is_drawn(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.writing() as connection:
        connection.execute(records.table.update().values(keep_until=1.0))
    monkeypatch.setattr(access, "_TENDED", {})
    app = opened("data")
    assert not app.exception
    assert library.entries(OPERATOR) == ()


def test_the_audit_log_is_shown_to_administrators_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit.note(ANN, "share", "chart x", "first")
    shown = [table.value for table in opened("data").dataframe]
    rows = next(table for table in shown if "actor" in table)
    assert rows.iloc[0][["actor", "action", "name"]].tolist() == [ANN.identity, "shared", "first"]
    monkeypatch.setattr(access, "visitor", lambda: ANN)
    shown = [table.value for table in opened("data").dataframe]
    assert not [table for table in shown if "actor" in table]


def test_a_download_is_noted_when_it_is_made(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "visitor", lambda: ANN)
    make = access.exported(home / "datasets" / "shop", lambda: b"zip")
    assert audit.deeds(OPERATOR) == []
    assert make() == b"zip"
    (row,) = audit.deeds(OPERATOR)
    assert (row["actor"], row["action"], row["object"]) == (ANN.identity, "export", "datasets/shop")


def test_who_logged_in_is_called_by_issuer_and_subject() -> None:
    claims = {"iss": "https://id.example.org", "sub": "1", "name": "Ann"}
    assert access.visitor_of(claims, ()).identity == "https://id.example.org#1"


def test_what_is_not_looked_through_is_named(
    run_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Not looked through" not in words(asked("u07"))
    monkeypatch.setenv(library.START_RUN, str(run_folder))
    monkeypatch.setattr("recommender.workspace.erasing.SAMPLE_RUN", run_folder)
    said = words(asked("nobody"))
    assert f"Not looked through, as it is not yours to change: {run_folder.name}." in said


def test_who_acted_without_a_login_is_called_so_in_chinese() -> None:
    audit.note(access.visitor(), "backup", "workspace", "all")
    app = opened("data", lang="zh")
    (rows,) = [table.value for table in app.dataframe if "actor" in table.value]
    assert rows.iloc[0][["actor", "action"]].tolist() == ["未登录", "备份"]
    assert "这里的记录不能修改，也不能删除。共 1 条记录。" in words(app)
