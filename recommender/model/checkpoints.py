"""The whole state of a training in one file, so that a killed training ends as it would have."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from recommender.atomic import new_file
from recommender.model.learning import Learner


@dataclass
class State:
    """Where the loop stands between two epochs."""

    best: dict[str, Tensor]
    """Weights of the best epoch so far; the untrained ones before the first."""
    best_ndcg: float = -1.0
    since_best: int = 0
    """Epochs since the best one."""
    epoch: int = 0
    step: int = 0
    ndcg: float | None = None
    """Validation NDCG@10 of the last epoch, mean of the views; None where nothing was asked."""
    seconds: float = 0.0
    """Spent so far, over all sittings."""
    curve: list[dict[str, int | float]] = field(default_factory=list)


def key_of(*parts: Any) -> str:
    """Tells one training from another: data set, split and configurations."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def save_checkpoint(path: Path, key: str, state: State, learner: Learner) -> None:
    """Write the state; the file appears whole or not at all."""
    plain = {f.name: getattr(state, f.name) for f in fields(state) if f.name != "best"}
    plain |= {"key": key, "rng": learner.rng.bit_generator.state, "n_steps": learner.n_steps}
    tensors = {f"best.{name}": weight for name, weight in state.best.items()}
    tensors |= {f"now.{name}": w for name, w in learner.network.state_dict().items()}
    tensors |= {f"average.{i}": weight for i, weight in enumerate(learner.average)}
    for i, moments in learner.optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{i}.{name}": torch.as_tensor(v) for name, v in moments.items()}
    tensors["random"] = torch.get_rng_state()
    if learner.device.type == "cuda":
        tensors["random_cuda"] = torch.cuda.get_rng_state(learner.device)
    own = {name: tensor.detach().cpu().clone() for name, tensor in tensors.items()}
    with new_file(path) as new:
        save_file(own, new, metadata={"state": json.dumps(plain)})


def load_checkpoint(path: Path, key: str, learner: Learner) -> State | None:
    """Put the learner where the file left it; None if there is no file of this very training."""
    try:
        with safe_open(path, framework="pt") as opened:
            plain = json.loads((opened.metadata() or {}).get("state", "{}"))
            if plain.pop("key", None) != key:
                return None
            tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
    except (OSError, SafetensorError, json.JSONDecodeError):
        return None
    learner.rng.bit_generator.state = plain.pop("rng")
    learner.n_steps = plain.pop("n_steps")
    learner.network.load_state_dict(_under("now.", tensors))
    learner.average = [
        tensors[f"average.{i}"].to(learner.device) for i in range(len(learner.average))
    ]
    moments: dict[int, dict[str, Tensor]] = {}
    for name, value in _under("optimizer.", tensors).items():
        index, what = name.split(".")
        moments.setdefault(int(index), {})[what] = value
    groups = learner.optimizer.state_dict()["param_groups"]
    learner.optimizer.load_state_dict({"state": moments, "param_groups": groups})
    torch.set_rng_state(tensors["random"])
    if "random_cuda" in tensors:
        torch.cuda.set_rng_state(tensors["random_cuda"], learner.device)
    return State(best=_under("best.", tensors), **plain)


def best_weights(path: Path) -> dict[str, Tensor]:
    """The best weights so far of a training that has not ended."""
    return _under("best.", load_file(path))


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}
