"""A training step asks the device for no value and no size, so a GPU is never waited for.

There is no GPU here: the step runs on the CPU as it would there, and what would wait is forbidden.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from recommender.data.splits import split_dataset
from recommender.model import batches, learning, network, voters
from recommender.model.device import threads
from recommender.model.learning import TrainConfig
from recommender.model.network import ModelConfig
from recommender.model.training import _Fit
from tests.tiny import tiny_dataset

WAITING = ("_local_scalar_dense", "nonzero", "_unique", "unique_", "masked_select", "bincount")
CPU = torch.device("cpu")
ASKING = (lambda x: x.sum().item(), lambda x: x.unique(), lambda x: x[x > 0])


class Waiting(TorchDispatchMode):
    """Refuses operations that give a number to the program or a result of unknown size."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = func._schema.name.removeprefix("aten::")
        assert not name.startswith(WAITING), f"{name} waits for the device"
        if name == "index":
            masks = [one for one in args[1] if one is not None and one.dtype == torch.bool]
            assert not masks, "a mask waits for the device"
        return func(*args, **(kwargs or {}))


def step(monkeypatch: pytest.MonkeyPatch, config: TrainConfig) -> torch.Tensor:
    """The loss of an optimiser step as on a GPU, where all that waits is refused."""
    data = tiny_dataset()
    model = ModelConfig(width=32, n_layers=1, window=12, order_term=True)
    fit = _Fit(data, split_dataset(data), model, config, CPU)
    todo = fit._assemble(fit._groups()[0])
    fit.learner.step(todo, 1.0)  # constants and the optimiser's state are made once
    for module in (network, learning, voters, batches):
        monkeypatch.setattr(module, "moved", lambda tensor, device: tensor)
    monkeypatch.setattr(network, "runs_behind", lambda device: True)
    monkeypatch.setattr(learning, "drawing_from", lambda source: nullcontext())
    monkeypatch.setattr(torch, "tensor", _refused)
    monkeypatch.setattr(torch.Tensor, "to", _pinned_only(torch.Tensor.to))
    with threads(1), Waiting():  # what refuses sees its own thread alone
        return fit.learner.step(todo, 1.0)


def _pinned_only(to: Callable[..., torch.Tensor]) -> Callable[..., torch.Tensor]:
    """`Tensor.to` that refuses our own code to copy to a device; `moved` is how that is done."""

    def checked(self: torch.Tensor, what: Any, *rest: Any, **options: Any) -> torch.Tensor:
        ours = sys._getframe(1).f_globals["__name__"].startswith("recommender")
        if ours and isinstance(what, torch.device):
            _refused()
        return to(self, what, *rest, **options)

    return checked


def _refused(*_: Any, **__: Any) -> Any:
    raise AssertionError("a copy to the device that is not pinned waits for it")


@pytest.mark.parametrize("full", [True, False], ids=["whole catalogue", "sampled softmax"])
def test_a_training_step_never_waits(monkeypatch: pytest.MonkeyPatch, full: bool) -> None:
    sizes = {"full_softmax_items": 4096 if full else 10, "n_negatives": 8}
    loss = step(monkeypatch, TrainConfig(accumulate=2, **sizes))
    assert np.isfinite(float(loss))


@pytest.mark.parametrize(
    "ask", [lambda x: x.sum().item(), lambda x: x.unique(), lambda x: x[x > 0]]
)
def test_what_waits_is_found(ask: Any) -> None:
    with pytest.raises(AssertionError, match="waits"), Waiting():
        ask(torch.arange(3.0))


def test_an_id_is_dropped_wherever_its_item_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "runs_behind", lambda device: True)
    data = tiny_dataset()
    vectors = network.ItemVectors(data.item_features, len(data.items), 32)
    items = torch.arange(24).repeat(2, 1)
    torch.manual_seed(0)
    ids = vectors(items, 0.5)[:, :, 0]
    assert torch.equal(ids[0], ids[1])
    dropped = (ids[0] == 0).all(-1)
    assert 0 < int(dropped.sum()) < 24
