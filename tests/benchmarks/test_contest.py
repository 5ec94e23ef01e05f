"""The contest judges lists as the evaluator judges scores, and its statistics are what they say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from contest.exchange import Lists, Questions, judge, read_questions
from contest.questions import write_questions
from contest.results import best_until, interval
from pace.generated import generated_shop

from recommender.data import Dataset, split_dataset
from recommender.metrics import VIEWS, evaluate
from recommender.metrics.ranking import top_k
from recommender.model.baselines import holdout_cases
from tests.tiny import tiny_dataset


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return tiny_dataset()


@pytest.fixture
def questions(dataset: Dataset, tmp_path: Path) -> Questions:
    write_questions(dataset, tmp_path)
    return read_questions(tmp_path)


@pytest.mark.parametrize("part", ["validation", "test"])
def test_questions_are_the_cases_of_the_split(dataset: Dataset, questions: Questions, part: str):
    expected = holdout_cases(dataset, getattr(split_dataset(dataset), part))
    cases = questions.cases(part)
    assert (cases.seen != expected.seen).nnz == 0
    assert (cases.targets != expected.targets).nnz == 0


def test_training_sees_what_the_split_leaves_to_it(dataset: Dataset, questions: Questions):
    split = split_dataset(dataset)
    counts = np.bincount(questions.training()["user"], minlength=len(dataset.users))
    assert list(counts) == list(split.train_end)


def test_lists_are_judged_as_the_scores_they_come_from(questions: Questions, tmp_path: Path):
    cases = questions.cases("test")
    scores = np.random.default_rng(0).normal(size=cases.seen.shape)
    hidden = np.where(cases.seen.toarray() > 0, -np.inf, scores)
    lists = Lists({"all": top_k(scores, 12), "new": top_k(hidden, 12)})
    lists.write(tmp_path / "lists.parquet")
    judged = judge(Lists.read(tmp_path / "lists.parquet", len(scores)), cases)
    for view, values in evaluate(lambda chunk: scores[chunk], cases, VIEWS).items():
        for name in values:
            assert judged[view][name] == pytest.approx(values[name])


def test_the_interval_of_equal_differences_is_a_point():
    assert interval(np.full(50, 0.25)) == pytest.approx((0.25, 0.25, 0.25))


def test_the_interval_is_that_of_the_normal_approximation():
    differences = np.random.default_rng(1).normal(0.1, 1.0, 4000)
    mean, low, high = interval(differences)
    half = 1.96 * differences.std() / np.sqrt(4000)
    assert mean == pytest.approx(differences.mean())
    assert (low, high) == pytest.approx((mean - half, mean + half), abs=0.005)


def test_the_metric_against_time_is_the_best_so_far():
    curve = [
        {"cpu_seconds": seconds, "ndcg@10": ndcg}
        for seconds, ndcg in ((10, 0.1), (20, 0.3), (40, 0.2))
    ]
    assert [best_until(curve, mark) for mark in (5, 15, 30, 60)] == [None, 0.1, 0.3, 0.3]


def test_a_generated_shop_has_the_size_that_was_asked_for():
    shop = generated_shop(users=300, items=1000, history=40)
    assert (len(shop.users), len(shop.items)) == (300, 1000)
    assert len(shop.interactions) == pytest.approx(300 * 40, rel=0.01)
    assert shop.interactions["item"].between(0, 999).all()
    assert shop.interactions["user"].is_monotonic_increasing
    assert len(split_dataset(shop).test) == 300
