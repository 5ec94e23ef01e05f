"""Two processes train one model as one process does with batches twice as large."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from recommender.data.splits import split_dataset
from recommender.model import distributed
from recommender.model.learning import TrainConfig
from recommender.model.training import _Fit
from tests.model.together import CPU, MODEL, NOISY, TRAINING
from tests.tiny import tiny_dataset

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """What the first and the second of two processes found."""
    folder = tmp_path_factory.mktemp("together")
    launch = [sys.executable, "-m", "torch.distributed.run", "--nnodes", "1"]
    launch += ["--nproc-per-node", "2", "--local-addr", "127.0.0.1"]
    launch += ["--rdzv-backend", "c10d", "--rdzv-endpoint", "127.0.0.1:0"]
    launch += ["-m", "tests.model.together", str(folder)]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        launch, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    first, second = (json.loads((folder / f"found-{n}.json").read_text()) for n in range(2))
    return first, second


def one_process(config: TrainConfig) -> list[float]:
    """The loss after each epoch of one process whose steps take two batches each."""
    torch.manual_seed(config.seed)
    data = tiny_dataset()
    fit = _Fit(data, split_dataset(data), MODEL, replace(config, accumulate=2), CPU)
    # Whose turn a batch is, is drawn anew in each epoch where several train.
    fit.together, fit.learner.rng = 2, np.random.default_rng()
    trained = fit.run(lambda progress: None, None)
    return [row["loss"] for row in trained.curve]


def losses(what: Any) -> list[float]:
    return [row["loss"] for row in what["curve"]]


def test_two_processes_learn_what_one_with_twice_the_batch_learns(found: tuple[Any, Any]) -> None:
    expected = one_process(TRAINING)
    assert losses(found[0]["whole"]) == pytest.approx(expected, rel=1e-4)
    assert expected[-1] < 0.9 * expected[0]


def test_with_all_that_is_random_the_curves_agree_within_noise(found: tuple[Any, Any]) -> None:
    assert losses(found[0]["noisy"]) == pytest.approx(one_process(NOISY), rel=0.05)


def test_both_end_with_the_same_weights_and_the_first_alone_tells(found: tuple[Any, Any]) -> None:
    first, second = found
    assert first["whole"]["weights"] == second["whole"]["weights"]
    assert losses(first["whole"]) == losses(second["whole"])
    assert first["whole"]["told"] > 0 == second["whole"]["told"]


def test_a_training_of_two_that_was_stopped_goes_on_to_the_same_result(
    found: tuple[Any, Any],
) -> None:
    whole, again = found[0]["whole"], found[0]["again"]
    assert again["weights"] == whole["weights"]
    assert losses(again) == losses(whole)
    assert again["told"] < whole["told"]


@pytest.mark.parametrize(
    ("n", "rank", "share"), [(1, 0, [0, 1, 2]), (2, 0, [0, 2]), (2, 1, [1, 0])]
)
def test_batches_are_dealt_out_in_turn_and_filled_up_to_equal_numbers(
    monkeypatch: pytest.MonkeyPatch, n: int, rank: int, share: list[int]
) -> None:
    monkeypatch.setattr(distributed, "n_processes", lambda: n)
    monkeypatch.setattr(distributed, "rank", lambda: rank)
    assert distributed.own_share([0, 1, 2]) == share


def test_one_process_alone_is_a_group_of_one() -> None:
    with distributed.processes(CPU):
        assert (distributed.n_processes(), distributed.rank()) == (1, 0)
        assert not distributed.is_helper()
