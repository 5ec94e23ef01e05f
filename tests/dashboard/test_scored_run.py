"""A run that only scored histories shows nobody else's quality, and says what it lacks."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboard.views.data import sentences as sentences_scoring
from recommender.data import read_tables
from recommender.data.features import Feature
from recommender.model.run import open_run
from recommender.model.scored import ScoredWith
from recommender.model.transfer import carry_over
from recommender.workspace.library import START_RUN
from tests.dashboard import shop
from tests.dashboard.test_pages import _workspace, opened, words

__all__ = ["_workspace"]


@pytest.fixture
def scored(run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {"interactions": shop.interactions().replace("u59", "guest"), "users": shop.users()}
    tables = read_tables(**{name: (f"{name}.csv", text.encode()) for name, text in files.items()})
    carry_over(open_run(run_folder), tables, "guests", tmp_path / "guests")
    monkeypatch.setenv(START_RUN, str(tmp_path / "guests"))
    return tmp_path / "guests"


def test_overview_of_a_scored_run_names_the_run_whose_quality_is_known(scored: Path) -> None:
    shown = words(opened("overview"))
    assert "Nothing was measured on these histories: they were scored by the model of run." in shown
    assert "All products" not in shown
    assert "New products" not in shown


def test_overview_of_a_trained_run_shows_its_own_quality() -> None:
    shown = words(opened("overview"))
    assert "All products" in shown
    assert "Nothing was measured" not in shown
    assert "older version" not in shown


def test_the_model_page_says_whose_training_it_was_and_who_was_in_it(scored: Path) -> None:
    shown = words(opened("model"))
    assert "The training of run, on its own data: these histories were only scored." in shown
    assert "60 of these customers were in the training data" in shown


def test_overview_says_what_a_run_of_an_older_version_lacks(
    run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(run_folder, tmp_path / "old") / "dataset"
    (folder / "readings.parquet").unlink()
    schema = json.loads((folder / "schema.json").read_text())
    (folder / "schema.json").write_text(json.dumps(schema | {"format": 1}))
    monkeypatch.setenv(START_RUN, str(tmp_path / "old"))
    shown = words(opened("overview"))
    assert "An older version of RecLens saved this, without how it had read Title:" in shown


def changed_metrics(
    run_folder: Path, folder: Path, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> str:
    """A copy of the run, of which other figures were stored, for `START_RUN`."""
    path = shutil.copytree(run_folder, folder) / "metrics.json"
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    return str(folder)


def test_overview_says_where_an_older_version_knew_no_blend(
    run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_blend(metrics: dict[str, Any]) -> dict[str, Any]:
        for view in metrics["views"].values():
            del view["baselines"]["blend"], view["baselines"]["without attention"]
        return metrics

    assert "their best blend was not asked" not in words(opened("overview"))
    monkeypatch.setenv(START_RUN, changed_metrics(run_folder, tmp_path / "old", without_blend))
    assert "their best blend was not asked" in words(opened("overview"))


def test_overview_says_what_its_figures_mean_and_shows_those_of_newcomers(
    run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def by_time(metrics: dict[str, Any]) -> dict[str, Any]:
        late = {
            "users": 41,
            "metrics": {"ndcg@10": 0.5},
            "baselines": {"blend": {"ndcg@10": 0.25}},
        }
        return metrics | {"split": "by-time", "newcomers": late}

    shown = words(opened("overview"))
    assert "every method knows what others did later" in shown
    assert "Customers without an earlier event" not in shown
    monkeypatch.setenv(START_RUN, changed_metrics(run_folder, tmp_path / "by-time", by_time))
    shown = words(opened("overview"))
    assert "no method knows anything later" in shown
    assert "100% better than the best other method (best blend of simple" in shown
    assert "Customers without an earlier event**" in shown


def test_strangers_have_nothing_that_could_have_been_learned() -> None:
    assert sentences_scoring.seen_before(ScoredWith("f00", "run", 0)) == ""
    assert "may have been in the training data" in sentences_scoring.seen_before(ScoredWith("f00"))
    assert "another run (f00)" in sentences_scoring.quality_elsewhere(ScoredWith("f00"))


def test_only_features_that_cannot_be_read_again_are_lacking() -> None:
    data = shop.dataset()
    assert sentences_scoring.lacking(data) == ""
    forgotten: tuple[Feature, ...] = tuple(
        replace(feature, reading=None) for feature in data.item_features
    )
    told = sentences_scoring.lacking(replace(data, item_features=forgotten))
    assert "Category" not in told  # its values are all that it takes
    assert "Price" in told


def test_what_could_not_be_read_is_said_with_the_reason() -> None:
    told = sentences_scoring.unread((("look", "kind"), ("title", "not kept"), ("scan", "kind")))
    assert len(told) == 2
    assert "an older version" in told[0]
    assert told[1].endswith("Look and Scan.")
