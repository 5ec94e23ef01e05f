"""Recipes in TOML, lists of runs, and the search for a better recipe."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.calling import assert_one_paragraph, call

SMALL = "[model]\nwidth = 32\nn_layers = 1\nwindow = 6\n\n[training]\nmax_epochs = 1\nseed = 5\n"


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    path = tmp_path / "recipe.toml"
    path.write_text(SMALL)
    return path


def test_train_takes_its_recipe_from_a_file_and_flags_win(
    dataset: Path, recipe: Path, tmp_path: Path
):
    out = tmp_path / "run"
    told = ("--config", recipe, "--seed", "7", "--no-order-term", "--device", "cpu")
    answer = call("train", dataset, "--out", out, *told)
    assert answer.code == 0, answer.err
    config = json.loads((out / "config.json").read_text())
    assert config["model"]["width"] == 32
    assert config["model"]["order_term"] is False
    assert config["training"]["max_epochs"] == 1
    assert config["training"]["seed"] == 7


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("width = 32", "has width"),
        ("[model]\nwidht = 32", "no setting 'widht'"),
        ("[model]\nwidth = '32'", "width must be a whole number, not '32'"),
        ("[model]\nwidth = true", "width must be a whole number, not True"),
        ("[model]\nreadout = 'other'", "readout must be additive or contextual"),
        ("[training]\nlearning_rate = 2", "learning_rate must be between 0 and 1"),
        ("split = 'by-colour'", "split must be one of leave-last-out"),
        ("model = 3", "model is a table"),
        ("[model", "is not TOML"),
    ],
)
def test_a_recipe_that_cannot_be_is_refused_in_words(
    dataset: Path, tmp_path: Path, text: str, said: str
):
    path = tmp_path / "bad.toml"
    path.write_text(text)
    answer = call("train", dataset, "--out", tmp_path / "run", "--config", path)
    assert_one_paragraph(answer)
    assert said in " ".join(answer.err.split())
    assert "bad.toml" in answer.err
    assert not (tmp_path / "run").exists()


def test_runs_lists_every_run_with_metrics_and_fingerprint(run: Path, tmp_path: Path):
    shutil.copytree(run, tmp_path / "runs" / "again")
    (listed,) = call("runs", tmp_path / "runs", "--json").document["runs"]
    stored = json.loads((run / "metrics.json").read_text())["views"]
    assert listed["metrics"] == {view: one["metrics"] for view, one in stored.items()}
    assert listed["model"] == json.loads((run / "config.json").read_text())["model"]
    assert listed["epochs"] == 2
    assert len(listed["fingerprint"]) == 16
    answer = call("runs", run, tmp_path / "runs")
    assert answer.code == 0
    assert answer.out.count(listed["fingerprint"]) == 2
    assert "again" in answer.out


def test_the_fingerprint_of_the_list_is_that_of_the_run(run: Path):
    from recommender.model.run import open_run

    (listed,) = call("runs", run, "--json").document["runs"]
    assert listed["fingerprint"] == open_run(run).fingerprint


def test_a_damaged_run_is_named_and_the_others_are_listed(run: Path, tmp_path: Path):
    for name in ("good", "bad"):
        shutil.copytree(run, tmp_path / name)
    (tmp_path / "bad" / "metrics.json").unlink()
    answer = call("runs", tmp_path, "--json")
    assert [Path(one["path"]).name for one in answer.document["runs"]] == ["good"]
    assert "bad" in answer.err
    assert "metrics.json" in answer.err


def test_a_folder_without_runs_is_an_error(tmp_path: Path):
    answer = call("runs", tmp_path)
    assert_one_paragraph(answer)
    assert str(tmp_path) in " ".join(answer.err.split()).replace(" ", "")


def test_tune_goes_on_where_it_was_and_train_takes_what_it_found(
    dataset: Path, recipe: Path, tmp_path: Path
):
    out = tmp_path / "search"
    told = ("--out", out, "--config", recipe, "--device", "cpu")
    assert call("tune", dataset, "--trials", "1", *told).code == 0
    journal = (out / "trials.jsonl").read_text()
    answer = call("tune", dataset, "--trials", "3", *told)
    assert answer.code == 0, answer.err
    assert (out / "trials.jsonl").read_text().startswith(journal)
    assert "Recipe 1:" not in answer.err
    assert "Recipe 3:" in answer.err
    best = ("--config", out / "best.toml", "--device", "cpu", "--out", tmp_path / "run")
    assert call("train", dataset, *best).code == 0
    trained = json.loads((tmp_path / "run" / "config.json").read_text())
    assert trained["training"]["seed"] == 5
    assert trained["training"]["max_epochs"] == 1


def test_a_search_is_not_gone_on_with_from_another_recipe(
    dataset: Path, recipe: Path, tmp_path: Path
):
    out = tmp_path / "search"
    assert call("tune", dataset, "--trials", "1", "--out", out, "--config", recipe).code == 0
    recipe.write_text(SMALL.replace("seed = 5", "seed = 6"))
    answer = call("tune", dataset, "--trials", "2", "--out", out, "--config", recipe)
    assert_one_paragraph(answer)
    assert "choose another folder" in " ".join(answer.err.split())
