"""Every attribution against its law, brute force, or independent code."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.explain.attribution import attribution, methods_of
from recommender.explain.deletions import leave_one_out, part_logits
from recommender.explain.opened import opened
from recommender.explain.routes import attention, rollout, rollout_matrix
from recommender.explain.shapley import shapley
from recommender.explain.types import METHODS
from recommender.model.inference import Scorer
from tests.tiny import random_scorer, tiny_dataset

DATASET = tiny_dataset()
FEATURES = [feature.name for feature in DATASET.item_features]
CONFIGS: list[dict[str, object]] = [
    {},
    {"order_term": True},
    {"readout": "contextual"},
    {"again": False, "together": False, "n_layers": 1},
]
SCORERS = [random_scorer(DATASET, seed, **config) for seed, config in enumerate(CONFIGS)]
LONGEST = int(np.diff(DATASET.offsets).argmax())

scorers = st.sampled_from(SCORERS)
additive = st.sampled_from([SCORERS[0], SCORERS[1], SCORERS[3]])
candidates = st.lists(st.integers(0, len(DATASET.items) - 1), min_size=1, max_size=4)


@st.composite
def histories(draw: st.DrawFn, most: int = 30):
    user = draw(st.integers(0, len(DATASET.users) - 1))
    return DATASET.history(user, draw(st.integers(0, most)))


@settings(max_examples=40)
@given(additive, histories(), candidates)
def test_contributions_sum_to_the_logit(scorer: Scorer, history, items):
    found = attribution(scorer, history, items, "contribution", FEATURES)
    cells = found.cells
    whole = cells.bias + cells.order_term + cells.events.sum((1, 2, 3)) + cells.profile.sum((1, 2))
    assert np.allclose(whole, scorer.logits([history])[0, items], atol=1e-4)
    assert np.allclose(found.completeness_gap, 0, atol=1e-4)
    assert np.allclose(found.events, cells.events.sum((2, 3)), atol=1e-5)


@settings(max_examples=30)
@given(scorers, histories(), candidates, st.data())
def test_a_part_scores_as_the_shortened_history_does(scorer: Scorer, history, items, data):
    history = history.newest(scorer.network.config.window)
    n = len(history)
    rows = data.draw(st.lists(st.lists(st.booleans(), min_size=n, max_size=n), min_size=1))
    kept = np.array(rows, dtype=bool).reshape(len(rows), n)
    shortened = [history.without(*np.flatnonzero(~part)) for part in kept]
    expected = scorer.logits(shortened)
    assert np.allclose(part_logits(scorer, history, kept), expected, atol=1e-4)
    assert np.allclose(part_logits(scorer, history, kept, items), expected[:, items], atol=1e-4)


@settings(max_examples=30)
@given(scorers, histories(), candidates, st.sampled_from(METHODS))
def test_values_do_not_depend_on_who_else_is_asked_about(scorer, history, items, method):
    if method not in methods_of(scorer) or method == "random":
        return
    together = attribution(scorer, history, items, method, FEATURES)
    alone = attribution(scorer, history, items[-1:], method, FEATURES)
    assert together.events.shape == (len(items), len(history))
    assert np.allclose(together.events[-1], alone.events[0], atol=1e-4)


@pytest.mark.parametrize("scorer", SCORERS)
def test_values_do_not_depend_on_the_size_of_batches(scorer: Scorer, monkeypatch):
    history = DATASET.history(LONGEST)
    kept = leave_one_out(len(history))
    expected = part_logits(scorer, history, kept, [3])
    monkeypatch.setattr("recommender.explain.deletions.TOKENS_A_BATCH", 1)
    assert np.allclose(part_logits(scorer, history, kept, [3]), expected, atol=1e-5)


def test_the_contextual_readout_says_that_it_has_no_contributions():
    with pytest.raises(ValueError, match="ask for influence"):
        attribution(SCORERS[2], DATASET.history(0), [1], "contribution")
    assert set(METHODS) - set(methods_of(SCORERS[2])) == {"contribution"}


def test_an_unknown_method_is_refused():
    with pytest.raises(ValueError, match="choose one of contribution"):
        attribution(SCORERS[0], DATASET.history(0), [1], "astrology")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("scorer", SCORERS)
def test_an_empty_history_has_no_values(scorer: Scorer, method):
    if method in methods_of(scorer):
        found = attribution(scorer, DATASET.history(3, 0), [1, 2], method, FEATURES)
        assert found.events.shape == (2, 0)


def test_a_feature_without_weights_contributes_nothing():
    scorer = random_scorer(DATASET, 7)
    category = FEATURES.index("category")
    with torch.no_grad():
        attribute = scorer.network.value_items.attributes[category]
        attribute.weight.zero_()
        attribute.offset.zero_()
    silent = Scorer.of(scorer.network, scorer.voters.neighbours)
    cells = attribution(silent, DATASET.history(3), [1, 2], "contribution", FEATURES).cells
    assert cells.event_features[1 + category] == "category"
    assert (cells.events[:, :, 1 + category] == 0).all()
    assert np.abs(cells.events[:, :, 2 + category]).max() > 0


@pytest.mark.parametrize("scorer", SCORERS)
def test_reading_shared_beginnings_once_changes_nothing(scorer: Scorer, monkeypatch):
    history = DATASET.history(LONGEST).newest(12)
    kept = leave_one_out(12)[6:]
    expected = scorer.logits([history.without(event) for event in range(6, 12)])
    assert np.allclose(part_logits(scorer, history, kept), expected, atol=1e-4)
    monkeypatch.setattr(type(scorer.network), "route", None)
    assert np.allclose(part_logits(scorer, history, kept), expected, atol=1e-4)


@pytest.mark.parametrize("scorer", SCORERS)
def test_the_opened_pass_gives_the_same_vector(scorer: Scorer):
    for history in (DATASET.history(3), DATASET.history(LONGEST), DATASET.history(3, 0)):
        with torch.no_grad():
            found = opened(scorer, history)
        assert torch.allclose(found.vectors, scorer.user_vectors([history]), atol=1e-5)


@pytest.mark.parametrize("scorer", SCORERS)
def test_opened_attention_is_that_of_the_network(scorer: Scorer):
    from recommender.model.batches import stack

    with torch.no_grad():
        layers = opened(scorer, DATASET.history(3)).layers
        expected = scorer.network.routing_weights(stack([DATASET.history(3)], 12)[0])
    assert all(torch.allclose(a, b, atol=1e-6) for a, b in zip(layers, expected, strict=True))


def test_rows_of_a_rollout_sum_to_one():
    with torch.no_grad():
        layers = opened(SCORERS[0], DATASET.history(LONGEST)).layers
    matrix = rollout_matrix(torch.stack([layer[0] for layer in layers]))
    assert torch.allclose(matrix.sum(-1), torch.ones(len(matrix)), atol=1e-5)
    assert (matrix.triu(1) == 0).all()


def test_a_rollout_by_hand():
    layer = torch.tensor([[[1.0, 0.0], [0.6, 0.4]]])
    # Half of each token stays: rows (1, 0) and (0.3, 0.7); twice: (0.3 + 0.7 · 0.3, 0.7 · 0.7).
    found = rollout_matrix(torch.stack([layer, layer]))
    assert torch.allclose(found, torch.tensor([[1.0, 0.0], [0.51, 0.49]]))


def test_raw_attention_can_be_asked_of_a_layer_and_head():
    history = DATASET.history(3).newest(5)
    with torch.no_grad():
        layers = opened(SCORERS[0], history).layers
    found = attention(SCORERS[0], history, [1, 2], layer=0, head=1)
    assert np.allclose(found.events[1], layers[0][0, 1, -1, 2:])
    mean = attention(SCORERS[0], history, [1])
    heads = [attention(SCORERS[0], history, [1], head=h).events for h in range(4)]
    assert np.allclose(mean.events, np.mean(heads, axis=0), atol=1e-6)
    assert rollout(SCORERS[0], history, [1]).events.shape == (1, 5)


def by_brute_force(scorer: Scorer, history, item: int) -> np.ndarray:
    """Shapley values by going through every order in which the events could come."""
    n = len(history)
    values = np.zeros(n)
    orders = list(permutations(range(n)))
    parts = [frozenset(part) for size in range(n + 1) for part in combinations(range(n), size)]
    left = [history.without(*set(range(n)) - part) for part in parts]
    logit = dict(zip(parts, scorer.logits(left)[:, item], strict=True))
    for order in orders:
        for size, event in enumerate(order):
            gain = logit[frozenset(order[: size + 1])] - logit[frozenset(order[:size])]
            values[event] += gain / len(orders)
    return values


@pytest.mark.parametrize("scorer", SCORERS[:3])
def test_exact_shapley_values_are_those_of_brute_force(scorer: Scorer):
    history = DATASET.history(3).newest(4)
    found = shapley(scorer, history, [7, 2])
    assert np.allclose(found.events[0], by_brute_force(scorer, history, 7), atol=1e-4)
    assert (found.standard_error == 0).all()


def test_shapley_values_sum_to_what_the_history_adds():
    for user in (3, LONGEST):
        history = DATASET.history(user)
        found = shapley(SCORERS[0], history, [7])
        whole, nothing = SCORERS[0].logits([history, history.without(*range(len(history)))])[:, 7]
        assert found.events.sum() == pytest.approx(whole - nothing, abs=1e-4)
        assert np.allclose(found.completeness_gap, 0, atol=1e-6)


@pytest.mark.parametrize("n_permutations", [4, 6])
def test_sampled_shapley_values_are_means_over_orders_and_their_reverses(n_permutations: int):
    n = SCORERS[0].network.config.window
    history = DATASET.history(LONGEST).newest(n)
    found = shapley(SCORERS[0], history, [7, 2], n_permutations, seed=3)
    rng = np.random.default_rng(3)
    pairs = []
    for _ in range(n_permutations // 2):
        order = rng.permutation(n)
        pairs.append([gains_in(order, history), gains_in(order[::-1], history)])
    means = np.mean(pairs, axis=1)
    assert np.allclose(found.events, means.mean(0), atol=1e-4)
    spread = np.sqrt(((means - means.mean(0)) ** 2).sum(0) / (len(pairs) - 1) / len(pairs))
    assert np.allclose(found.standard_error, spread, atol=1e-4)


def gains_in(order: np.ndarray, history) -> np.ndarray:
    """What each event adds to the logits of items 7 and 2 when the events come in this order."""
    left = [history.without(*order[size:]) for size in range(len(order) + 1)]
    logits = SCORERS[0].logits(left)[:, [7, 2]]
    gains = np.empty((2, len(order)))
    gains[:, order] = np.diff(logits, axis=0).T
    return gains


@pytest.mark.parametrize("n_permutations", [0, 2, 5])
def test_shapley_values_of_too_few_or_of_odd_orders_are_refused(n_permutations: int):
    with pytest.raises(ValueError, match="must be even and at least 4"):
        shapley(SCORERS[0], DATASET.history(3), [7], n_permutations)


def test_shapley_values_of_up_to_ten_events_are_exact():
    ten, eleven = (DATASET.history(LONGEST).newest(n) for n in (10, 11))
    assert (shapley(SCORERS[0], ten, [7]).standard_error == 0).all()
    assert (shapley(SCORERS[0], eleven, [7]).standard_error > 0).all()


def test_sampled_shapley_values_come_near_the_exact_ones(monkeypatch):
    history = DATASET.history(LONGEST).newest(8)
    exact = shapley(SCORERS[0], history, [7]).events
    monkeypatch.setattr("recommender.explain.shapley.EXACT_UP_TO", 0)
    sampled = shapley(SCORERS[0], history, [7], n_permutations=400)
    far = np.abs(sampled.events - exact) / sampled.standard_error
    assert far.max() < 4
    few = shapley(SCORERS[0], history, [7], n_permutations=8)
    assert few.standard_error.mean() > 3 * sampled.standard_error.mean()


@pytest.mark.parametrize("scorer", SCORERS)
def test_integrated_gradients_are_complete(scorer: Scorer):
    found = attribution(scorer, DATASET.history(LONGEST), [7, 2], "integrated_gradients")
    votes = np.add(*scorer.voters.shares(DATASET.history(LONGEST), [7, 2])).sum(0)
    assert np.abs(found.completeness_gap).max() < 0.05 * np.abs(found.events.sum(1) - votes).max()


@pytest.mark.parametrize("user", [3, LONGEST])
@pytest.mark.parametrize("scorer", SCORERS)
def test_grad_attention_is_never_against(scorer: Scorer, user: int):
    found = attribution(scorer, DATASET.history(user), [7, 2], "grad_attention")
    assert (found.events >= 0).all()
    assert (found.events[0] != found.events[1]).any()
