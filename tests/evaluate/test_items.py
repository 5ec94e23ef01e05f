"""What one item's page tells is what the single recommendations and explanations say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from recommender.evaluate.items import DEPTH, TopLists, audience, top_lists
from recommender.explain import explain, recommend
from recommender.model.learning import TrainConfig
from recommender.model.network import ModelConfig
from recommender.model.run import Run, train_run
from tests.tiny import tiny_dataset

K = 5


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder: Path = tmp_path_factory.mktemp("runs") / "tiny"
    model, training = ModelConfig(width=32, window=12), TrainConfig(max_epochs=1)
    return train_run(tiny_dataset(), folder, model, training, device=torch.device("cpu"))


@pytest.fixture(scope="module")
def lists(run: Run) -> TopLists:
    return top_lists(run)["all"]


@pytest.fixture(scope="module")
def popular(run: Run, lists: TopLists) -> int:
    """The item that most users get."""
    return int(lists.reach(K, len(run.dataset.items)).argmax())


@pytest.mark.parametrize("view", ["all", "new"])
def test_lists_are_what_is_recommended(run: Run, view: str):
    found = top_lists(run)[view]
    for user in (0, 17, 59):
        wanted = [one.item for one in recommend(run, run.history(user), DEPTH, view)]
        assert found.items[user][: len(wanted)].tolist() == wanted
        assert (found.items[user][len(wanted) :] == -1).all()


def test_progress_ends_where_all_are_asked(run: Run):
    told: list[tuple[int, int]] = []
    top_lists(run, lambda done, total: told.append((done, total)))
    assert told[0] == (0, 60)
    assert told[-1] == (60, 60)


def test_of_many_users_the_same_few_are_asked(run: Run):
    first, second = (top_lists(run, most_users=10)["all"] for _ in range(2))
    assert len(set(first.users)) == 10
    assert first.users.tolist() == second.users.tolist()
    assert first.n_users == 60


def test_ranks_and_reach_count_places():
    lists = TopLists(np.arange(3), np.array([[4, 1], [1, -1], [2, 4]]), 3)
    assert lists.ranks(1).tolist() == [2, 1, 0]
    assert lists.reach(1, 5).tolist() == [0, 1, 1, 0, 1]
    assert lists.reach(2, 5).tolist() == [0, 2, 1, 0, 2]


def test_receivers_are_those_who_get_it(run: Run, lists: TopLists, popular: int):
    found = audience(run, lists, popular, K)
    wanted = {
        user
        for user in range(60)
        if popular in [one.item for one in recommend(run, run.history(user), K, "all")]
    }
    assert set(found.users.tolist()) == wanted
    assert found.ranks.tolist() == sorted(found.ranks.tolist())
    assert found.reach_rank == 1


def test_mean_shares_sum_to_the_mean_score(run: Run, lists: TopLists, popular: int):
    found = audience(run, lists, popular, K)
    logits = [explain(run, run.history(int(user)), popular).logit for user in found.users]
    assert found.explained == len(logits)
    assert found.shares["contribution"].sum() == pytest.approx(np.mean(logits), abs=1e-4)


def test_segments_count_each_receiver_once_a_feature(run: Run, lists: TopLists, popular: int):
    found = audience(run, lists, popular, K)
    known = run.dataset.user_features[0].codes[found.users, 0] > 0
    assert found.segments["receivers"].sum() == known.sum()
    assert (found.segments["rate"] == found.segments["receivers"] / found.segments["users"]).all()


def test_rivals_stand_in_the_same_lists(run: Run, lists: TopLists, popular: int):
    found = audience(run, lists, popular, K)
    rival = found.rivals.iloc[0]
    theirs = [list(lists.items[user][:K]) for user in found.users]
    common = [row for row in theirs if rival["item"] in row]
    assert rival["lists"] == len(common)
    above = [row.index(rival["item"]) < row.index(popular) for row in common]
    assert rival["above"] == pytest.approx(np.mean(above))
    assert popular not in set(found.rivals["item"])


def test_causes_add_what_their_events_add(run: Run, lists: TopLists, popular: int):
    found = audience(run, lists, popular, K)
    cause = found.causes.iloc[0]
    added = []
    for user in found.users:
        explained = explain(run, run.history(int(user)), popular)
        added.append(explained.contribution[explained.items == cause["item"]].sum())
    assert cause["contribution"] == pytest.approx(np.mean(added), abs=1e-4)


def test_an_example_names_the_strongest_event(run: Run, lists: TopLists, popular: int):
    example = audience(run, lists, popular, K).examples.iloc[0]
    explained = explain(run, run.history(int(example["user"])), popular)
    assert example["rank"] == 1
    assert explained.items[explained.contribution.argmax()] == example["cause"]


def test_who_comes_nearest_is_explained_where_nobody_gets_it(run: Run, lists: TopLists):
    reach = lists.reach(1, len(run.dataset.items))
    nobodys = int(np.flatnonzero(reach == 0)[0])
    found = audience(run, lists, nobodys, 1)
    assert len(found.users) == 0
    assert found.explained == 60
    assert found.examples["rank"].min() > 1
    assert found.rivals.empty


def test_buyers_are_counted_once(run: Run, lists: TopLists):
    table = run.dataset.interactions
    bought = table[(table["item"] == 3) & (table["event"] == 1)]
    assert audience(run, lists, 3, K).buyers == bought["user"].nunique()
