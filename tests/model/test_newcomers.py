"""Items without an event are ranked by their attributes, as high as they may expect."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from scipy import sparse

from recommender.data.splits import Split, split_dataset
from recommender.model.batches import TrainingEvents
from recommender.model.inference import Scorer
from recommender.model.newcomers import welcome_new_items
from recommender.model.uniqueness import attribute_design, explained, make_shares_unique
from tests.tiny import random_scorer, tiny_dataset

NEW = 3
"""Of category c0, as every third item."""


def without_new() -> tuple[Any, Split, np.ndarray]:
    """The tiny data set without the events of one item, its split, and the training counts."""
    data = tiny_dataset()
    events = data.interactions
    rest = events[events["item"] != NEW].reset_index(drop=True)
    data = replace(data, interactions=rest)
    split = split_dataset(data)
    seen = TrainingEvents.of(data, split.train_end).items
    return data, split, np.bincount(seen, minlength=len(data.items))


def welcomed(bias_of_new: float, lift: float = 0.0) -> tuple[Scorer, Any, Split]:
    """A random network whose new item training has pushed down; `lift` raises all known items."""
    data, split, counts = without_new()
    assert (counts == 0).nonzero()[0].tolist() == [NEW]
    scorer = random_scorer(data)
    network, neighbours = scorer.network, scorer.voters.neighbours
    with torch.no_grad():
        network.bias.add_(lift)
        network.bias[NEW] = bias_of_new
        network.again_item[NEW] = bias_of_new
    make_shares_unique(network, counts)
    welcome_new_items(network, neighbours, data, split.validation, counts)
    return Scorer.of(network, neighbours), data, split


def test_how_far_training_pushed_a_new_item_down_does_not_matter() -> None:
    low, lower = welcomed(-5.0)[0], welcomed(-50.0)[0]
    history = tiny_dataset().history(0)
    assert np.allclose(low.logits([history]), lower.logits([history]), atol=1e-3)
    assert float(lower.bias[NEW]) > -5


def test_known_items_stay_as_they_are() -> None:
    data, split, counts = without_new()
    scorer = random_scorer(data)
    make_shares_unique(scorer.network, counts)
    before = scorer.network.bias.detach().clone()
    neighbours = scorer.voters.neighbours
    welcome_new_items(scorer.network, neighbours, data, split.validation, counts)
    known = counts > 0
    assert torch.equal(scorer.network.bias[known], before[known])


@pytest.mark.parametrize("known", [[5], [5, 10]])
def test_where_all_known_items_are_in_one_part_new_ones_get_what_attributes_let_expect(
    known: list[int],
) -> None:
    data, split, counts = without_new()
    only = np.where(np.isin(np.arange(len(counts)), known), counts, 0)
    scorer = random_scorer(data)
    network = scorer.network
    make_shares_unique(network, only)
    before = network.bias.detach().numpy().copy()
    welcome_new_items(network, scorer.voters.neighbours, data, split.validation, only)
    appeal = before[:, None].astype(np.float64)
    design = attribute_design(network.candidate_items)
    expected = explained(design, appeal, np.isin(np.arange(len(counts)), known).astype(float))
    assert network.bias.detach().numpy()[known] == pytest.approx(before[known])
    new = np.setdiff1d(np.arange(len(counts)), known)
    assert network.bias.detach().numpy()[new] == pytest.approx(expected[new, 0], abs=1e-5)


def test_a_new_item_rises_with_the_others() -> None:
    history = tiny_dataset().history(0)
    plain = welcomed(-5.0)[0].logits([history])[0]
    lifted = welcomed(-5.0, lift=2.0)[0].logits([history])[0]
    shift = lifted - plain
    assert shift == pytest.approx(np.full(len(shift), shift[0]), abs=0.02)


def test_attributes_let_expect_the_mean_of_the_items_that_share_them() -> None:
    # 200 items of two categories; the pull to zero is that of one item. The last is unknown.
    design = sparse.csr_matrix(np.eye(2)[np.arange(200) % 2])
    values = np.where(np.arange(200) % 2, 3.0, 1.0)[:, None]
    values[199] = -99.0
    weight = (np.arange(200) < 199).astype(float)
    expected = explained(design, values, weight)
    assert expected[199] == pytest.approx(3.0, abs=0.02)
    assert expected[0] == pytest.approx(1.0, abs=0.02)


def test_without_attributes_a_new_item_is_like_the_mean_item() -> None:
    nothing = sparse.csr_matrix((3, 0))
    expected = explained(nothing, np.array([[1.0], [3.0], [50.0]]), np.array([1.0, 1.0, 0.0]))
    assert expected[:, 0] == pytest.approx([2.0, 2.0, 2.0])
