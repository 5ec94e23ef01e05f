"""Interest tags add up to what the history gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from recommender.data.features import Feature
from recommender.explain import edited_history, interest_tags, recommend, segment_tags
from recommender.explain.contributions import contributions
from recommender.explain.tags import _of_bag
from recommender.model.network import ModelConfig
from recommender.model.run import Run, train_run
from recommender.model.training import TrainConfig
from tests.tiny import tiny_dataset


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder: Path = tmp_path_factory.mktemp("runs") / "tiny"
    model, training = ModelConfig(width=32, window=12, n_layers=1), TrainConfig(max_epochs=2)
    return train_run(tiny_dataset(), folder, model, training, device=torch.device("cpu"))


def top_shares(run: Run, user: int, k: int):
    history = run.history(user)
    items = [one.item for one in recommend(run, history, k, "all")]
    return history, items, contributions(run.scorer, history, items).features


def test_weights_and_rest_add_up_to_what_the_history_gives(run: Run):
    _, items, shares = top_shares(run, 3, 5)
    found = interest_tags(run, run.history(3), 5, "all", most=4)
    assert len(found.tags) <= 4
    assert found.total == pytest.approx(shares.sum((1, 2)).mean(), abs=1e-5)
    assert sum(tag.weight for tag in found.tags) + found.rest == pytest.approx(found.total)
    assert set(found.items) == set(items)


def test_a_category_tag_is_the_sum_of_the_shares_of_its_events(run: Run):
    history, items, shares = top_shares(run, 3, 5)
    found = interest_tags(run, history, 5, "all", most=1000)
    tag = next(one for one in found.tags if one.feature == "category")
    of_value = np.array([f"c{item % 3}" == tag.value for item in history.items])
    by_item = shares[:, of_value, 1].sum(1)
    assert tag.weight == pytest.approx(by_item.mean(), abs=1e-5)
    assert tag.drives[0] == items[int(by_item.argmax())]


def test_the_values_of_a_bag_have_equal_parts():
    bag = Feature("tags", "multi", ("red", "blue"), np.array([[1, 2], [2, 0], [0, 0]]))
    codes, parts = _of_bag(bag, np.array([0, 1, 2]))
    # Red and blue by half; blue alone; nothing known, which is a value of its own.
    assert codes.tolist() == [[1, 2], [2, -1], [0, 0]]
    assert parts[..., 0].tolist() == [[0.5, 0.5], [1.0, 0.0], [1.0, 0.0]]


def test_tags_of_a_segment_are_means_over_its_users(run: Run):
    users = [3, 4, 5]
    alone = [interest_tags(run, run.history(user), 5, "all").total for user in users]
    found = segment_tags(run, (run.history(user) for user in users), 5, "all")
    assert found.total == pytest.approx(np.mean(alone))
    assert sum(tag.weight for tag in found.tags) + found.rest == pytest.approx(found.total)


def test_without_a_history_there_are_no_tags(run: Run):
    found = interest_tags(run, edited_history(run, []))
    assert found.tags == ()
    assert found.total == found.rest == 0
