"""A feature's vector: the mean over its values, or a map of its dense vector."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from recommender.data.features import Feature
from recommender.model.network import FeatureVectors

BAGS = Feature("tags", "multi", ("a", "b"), np.array([[1, 2], [2, 0], [0, 0]]))


def weighted(feature: Feature, weight: list[list[float]]) -> FeatureVectors:
    vectors = FeatureVectors(feature, 2)
    with torch.no_grad():
        vectors.weight.copy_(torch.tensor(weight))
    return vectors


@pytest.mark.parametrize(("item", "vector"), [(0, [2.0, 3.0]), (1, [3.0, 6.0]), (2, [9.0, 9.0])])
def test_a_bag_is_the_mean_of_its_values_and_an_empty_one_is_unknown(
    item: int, vector: list[float]
) -> None:
    vectors = weighted(BAGS, [[9.0, 9.0], [1.0, 0.0], [3.0, 6.0]])
    assert vectors(torch.tensor([item]))[0].tolist() == vector


def test_a_dense_vector_goes_through_one_matrix_and_zeros_stay_zero() -> None:
    dense = np.array([[1.0, 2.0, 0.0], [0.0, 0.0, 0.0]], dtype=np.float32)
    picture = Feature("picture", "vector", (), np.zeros((2, 0), dtype=np.int64), dense)
    vectors = weighted(picture, [[1.0, 0.0], [0.0, 3.0], [5.0, 5.0]])
    assert vectors(torch.tensor([0, 1])).tolist() == [[1.0, 6.0], [0.0, 0.0]]
