"""Users to start from are what their names say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import torch

from recommender.evaluate.starts import FEWEST_EVENTS, K, Start, buyers, interesting_users
from recommender.explain import explain, recommend
from recommender.model.network import ModelConfig
from recommender.model.run import Run, train_run
from recommender.model.training import TrainConfig
from tests.tiny import tiny_dataset


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder: Path = tmp_path_factory.mktemp("runs") / "tiny"
    model, training = ModelConfig(width=32, window=12), TrainConfig(max_epochs=1)
    return train_run(tiny_dataset(), folder, model, training, device=torch.device("cpu"))


@pytest.fixture(scope="module")
def found(run: Run) -> dict[str, Start]:
    return {start.kind: start for start in interesting_users(run)}


def test_the_surprising_item_was_bought_foreseen_and_new(run: Run, found: dict[str, Start]):
    start = found["surprising"]
    held_out = run.held_out(start.user)
    history = run.history(start.user, before_held_out=True)
    assert held_out is not None
    assert start.item in held_out.items
    assert start.item not in history.items
    assert start.item in [one.item for one in recommend(run, history, K, "all")]
    assert start.value == buyers(run.dataset)[start.item] / len(run.dataset.users)


def test_where_new_products_are_listed_a_surprise_is_among_the_first_of_those(run: Run):
    only_new = replace(run, dataset=replace(run.dataset, repeats=False))
    assert only_new.default_view == "new"
    found = {start.kind: start for start in interesting_users(only_new)}["surprising"]
    bought, foreseen = buyers(run.dataset) / len(run.dataset.users), []
    for user in map(int, run.split.test.users):
        held_out, history = run.held_out(user), run.history(user, before_held_out=True)
        assert held_out is not None
        first = {one.item for one in recommend(run, history, K, "new")}
        foreseen += [bought[item] for item in held_out.items if item in first]
    assert found.value == min(foreseen)


def test_nobody_disagrees_more(run: Run, found: dict[str, Start]):
    agreements = {}
    for user in range(len(run.dataset.users)):
        history = run.history(user)
        if len(history) >= FEWEST_EVENTS:
            item = recommend(run, history, 1)[0].item
            explained = explain(run, history, item)
            looked, mattered = pd.Series(explained.attention), pd.Series(explained.influence)
            agreements[user, item] = looked.corr(mattered, method="spearman")
    assert len(agreements) > 20
    start = found["disagreeing"]
    least = min(agreements, key=lambda one: agreements[one])
    assert (start.user, start.item) == least
    assert start.value == pytest.approx(agreements[least])


def test_the_same_users_are_found_again(run: Run, found: dict[str, Start]):
    assert {start.kind: start for start in interesting_users(run)} == found


def test_buyers_are_counted_once(run: Run):
    table = run.dataset.interactions
    bought = table[(table["item"] == 3) & (table["event"] == 1)]
    assert buyers(run.dataset)[3] == bought["user"].nunique()
