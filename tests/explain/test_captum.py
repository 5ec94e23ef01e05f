"""Captum, which others wrote, comes to the same values on the same inputs."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from captum.attr import FeatureAblation, IntegratedGradients, ShapleyValues, ShapleyValueSampling

from recommender.explain.attribution import attribution
from recommender.explain.deletions import part_logits
from recommender.explain.gradients import integrated_gradients
from recommender.explain.opened import opened
from recommender.explain.shapley import shapley
from recommender.model.inference import Scorer
from tests.tiny import random_scorer, tiny_dataset

DATASET = tiny_dataset()
HISTORY = DATASET.history(3).newest(4)
ITEM = 7


@pytest.fixture(params=["additive", "contextual"])
def scorer(request: pytest.FixtureRequest) -> Scorer:
    return random_scorer(DATASET, readout=request.param)


def present(scorer: Scorer):
    """The candidate's logit as a function of which events are there."""

    def logit(kept: torch.Tensor) -> torch.Tensor:
        parts = kept.reshape(-1, len(HISTORY)).numpy() > 0.5
        return torch.from_numpy(part_logits(scorer, HISTORY, parts, [ITEM])[:, 0])

    return logit


def ones() -> torch.Tensor:
    return torch.ones(1, len(HISTORY))


def test_influence_is_captums_feature_ablation(scorer: Scorer):
    expected = FeatureAblation(present(scorer)).attribute(ones()).numpy()
    found = attribution(scorer, HISTORY, [ITEM], "influence").events
    assert np.allclose(found, expected, atol=1e-4)


def test_exact_shapley_values_are_captums(scorer: Scorer):
    expected = ShapleyValues(present(scorer)).attribute(ones()).numpy()
    assert np.allclose(shapley(scorer, HISTORY, [ITEM]).events, expected, atol=1e-4)


def test_captums_sampled_shapley_values_come_near(scorer: Scorer):
    torch.manual_seed(0)
    captums = ShapleyValueSampling(present(scorer))
    sampled = captums.attribute(ones(), n_samples=300, perturbations_per_eval=4).numpy()
    exact = shapley(scorer, HISTORY, [ITEM]).events
    assert np.abs(sampled - exact).max() < 0.25 * np.abs(exact).max()
    assert np.corrcoef(sampled[0], exact[0])[0, 1] > 0.95


def test_integrated_gradients_are_captums(scorer: Scorer):
    def logit(presence: torch.Tensor) -> torch.Tensor:
        return opened(scorer, HISTORY, presence).vectors @ scorer.candidates[ITEM]

    captums = IntegratedGradients(logit)
    expected = captums.attribute(ones(), n_steps=48, method="gausslegendre").numpy()
    votes = np.add(*scorer.voters.shares(HISTORY, [ITEM])).T
    found = integrated_gradients(scorer, HISTORY, [ITEM], n_steps=48)
    assert np.allclose(found.events, expected + votes, atol=1e-3)
