from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recommender.data.encoding import encode_column, encode_features
from recommender.data.features import Feature, FeatureKind


def encode(values: list[str], kind: FeatureKind) -> Feature:
    return encode_column(pd.Series(values, dtype="str", name="feature"), kind)


def test_categories_are_numbered_by_frequency_from_one() -> None:
    feature = encode(["b", "a", "b", "", "c"], "categorical")
    assert feature.values == ("b", "a", "c")
    assert feature.codes.tolist() == [[1], [2], [1], [0], [3]]


def test_rare_categories_are_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommender.data.encoding.MAX_VALUES", 1)
    assert encode(["b", "a", "b"], "categorical").codes.tolist() == [[1], [0], [1]]


def test_lists_are_bags_of_values_padded_with_zero() -> None:
    feature = encode(["x|y", "y", "", "y|x|x|z"], "multi")
    assert feature.values == ("y", "x", "z")
    assert feature.codes.tolist() == [[2, 1, 0], [1, 0, 0], [0, 0, 0], [1, 2, 3]]


def test_lists_as_python_writes_them() -> None:
    assert encode(["['x', 'y']", "['y']"], "multi").values == ("y", "x")


def test_long_lists_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommender.data.encoding.MAX_PER_ROW", 2)
    assert encode(["a|b|c", "a"], "multi").codes.tolist() == [[1, 2], [1, 0]]


def test_numbers_fall_into_bins_of_equal_size_named_by_what_is_in_them() -> None:
    feature = encode([str(i) for i in range(1, 21)], "numeric")
    assert feature.values[:2] == ("1–2", "3–4")
    assert feature.values[-1] == "19–20"
    assert feature.codes[:3, 0].tolist() == [1, 1, 2]
    assert feature.codes[-1, 0] == len(feature.values)


def test_bins_of_prices_have_cents() -> None:
    feature = encode([f"{price:.2f}" for price in np.arange(0.99, 21)], "numeric")
    assert feature.values[1] == "2.99–3.99"


def test_each_value_is_a_bin_where_there_are_few() -> None:
    feature = encode(["2", "1", "", "2", "many"], "numeric")
    assert feature.values == ("1", "2")
    assert feature.codes.tolist() == [[2], [1], [0], [2], [0]]


def test_close_numbers_keep_labels_apart() -> None:
    feature = encode(["0.0011", "0.0012", "0.0013"], "numeric")
    assert feature.values == ("0.0011", "0.0012", "0.0013")


def test_dates_become_months() -> None:
    feature = encode(["2024-02-03", "2023-12-31", "", "2024-02-28"], "date")
    assert feature.values == ("2023-12", "2024-02")
    assert feature.codes.tolist() == [[2], [1], [0], [2]]


def test_dates_of_many_years_become_years() -> None:
    feature = encode([f"{year}-05-06" for year in range(1950, 2010)], "date")
    assert feature.values[:2] == ("1950", "1951")


def test_texts_become_vectors_of_length_one_and_alike_texts_are_near() -> None:
    feature = encode(
        ["red wool rug", "blue wool rug", "steel desk lamp", "steel floor lamp", ""], "text"
    )
    vectors = feature.vectors
    assert vectors is not None
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1, 1, 0], abs=1e-5)
    assert vectors[0] @ vectors[1] > 0.5 > 0.1 > abs(vectors[0] @ vectors[2])
    assert feature.codes.shape == (5, 0)


def test_chinese_texts_without_spaces_are_compared_too() -> None:
    vectors = encode(["红色羊毛地毯", "蓝色羊毛地毯", "不锈钢台灯", "不锈钢落地灯"], "text").vectors
    assert vectors is not None
    assert vectors[0] @ vectors[1] > 0.5 > abs(vectors[0] @ vectors[2])


def test_text_vectors_are_the_same_every_time() -> None:
    texts = [f"{a} {b}" for a in ("red", "blue", "green") for b in ("rug", "lamp", "desk")]
    first, second = encode(texts, "text").vectors, encode(texts, "text").vectors
    assert first is not None
    assert second is not None
    assert first.tobytes() == second.tobytes()


@pytest.mark.parametrize("kind", ["categorical", "multi", "numeric", "text", "date"])
def test_column_that_says_nothing_is_no_feature(kind: FeatureKind) -> None:
    assert encode_features(pd.DataFrame({"x": ["", ""]}, dtype="str"), {"x": kind}) == ()


@pytest.mark.parametrize("kind", ["categorical", "multi", "numeric", "date"])
def test_one_row_is_enough(kind: FeatureKind) -> None:
    assert encode(["2024-01-01" if kind == "date" else "5"], kind).codes.tolist() == [[1]]
