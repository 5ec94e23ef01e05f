"""The global explanation: its sums, its cache, its heads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from recommender.evaluate import Overall, heads, overall
from recommender.evaluate.heads import Head, head_roles, without_head
from recommender.explain import recommend
from recommender.explain.contributions import contributions
from recommender.explain.opened import opened
from recommender.model.network import ModelConfig
from recommender.model.run import Run, train_run
from recommender.model.training import TrainConfig
from tests.tiny import tiny_dataset

USERS = [1, 3, 8, 20]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder: Path = tmp_path_factory.mktemp("runs") / "tiny"
    model, training = ModelConfig(width=32, window=12, n_layers=1), TrainConfig(max_epochs=1)
    return train_run(tiny_dataset(), folder, model, training, device=torch.device("cpu"))


@pytest.fixture(scope="module")
def found(run: Run) -> Overall:
    return overall(run, USERS, 5, "all")


def shares_of(run: Run, user: int):
    history = run.history(user)
    items = [one.item for one in recommend(run, history, 5, "all")]
    return history, items, contributions(run.scorer, history, items)


def test_contributions_by_feature_are_means_over_the_users(run: Run, found: Overall):
    expected = np.mean([shares_of(run, u)[2].features.sum(1).mean(0) for u in USERS], axis=0)
    table = found.features
    events = table[table["kind"] == "event"]
    assert np.allclose(events["mean_contribution"], expected, atol=1e-5)
    assert table["share"].sum() == pytest.approx(1)
    assert (table["mean_abs_contribution"] >= table["mean_contribution"].abs() - 1e-9).all()


def test_every_event_is_counted_once(run: Run, found: Overall):
    n_events = np.mean([len(run.history(user)) for user in USERS])
    assert found.recency["events"].sum() == pytest.approx(n_events)
    assert found.event_types["events"].sum() == pytest.approx(n_events)
    assert found.recency["share"].sum() == pytest.approx(1)
    assert found.event_types["share"].sum() == pytest.approx(1)
    assert found.recency["days_to"].iloc[-1] == np.inf


def test_what_categories_give_each_other_is_what_the_history_gives(run: Run, found: Overall):
    given = np.mean([shares_of(run, u)[2].features.sum((1, 2)).mean() for u in USERS])
    assert found.categories["contribution"].sum() == pytest.approx(given, abs=1e-5)
    user, same = USERS[0], found.categories
    history, items, shares = shares_of(run, user)
    alone = overall(run, [user], 5, "all").categories.set_index(["history", "recommended"])
    by_event = shares.features.sum(2)
    of = [event % 3 == 0 for event in history.items]
    to = [item % 3 == 1 for item in items]
    expected = by_event[np.ix_(to, of)].sum() / len(items)
    value = alone["contribution"].get(("c0", "c1"), 0.0)
    assert value == pytest.approx(expected, abs=1e-5)
    assert set(same["history"]) <= {"c0", "c1", "c2", "unknown"}


def test_what_flows_into_the_ways_and_out_of_them_is_what_they_give(run: Run, found: Overall):
    every = [shares_of(run, user)[2] for user in USERS]
    table = found.flow.assign(net=found.flow["towards"] - found.flow["against"])
    assert (found.flow[["towards", "against"]] >= 0).all(axis=None)
    into, out = (
        table[table["side"] == side].groupby("way")["net"].sum()
        for side in ("history", "recommended")
    )
    for head in range(run.config.n_readout_heads):
        given = np.mean([shares.heads[:, head].sum(1).mean() for shares in every])
        assert into[f"+head {head + 1}"] == pytest.approx(given, abs=1e-5)
        assert out[f"+head {head + 1}"] == pytest.approx(given, abs=1e-5)
    popularity = np.mean([shares.bias.mean() for shares in every])
    own = [name for name in ("bias", "+usually", "+lately") if name in out]
    assert out[own].sum() == pytest.approx(popularity, abs=1e-5)
    assert not set(own) & set(into.index)
    logits = np.mean([shares.logits.mean() for shares in every])
    assert out.sum() == pytest.approx(logits, abs=1e-5)


def test_by_sign_nothing_is_lost_in_a_way(found: Overall):
    by = found.flow.groupby(["way", "side"])[["towards", "against"]].sum().unstack("side")
    for way in [name for name in by.index if name.startswith("+head")]:
        for sign in ("towards", "against"):
            into, out = by.loc[way, (sign, "history")], by.loc[way, (sign, "recommended")]
            assert into == pytest.approx(out, abs=1e-9)


def test_a_flow_is_what_all_events_of_a_category_give_one_recommendation(run: Run):
    history, _, shares = shares_of(run, USERS[0])
    alone = overall(run, [USERS[0]], 5, "all").flow.set_index(["side", "category", "way"])
    of = [event % 3 == 0 for event in history.items]
    given = shares.heads[:, 1][:, of].sum(1)
    expected = np.maximum(given, 0).mean(), np.maximum(-given, 0).mean()
    found = alone.loc[("history", "c0", "+head 2")] if any(of) else (0.0, 0.0)
    assert tuple(found) == pytest.approx(expected, abs=1e-6)


def test_sources_add_up_for_all_and_for_each_group(found: Overall):
    assert found.sources["share"].sum() == pytest.approx(1)
    assert np.allclose(found.segments[list(found.sources["source"])].sum(axis=1), 1)
    by_segment = found.segments.groupby("segment")["users"].sum()
    assert (by_segment == len(USERS)).all()
    assert {"history", "age"} <= set(by_segment.index)


def test_a_result_is_kept_for_the_run_and_read_again(run: Run, found: Overall, monkeypatch):
    def fail(*_: object) -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr("recommender.evaluate.global_explanation._compute", fail)
    again = overall(run, USERS[::-1], 5, "all")
    for name in ("features", "recency", "categories", "flow", "segments", "heads"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(found, name))
    with pytest.raises(AssertionError, match="computed again"):
        overall(run, USERS, 4, "all")


def test_every_head_has_its_weights_and_a_role(run: Run, found: Overall):
    assert len(found.heads) == run.config.n_readout_heads + run.config.n_heads
    weights = found.heads[["newest", "repetition", "first", "profile"]]
    assert ((weights >= 0) & (weights <= 1 + 1e-6)).all(axis=None)
    roles = {"newest", "same_category", "repetition", "first", "spread"}
    assert set(found.heads["role"]) <= roles


def test_a_head_that_looks_at_the_newest_alone_is_called_so(run: Run, monkeypatch):
    def newest_alone(scorer, history):
        found = opened(scorer, history)
        for weights in (*found.layers, found.readout):
            weights.zero_()
            weights[..., -1] = 1.0
        return found

    monkeypatch.setattr("recommender.evaluate.heads.opened", newest_alone)
    table = head_roles(run, range(60), None, "all", lambda values, what: values)
    assert set(table["role"]) == {"newest"}
    assert np.allclose(table["newest"], 1)
    assert table["same_category"].isna().all()


@pytest.mark.parametrize("view", ["all", "new"])
def test_the_readout_is_asked_for_the_first_of_the_list_that_is_shown(run: Run, view, monkeypatch):
    asked: list[int] = []

    def recorded(weights, before, history, item, category):
        asked.append(item)
        return spread(weights, before, history, item, category)

    spread = heads._spread
    monkeypatch.setattr(heads, "_spread", recorded)
    history = run.history(3, before_held_out=True)
    heads._rows(run, history, None, view)
    first = recommend(run, history, 1, view)[0].item
    newest = int(history.items[-1])
    n_readout, n_layer = run.config.n_readout_heads, run.config.n_heads
    assert asked == [first] * n_readout + [newest] * n_layer


def test_without_a_readout_head_its_share_is_gone(run: Run):
    history = run.history(3)
    without = without_head(run.scorer, Head("readout", 1))
    with torch.no_grad():
        network = run.scorer.network
        from recommender.model.batches import stack

        sequences, queries = stack([history], 12)
        look = network.look(network.route(sequences), sequences, queries)
        read = (look.softmax * look.gate)[0, 1] @ network.values(sequences)[0]
        share = run.scorer.candidates @ (read @ network.mix[1])
    lost = run.scorer.logits([history]) - without.logits([history])
    assert np.allclose(lost[0], share.numpy(), atol=1e-4)


def test_without_all_routing_heads_the_layer_adds_no_attention(run: Run):
    scorer = run.scorer
    for head in range(run.config.n_heads):
        scorer = without_head(scorer, Head("1", head))
    assert (scorer.network.layers[0].out.weight == 0).all()
    assert (run.scorer.network.layers[0].out.weight != 0).any()
