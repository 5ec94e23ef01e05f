"""A recipe survives the way through TOML."""

from __future__ import annotations

from pathlib import Path

import pytest

from recommender.model.learning import TrainConfig
from recommender.model.network import ModelConfig
from recommender.model.recipe import Recipe, read_recipe
from recommender.model.tuning import SPACE

OTHER = Recipe(
    ModelConfig(width=32, readout="contextual", again=False),
    TrainConfig(learning_rate=1e-3, seed=3),
    "by-time",
)


@pytest.mark.parametrize("recipe", [Recipe(), OTHER])
def test_what_is_written_is_what_is_read(recipe: Recipe, tmp_path: Path):
    path = tmp_path / "recipe.toml"
    path.write_text(recipe.as_toml())
    assert read_recipe(path) == recipe


def test_what_a_file_does_not_set_is_as_by_default(tmp_path: Path):
    path = tmp_path / "recipe.toml"
    path.write_text("[training]\nweight_decay = 1\n")
    assert read_recipe(path) == Recipe(training=TrainConfig(weight_decay=1.0))


def test_changes_leave_the_rest_alone():
    changed = OTHER.changed(model={"width": 64}, training={"seed": 4})
    assert changed.model == ModelConfig(readout="contextual", again=False)
    assert changed.training == TrainConfig(learning_rate=1e-3, seed=4)
    assert changed.split == "by-time"


def test_every_searched_setting_is_one_of_the_recipe():
    recipe = Recipe()
    for name in SPACE:
        assert hasattr(recipe.model, name) != hasattr(recipe.training, name)
