"""A picture is a feature like any other: its share is exact, and nothing without its vector."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from recommender.data.features import Feature
from recommender.explain.contributions import contributions
from recommender.model.inference import Scorer
from recommender.model.uniqueness import make_shares_unique
from tests.tiny import random_scorer, tiny_dataset

PLAIN = tiny_dataset()
PICTURES = np.random.default_rng(1).normal(size=(24, 6)).astype(np.float32)
CODES = np.zeros((24, 0), dtype=np.int64)
PICTURE = Feature("picture", "vector", (), CODES, PICTURES, "digest")
DATASET = replace(PLAIN, item_features=(*PLAIN.item_features, PICTURE))
COLUMN = len(DATASET.item_features)
"""Of the picture in the shares: the id is column 0."""
ITEMS = list(range(24))


def scored(unique: bool = False) -> Scorer:
    scorer = random_scorer(DATASET)
    if unique:
        make_shares_unique(scorer.network, np.bincount(DATASET.interactions["item"], minlength=24))
        scorer = Scorer.of(scorer.network, scorer.voters.neighbours)
    return scorer


@pytest.mark.parametrize("unique", [False, True])
def test_shares_with_a_picture_sum_to_the_logit(unique: bool) -> None:
    scorer, history = scored(unique), DATASET.history(3)
    shares = contributions(scorer, history, ITEMS)
    assert np.allclose(shares.logits, scorer.logits([history])[0], atol=1e-4)
    assert np.abs(shares.features[:, :, COLUMN]).max() > 0.01


def test_without_its_vectors_the_picture_counts_nothing_and_the_rest_what_it_did() -> None:
    scorer, history = scored(), DATASET.history(3)
    before = contributions(scorer, history, ITEMS).features
    stream = scorer.network.value_items
    picture = stream.attributes[-1]
    picture.vectors.zero_()
    stream.freeze()
    after = contributions(scorer, history, ITEMS).features
    assert np.all(after[:, :, COLUMN] == 0)
    others = np.arange(after.shape[2]) != COLUMN
    assert np.allclose(after[:, :, others], before[:, :, others], atol=1e-5)


def test_what_pictures_explain_is_theirs_and_not_the_ids() -> None:
    # Item vectors that follow from the pictures alone, handed to the ids by the training.
    scorer = scored()
    stream = scorer.network.value_items
    with torch.no_grad():
        for attribute in stream.attributes:
            attribute.weight.zero_()
        stream.ids.copy_(torch.from_numpy(PICTURES) @ torch.ones(6, 32))
    make_shares_unique(scorer.network, np.full(24, 1000))
    scorer = Scorer.of(scorer.network, scorer.voters.neighbours)
    parts = np.abs(contributions(scorer, DATASET.history(3), ITEMS).features).sum((0, 1))
    assert parts[0] < 0.01 * parts[COLUMN]
