"""The deletion protocol against scoring each shortened history by itself."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from recommender.evaluate.deletion import MEASURES, SPANS, Asked, judge
from recommender.evaluate.randomised import randomised
from recommender.metrics.agreement import spearman
from tests.tiny import random_scorer, tiny_dataset

DATASET = tiny_dataset()
SCORER = random_scorer(DATASET)
USER = int(np.flatnonzero(np.diff(DATASET.offsets) == 12)[0])
HISTORY = DATASET.history(USER)
N_ITEMS = len(DATASET.items)


def one_by_one(order: list[int], counts: list[int], allowed: np.ndarray, target: int):
    """Ranks and relative probabilities of the target with the first events deleted."""

    def seen(history) -> tuple[int, float]:
        logits = np.float64(SCORER.logits([history])[0])
        odds = np.exp(logits[allowed] - logits[target])
        return int((odds > 1).sum()) + 1, 1 / odds.sum()

    full = seen(HISTORY)[1]
    found = [seen(HISTORY.without(*order[:count])) for count in counts]
    return np.array([rank for rank, _ in found]), np.array([p / full for _, p in found])


@pytest.mark.parametrize("view", ["all", "new"])
def test_measures_are_those_of_scoring_one_by_one(view: str):
    allowed = np.ones(N_ITEMS, dtype=bool)
    if view == "new":
        allowed[HISTORY.items] = False
    logits = np.where(allowed, SCORER.logits([HISTORY])[0], -np.inf)
    target, values = int(logits.argmax()), np.arange(12.0)[::-1]
    judged = judge(SCORER, HISTORY, [Asked(target, allowed, values)], np.random.default_rng(0))
    found = judged.measures[0]
    for span, counts in (("tenths", [1, 2, 4, 5, 6, 7, 8, 10, 11]), ("first", [1, 2, 3, 4, 5])):
        front = one_by_one(list(range(12)), counts, allowed, target)
        back = one_by_one(list(range(12))[::-1], counts, allowed, target)
        expected = {
            "pos@5": (front[0] <= 5).mean(),
            "neg@5": (back[0] <= 5).mean(),
            "cdcg": (1 / np.log2(1 + front[0])).mean(),
            "del": front[1].mean(),
            "ins": back[1].mean(),
        }
        measured = dict(zip(MEASURES, found[SPANS.index(span)], strict=True))
        assert measured == pytest.approx(expected, abs=1e-4), span


def test_a_curve_is_that_of_scoring_one_by_one_from_the_full_to_the_empty_history():
    allowed = np.ones(N_ITEMS, dtype=bool)
    target, values = int(SCORER.logits([HISTORY])[0].argmax()), np.arange(12.0)[::-1]
    asked = [Asked(target, allowed, values)]
    shown, probability = judge(SCORER, HISTORY, asked, np.random.default_rng(0)).curves[0]
    ranks, left = one_by_one(list(range(12)), [0, 1, 2, 4, 5, 6, 7, 8, 10, 11, 12], allowed, target)
    assert shown.tolist() == (ranks <= 5).tolist()
    assert probability == pytest.approx(left, abs=1e-4)
    assert probability[0] == 1


def test_equal_values_are_ordered_at_random_and_not_by_age():
    allowed = np.ones(N_ITEMS, dtype=bool)
    asked = [Asked(3, allowed, np.zeros(12))] * 40
    found = judge(SCORER, HISTORY, asked, np.random.default_rng(0)).measures
    assert len(np.unique(found[:, 0, 2])) > 10


def test_rank_correlation_is_that_of_scipy():
    rng = np.random.default_rng(0)
    rows, others = rng.integers(0, 5, (4, 9)).astype(float), rng.random((4, 9))
    expected = [spearmanr(a, b).statistic for a, b in zip(rows, others, strict=True)]
    assert spearman(rows, others) == pytest.approx(expected)


def test_a_method_that_ranks_all_alike_agrees_with_nobody():
    assert np.isnan(spearman(np.zeros((1, 4)), np.arange(4.0)[None])).all()


def test_a_shuffled_model_has_the_same_weights_in_other_places():
    shuffled = randomised(SCORER, seed=1)
    before, after = SCORER.network.mix.detach(), shuffled.network.mix.detach()
    assert np.allclose(before.flatten().sort().values, after.flatten().sort().values)
    assert not np.allclose(before, after)
    same = randomised(SCORER, seed=1)
    assert np.allclose(shuffled.logits([HISTORY]), same.logits([HISTORY]))
    assert not np.allclose(shuffled.logits([HISTORY]), SCORER.logits([HISTORY]), atol=0.1)
    assert np.allclose(SCORER.network.mix.detach(), before)
