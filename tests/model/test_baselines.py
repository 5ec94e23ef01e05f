"""Baselines against values worked out by hand, and the laws of their fits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from recommender.data import Dataset, Holdout, split_dataset
from recommender.data.histories import SECONDS_A_DAY
from recommender.metrics import evaluate
from recommender.metrics.evaluator import views_of
from recommender.metrics.ranking import top_k
from recommender.model.baselines import (
    BASELINES,
    TIE,
    Baseline,
    Mix,
    Recency,
    Similar,
    bought_lately,
    fading_histories,
    holdout_cases,
    log_share,
    popularity,
    quick_baselines,
)
from recommender.model.batches import TrainingEvents
from recommender.model.choosing import PENALTIES, POPULAR, RECENCIES, fit_baselines
from recommender.model.ease import ease
from recommender.model.neighbours import item_neighbours, taken_by
from recommender.model.trend import Sales
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


NO_SALES = Sales(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


def baseline(
    mix: Mix, similar: Similar | None = None, counts: np.ndarray | None = None
) -> Baseline:
    share = log_share(np.zeros(24) if counts is None else counts)
    return Baseline("blend", mix, similar, share, NO_SALES)


def test_frequency_counts_and_popularity_breaks_the_ties(dataset: Dataset):
    shop = with_first_user(dataset, items=[3, 7, 3], days=[0, 1, 2])
    frequency = baseline(Mix(counts=1.0), counts=np.arange(24.0)[::-1])
    scores = frequency.scores(shop, first_case(cut=3))(np.array([0]))[0]
    assert list(np.argsort(-scores, kind="stable")[:4]) == [3, 7, 0, 1]


def test_popularity_orders_what_is_level_however_much_a_user_took(dataset: Dataset):
    """10⁻⁶ beside a count of 300 is lost in float32, and so is a sale more of 50,000."""
    shop = with_first_user(dataset, items=[3, 7], days=[0, 1])
    counts = 50_000.0 + np.array([*range(12), *range(12, 0, -1)])
    frequency = baseline(Mix(counts=300.0), counts=counts)
    scores = frequency.scores(shop, first_case(cut=2))(np.array([0]))
    best_sold = [12, 11, 13, 10, 14]
    assert top_k(scores, 7).tolist() == [[7, 3, *best_sold]]
    assert scores.dtype == np.float64


def test_sums_that_differ_in_the_last_bit_are_level(dataset: Dataset):
    shop = with_first_user(dataset, items=[3, 7], days=[0, 1])
    # Item 1 has .1 + .2 and item 2 has .3, which floating point takes for less.
    similar = sparse.csr_matrix(([0.1, 0.2, 0.3], ([3, 7, 7], [1, 1, 2])), shape=(24, 24))
    counts = np.where(np.arange(24) == 2, 9.0, 1.0)
    linear = baseline(Mix(together=1.0), similar, counts)
    scores = linear.scores(shop, first_case(cut=2))(np.array([0]))
    assert 0.1 + 0.2 > 0.3
    assert top_k(scores, 2).tolist() == [[2, 1]]


def test_a_blend_is_the_weighted_sum_of_what_was_taken_what_goes_with_it_and_what_sells(
    dataset: Dataset,
):
    shop = with_first_user(dataset, items=[3, 7, 3], days=[0, 1, 2])
    similar = sparse.csr_matrix(([0.5], ([7], [2])), shape=(24, 24))
    counts = np.where(np.arange(24) < 12, 3.0, 1.0)  # of 12 · 3.1 + 12 · 1.1 = 50.4
    mix = Mix(counts=2.0, together=8.0, popular=0.5)
    scores = baseline(mix, similar, counts).scores(shop, first_case(cut=3))(np.array([0]))[0]
    often, seldom = 0.5 * np.log(3.1 / 50.4), 0.5 * np.log(1.1 / 50.4)
    expected = {3: 4 + often, 7: 2 + often, 2: 4 + often, 0: often, 20: seldom}
    assert {item: scores[item] for item in expected} == pytest.approx(expected, abs=2e-6)


def test_what_is_bought_lately_counts_with_its_weight(dataset: Dataset):
    shop, day = with_first_user(dataset, items=[3, 7], days=[0, 1]), SECONDS_A_DAY
    sales = Sales(np.array([5, 5, 6, 6]), np.array([1, 2, 900, 950]) * day)
    one = Baseline(
        "popularity", Mix(popular=1.0, lately=0.5, days=100.0), None, np.zeros(24), sales
    )
    asked = replace(first_case(cut=2), as_of=np.array([960 * day]))
    scores = one.scores(shop, asked)(np.array([0]))[0]
    lift = bought_lately(sales, 24, 100.0, asked.as_of)[0]
    assert lift[6] > 0 > lift[5] and lift[0] == 0
    assert scores == pytest.approx(0.5 * lift, abs=2e-6)


def test_item_knn_adds_the_neighbours_of_what_was_taken(dataset: Dataset):
    shop = with_first_user(dataset, items=[3, 7], days=[0, 10])
    similar = sparse.csr_matrix(([0.4, 0.6, 0.1], ([3, 3, 7], [1, 2, 2])), shape=(24, 24))
    knn = baseline(Mix(together=1.0, together_fade=Recency(10, "days")), similar)
    scores = knn.scores(shop, first_case(cut=2))(np.array([0]))[0]
    expected = {1: 0.4 / 2, 2: 0.6 / 2 + 0.1}
    assert {i: scores[i] for i in np.flatnonzero(scores > TIE)} == pytest.approx(expected)


def test_popularity_is_how_often_an_item_was_a_target(dataset: Dataset):
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
    return fit_baselines(dataset, split_dataset(dataset))


def test_what_is_chosen_is_what_validates_best(dataset: Dataset):
    split = split_dataset(dataset)
    holdout, cases = split.validation, holdout_cases(dataset, split.validation)
    early = replace(split, test_start=split.train_end)  # fitted on what the choice rests on

    def validated(baseline: Baseline, **changes: object) -> float:
        scores = replace(baseline, mix=replace(baseline.mix, **changes)).scores(dataset, holdout)
        by_view = evaluate(scores, cases, views_of(cases))
        found = [values["ndcg@10"].mean() for values in by_view.values()]
        return float(np.sqrt(np.prod(found)))

    baselines = {one.name: one for one in fit_baselines(dataset, early)}
    assert baselines["personal frequency"].mix.counts == 1
    assert baselines["item-kNN"].mix.penalty is None
    assert baselines["EASE"].mix.penalty in PENALTIES
    for name, fade in [
        ("personal frequency", "counts_fade"),
        ("item-kNN", "together_fade"),
        ("EASE", "together_fade"),
    ]:
        one = baselines[name]
        fading = [validated(one, popular=0.0, **{fade: recency}) for recency in RECENCIES]
        assert len(set(fading)) > 1
        assert validated(one, popular=0.0) == pytest.approx(max(fading))
        backed = [validated(one, popular=popular) for popular in POPULAR]
        assert validated(one) == pytest.approx(max(backed))
    worths = {name: validated(one) for name, one in baselines.items()}
    assert worths["blend"] == max(worths.values())


def test_baselines_are_fitted_on_everything_before_the_test(dataset: Dataset):
    split = split_dataset(dataset)
    known = TrainingEvents.of(dataset, split.test_start)
    shape = len(dataset.users), len(dataset.items)
    cosines = item_neighbours(known.users, known.items, shape)[0]
    for one in fitted(dataset):
        assert np.array_equal(one.share, log_share(popularity(known, len(dataset.items))))
        assert sorted(one.sales.items) == sorted(Sales.of(dataset, split.test_start).items)
        if one.name == "item-kNN":
            assert (one.similar != cosines).nnz == 0
        if one.name == "EASE":
            taken = taken_by(known.users, known.items, shape)
            assert one.similar == pytest.approx(ease(taken, one.mix.penalty))


def test_nothing_of_the_test_part_is_known_to_a_baseline(dataset: Dataset):
    split, table = split_dataset(dataset), dataset.interactions.copy()
    within = np.arange(len(table)) - dataset.offsets[table["user"]]
    table.loc[within >= split.test_start[table["user"]], "item"] = 0
    other = replace(dataset, interactions=table)
    for one, same in zip(fit_baselines(dataset, split), fit_baselines(other, split), strict=True):
        asked = np.arange(len(split.test))
        scores, again = (each.scores(dataset, split.test)(asked) for each in (one, same))
        assert one.mix == same.mix
        assert np.array_equal(scores, again)


def test_popularity_knows_what_is_bought_lately_where_validation_says_so():
    """A shop that sells another third of its products each season."""
    rng, rows = np.random.default_rng(0), []
    for user in range(150):
        start = int(rng.integers(0, 8))
        for basket in range(6):
            day = 60 * (start + basket) + int(rng.integers(0, 50))
            item = 8 * ((start + basket) % 3) + int(rng.integers(0, 8))
            rows.append((user, item, day * DAY, 1, basket))
    table = tiny_dataset().interactions
    made = pd.DataFrame(rows, columns=["user", "item", "time", "event", "basket"])
    made = made.assign(quantity=1.0, price=np.nan).astype(table.dtypes.to_dict())
    users = pd.DataFrame({"user_id": [f"u{user:03d}" for user in range(150)]})
    shop = replace(tiny_dataset(), interactions=made, users=users, user_features=())
    popular, frequency = fit_baselines(
        shop, split_dataset(shop), names=("popularity", "personal frequency")
    )
    assert popular.mix.lately > 0
    assert (frequency.mix.lately, frequency.mix.days) == (popular.mix.lately, popular.mix.days)
    timeless = replace(shop, has_time=False)
    (popular,) = fit_baselines(timeless, split_dataset(timeless), names=("popularity",))
    assert popular.mix == Mix(popular=1.0)


def test_all_baselines_are_fitted_in_order_and_again_the_same(dataset: Dataset):
    first, again = fitted(dataset), fitted(dataset)
    assert [baseline.name for baseline in first] == list(BASELINES)
    assert [one.mix for one in first] == [one.mix for one in again]


def test_without_validation_cases_nothing_fades(dataset: Dataset):
    table = dataset.interactions
    twice = replace(dataset, interactions=table[table["basket"] < 2].reset_index(drop=True))
    assert not len(split_dataset(twice).validation)
    for one in fitted(twice):
        assert (one.mix.counts_fade, one.mix.together_fade) == (Recency(), Recency())


def test_ease_is_left_out_of_every_run_where_the_catalogue_is_large(dataset: Dataset):
    assert quick_baselines(dataset) == BASELINES
    large = replace(dataset, items=dataset.items.sample(3001, replace=True))
    assert quick_baselines(large) == ("popularity", "personal frequency", "item-kNN", "blend")


def test_the_blend_of_a_large_catalogue_takes_item_knn_instead_of_ease(dataset: Dataset):
    (blend,) = fit_baselines(dataset, split_dataset(dataset), names=("blend",), ease_items=23)
    assert blend.mix.together > 0
    assert blend.mix.penalty is None
