"""The score as a flow is the score, and what is lost without an item is what scoring without it
says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from recommender.data.dataset import Dataset
from recommender.explain import edited_history, events_of, recommend
from recommender.explain.contributions import contributions
from recommender.explain.flows import by_way, score_flow
from recommender.explain.item_deletions import all_item_deletions
from recommender.model.learning import TrainConfig
from recommender.model.network import ModelConfig
from recommender.model.run import Run, train_run
from tests.explain.test_sums import ADDITIVE, SHOPS
from tests.tiny import random_scorer, tiny_dataset

DATASET = tiny_dataset()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Trained for an epoch, then with random weights, so that everything counts."""
    folder: Path = tmp_path_factory.mktemp("runs") / "tiny"
    model, training = ModelConfig(width=32, window=12), TrainConfig(max_epochs=1)
    trained = train_run(DATASET, folder, model, training, device=torch.device("cpu"))
    return replace(trained, scorer=random_scorer(DATASET, order_term=True))


@pytest.mark.parametrize("config", ADDITIVE, ids=str)
@pytest.mark.parametrize("data", SHOPS.values(), ids=SHOPS)
@pytest.mark.parametrize("cut", [0, None], ids=["no history", "history"])
def test_an_event_gives_through_its_ways_what_it_gives_through_its_features(
    cut: int | None, data: Dataset, config: dict
):
    history = data.history(3, cut)
    shares = contributions(random_scorer(data, **config), history, [1, 7])
    assert shares.heads.shape == (2, 4, len(history))
    assert np.abs(shares.heads).max(initial=1 if cut == 0 else 0) > 0.01
    assert np.allclose(by_way(shares).sum(2), shares.features.sum(2), atol=1e-5)


def test_a_head_that_gives_nothing_has_no_share_and_the_others_keep_theirs():
    history = DATASET.history(3)
    before = contributions(random_scorer(DATASET), history, [7]).heads
    scorer = random_scorer(DATASET)
    with torch.no_grad():
        scorer.network.mix[2] = 0
    after = contributions(scorer, history, [7]).heads
    assert np.abs(before[:, 2]).min() > 0
    assert not after[:, 2].any()
    assert np.allclose(after[:, [0, 1, 3]], before[:, [0, 1, 3]], atol=1e-6)


def test_events_beyond_the_window_give_through_no_head():
    scorer = random_scorer(DATASET)
    history = DATASET.history(int(np.diff(DATASET.offsets).argmax()))
    older = len(history) - scorer.network.config.window
    heads = contributions(scorer, history, [7]).heads
    assert older > 0
    assert not heads[..., :older].any()
    assert np.abs(heads[..., older:]).min() > 0


def test_the_contextual_readout_gives_through_no_head_and_has_no_flow(run: Run):
    scorer = random_scorer(DATASET, readout="contextual")
    assert not contributions(scorer, DATASET.history(3), [7]).heads.any()
    twin = replace(run, config=scorer.network.config, scorer=scorer)
    with pytest.raises(ValueError, match="no sum of shares and has no flow"):
        score_flow(twin, run.history(3), 7)


@pytest.mark.parametrize("user", [0, 3, 11])
def test_a_flow_is_the_logit_and_each_item_gives_what_its_events_give(run: Run, user: int):
    history = run.history(user)
    flow = score_flow(run, history, 7)
    assert flow.score == pytest.approx(float(run.scorer.logits([history])[0, 7]), abs=1e-4)
    shares = contributions(run.scorer, history, [7])
    assert {name for name, _ in flow.own} == {"bias", "order_term", "profile"}
    assert dict(flow.own)["profile"] == pytest.approx(float(shares.profile.sum()), abs=1e-6)
    for row, item in enumerate(flow.items):
        events = [i for i in range(len(history)) if history.items[i] == item]
        assert flow.events[row] == tuple(events)
        given = float(shares.features[0, events].sum())
        assert flow.shares[row].sum() == pytest.approx(given, abs=1e-5)
    firsts = [events[0] for events in flow.events]
    assert firsts == sorted(firsts)
    assert len(flow.items) == len(set(history.items.tolist()))


def test_without_a_history_only_what_is_the_products_own_flows(run: Run):
    flow = score_flow(run, edited_history(run, []), 7)
    assert flow.shares.shape == (0, len(flow.ways))
    assert flow.score == pytest.approx(sum(share for _, share in flow.own))


@pytest.mark.parametrize("user", range(3))
@pytest.mark.parametrize("view", ["all", "new"])
def test_what_is_lost_without_an_item_is_what_scoring_without_its_events_says(
    run: Run, user: int, view
):
    history = run.history(user)
    item = recommend(run, history, 1, view)[0].item
    whole = run.scorer.logits([history])[0]
    # Had is had: deleting events makes no item new.
    candidates = np.arange(len(whole))
    if view == "new":
        candidates = np.setdiff1d(candidates, history.items)
    found = all_item_deletions(run, history, item, view)
    assert len(found) == len(set(history.items.tolist()))
    for one in found:
        (past,) = set(history.items[list(one.events)].tolist())
        assert len(one.events) == (history.items == past).sum()
        assert one.title == f"Item {past}"
        left = run.scorer.logits([history.without(*one.events)])[0]
        assert one.loss == pytest.approx(float(whole[item] - left[item]), abs=1e-4)
        assert one.rank_before == 1 + (whole[candidates] > whole[item]).sum()
        assert one.rank_after == 1 + (left[candidates] > left[item]).sum()


def test_events_of_one_item_hide_one_another_and_together_they_do_not(run: Run):
    """Of a product viewed and bought, each alone is missed less than both."""
    event = events_of(run, run.history(0))[0]
    twice = edited_history(run, [event._replace(time=event.time + i) for i in range(3)])
    (lost,) = all_item_deletions(run, twice, run.item(event.item_id), "all")
    assert lost.events == (0, 1, 2)
    empty = run.scorer.logits([twice.without(0, 1, 2)])[0]
    whole = run.scorer.logits([twice])[0]
    expected = float((whole - empty)[run.item(event.item_id)])
    assert lost.loss == pytest.approx(expected, abs=1e-4)


def test_items_of_one_title_are_lost_apart(run: Run):
    twins = run.dataset.items.assign(title="Twin")
    named_alike = replace(run, dataset=replace(run.dataset, items=twins))
    history = run.history(0)
    found = all_item_deletions(named_alike, history, 7, "all")
    assert len(found) == len(set(history.items.tolist())) > 1
    assert {one.title for one in found} == {"Twin"}


def test_without_a_history_there_is_no_item_to_lose(run: Run):
    assert all_item_deletions(run, edited_history(run, []), 7, "all") == ()
