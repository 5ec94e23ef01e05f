"""The voters against values computed by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy import sparse

from recommender.model import neighbours as neighbours_module
from recommender.model.ease import ease
from recommender.model.neighbours import PENALTY, item_neighbours, together_weights
from recommender.model.network import repeat_buckets
from recommender.model.voters import (
    Similarities,
    Voters,
    Votes,
    again_damping,
    damping,
    later_repeats,
    voter_logits,
)
from tests.tiny import random_scorer, tiny_dataset

USERS = np.array([0, 0, 1, 1, 2, 2, 2])
ITEMS = np.array([0, 1, 0, 1, 1, 2, 2])


def test_neighbours_are_shrunk_cosines_of_who_bought():
    (matrix,) = item_neighbours(USERS, ITEMS, (3, 3), shrink=1.0)
    # Items 0 and 1 share two users; 0 has two buyers, 1 has three.
    assert matrix[0, 1] == pytest.approx(2 / (np.sqrt(2 * 3) + 1))
    assert matrix[1, 2] == pytest.approx(1 / (np.sqrt(3 * 1) + 1))
    assert matrix[0, 2] == 0
    assert matrix.diagonal().tolist() == [0, 0, 0]


def test_a_fold_leaves_out_its_users():
    _, without_even, without_odd = item_neighbours(USERS, ITEMS, (3, 3), n_folds=2, shrink=1.0)
    (odd_alone,) = item_neighbours(USERS[2:4], ITEMS[2:4], (3, 3), shrink=1.0)
    assert np.allclose(without_even.toarray(), odd_alone.toarray())
    assert without_odd[1, 2] > 0


def test_only_the_nearest_are_kept():
    (matrix,) = item_neighbours(USERS, ITEMS, (3, 3), n_neighbours=1, shrink=1.0)
    assert matrix[1].indices.tolist() == [0]


def test_above_chance_only_the_buyers_beyond_chance_count():
    (matrix,) = item_neighbours(USERS, ITEMS, (3, 3), shrink=1.0, above_chance=True)
    # Items 0 and 1 have 2 and 3 of 3 buyers: they share 2, and would by chance too.
    assert matrix[0, 1] == 0
    users, items = np.array([0, 0, 1, 1, 2, 3]), np.array([0, 1, 0, 1, 2, 2])
    (matrix,) = item_neighbours(users, items, (4, 3), shrink=1.0, above_chance=True)
    # 2 of 4 users bought 0, the same two bought 1: 2 shared, 1 by chance.
    assert matrix[0, 1] == pytest.approx((2 - 1) / (2 + 1))
    assert matrix[0, 2] == 0


def test_together_holds_the_strongest_weights_of_ease(monkeypatch: pytest.MonkeyPatch):
    rng = np.random.default_rng(0)
    taken = rng.random((40, 12)) < 0.3
    users, items = np.nonzero(taken)
    fitted = ease(sparse.csr_matrix(taken.astype(np.float32)), PENALTY)
    (whole,) = together_weights(users, items, taken.shape)
    assert np.allclose(whole.toarray(), fitted)
    monkeypatch.setattr(neighbours_module, "N_NEIGHBOURS", 3)
    (matrix,) = together_weights(users, items, taken.shape)
    cut = np.sort(np.abs(fitted), axis=1)[:, -3][:, None]
    assert np.allclose(matrix.toarray(), np.where(np.abs(fitted) >= cut, fitted, 0))


def star(n_items: int) -> tuple[np.ndarray, np.ndarray, tuple[int, int]]:
    """Each user takes the last item and one of the others: all are as near to the last one."""
    users = np.repeat(np.arange(n_items - 1), 2)
    items = np.stack([np.arange(n_items - 1), np.full(n_items - 1, n_items - 1)], 1).ravel()
    return users, items, (n_items - 1, n_items)


def test_of_items_that_are_as_near_the_lowest_codes_are_neighbours(
    monkeypatch: pytest.MonkeyPatch,
):
    users, items, shape = star(300)
    monkeypatch.setattr(neighbours_module, "N_NEIGHBOURS", 5)
    (linear,) = together_weights(users, items, shape)
    assert sorted(linear[299].indices) == [0, 1, 2, 3, 4]
    for dense_share in (0.0, 2.0):  # rows ranked as dense ones, and as sparse ones
        monkeypatch.setattr(neighbours_module, "DENSE_SHARE", dense_share)
        (near,) = item_neighbours(users, items, shape, n_neighbours=5)
        assert near[299].indices.tolist() == [0, 1, 2, 3, 4]


def test_together_leaves_out_the_users_of_a_fold():
    shape = (4, 3)  # user 3 bought nothing
    _, without_even, without_odd = together_weights(USERS, ITEMS, shape, n_folds=2)
    (odd_alone,) = together_weights(USERS[2:4], ITEMS[2:4], shape)
    assert np.allclose(without_even.toarray(), odd_alone.toarray())
    assert without_odd[1, 2] != 0


def test_large_catalogues_take_the_item_knn_instead(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(neighbours_module, "LINEAR_ITEMS", 2)
    found = together_weights(USERS, ITEMS, (3, 3), n_folds=2)
    expected = item_neighbours(USERS, ITEMS, (3, 3), n_folds=2, above_chance=True)
    for one, other in zip(found, expected, strict=True):
        assert np.array_equal(one.toarray(), other.toarray())


def test_later_repeats_by_hand():
    assert later_repeats(np.array([5, 3, 5, 5, 3])).tolist() == [2, 1, 1, 0, 0]


def test_votes_are_damped_by_their_number():
    assert damping(4) == 0.5
    assert damping(0) == 1.0
    assert again_damping(np.array([0.25])) == 0.5


def test_again_and_together_by_hand():
    neighbours = sparse.csr_matrix(np.array([[0, 0.5], [0.5, 0]], dtype=np.float32))
    weights = np.full((13, 2), 2.0, dtype=np.float32)
    voters = Voters(
        again_weight=weights,
        again_repeat=np.array([1, 0.5, 0, 0, 0, 0, 0], dtype=np.float32),
        again_item=np.array([0.7, 0.1], dtype=np.float32),
        together_weight=weights * 2,
        together_repeat=np.array([1, 0.25, 0, 0, 0, 0, 0], dtype=np.float32),
        neighbours=neighbours,
    )
    history = replace(tiny_dataset().history(3).newest(4), items=np.array([0, 1, 1, 0]))
    # The newest event of the item counts whole and brings the repeat appeal, the older one half.
    again_by_hand = np.array([2.0 * 0.5 * 4**-0.25, 0, 0, 2.0 * 4**-0.25 + 0.7])
    together_by_hand = np.array([0, 0.25, 1, 0]) * 4.0 * 0.5 * 4**-0.5
    again, together = voters.shares(history, [0])
    assert np.allclose(again[:, 0], again_by_hand)
    assert np.allclose(together[:, 0], together_by_hand)
    assert voters.logits([history])[0][0] == pytest.approx(
        again_by_hand.sum() + together_by_hand.sum()
    )


@pytest.mark.parametrize("n_kept", [0, 2, 5])
def test_voters_of_a_part_are_those_of_the_shortened_history(n_kept: int):
    dataset = tiny_dataset()
    voters, history = random_scorer(dataset).voters, dataset.history(3)
    kept = np.zeros((3, len(history)), dtype=bool)
    for row, seed in zip(kept, range(3), strict=True):
        row[np.random.default_rng(seed).permutation(len(history))[:n_kept]] = True
    found = voters.logits_of_parts(history, kept)
    for row, part in zip(found, kept, strict=True):
        assert np.allclose(
            row, voters.logits([history.without(*np.flatnonzero(~part))])[0], atol=1e-5
        )
    assert np.allclose(voters.logits_of_parts(history, kept, [7, 2]), found[:, [7, 2]], atol=1e-5)


def test_training_and_inference_count_the_same_votes():
    dataset = tiny_dataset()
    scorer = random_scorer(dataset)
    history = dataset.history(3)
    different, place = np.unique(history.items, return_inverse=True)
    n_items = len(dataset.items)
    gap = torch.bucketize(
        torch.from_numpy(history.as_of - history.times).float() / 86_400,
        torch.tensor([0.04, 0.25, 1, 3, 7, 14, 30, 60, 90, 180, 365]),
        right=True,
    )
    votes = Votes(
        torch.zeros(len(history), dtype=torch.long),
        torch.from_numpy(place),
        gap,
        torch.from_numpy(history.events.astype(np.int64)),
        repeat_buckets(
            torch.tensor(
                [int((history.items[i + 1 :] == x).sum()) for i, x in enumerate(history.items)]
            )
        ),
        torch.full((len(history),), 1 / np.sqrt(len(history)), dtype=torch.float32),
    )
    rows = sparse.csr_matrix(scorer.voters.neighbours[different])
    similar = Similarities.on(torch.device("cpu"), rows)
    items = torch.from_numpy(different)
    logits, had = voter_logits(scorer.network, votes, (1, n_items), items, items, similar)
    assert np.allclose(logits.detach().numpy()[0], scorer.voters.logits([history])[0], atol=1e-4)
    assert set(np.flatnonzero(had[0])) == set(history.items)


def test_gradients_of_the_sparse_product_are_those_of_the_dense_one():
    matrix = sparse.random(5, 4, 0.5, random_state=0, format="csr", dtype=np.float32)
    votes = torch.randn(3, 5, requires_grad=True)
    target = torch.randn(3, 4)
    (Similarities.on(torch.device("cpu"), matrix).of(votes) * target).sum().backward()
    assert torch.allclose(votes.grad, target @ torch.from_numpy(matrix.toarray()).T, atol=1e-5)
