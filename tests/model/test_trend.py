"""What is bought lately: counted from training, before the moment, and used only where it helps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from safetensors.torch import load_file, save_file
from scipy import sparse

from dashboard.figures.shares import share_table
from dashboard.names import feature_name
from recommender.data.histories import SECONDS_A_DAY
from recommender.data.likes import add_likes
from recommender.data.splits import split_dataset
from recommender.evaluate.global_explanation import overall
from recommender.evaluate.items import audience, top_lists
from recommender.explain import explain, feature_importance
from recommender.explain.contributions import contribution, contributions
from recommender.explain.deletions import part_logits
from recommender.explain.documents import as_document
from recommender.explain.types import LATELY, USUALLY
from recommender.metrics.evaluator import Cases
from recommender.model import balance, training
from recommender.model.balance import Balance
from recommender.model.inference import Scorer
from recommender.model.learning import TrainConfig
from recommender.model.network import ModelConfig
from recommender.model.run import RunError, open_run, train_run
from recommender.model.transfer import carry_over
from recommender.model.trend import Sales, Trend, best_trend
from tests.dashboard import shop
from tests.model.test_transfer import tables
from tests.tiny import random_scorer, tiny_dataset

DAY = SECONDS_A_DAY
N_ITEMS = 4
DATASET = tiny_dataset()


def sales(*sold: tuple[int, float]) -> Sales:
    """Items and the days on which they were bought."""
    items, days = (
        np.array(column) for column in zip(*sorted(sold, key=lambda s: s[1]), strict=True)
    )
    return Sales(items, (days * DAY).astype(np.int64))


STEADY = [(item, float(day)) for day in range(100) for item in range(N_ITEMS)]


def trend_of(dataset=DATASET, days: float = 30.0, weight: float = 0.5) -> Trend:
    table = dataset.interactions.sort_values("time")
    sold = Sales(table["item"].to_numpy().astype(np.int64), table["time"].to_numpy().copy())
    return Trend(sold, len(dataset.items), days, weight)


def with_trend(scorer: Scorer) -> Scorer:
    return replace(scorer, trend=trend_of())


def test_what_sells_more_than_usual_gains_and_the_average_sale_gains_nothing():
    trend = Trend(sales(*STEADY, *[(2, 99.5)] * 40), N_ITEMS, 7, 1.0)
    before, after = trend.logits(np.array([50 * DAY, 100 * DAY]))
    assert after.argmax() == 2 and after[2] > 0 > after[0]
    assert before[2] < 0.05
    usual = np.bincount(trend.sales.items) / len(trend.sales.items)
    assert usual @ after == pytest.approx(0, abs=1e-3)
    twice = replace(trend, weight=2.0).logits(np.array([100 * DAY]))[0]
    assert np.allclose(twice, 2 * after, atol=1e-6)


def test_only_what_was_sold_in_the_days_before_counts():
    trend = Trend(sales(*STEADY), N_ITEMS, 7, 1.0)
    asked = np.array([50 * DAY])
    for day in (50.0, 50.1, 42.9):  # at the moment, after it, too long before
        times = np.where(trend.sales.items == 1, day * DAY, trend.sales.times).astype(np.int64)
        order = np.argsort(times, kind="stable")
        moved = replace(trend, sales=Sales(trend.sales.items[order], times[order]))
        assert moved.logits(asked)[0].argmin() == 1
    times = np.where(trend.sales.items == 1, 49.9 * DAY, trend.sales.times).astype(np.int64)
    order = np.argsort(times, kind="stable")
    moved = replace(trend, sales=Sales(trend.sales.items[order], times[order]))
    assert moved.logits(asked)[0].argmax() == 1


def test_what_nobody_said_the_day_of_was_bought_on_no_day():
    data = tiny_dataset()
    whole = np.diff(data.offsets)
    known = Sales.of(data, whole)
    liked = add_likes(data, pd.DataFrame({"user_id": ["u03", "u04"], "item_id": ["i01", "i02"]}))
    with_likes = Sales.of(liked, np.diff(liked.offsets))
    assert with_likes.items.tolist() == known.items.tolist()
    assert with_likes.times.tolist() == known.times.tolist()
    bought = np.flatnonzero(data.interactions["event"] == data.event_types.index("purchase"))
    unsaid = np.arange(len(data.interactions)) == bought[7]
    undated = replace(data, interactions=data.interactions.assign(undated=unsaid))
    assert len(Sales.of(undated, whole).items) == len(known.items) - 1


def test_long_after_the_last_sale_nothing_is_bought_lately():
    assert np.allclose(trend_of().logits(np.array([2**40])), 0, atol=1e-6)


def asked_on(days: np.ndarray, targets: np.ndarray, n_items: int) -> tuple[Cases, np.ndarray]:
    rows = np.arange(len(days))
    wanted = sparse.csr_matrix((np.ones(len(days)), (rows, targets)), shape=(len(days), n_items))
    nothing = sparse.csr_matrix(wanted.shape)
    return Cases(nothing, wanted), (days * DAY).astype(np.int64)


def test_a_trend_is_kept_where_it_helps_and_only_there():
    rng = np.random.default_rng(0)
    n_items, days = 60, rng.uniform(10, 300, 4000)
    fashion = (days // 30).astype(int) * 5 + rng.integers(0, 5, len(days))
    order = np.argsort(days)
    asked = rng.uniform(20, 300, 300)
    wanted = (asked // 30).astype(int) * 5 + rng.integers(0, 5, len(asked))

    def no_idea(cases: np.ndarray) -> np.ndarray:
        return np.tile(rng.normal(size=n_items), (len(cases), 1))

    cases, as_of = asked_on(asked, wanted, n_items)
    fashionable = Sales(fashion[order], (days[order] * DAY).astype(np.int64))
    found = best_trend(fashionable, no_idea, cases, as_of)
    assert found is not None and found.days in (3, 7, 14, 30)
    shuffled = Sales(rng.permutation(fashionable.items), fashionable.times)
    assert best_trend(shuffled, no_idea, cases, as_of) is None
    nothing, at_no_time = asked_on(asked[:0], wanted[:0], n_items)
    assert best_trend(fashionable, no_idea, nothing, at_no_time) is None


def test_a_gain_counts_relative_to_what_its_view_has_and_as_far_as_it_is_sure():
    rng = np.random.default_rng(0)
    n_items, own = 401, 400
    fashion_of = rng.integers(0, 40, 20_000)
    days = rng.uniform(10, 300, 20_000)

    def bought(on: np.ndarray) -> np.ndarray:
        """Half of it what is worn in that month, half of it anything."""
        worn = (on // 30).astype(int) * 40 + fashion_of[: len(on)]
        return np.where(rng.random(len(on)) < 0.5, worn, rng.integers(0, own, len(on)))

    order, items = np.argsort(days), bought(days)
    sold = Sales(items[order], (days[order] * DAY).astype(np.int64))
    asked = rng.uniform(20, 300, 1000)
    wanted = bought(asked)
    wanted[200:] = own
    cases, as_of = asked_on(asked, wanted, n_items)
    seen = sparse.csr_matrix(np.eye(n_items)[np.full(len(asked), own)])
    noise = rng.normal(size=(len(asked), n_items))

    def chosen(habit: float) -> Trend | None:
        known = noise.copy()
        known[:, own] = habit
        return best_trend(sold, lambda tried: known[tried], Cases(seen, cases.targets), as_of)

    firm, loose = chosen(habit=9.0), chosen(habit=2.5)
    assert firm is not None and loose is not None  # new items gain more than habit loses,
    assert firm.weight > loose.weight  # and where that is less sure, less is taken


@pytest.mark.parametrize("config", [{}, {"order_term": True}, {"readout": "contextual"}])
def test_shares_and_deletions_have_the_trend_of_the_moment(config):
    scorer = with_trend(random_scorer(DATASET, **config))
    items = list(range(len(DATASET.items)))
    for user, cut in ((3, 4), (11, None)):
        whole = DATASET.history(user)
        history = DATASET.history(user, cut, None if cut is None else int(whole.times[cut]))
        logits = scorer.logits([history])[0]
        shares = contributions(scorer, history, items)
        assert np.abs(shares.lately).max() > 0.01
        assert np.allclose(shares.logits, logits, atol=1e-4)
        kept = np.ones((1, len(history)), dtype=bool)
        assert np.allclose(part_logits(scorer, history, kept)[0], logits, atol=1e-4)
        if config.get("readout") != "contextual":
            taken = contribution(scorer, history, items, ("category", "tags", "title"))
            assert taken.completeness_gap == pytest.approx(0, abs=1e-4)


def test_histories_of_other_moments_in_one_batch_are_scored_as_alone():
    scorer = with_trend(random_scorer(DATASET))
    histories = [DATASET.history(user, 3, int(DATASET.history(user).times[2])) for user in range(9)]
    alone = np.concatenate([scorer.logits([history]) for history in histories])
    assert np.allclose(scorer.logits(histories), alone, atol=1e-5)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(training, "balance_parts", lambda *asked: (Balance(), trend_of(asked[2])))
    config = ModelConfig(width=32, n_layers=1, window=12)
    training_config = TrainConfig(max_epochs=1)
    cpu = torch.device("cpu")
    return train_run(DATASET, tmp_path / "run", config, training_config, device=cpu)


def test_a_run_opens_with_its_trend(run):
    assert run.scorer.trend.days == 30.0 and run.scorer.trend.weight == 0.5
    history = DATASET.history(5)
    without = replace(run.scorer, trend=None).logits([history])
    lately = trend_of().logits(np.array([history.as_of]))
    assert np.allclose(run.scorer.logits([history]), without + lately, atol=1e-5)
    explained = explain(run, history, 3)
    assert explained.lately == pytest.approx(float(lately[0, 3]), abs=1e-5)
    shares = sum(one.contribution for one in explained.profile) + explained.contribution.sum()
    assert explained.bias + explained.order_term + shares == pytest.approx(
        explained.logit, abs=1e-4
    )


def test_a_run_whose_sales_are_of_no_item_is_refused(run):
    path = run.path / "weights.safetensors"
    weights = load_file(path)
    weights["sales.items"] = weights["sales.items"] + 1000
    save_file(weights, path)
    with pytest.raises(RunError, match="what was bought when"):
        open_run(run.path)


def test_a_run_carried_over_keeps_the_trend_of_its_training(tmp_path, monkeypatch):
    monkeypatch.setattr(training, "balance_parts", lambda *asked: (Balance(), trend_of(asked[2])))
    first = open_run(shop.train_shop(tmp_path))
    carry_over(first, tables(shop.interactions()), "same", tmp_path / "same")
    again = open_run(tmp_path / "same")
    histories = [one.history(one.user("u07")) for one in (first, again)]
    scores = [
        one.scorer.logits([past])[0] for one, past in zip((first, again), histories, strict=True)
    ]
    np.testing.assert_allclose(scores[0], scores[1], rtol=1e-5)


def test_reports_tell_what_is_bought_lately_from_popularity(run):
    table = feature_importance(run, users=[0, 1, 2]).set_index("feature")
    assert table["share"].sum() == pytest.approx(1.0)
    assert table.loc[LATELY, "mean_abs_contribution"] > 0
    features = overall(run).features.set_index("feature")
    assert features["share"].sum() == pytest.approx(1.0)
    assert features.loc[LATELY, "kind"] == features.loc[USUALLY, "kind"] == "bias"
    without = replace(run, scorer=replace(run.scorer, trend=None))
    whole = feature_importance(without, users=[0, 1, 2]).set_index("feature")
    assert not {LATELY, USUALLY} & set(whole.index)
    assert whole.loc["popularity", "kind"] == "bias"


def test_an_explanation_shows_what_is_bought_lately_beside_what_always_is(run):
    explained = explain(run, DATASET.history(5), 3)
    table = share_table(explained).set_index("feature")["contribution"]
    assert table.sum() == pytest.approx(explained.logit, abs=1e-4)
    assert table[LATELY] == pytest.approx(explained.lately)
    assert table[USUALLY] + table[LATELY] == pytest.approx(explained.bias, abs=1e-5)
    assert feature_name(LATELY) == "Bought lately"
    document = as_document("u05", explained)
    assert document["lately"] == explained.lately
    found = audience(run, top_lists(run)["all"], 3, 3)
    assert {LATELY, USUALLY} <= set(found.shares["feature"])


def test_what_was_never_sold_is_not_bought_lately_or_otherwise():
    trend = Trend(sales(*STEADY, *[(2, 99.5)] * 40), N_ITEMS, 7, 1.0)
    longer = replace(trend, n_items=N_ITEMS + 3)
    asked = np.array([50 * DAY, 100 * DAY])
    assert np.allclose(longer.logits(asked)[:, :N_ITEMS], trend.logits(asked))
    assert not longer.logits(asked)[:, N_ITEMS:].any()


def test_views_are_not_sales():
    found = Sales.of(DATASET, np.diff(DATASET.offsets))
    assert len(found.items) == (DATASET.interactions["event"] == 1).sum()
    assert (np.diff(found.times) >= 0).all()


def test_a_trend_is_chosen_by_training_and_knows_all_before_the_test(monkeypatch):
    split, asked, scorer = split_dataset(DATASET), [], random_scorer(DATASET)

    def choose(_scorer, _dataset, _validation, sold, _loss):
        asked.append(sold)
        return Balance(), Trend(sold, len(DATASET.items), 7.0, 0.5)

    monkeypatch.setattr(balance, "best_balance", choose)
    given = scorer.network, scorer.voters.neighbours, DATASET, split, split.validation
    _, kept = balance.balance_parts(*given, 0.5)
    for sold, ends in ((asked[0], split.train_end), (kept.sales, split.test_start)):
        wanted = []
        for user, end in enumerate(ends):
            events = DATASET.history(user, int(end))
            bought = events.events == DATASET.event_types.index("purchase")
            wanted += zip(events.times[bought], events.items[bought], strict=True)
        assert sorted(zip(sold.times, sold.items, strict=True)) == sorted(wanted)
    assert len(kept.sales.items) > len(asked[0].items)


def test_data_without_times_has_no_trend():
    split, scorer = split_dataset(DATASET), random_scorer(DATASET)
    sold = Sales.of(DATASET, split.train_end)
    timeless = replace(DATASET, has_time=False)
    _, found = balance.best_balance(scorer, timeless, split.validation, sold, 0.5)
    assert found is None
