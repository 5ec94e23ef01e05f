"""A data set is kept for its days and no longer, and so is whatever holds a copy of it."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from recommender.workspace import audit, jobs, library, processes, records, retention
from recommender.workspace.library import OPERATOR
from recommender.workspace.visitors import Visitor
from tests.cli.calling import assert_one_paragraph, call
from tests.dashboard.shop import train_shop

ANN = Visitor("ann", "Ann", admin=False, identity="https://id.example.org#1")
DAY = 86_400


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_shop(tmp_path_factory.mktemp("shop")).parent


@pytest.fixture
def shop(home: Path, made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data set of Ann's, and a run that holds a copy of it."""
    monkeypatch.setattr(processes, "start_supervisor", lambda home: None)
    shutil.copytree(made / "data", home / "people" / "ann" / "datasets" / "shop")
    shutil.copytree(made / "run", home / "people" / "ann" / "runs" / "first")
    return home / "people" / "ann" / "datasets" / "shop"


def names() -> list[str]:
    return [entry.name for entry in library.entries(ANN)]


def test_after_its_days_it_goes_with_the_runs_that_hold_a_copy(shop: Path) -> None:
    until = retention.keep(shop, 30, ANN)
    assert until == pytest.approx(time.time() + 30 * DAY, abs=60)
    assert {entry.keep_until for entry in library.entries(ANN)} == {until}
    assert retention.expire(until - 1) == 0
    assert names() == ["first", "shop"]
    assert retention.expire(until) == 2
    assert names() == []
    assert not shop.exists()
    told = [(row["actor"], row["action"]) for row in audit.deeds(OPERATOR)]
    assert told == [
        ("end of its days", "expire"),
        ("end of its days", "expire"),
        ("https://id.example.org#1", "keep"),
    ]


def test_what_cannot_be_deleted_keeps_nothing_else(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    until, remove, refused = retention.keep(shop, 30, ANN), records.atomic.remove, list[str]()
    assert until is not None

    def refuse(folder: Path) -> None:
        if not refused:  # whichever comes first
            refused.append(folder.name)
            raise PermissionError("not yours")
        remove(folder)

    with monkeypatch.context() as only_now:
        only_now.setattr(records.atomic, "remove", refuse)
        with pytest.raises(PermissionError):
            retention.expire(until)
    assert names() == refused
    records.reconcile()
    assert retention.expire(until) == 1
    assert names() == []


def test_without_an_end_it_stays(shop: Path) -> None:
    retention.keep(shop, 1, ANN)
    assert retention.keep(shop, None, ANN) is None
    assert retention.expire(time.time() + 1e9) == 0
    assert names() == ["first", "shop"]


def test_a_run_that_is_trained_later_has_the_end_of_its_data(shop: Path, made: Path) -> None:
    until = retention.keep(shop, 30, ANN)
    shutil.copytree(made / "run", shop.parents[1] / "runs" / "later")
    records.reconcile()
    entry = library.find("later", ANN)
    assert entry is not None
    assert entry.keep_until == until


def test_what_the_queue_trained_on_it_has_its_end_though_likes_changed_the_copy(
    shop: Path, made: Path
) -> None:
    until = retention.keep(shop, 30, ANN)
    job = jobs.enqueue(shop, shop.parents[1] / "runs" / "liked", ANN)
    again = jobs.enqueue(job.out / "dataset", shop.parents[1] / "runs" / "again", ANN)
    for one in (job, again):
        jobs.cancel(one.id, ANN)
        shutil.copytree(made / "run", one.out)
        schema = one.out / "dataset" / "schema.json"
        schema.write_text(schema.read_text().replace('"fingerprint": "', '"fingerprint": "f'))
        records.reconcile()
    found = {entry.name: entry.keep_until for entry in library.entries(ANN)}
    assert found == dict.fromkeys(("first", "liked", "again", "shop"), until)
    later = retention.keep(shop, 60, ANN)
    assert {entry.keep_until for entry in library.entries(ANN)} == {later}


def test_the_same_data_of_somebody_else_are_kept(shop: Path, home: Path) -> None:
    shutil.copytree(shop.parents[1], home / "people" / "bob")
    until = retention.keep(shop, 1, ANN)
    assert until is not None
    theirs = home / "people" / "bob" / "runs"
    shutil.copytree(theirs / "first", theirs / "b")
    records.reconcile()
    retention.expire(until)
    bob = Visitor("bob", "Bob", admin=False)
    assert sorted(entry.name for entry in library.entries(bob)) == ["b", "first", "shop"]


def test_a_training_on_what_has_to_go_is_cancelled(shop: Path) -> None:
    until = retention.keep(shop, 30, ANN)
    assert until is not None
    job = jobs.enqueue(shop, shop.parents[1] / "runs" / "next", ANN)
    retention.expire(until)
    assert jobs.poll(job.id, ANN).state == "cancelled"


def test_the_operator_says_how_long_whatever_comes_in_is_kept(
    home: Path, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = home / "datasets"
    shutil.copytree(made / "data", place / "before")
    records.reconcile()
    monkeypatch.setenv(records.KEEP_DAYS, "10")
    shutil.copytree(made / "run", home / "runs" / "first")  # a copy of what has no end
    shutil.copytree(made / "data", place / "after")
    schema = place / "after" / "schema.json"
    schema.write_text(schema.read_text().replace('"fingerprint": "', '"fingerprint": "f'))
    records.reconcile()
    found = {one.name: one.keep_until for one in library.entries(OPERATOR)}
    assert found["before"] is None
    assert found["first"] is None
    assert found["after"] == pytest.approx(time.time() + 10 * DAY, abs=60)
    monkeypatch.setenv(records.KEEP_DAYS, "ten")
    with pytest.raises(ValueError, match="RECLENS_KEEP_DAYS"):
        records.default_days()


@pytest.mark.parametrize("days", [0, -1, 36_501])
def test_no_other_number_of_days_is_taken(shop: Path, days: int) -> None:
    with pytest.raises(ValueError, match="1 to 36,500 days"):
        retention.keep(shop, days, ANN)


def test_the_command_line_keeps_what_it_imports_for_days(home: Path, tmp_path: Path) -> None:
    events = tmp_path / "events.csv"
    events.write_text("user_id,item_id,timestamp\n" + "a,x,2024-01-01\nb,y,2024-01-02\n" * 3)
    said = ("import", "--interactions", events, "--keep-days", "3", "--out")
    answer = call(*said, home / "datasets" / "shop")
    assert answer.code == 0, answer.err
    (entry,) = library.entries(OPERATOR)
    assert entry.keep_until == pytest.approx(time.time() + 3 * DAY, abs=60)
    elsewhere = call(*said, tmp_path / "elsewhere")
    assert_one_paragraph(elsewhere)
    assert "nothing will delete it" in elsewhere.err
    assert not (tmp_path / "elsewhere").exists()
