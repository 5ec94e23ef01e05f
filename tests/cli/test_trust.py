"""`trust`: what it prints, what it leaves in the run, and what it says of causes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from recommender.explain.types import METHODS
from tests.cli.calling import assert_one_paragraph, call


@pytest.fixture(scope="module")
def own_run(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(run, tmp_path_factory.mktemp("trust") / "run"))


def test_the_document_is_that_of_the_files_left_in_the_run(own_run: Path):
    document = call("trust", own_run, "--users", "3", "--json").document
    assert set(document) == {"users", "completeness_error", "methods"}
    assert list(document["methods"]) == list(METHODS)
    assert document["users"] == 3
    saved = json.loads((own_run / "trust.json").read_text())
    assert saved["users"] == 3
    assert (own_run / "trust.csv").read_text().startswith("view,span,method,users,pos@5")


def test_people_get_tables_on_standard_output(own_run: Path):
    answer = call("trust", own_run, "--users", "2")
    assert answer.code == 0, answer.err
    assert "pos@5" in answer.out
    assert "Saved in" in answer.err


def test_causes_beside_the_run_are_found_and_others_can_be_named(own_run: Path):
    causes = own_run.parent / "causes.csv"
    causes.write_text("user_id,item_id\n007,NA\n")
    answer = call("trust", own_run, "--users", "2")
    assert answer.code == 1
    assert_one_paragraph(answer)
    assert "no column cause_item_id, cause_time, event, time" in answer.err
    causes.unlink()
    missing = call("trust", own_run, "--users", "2", "--causes", own_run / "none.csv")
    assert missing.code == 1
    assert_one_paragraph(missing)
