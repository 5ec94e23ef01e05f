"""Shares sum to logits, deletions are what they say, and bars do not depend on coordinates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from recommender.data.dataset import Dataset
from recommender.data.features import Feature
from recommender.data.histories import History
from recommender.explain.contributions import contributions
from recommender.explain.influence import influence
from recommender.model.inference import Scorer
from recommender.model.training import new_network
from recommender.model.uniqueness import make_shares_unique
from tests.tiny import random_scorer, tiny_dataset

DATASET = tiny_dataset()
COUNTS = np.bincount(DATASET.interactions["item"], minlength=len(DATASET.items))
ADDITIVE = [{"order_term": False}, {"order_term": True}, {"again": False, "together": False}]
CONFIGS = [*ADDITIVE, {"readout": "contextual"}]
WITHOUT_ATTENTION = {"attention": False, "order_term": False}
CUTS = [0, None]
"""No event at all, and all that the user has."""


def shop(n_item_features: int, n_user_features: int) -> Dataset:
    """The tiny data set with so many features of items (three at most) and of users."""
    codes = np.random.default_rng(9).integers(0, 3, (len(DATASET.users), 3))
    hobbies = Feature("hobbies", "multi", ("chess", "cooking"), codes[:, :2])
    region = Feature("region", "categorical", ("north", "south"), codes[:, 2:])
    known = (*DATASET.user_features, hobbies, region)
    return replace(
        DATASET,
        item_features=DATASET.item_features[:n_item_features],
        user_features=known[:n_user_features],
    )


SHOPS = {
    "several features": shop(3, 3),
    "one feature": shop(1, 1),
    "no feature": shop(0, 0),
    "no profile": shop(3, 0),
}
with_every_shop = pytest.mark.parametrize("data", SHOPS.values(), ids=SHOPS)
with_every_cut = pytest.mark.parametrize("cut", CUTS, ids=["no history", "history"])
with_every_config = pytest.mark.parametrize("config", CONFIGS, ids=str)


@pytest.mark.parametrize("config", [*CONFIGS, WITHOUT_ATTENTION], ids=str)
@with_every_shop
@with_every_cut
@pytest.mark.parametrize("user", [0, 3, 11])
def test_shares_sum_to_the_logit(user: int, cut: int | None, data: Dataset, config: dict):
    scorer = random_scorer(data, **config)
    history = data.history(user, cut)
    items = list(range(len(data.items)))
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


def test_without_attention_nothing_but_popularity_and_the_voters_has_a_share():
    scorer = random_scorer(DATASET, **WITHOUT_ATTENTION)
    history = DATASET.history(3)
    shares = contributions(scorer, history, list(range(len(DATASET.items))))
    assert not shares.features[..., :-3].any() and not shares.features[..., -1].any()
    assert not shares.profile.any() and not shares.order_term.any()
    expected = scorer.bias.numpy() + scorer.voters.logits([history])[0]
    assert np.allclose(scorer.logits([history])[0], expected, atol=1e-5)


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


@with_every_config
@with_every_shop
@with_every_cut
def test_a_hidden_profile_value_is_seen_by_nobody(cut: int | None, data: Dataset, config: dict):
    scorer = random_scorer(data, **config)
    history = data.history(3, cut)
    generator = torch.Generator().manual_seed(5)
    for hidden in range(len(data.user_features)):
        before = logit_without(scorer, history, hidden)
        for tables in (scorer.network.routing_profile, scorer.network.value_profile):
            torch.nn.init.normal_(tables[hidden], 0, 5, generator=generator)
        assert logit_without(scorer, history, hidden) == pytest.approx(before, abs=1e-3)


@with_every_config
@with_every_cut
@pytest.mark.parametrize("hidden", [0, 1, 2])
def test_hiding_a_profile_value_is_as_if_nobody_had_asked_for_it(
    hidden: int, cut: int | None, config: dict
):
    data = SHOPS["several features"]
    scorer = random_scorer(data, **config)
    left = [one for one in range(3) if one != hidden]
    unasked = replace(data, user_features=tuple(data.user_features[one] for one in left))
    network = new_network(unasked, scorer.network.config)
    weights = scorer.network.state_dict()
    for tables in ("routing_profile", "value_profile"):
        of_feature = [weights.pop(f"{tables}.{one}") for one in range(3)]
        weights |= {f"{tables}.{i}": of_feature[one] for i, one in enumerate(left)}
    network.load_state_dict(weights)
    logits = Scorer.of(network, scorer.voters.neighbours).logits([unasked.history(3, cut)])
    expected = pytest.approx(float(logits[0, 7]), abs=1e-3)
    assert logit_without(scorer, data.history(3, cut), hidden) == expected


def logit_without(scorer: Scorer, history: History, hidden: int) -> float:
    taken = influence(scorer, history, [7]).profile[0, hidden]
    return float(scorer.logits([history])[0, 7] - taken)


@pytest.mark.parametrize("config", ADDITIVE, ids=str)
@with_every_shop
@with_every_cut
def test_random_coordinates_give_the_same_bars(cut: int | None, data: Dataset, config: dict):
    history = data.history(3, cut)
    expected = bars(random_scorer(data, **config), history)
    shifted = random_scorer(data, **config)
    shift_at_random(shifted)
    assert np.abs(expected).max(initial=0) > 0.1 or not len(history)
    assert np.allclose(bars(shifted, history), expected, atol=1e-3)


def bars(scorer: Scorer, history: History) -> np.ndarray:
    network, neighbours = scorer.network, scorer.voters.neighbours
    make_shares_unique(network, COUNTS)
    return contributions(Scorer.of(network, neighbours), history, [1, 7]).features


@torch.no_grad()
def shift_at_random(scorer: Scorer) -> None:
    """Change the coordinates: the parts of the items' vectors move, their totals stay."""
    generator = torch.Generator().manual_seed(5)
    items = torch.arange(len(COUNTS))
    for stream in (scorer.network.value_items, scorer.network.candidate_items):
        for attribute in stream.attributes:
            before = attribute(items)
            attribute.weight += torch.randn(attribute.weight.shape, generator=generator)
            stream.ids -= attribute(items) - before


@with_every_config
@with_every_shop
def test_making_shares_unique_moves_all_logits_of_a_user_alike(data: Dataset, config: dict):
    scorer = random_scorer(data, **config)
    histories = [data.history(user, cut) for user in (0, 3, 11) for cut in CUTS]
    before = scorer.logits(histories)
    parts = scorer.network.value_items.ids.clone()
    make_shares_unique(scorer.network, COUNTS)
    moved = Scorer.of(scorer.network, scorer.voters.neighbours).logits(histories) - before
    assert not torch.allclose(scorer.network.value_items.ids, parts, atol=0.1)
    assert np.allclose(moved, moved[:, :1], atol=1e-3)
