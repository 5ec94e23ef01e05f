from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommender.data.features import Feature
from recommender.evaluate.segments import _by_feature, bootstrap, by_length, groupings
from tests.tiny import tiny_dataset


def test_thirds_are_named_by_their_lengths() -> None:
    way = by_length(np.array([1, 2, 3, 4, 5, 60]))
    assert way.groups == ("1–2", "3–4", "5–60")
    assert way.code.tolist() == [0, 0, 1, 1, 2, 2]


def test_histories_of_one_length_are_one_group() -> None:
    assert by_length(np.array([4, 4, 4])).groups == ("4–4",)


def test_rare_values_are_one_group_and_unknown_is_another() -> None:
    values = tuple("abcdefghij")
    codes = np.array([[code] for code in [*range(1, 11), *range(1, 9), 0]])
    way = _by_feature(Feature("region", "categorical", values, codes))
    assert way.groups == ("a", "b", "c", "d", "e", "f", "g", "h", "other", "unknown")
    assert way.code[[0, 8, 9, 18]].tolist() == [0, 8, 8, 9]


def test_the_interval_of_equal_values_is_a_point() -> None:
    interval = bootstrap(np.full(20, 0.3))
    assert (interval.low, interval.mean, interval.high) == pytest.approx((0.3, 0.3, 0.3))


def test_the_interval_is_as_wide_as_the_normal_one() -> None:
    values = np.r_[np.zeros(500), np.ones(500)]
    interval = bootstrap(values)
    half = 1.96 * 0.5 / np.sqrt(1000)
    assert interval.high - interval.low == pytest.approx(2 * half, rel=0.15)
    assert interval.low < 0.5 < interval.high


def test_nobody_has_no_mean() -> None:
    assert np.isnan(bootstrap(np.zeros(0)).mean)


def test_a_feature_called_history_is_a_grouping_of_its_own() -> None:
    data = tiny_dataset()
    (age,) = data.user_features
    features = (replace(age, name="history"), replace(age, name="(history)"), age)
    found = groupings(replace(data, user_features=features), np.diff(data.offsets))
    assert [one.name for one in found] == ["history", "((history))", "(history)", "age"]
