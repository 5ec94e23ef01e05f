"""The workspace on the command line, and the loop from feedback to a run that learned from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from recommender.data import load_dataset
from recommender.workspace import feedback, places, store
from recommender.workspace.feedback import Opinion
from recommender.workspace.library import OPERATOR
from tests.cli.calling import assert_one_paragraph, call


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(places.HOME, str(tmp_path / "home"))
    monkeypatch.setenv(places.START_RUN, str(tmp_path / "none"))
    monkeypatch.delenv(store.DATABASE, raising=False)


def like(dataset: Path, user: str, item: str) -> None:
    told = load_dataset(dataset)
    known = ("run", "f", told.name, told.fingerprint)
    feedback.keep(Opinion("recommendation", 1, *known, user, item, "", {"top": []}), OPERATOR)


def test_an_empty_workspace_is_listed() -> None:
    assert call("library", "--json").document == {"entries": [], "trainings": [], "opinions": 0}


def test_what_was_liked_is_exported_and_the_next_run_has_learned_from_it(
    dataset: Path, tmp_path: Path
) -> None:
    data = load_dataset(dataset)
    user, item = str(data.users["user_id"][0]), str(data.items["item_id"].iloc[-1])
    like(dataset, user, item)
    for name in ("said.csv", "said.parquet"):
        assert call("feedback", "--out", tmp_path / name).code == 0
    options = ("--epochs", 1, "--width", 32, "--layers", 1, "--window", 6, "--device", "cpu")
    answer = call(
        "train", dataset, "--feedback", tmp_path / "said.csv", "--out", tmp_path / "run", *options
    )
    assert answer.code == 0, answer.err
    learned = load_dataset(tmp_path / "run" / "dataset")
    liked = learned.interactions[
        learned.interactions["event"] == learned.event_types.index("liked")
    ]
    assert [
        (str(learned.users["user_id"][u]), str(learned.items["item_id"][i]))
        for u, i in zip(liked["user"], liked["item"], strict=True)
    ] == [(user, item)]


def test_a_file_that_is_no_feedback_is_an_error(dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("colour\nred\n")
    answer = call("train", dataset, "--feedback", tmp_path / "other.csv", "--out", tmp_path / "run")
    assert_one_paragraph(answer)
    assert "user_id" in answer.err


def test_a_database_that_is_away_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(store.DATABASE, "postgresql://ann:secret@127.0.0.1:1/none")
    answer = call("library")
    assert_one_paragraph(answer)
    assert "secret" not in answer.err
