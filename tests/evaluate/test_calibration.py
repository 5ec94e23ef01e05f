"""The words of trust summaries begin where few namings at random reach."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from recommender.evaluate import calibrate
from recommender.evaluate.trust import trust_users
from recommender.model.learning import TrainConfig
from recommender.model.network import ModelConfig
from recommender.model.run import train_run
from tests.tiny import tiny_dataset


def test_one_naming_at_random_in_twenty_is_strong(tmp_path: Path, monkeypatch):
    model, training = ModelConfig(width=32, window=12, n_layers=1), TrainConfig(max_epochs=1)
    run = train_run(tiny_dataset(), tmp_path / "run", model, training, device=torch.device("cpu"))
    with pytest.raises(ValueError, match="too few users"):
        calibrate(run, 5)
    monkeypatch.setattr("recommender.evaluate.calibration.USERS", 2)
    found = calibrate(run, 12)
    assert found.users == 12
    assert len(found.named) == 12
    assert np.mean(found.at_random > found.strong) == pytest.approx(0.05, abs=0.01)
    assert found.mixed == found.strong / 2
    assert not set(trust_users(run, 2)) & set(trust_users(run, 14)[2:])
