"""Metrics against values computed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from recommender.metrics import Cases, evaluate, hits_at, mrr, ndcg, recall
from recommender.metrics.ranking import top_k

SECOND = np.array([[False, True, False]])


def test_top_k_goes_from_best_to_worst_and_lower_codes_win_ties():
    scores = np.array([[0.1, 0.9, 0.9, 0.5]])
    assert top_k(scores, 3).tolist() == [[1, 2, 3]]


def test_hits_are_found_in_the_targets():
    targets = sparse.csr_matrix(np.array([[0, 1, 0], [1, 0, 0]]))
    assert hits_at(np.array([[2, 1], [1, 2]]), targets).tolist() == [[False, True], [False, False]]


def test_ndcg_of_a_single_target_at_rank_two_is_one_over_log2_three():
    assert ndcg(SECOND, np.array([1]))[0] == pytest.approx(0.6309298)


def test_ndcg_of_one_of_two_targets_at_rank_two():
    assert ndcg(SECOND, np.array([2]))[0] == pytest.approx(0.6309298 / 1.6309298)


def test_recall_of_one_of_two_is_half():
    assert recall(SECOND, np.array([2]))[0] == 0.5


def test_mrr_second_one_half_and_none_zero():
    assert mrr(np.array([[False, True], [False, False]])).tolist() == [0.5, 0.0]


def test_the_view_new_leaves_out_items_that_the_user_has():
    seen = sparse.csr_matrix(np.array([[1.0, 0, 0, 0], [0, 1.0, 0, 0]]))
    targets = sparse.csr_matrix(np.array([[1.0, 0, 1.0, 0], [0, 1.0, 0, 0]]))
    scores = np.array([[4.0, 3.0, 2.0, 1.0], [4.0, 3.0, 2.0, 1.0]])
    views = evaluate(lambda cases: scores[cases], Cases(seen, targets), k=2)
    assert views["all"]["case"].tolist() == [0, 1]
    assert views["all"]["recall@2"].tolist() == [0.5, 1.0]
    assert views["new"]["case"].tolist() == [0]  # the second has no new target
    assert views["new"]["recall@2"].tolist() == [1.0]
    assert views["new"]["mrr@2"].tolist() == [0.5]
