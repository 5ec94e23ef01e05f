"""What stands at --out stays as it is, unless it is to be replaced."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.calling import assert_one_paragraph, call
from tests.cli.shop import import_arguments

QUICK = ("--epochs", "1", "--width", "32", "--layers", "1")


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_import_leaves_a_data_set_that_exists_untouched(shop: Path, dataset: Path):
    before = contents(dataset)
    answer = call(*import_arguments(shop), "--name", "other", "--out", dataset)
    assert_one_paragraph(answer)
    assert str(dataset) in answer.err
    assert contents(dataset) == before


def test_import_replaces_a_data_set_when_told(shop: Path, dataset: Path, tmp_path: Path):
    copy = shutil.copytree(dataset, tmp_path / "data")
    answer = call(*import_arguments(shop), "--name", "other", "--out", copy, "--replace")
    assert answer.code == 0
    assert '"other"' in (copy / "schema.json").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.mark.parametrize("replace", [(), ("--replace",)])
def test_import_never_writes_into_a_folder_of_other_files(
    shop: Path, tmp_path: Path, replace: tuple[str, ...]
):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").write_text("dear")
    answer = call(*import_arguments(shop), "--out", tmp_path / "letters", *replace)
    assert_one_paragraph(answer)
    assert contents(tmp_path) == {"letters/letter.txt": b"dear"}


def test_train_leaves_a_run_that_exists_untouched(dataset: Path, run: Path):
    before = contents(run)
    answer = call("train", dataset, "--out", run, *QUICK)
    assert_one_paragraph(answer)
    assert "--replace" in answer.err
    assert contents(run) == before


def test_train_replaces_a_run_when_told(dataset: Path, run: Path, tmp_path: Path):
    copy = shutil.copytree(run, tmp_path / "run")
    answer = call("train", dataset, "--out", copy, *QUICK, "--seed", "5", "--replace")
    assert answer.code == 0
    assert contents(copy)["weights.safetensors"] != contents(run)["weights.safetensors"]
    assert call("evaluate", copy, "--json").code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_failed_replacement_leaves_what_was_there(shop: Path, dataset: Path, tmp_path: Path):
    copy = shutil.copytree(dataset, tmp_path / "data")
    (tmp_path / "events.csv").write_text("user_id,item_id\n")
    arguments = ("import", "--interactions", tmp_path / "events.csv", "--out", copy, "--replace")
    assert_one_paragraph(call(*arguments))
    assert contents(copy) == contents(dataset)
