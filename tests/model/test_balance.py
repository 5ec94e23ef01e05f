"""Each part of a logit counts as purchases say that nothing was learned from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from recommender.data.histories import SECONDS_A_DAY
from recommender.data.splits import split_dataset
from recommender.explain.contributions import contributions
from recommender.model.balance import PARTS, PULL, Answered, Balance, best_balance, weigh
from recommender.model.inference import Scorer
from recommender.model.trend import Sales
from tests.tiny import random_scorer, tiny_dataset

DATASET = tiny_dataset()
TRUE = np.array([0.5, 2.0, 0.0, 1.0])


def drawn(n_cases: int = 4000, n_items: int = 12, weights: tuple[float, float] = (1.0, 0.0)):
    """Cases whose items are taken as the factors `TRUE` of random parts say."""
    rng = np.random.default_rng(0)
    parts = rng.normal(size=(n_cases, len(PARTS), n_items))
    logits = np.einsum("k,cki->ci", TRUE, parts) + rng.gumbel(size=(n_cases, n_items))
    wanted = np.eye(n_items)[logits.argmax(1)]
    had = rng.random((n_cases, n_items)) < 0.3
    tensors = torch.tensor(parts).float(), torch.tensor(wanted).float(), torch.tensor(had)
    return Answered(*tensors, weights)


def test_the_factors_that_drew_the_answers_are_found() -> None:
    _, factors = drawn().fitted()
    assert factors == pytest.approx(TRUE, abs=0.1)


def test_no_factor_is_below_zero() -> None:
    answered = drawn()
    misleading = answered.parts.clone()
    misleading[:, 1] *= -1
    _, factors = replace(answered, parts=misleading).fitted()
    assert factors[1] == 0.0
    assert factors[3] > 0.3


def test_few_cases_hardly_move_a_factor() -> None:
    few = drawn(n_cases=3)
    _, factors = few.fitted()
    assert np.abs(factors - 1).max() < 0.5 * np.abs(TRUE - 1).max()
    assert len(few.wanted) < PULL


@pytest.mark.parametrize("weights", [(1.0, 0.0), (0.0, 1.0), (1.0, 0.5)])
def test_the_slope_is_that_of_the_loss(weights: tuple[float, float]) -> None:
    answered, at, step = drawn(60, weights=weights), np.array([0.7, 1.3, 0.4, 0.9]), 1e-2
    doubled = replace(answered, parts=answered.parts.double(), wanted=answered.wanted.double())
    _, slope = doubled.loss(at)
    for part, by_slope in enumerate(slope):
        ahead, behind = (doubled.loss(at + sign * step * np.eye(4)[part])[0] for sign in (1, -1))
        assert by_slope == pytest.approx((ahead - behind) / (2 * step), abs=1e-4)


def test_the_loss_by_hand() -> None:
    parts = torch.zeros(1, 4, 3)
    parts[0, 0] = torch.tensor([np.log(4.0), np.log(2.0), np.log(2.0)])
    wanted, had = torch.tensor([[0.5, 0.5, 0.0]]), torch.tensor([[True, False, False]])
    ones = np.ones(4)
    # Over all: shares of 1/2 and 1/4. Over new ones: the second alone, with 1/2 of the query.
    over_all = -0.5 * np.log(1 / 2) - 0.5 * np.log(1 / 4)
    over_new = -0.5 * np.log(1 / 2)
    for weights, by_hand in (((1.0, 0.0), over_all), ((1.0, 0.5), over_all + 0.5 * over_new)):
        assert Answered(parts, wanted, had, weights).loss(ones)[0] == pytest.approx(by_hand)


@pytest.mark.parametrize("config", [{}, {"order_term": True}, {"readout": "contextual"}])
def test_each_part_of_a_logit_is_multiplied_by_its_factor(config: dict[str, object]) -> None:
    scorer, histories = random_scorer(DATASET, **config), [DATASET.history(u) for u in (3, 7)]
    again, together = (voters.logits(histories) for voters in scorer.voters.apart())
    read = (scorer.user_vectors(histories) @ scorer.candidates.T).detach().numpy()
    bias = scorer.bias.detach().numpy().copy()
    assert np.allclose(scorer.logits(histories), bias + read + again + together, atol=1e-4)
    weigh(scorer.network, Balance(0.5, 2.0, 0.25, 3.0))
    weighed = Scorer.of(scorer.network, scorer.voters.neighbours)
    by_hand = 0.5 * bias + 2.0 * read + 0.25 * again + 3.0 * together
    assert np.allclose(weighed.logits(histories), by_hand, atol=1e-4)
    shares = contributions(weighed, histories[0], [1, 5])
    assert np.allclose(shares.logits, by_hand[0, [1, 5]], atol=1e-4)


def test_where_nothing_can_be_asked_all_counts_as_it_was_trained() -> None:
    split = split_dataset(DATASET)
    nobody = replace(
        split.validation,
        users=split.validation.users[:0],
        cuts=split.validation.cuts[:0],
        as_of=split.validation.as_of[:0],
        target_offsets=split.validation.target_offsets[:1],
        target_items=split.validation.target_items[:0],
    )
    sold = Sales.of(DATASET, split.train_end)
    assert best_balance(random_scorer(DATASET), DATASET, nobody, sold, 0.5) == (Balance(), None)


def test_a_window_is_chosen_in_which_what_is_taken_was_bought() -> None:
    """What is taken next is always what was sold a day before: no window is too long for it."""
    split, scorer = split_dataset(DATASET), random_scorer(DATASET)
    for part in (scorer.network.bias, scorer.network.mix, scorer.network.order.weight):
        part.data.zero_()
    silent = Scorer.of(scorer.network, scorer.voters.neighbours * 0)
    asked = split.validation
    items = [int(asked.targets(case)[0]) for case in range(len(asked))]
    order = np.argsort(asked.as_of)
    sold = Sales(np.repeat(np.array(items)[order], 20), np.repeat(asked.as_of[order], 20) - 3600)
    _, trend = best_balance(silent, DATASET, asked, sold, 0.5)
    assert trend is not None and trend.weight > 0.1
    long_ago = replace(sold, times=sold.times - 400 * SECONDS_A_DAY)
    assert best_balance(silent, DATASET, asked, long_ago, 0.5)[1] is None
