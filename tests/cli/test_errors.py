"""Exit codes: 1 with one paragraph on standard error, 2 for wrong usage, never a traceback."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.calling import COMMANDS, Answer, assert_one_paragraph, call


@pytest.fixture
def damaged(run: Path, tmp_path: Path) -> Path:
    """A copy of the run whose weights were cut off in the middle."""
    copy = shutil.copytree(run, tmp_path / "damaged")
    whole = (run / "weights.safetensors").read_bytes()
    (copy / "weights.safetensors").write_bytes(whole[: len(whole) // 2])
    return copy


@pytest.mark.parametrize("command", ["recommend", "explain"])
def test_an_unknown_user_is_named_with_some_that_are_known(run: Path, command: str):
    answer = call(command, run, "--user", "nobody", "--json")
    assert_one_paragraph(answer)
    assert "nobody" in answer.err
    assert "007" in answer.err


def test_an_unknown_item_is_named_with_some_that_are_known(run: Path):
    answer = call("explain", run, "--user", "007", "--item", "nothing", "--json")
    assert_one_paragraph(answer)
    assert "nothing" in answer.err


@pytest.mark.parametrize(
    "arguments", [("evaluate",), ("recommend", "--user", "007"), ("explain", "--user", "007")]
)
def test_a_run_that_is_not_there_or_damaged_is_an_error(
    damaged: Path, dataset: Path, arguments: tuple[str, ...]
):
    command, *options = arguments
    for place in (damaged.parent / "none", damaged, dataset):
        answer = call(command, place, *options, "--json")
        assert_one_paragraph(answer)
        assert str(place) in answer.err


@pytest.mark.parametrize("option", ["--interactions", "--items", "--users"])
def test_a_missing_file_is_named(shop: Path, tmp_path: Path, option: str):
    files = {"--interactions": str(shop / "events.csv"), option: str(tmp_path / "none.csv")}
    words = [word for pair in files.items() for word in pair]
    answer = call("import", *words, "--out", tmp_path / "data")
    assert_one_paragraph(answer)
    assert "none.csv" in answer.err
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "content", ["", "user_id,item_id,time\n", "colour,shape\nred,round\n", "user_id\nann\n"]
)
def test_a_file_that_holds_no_events_is_one_error(tmp_path: Path, content: str):
    (tmp_path / "events.csv").write_text(content)
    answer = call("import", "--interactions", tmp_path / "events.csv", "--out", tmp_path / "data")
    assert_one_paragraph(answer)
    assert "events.csv" in answer.err
    assert list(tmp_path.iterdir()) == [tmp_path / "events.csv"]


@pytest.mark.parametrize("named", ["user_id=Nope", "nonsense=CustomerID"])
def test_a_map_to_what_is_not_there_is_named(shop: Path, tmp_path: Path, named: str):
    arguments = ("import", "--interactions", shop / "events.csv", "--out", tmp_path / "data")
    answer = call(*arguments, "--map", named)
    assert_one_paragraph(answer)
    assert named.split("=")[named.startswith("user_id")] in answer.err


def test_a_data_set_that_is_not_there_is_an_error_without_a_progress_bar(tmp_path: Path):
    answer = call("train", tmp_path / "none", "--out", tmp_path / "run")
    assert_one_paragraph(answer)
    assert not (tmp_path / "run").exists()


def test_data_where_nobody_came_back_cannot_be_learnt_from(tmp_path: Path):
    (tmp_path / "events.csv").write_text("user_id,item_id\nann,x\nbob,y\n")
    data = tmp_path / "data"
    arguments = ("import", "--interactions", tmp_path / "events.csv", "--out", data)
    assert call(*arguments).code == 0
    answer = call("train", data, "--out", tmp_path / "run")
    assert_one_paragraph(answer)
    assert not (tmp_path / "run").exists()


def test_settings_that_fit_nothing_are_an_error(dataset: Path, tmp_path: Path):
    for option in (("--width", "30"), ("--layers", "0"), ("--epochs", "0")):
        answer = call("train", dataset, "--out", tmp_path / "run", *option)
        assert_one_paragraph(answer)
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_cannot_be_written_is_an_error(run: Path, tmp_path: Path):
    (tmp_path / "file").touch()
    answer = call("recommend", run, "--all", "--out", tmp_path / "file" / "top.csv")
    assert_one_paragraph(answer)


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("explain", "run"),
        ("explain", "run", "--user"),
        ("recommend", "run"),
        ("recommend", "run", "--all"),
        ("recommend", "run", "--user", "007", "--all", "--out", "top.csv"),
        ("recommend", "run", "--user", "007", "--out", "top.csv"),
        ("recommend", "run", "--all", "--out", "top.xlsx"),
        ("recommend", "run", "--user", "007", "--k", "0"),
        ("recommend", "run", "--user", "007", "--k", "many"),
        ("recommend", "run", "--user", "007", "--candidates", "old"),
        ("evaluate",),
        ("evaluate", "run", "--yaml"),
        ("train", "data"),
        ("train", "data", "--out", "run", "--device", "abacus"),
        ("train", "data", "--out", "run", "--split", "by-hand"),
        ("import", "--out", "data"),
        ("import", "--interactions", "x.csv", "--out", "data", "--map", "user_id"),
        ("fetch", "something-else", "--out", "data"),
        ("sample", "--seed", "seven"),
    ],
)
def test_wrong_usage_is_exit_code_two(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    answer = call(*arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert "Error" in answer.err
    assert "Traceback" not in answer.err
    assert list(tmp_path.iterdir()) == []


def assert_helps(answer: Answer, example: str) -> None:
    assert answer.code == 0
    assert answer.err == ""
    text = " ".join(answer.out.split())
    assert f"Example: python -m recommender {example}" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command_has_an_example(command: str):
    assert_helps(call(command, "--help"), command)


def test_help_names_every_command():
    answer = call("--help")
    assert answer.code == 0
    assert all(f" {command} " in answer.out for command in COMMANDS)
