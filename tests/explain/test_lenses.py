"""Recommendations, explanations, attention and words of a tiny trained run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from recommender.explain import attend, explain, feature_importance, recommend, standings
from recommender.explain.types import Explanation, Place
from recommender.metrics import View
from recommender.model.learning import TrainConfig
from recommender.model.network import ModelConfig
from recommender.model.run import Run, train_run
from tests.tiny import tiny_dataset

USER = 3


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder: Path = tmp_path_factory.mktemp("runs") / "tiny"
    model, training = ModelConfig(width=32, window=12), TrainConfig(max_epochs=2)
    return train_run(tiny_dataset(), folder, model, training, device=torch.device("cpu"))


@pytest.fixture(scope="module")
def explanation(run: Run) -> Explanation:
    history = run.history(USER)
    return explain(run, history, recommend(run, history, 1)[0].item)


def test_recommendations_go_from_best_to_worst(run: Run):
    found = recommend(run, run.history(USER), 10, "all")
    logits = run.scorer.logits([run.history(USER)])[0]
    assert [one.rank for one in found] == list(range(1, 11))
    assert [one.logit for one in found] == pytest.approx(sorted(logits, reverse=True)[:10])
    assert found[0].percentile == 100.0


def test_new_candidates_leave_out_what_the_user_has(run: Run):
    history = run.history(USER)
    found = {one.item for one in recommend(run, history, 1000, "new")}
    assert found == set(range(len(run.dataset.items))) - set(history.items.tolist())


@pytest.mark.parametrize("view", ["all", "new"])
def test_a_rank_is_the_place_in_the_list_that_is_shown(run: Run, view: View):
    for user in range(12):
        history = run.history(user)
        listed = recommend(run, history, 1000, view)
        found = standings(run, history, [one.item for one in listed])
        assert [one.among(view) for one in found] == [
            Place(one.rank, len(listed)) for one in listed
        ]


def test_what_the_user_has_stands_in_no_list_of_new_items(run: Run):
    history = run.history(USER)
    (found,) = standings(run, history, [int(history.items[0])])
    assert found.new == Place(0, 24 - len(set(history.items.tolist())))
    assert found.all.rank > 0


def test_the_strongest_reason_is_the_event_that_counts_most(run: Run):
    history = run.history(USER)
    first = recommend(run, history, 1, "all")[0]
    by_event = explain(run, history, first.item).contribution
    assert first.reason_event == int(by_event.argmax())
    assert first.reason_share == pytest.approx(by_event.max(), abs=1e-5)


def test_an_explanation_has_a_row_for_each_event_of_the_full_history(run: Run):
    user = int(np.diff(run.dataset.offsets).argmax())
    history = run.history(user)
    found = explain(run, history, 5)
    assert len(history) > run.config.window
    assert found.attention.shape == found.contribution.shape == found.influence.shape
    assert len(found.attention) == len(history)
    assert (found.attention[: len(history) - run.config.window] == 0).all()


def test_shares_sum_to_the_logit_and_attention_to_one(explanation: Explanation):
    profile = sum(one.contribution for one in explanation.profile)
    whole = explanation.bias + explanation.order_term + explanation.contribution.sum() + profile
    assert whole == pytest.approx(explanation.logit, abs=1e-4)
    assert np.allclose(explanation.features.sum(1), explanation.contribution, atol=1e-5)
    looked = explanation.attention.sum() + sum(one.attention for one in explanation.profile)
    assert looked == pytest.approx(1.0, abs=1e-5)


def test_attention_in_full_is_that_of_the_explanation(run: Run, explanation: Explanation):
    found = attend(run, run.history(USER))
    events = found.positions >= 0
    assert np.allclose(found.readout.mean(0)[events], explanation.attention, atol=1e-5)
    assert np.allclose(found.layers.sum(-1), 1, atol=1e-5)
    assert len(found.tokens) == found.readout.shape[1]


def test_importance_shares_sum_to_one(run: Run):
    table = feature_importance(run, users=[0, 1, 2])
    assert table["share"].sum() == pytest.approx(1.0)
    assert set(table["kind"]) == {"event", "profile", "bias", "order"}
