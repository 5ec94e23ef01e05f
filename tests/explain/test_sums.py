"""Shares sum to logits, deletions are what they say, and bars do not depend on coordinates."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from recommender.explain.contributions import contributions
from recommender.explain.influence import influence
from tests.tiny import random_scorer, tiny_dataset

DATASET = tiny_dataset()
COUNTS = np.bincount(DATASET.interactions["item"], minlength=len(DATASET.items))
CONFIGS = [{}, {"order_term": True}, {"readout": "contextual"}, {"again": False, "together": False}]


@pytest.mark.parametrize("config", CONFIGS)
@pytest.mark.parametrize("user", [0, 3, 11])
def test_shares_sum_to_the_logit(config, user):
    scorer = random_scorer(DATASET, **config)
    history = DATASET.history(user)
    items = list(range(len(DATASET.items)))
    shares = contributions(scorer, history, items)
    assert np.allclose(shares.logits, scorer.logits([history])[0], atol=1e-4)


def test_shares_of_a_history_longer_than_the_window_sum_to_the_logit():
    scorer = random_scorer(DATASET)
    user = int(np.diff(DATASET.offsets).argmax())
    history = DATASET.history(user)
    assert len(history) > scorer.network.config.window
    shares = contributions(scorer, history, [int(history.items[0]), 5])
    assert np.allclose(shares.logits, scorer.logits([history])[0, [history.items[0], 5]], atol=1e-4)
    older = len(history) - scorer.network.config.window
    assert np.all(shares.features[:, :older, :-3] == 0)


def test_an_empty_history_has_no_event_shares():
    scorer = random_scorer(DATASET)
    history = DATASET.history(0, cut=0)
    shares = contributions(scorer, history, [2])
    assert shares.features.shape[1] == 0
    assert np.allclose(shares.logits, scorer.logits([history])[0, [2]], atol=1e-4)
    assert influence(scorer, history, [2]).logit.shape == (1, 0)


def test_influence_is_the_logit_minus_the_logit_of_the_shortened_history():
    scorer = random_scorer(DATASET, order_term=True)
    history = DATASET.history(3)
    measured = influence(scorer, history, [7])
    full = torch.from_numpy(scorer.logits([history])[0])
    for event in range(len(history)):
        short = torch.from_numpy(scorer.logits([history.without(event)])[0])
        assert measured.logit[0, event] == pytest.approx(float(full[7] - short[7]), abs=1e-4)
        log = full.log_softmax(-1)[7] - short.log_softmax(-1)[7]
        assert measured.log_softmax[0, event] == pytest.approx(float(log), abs=1e-4)


def test_taking_an_event_beyond_the_window_away_lets_nothing_slide_in():
    scorer = random_scorer(DATASET)
    history = DATASET.history(int(np.diff(DATASET.offsets).argmax()))
    older = len(history) - scorer.network.config.window
    measured = influence(scorer, history, [7])
    votes = scorer.voters.logits([history])[0][7]
    left = [scorer.voters.logits([history.without(event)])[0][7] for event in range(older)]
    assert np.allclose(measured.logit[0, :older], votes - np.array(left), atol=1e-4)
