"""How far back the readout looks is averaged as it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from recommender.evaluate.looking_back import looked_back, looking_back
from recommender.explain import attend
from recommender.model.network import ModelConfig
from recommender.model.run import Run, train_run
from recommender.model.training import TrainConfig
from tests.tiny import tiny_dataset

DAY = 86_400


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder: Path = tmp_path_factory.mktemp("runs") / "tiny"
    model, training = ModelConfig(width=32, window=12), TrainConfig(max_epochs=1)
    return train_run(tiny_dataset(), folder, model, training, device=torch.device("cpu"))


def test_an_even_spread_is_chance_and_the_mean_over_events_is_one(run: Run):
    history = run.history(3, before_held_out=True)
    attention = attend(run, history)
    found = looked_back(attention, history)
    weights = attention.readout.mean(axis=0)[attention.positions >= 0]
    assert found.times == pytest.approx(weights / weights.mean())
    assert found.places[-1] == 0
    assert found.days[-1] == pytest.approx((history.as_of - history.times[-1]) / DAY)
    assert (np.diff(found.days) <= 0).all()


def test_bins_hold_every_event_and_average_to_chance(run: Run):
    found = looking_back(run, users=20)
    assert found.users == 20
    drawn = np.random.default_rng(0).permutation(len(run.dataset.users))
    histories = [run.history(int(user), before_held_out=True) for user in drawn]
    asked = [history for history in histories if len(history) > 1][:20]
    n_read = sum(min(len(history), 12) for history in asked)
    assert found.gaps["events"].sum() == found.places["events"].sum() == n_read
    newest = np.mean([looked_back(attend(run, one), one).times[-1] for one in asked])
    even = np.array([1 / min(len(one), 12) for one in asked])
    weighted = [looked_back(attend(run, one), one).times[-1] for one in asked] @ even / even.sum()
    assert found.places["times"].iloc[0] == pytest.approx(weighted)
    assert newest > 0


def test_middles_lie_in_their_bins(run: Run):
    for table in (looking_back(run, 20).gaps, looking_back(run, 20).places):
        assert ((table["low"] <= table["middle"]) & (table["middle"] < table["high"])).all()
