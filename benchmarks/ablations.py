"""What each part of the model and of its training brings: NDCG@10 with the part taken away.

python benchmarks/ablations.py DATASET [--seeds N] [--only NAME]

Every row trains anew with the defaults but for one setting, on one thread, and is measured on the
test part. What the same code has measured stands in `build/ablations.json` and is not measured
again.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from contest.environment import code_digest
from machine import describe_machine
from rich.console import Console
from rich.table import Table

from recommender.data import Dataset, load_dataset, split_dataset
from recommender.model.evaluation import evaluate_run
from recommender.model.learning import TrainConfig
from recommender.model.network import ModelConfig
from recommender.model.training import fit

PARTS: Final[dict[str, dict[str, Any]]] = {
    "defaults": {},
    "with the order term": {"order_term": True},
    "contextual readout (not additive)": {"readout": "contextual"},
    "without again": {"again": False},
    "without together": {"together": False},
    "without the loss over new items": {"new_items_loss": 0.0},
    "without averaged weights": {"averaging": 0.0},
    "voters learn no faster than the rest": {"voter_speed": 1.0},
    "without deleting events": {"event_dropout": 0.0},
    "without dropping ids": {"feature_dropout": 0.0},
    "one routing layer": {"n_layers": 1},
    "three routing layers": {"n_layers": 3},
}
KEPT = Path("build/ablations.json")


def measure(dataset: Dataset, changes: Mapping[str, Any], seed: int) -> dict[str, float]:
    """Test NDCG@10 by view, and the epochs trained."""
    ours = {name: value for name, value in changes.items() if hasattr(ModelConfig, name)}
    rest = {name: value for name, value in changes.items() if name not in ours}
    split = split_dataset(dataset)
    model, training = replace(ModelConfig(), **ours), replace(TrainConfig(seed=seed), **rest)
    trained = fit(dataset, split, model, training, device=torch.device("cpu"))
    found = evaluate_run(dataset, split, trained.scorer(), names=())
    views = {view: values["metrics"]["ndcg@10"] for view, values in found["views"].items()}
    return views | {"epochs": len(trained.curve)}


def report(dataset: Dataset, known: dict[str, Any], start: str, seeds: int) -> None:
    """Print the means over the seeds of what is known under keys that start so."""
    console = Console()
    console.print(describe_machine())
    table = Table(title=f"{dataset.name}: test NDCG@10, mean of {seeds} seeds")
    table.add_column("what is changed")
    for column in ("all items", "new items", "epochs"):
        table.add_column(column, justify="right")
    for name in PARTS:
        rows = [known.get(f"{start}{name} {seed}") for seed in range(seeds)]
        rows = [row for row in rows if row]
        if rows:
            means = [
                f"{np.mean([row[key] for row in rows]):.4f}" if key in rows[0] else "–"
                for key in ("all", "new")
            ]
            table.add_row(name, *means, f"{np.mean([row['epochs'] for row in rows]):.0f}")
    console.print(table)


def main() -> None:
    """Measure what is missing, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path, nargs="?", default=Path("sample_data/run/dataset"))
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--only", choices=PARTS, action="append", help="measure these alone")
    asked = parser.parse_args()
    dataset = load_dataset(asked.dataset)
    known = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    start = f"{dataset.fingerprint} {code_digest()[:16]} "
    for name in asked.only or PARTS:
        for seed in range(asked.seeds):
            key = f"{start}{name} {seed}"
            if key not in known:
                known[key] = measure(dataset, PARTS[name], seed)
                KEPT.parent.mkdir(exist_ok=True)
                KEPT.write_text(json.dumps(known, indent=1))
                print(name, seed, known[key], flush=True)
    report(dataset, known, start, asked.seeds)


if __name__ == "__main__":
    main()
