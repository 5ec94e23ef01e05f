"""What each process of `test_distributed.py` does; the first writes what it found."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from recommender.data.splits import split_dataset
from recommender.model import training as training_module
from recommender.model.distributed import processes, rank
from recommender.model.learning import TrainConfig
from recommender.model.network import ModelConfig
from recommender.model.training import Progress, fit
from tests.tiny import tiny_dataset

MODEL = ModelConfig(width=32, n_layers=1, window=12, dropout=0.0, feature_dropout=0.0)
TRAINING = TrainConfig(max_epochs=8, event_dropout=0.0, learning_rate=0.02, patience=9)
NOISY = replace(TRAINING, event_dropout=0.15)
CPU = torch.device("cpu")


def curve(config: TrainConfig, checkpoint: Path | None = None) -> dict[str, Any]:
    """How the loss falls, what comes out, and how often progress was told."""
    told: list[Progress] = []
    data = tiny_dataset()
    split = split_dataset(data)
    made = fit(data, split, MODEL, config, told.append, CPU, checkpoint)
    weights = sum(float(weight.double().abs().sum()) for weight in made.network.parameters())
    return {"curve": made.curve, "weights": weights, "told": len(told)}


def keep_first_state(path: Path) -> None:
    """Copy the state after the first epoch to `path`, as a training that was stopped leaves it."""
    save = training_module.save_checkpoint

    def saved(file: Path, *what: Any) -> None:
        save(file, *what)
        if not path.exists():
            shutil.copy(file, path)

    training_module.save_checkpoint = saved


def main(folder: Path) -> None:
    """Train; train again from the state after the first epoch; train with all that is random."""
    stopped = folder / "stopped.safetensors"
    keep_first_state(stopped)
    with processes(CPU):
        whole = curve(TRAINING, folder / "state.safetensors")
        torch.distributed.barrier()
        again = curve(TRAINING, stopped)
        found = {"whole": whole, "again": again, "noisy": curve(NOISY)}
        (folder / f"found-{rank()}.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
