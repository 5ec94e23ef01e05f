"""Metrics against values computed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse

from recommender.metrics import Cases, evaluate, hits_at, mrr, ndcg, recall
from recommender.metrics.ranking import rounded, top_k

SECOND = np.array([[False, True, False]])


def test_top_k_goes_from_best_to_worst_and_lower_codes_win_ties():
    scores = np.array([[0.1, 0.9, 0.9, 0.5]])
    assert top_k(scores, 3).tolist() == [[1, 2, 3]]


LEVELS = st.sampled_from([-np.inf, -1.0, -0.0, 0.0, 0.5, 0.5 + 2**-20, np.inf])


@given(
    scores=arrays(np.float32, st.tuples(st.integers(1, 4), st.integers(1, 300)), elements=LEVELS),
    k=st.integers(0, 310),
)
def test_top_k_is_the_head_of_a_full_stable_sort(scores: np.ndarray, k: int):
    whole = np.argsort(-scores, axis=1, kind="stable")
    assert top_k(scores, k).tolist() == whole[:, :k].tolist()
    assert top_k(scores.astype(np.float64), k).tolist() == whole[:, :k].tolist()


def test_of_equals_across_the_last_place_the_lowest_codes_are_in_the_list():
    scores = np.zeros((1, 1000), dtype=np.float32)
    scores[0, [900, 500]] = 1.0, 2.0
    assert top_k(scores, 5).tolist() == [[500, 900, 0, 1, 2]]


def test_what_is_no_number_and_what_is_hidden_stand_last():
    scores = np.array([[np.nan, 0.0, -np.inf, 1.0], [np.nan, np.nan, np.nan, -5.0]])
    assert top_k(scores, 4).tolist() == [[3, 1, 0, 2], [3, 0, 1, 2]]


def test_sums_that_differ_in_the_last_bit_rank_by_code():
    other = np.float32(0.3)
    one = np.nextafter(other, np.float32(1))
    assert top_k(rounded(np.array([[other, one], [one, other]])), 2).tolist() == [[0, 1], [0, 1]]


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


def test_every_case_is_measured_once_however_many_there_are():
    rng = np.random.default_rng(0)
    scores, targets = rng.random((600, 5)), (rng.random((600, 5)) < 0.3).astype(float)
    cases = Cases(sparse.csr_matrix((600, 5)), sparse.csr_matrix(targets))
    measured = evaluate(lambda chunk: scores[chunk], cases, ("all",), k=2)["all"]
    asked = np.flatnonzero(targets.any(1))
    assert measured["case"].tolist() == asked.tolist()
    best = np.argsort(-scores, axis=1)[:, :2]
    hits = np.take_along_axis(targets, best, axis=1)[asked]
    assert measured["recall@2"] == pytest.approx(hits.sum(1) / targets[asked].sum(1))


def test_where_no_case_has_a_target_nothing_is_measured():
    nothing = sparse.csr_matrix((3, 4))
    measured = evaluate(lambda cases: np.zeros((len(cases), 4)), Cases(nothing, nothing), k=2)
    assert {view: found["ndcg@2"].tolist() for view, found in measured.items()} == {
        "all": [],
        "new": [],
    }


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
