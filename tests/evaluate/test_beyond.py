from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from recommender.data.features import Feature
from recommender.evaluate.beyond import (
    attribute_values,
    concentration,
    coverage,
    diversity,
    mean_popularity,
    novelty,
)
from recommender.evaluate.quality import fifths, lesser_known

LISTS = np.array([[0, 1], [0, 2]])
OWNED = np.array([0.5, 0.25, 0.0, 0.0])


def test_three_of_four_items_shown_cover_three_quarters() -> None:
    assert coverage(LISTS, 4) == 0.75


def test_items_shown_alike_are_not_concentrated() -> None:
    assert concentration(np.array([[0, 1], [2, 3]]), 4) == 0.0


def test_one_item_of_four_alone_has_a_gini_of_three_quarters() -> None:
    assert concentration(np.array([[2], [2]]), 4) == pytest.approx(0.75)


def test_popularity_is_the_mean_over_all_places() -> None:
    assert mean_popularity(LISTS, OWNED) == pytest.approx((0.5 + 0.25 + 0.5 + 0.0) / 4)


def test_novelty_is_bits_and_unowned_items_count_as_half_the_rarest() -> None:
    assert novelty(LISTS, OWNED) == pytest.approx((1 + 2 + 1 + 3) / 4)


def test_no_lists_are_worth_nothing() -> None:
    none = np.zeros((0, 2), dtype=int)
    assert (novelty(none, OWNED), mean_popularity(none, OWNED), concentration(none, 4)) == (0, 0, 0)


def test_distance_is_one_minus_jaccard() -> None:
    attributes = sparse.csr_matrix(np.array([[1, 1, 0], [0, 1, 1], [1, 1, 0]], dtype=float))
    assert diversity(np.array([[0, 1], [0, 2]]), attributes).tolist() == pytest.approx([2 / 3, 0])


def test_items_without_attributes_are_at_no_distance() -> None:
    assert diversity(np.array([[0, 1]]), sparse.csr_matrix((2, 3))).tolist() == [0.0]


def test_attribute_values_leave_numbers_and_unknown_out() -> None:
    features = (
        Feature("brand", "categorical", ("a", "b"), np.array([[1], [0]])),
        Feature("price", "numeric", ("low",), np.array([[1], [1]])),
        Feature("tags", "multi", ("x", "y"), np.array([[1, 2], [2, 0]])),
    )
    assert attribute_values(features, 2).toarray().tolist() == [[1, 0, 1, 1], [0, 0, 0, 1]]


def test_the_most_owned_item_is_in_the_last_fifth() -> None:
    assert fifths(np.array([0.1, 0.5, 0.2, 0.3, 0.4])).tolist() == [1, 5, 2, 3, 4]


def test_attention_falls_with_rank() -> None:
    famous = np.array([True, False])
    first, second = 1.0, 1 / np.log2(3)
    assert lesser_known(np.array([[0, 1]]), famous)[0] == pytest.approx(second / (first + second))
    assert lesser_known(np.array([[1, 0]]), famous)[0] == pytest.approx(first / (first + second))
