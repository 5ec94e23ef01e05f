"""Baselines against values worked out by hand, and the laws of their fits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from recommender.data import Dataset, Holdout, split_dataset
from recommender.metrics import evaluate
from recommender.model.baselines import (
    BASELINES,
    RECENCIES,
    Baseline,
    Recency,
    fading_histories,
    fit_baselines,
    holdout_cases,
    popularity,
    quick_baselines,
    views_of,
)
from recommender.model.batches import TrainingEvents
from recommender.model.ease import ease
from tests.tiny import tiny_dataset

DAY = 86_400


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return tiny_dataset()


def with_first_user(dataset: Dataset, items: list[int], days: list[int]) -> Dataset:
    """The data set with user 0's first events replaced."""
    table = dataset.interactions.copy()
    rows = slice(0, len(items) - 1)
    table.loc[rows, "item"] = np.array(items, dtype=np.int32)
    table.loc[rows, "time"] = np.array(days) * DAY
    return replace(dataset, interactions=table)


def first_case(cut: int, targets: tuple[int, ...] = (5,)) -> Holdout:
    return Holdout(
        users=np.array([0]),
        cuts=np.array([cut]),
        as_of=np.array([10**9]),
        target_offsets=np.array([0, len(targets)]),
        target_items=np.array(targets, dtype=np.int32),
    )


@pytest.mark.parametrize(
    ("recency", "expected"),
    [
        (Recency(), {3: 2.0, 7: 1.0}),
        (Recency(1, "events"), {3: 1 / 4 + 1, 7: 1 / 2}),
        (Recency(10, "days"), {3: 1 / 8 + 1, 7: 1 / 2}),
    ],
)
def test_each_half_life_before_the_newest_event_halves_its_weight(
    dataset: Dataset, recency: Recency, expected: dict[int, float]
):
    shop = with_first_user(dataset, items=[3, 7, 3], days=[0, 20, 30])
    row = fading_histories(shop, first_case(cut=3), recency).toarray()[0]
    assert {item: row[item] for item in np.flatnonzero(row)} == pytest.approx(expected)


def test_events_after_the_cut_have_no_weight(dataset: Dataset):
    shop = with_first_user(dataset, items=[3, 7, 9], days=[0, 1, 2])
    row = fading_histories(shop, first_case(cut=2), Recency()).toarray()[0]
    assert list(np.flatnonzero(row)) == [3, 7]


def test_frequency_counts_and_popularity_breaks_the_ties(dataset: Dataset):
    shop = with_first_user(dataset, items=[3, 7, 3], days=[0, 1, 2])
    popular = 1e-6 * np.arange(24, dtype=np.float32)[::-1].copy()
    itself = sparse.identity(24, dtype=np.float32, format="csr")
    frequency = Baseline("personal frequency", Recency(), itself, popular)
    scores = frequency.scores(shop, first_case(cut=3))(np.array([0]))[0]
    assert list(np.argsort(-scores, kind="stable")[:4]) == [3, 7, 0, 1]


def test_item_knn_adds_the_neighbours_of_what_was_taken(dataset: Dataset):
    shop = with_first_user(dataset, items=[3, 7], days=[0, 10])
    similar = sparse.csr_matrix(([0.4, 0.6, 0.1], ([3, 3, 7], [1, 2, 2])), shape=(24, 24))
    knn = Baseline("item-kNN", Recency(10, "days"), similar, np.zeros(24, dtype=np.float32))
    scores = knn.scores(shop, first_case(cut=2))(np.array([0]))[0]
    expected = {1: 0.4 / 2, 2: 0.6 / 2 + 0.1}
    assert {i: scores[i] for i in np.flatnonzero(scores)} == pytest.approx(expected)


def test_popularity_is_how_often_an_item_was_a_target_in_training(dataset: Dataset):
    split = split_dataset(dataset)
    data = TrainingEvents.of(dataset, split.train_end)
    counted = popularity(data, len(dataset.items))
    assert counted.sum() == len(data.target_items)
    assert counted[5] == list(data.target_items).count(5)


def test_ease_of_two_items_by_hand():
    # XᵀX + 1 = [[3, 1], [1, 3]], whose inverse is [[3, -1], [-1, 3]] / 8.
    taken = sparse.csr_matrix(np.array([[1, 1], [1, 0], [0, 1]], dtype=np.float32))
    assert ease(taken, 1.0) == pytest.approx(np.array([[0, 1 / 3], [1 / 3, 0]]))


def test_ease_is_the_ridge_regression_of_each_item_on_all_others():
    rng = np.random.default_rng(0)
    taken = (rng.random((40, 9)) < 0.4).astype(np.float32)
    learned = ease(sparse.csr_matrix(taken), 3.0)
    for item in range(9):
        others = np.delete(np.arange(9), item)
        x, y = taken[:, others], taken[:, item]
        weights = np.linalg.solve(x.T @ x + 3.0 * np.eye(8), x.T @ y)
        assert learned[others, item] == pytest.approx(weights, abs=1e-5)
        assert learned[item, item] == 0


def test_ease_of_many_items_is_put_together_from_its_blocks():
    rng = np.random.default_rng(1)
    taken = (rng.random((200, 1100)) < 0.05).astype(np.float32)
    inverse = np.linalg.inv(taken.T.astype(np.float64) @ taken + 20 * np.eye(1100))
    expected = -inverse / np.diag(inverse)
    np.fill_diagonal(expected, 0)
    assert np.abs(ease(sparse.csr_matrix(taken), 20.0) - expected).max() < 1e-4


def test_ease_refuses_a_catalogue_that_is_too_large():
    with pytest.raises(ValueError, match="20,000 items, not 20,001"):
        ease(sparse.csr_matrix((3, 20_001)), 1.0)


def fitted(dataset: Dataset) -> tuple[Baseline, ...]:
    split = split_dataset(dataset)
    return fit_baselines(dataset, split)


def test_recency_is_the_one_that_validates_best(dataset: Dataset):
    holdout = split_dataset(dataset).validation
    cases = holdout_cases(dataset, holdout)

    def validated(baseline: Baseline) -> float:
        by_view = evaluate(baseline.scores(dataset, holdout), cases, views_of(cases))
        return float(np.mean([values["ndcg@10"].mean() for values in by_view.values()]))

    for baseline in fitted(dataset)[1:]:
        others = [validated(replace(baseline, recency=recency)) for recency in RECENCIES]
        assert validated(baseline) == pytest.approx(max(others))
        assert len(set(others)) > 1


def test_all_baselines_are_fitted_in_order_and_again_the_same(dataset: Dataset):
    first, again = fitted(dataset), fitted(dataset)
    assert [baseline.name for baseline in first] == list(BASELINES)
    assert [one.recency for one in first] == [one.recency for one in again]


def test_without_validation_cases_nothing_fades(dataset: Dataset):
    table = dataset.interactions
    twice = replace(dataset, interactions=table[table["basket"] < 2].reset_index(drop=True))
    assert not len(split_dataset(twice).validation)
    assert {baseline.recency for baseline in fitted(twice)} == {Recency()}


def test_ease_is_left_out_of_every_run_where_the_catalogue_is_large(dataset: Dataset):
    assert quick_baselines(dataset) == BASELINES
    large = replace(dataset, items=dataset.items.sample(3001, replace=True))
    assert quick_baselines(large) == ("popularity", "personal frequency", "item-kNN")
