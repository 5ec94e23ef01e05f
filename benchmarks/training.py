"""How many events a second training reads, on one core and on all: float32, bfloat16, compiled.

    python benchmarks/training.py [DATASET]

Whole optimiser steps with the batches, negatives and neighbours that `train` takes, the making of
batches included; validation is not. Each case is timed in a process of its own, since torch keeps
the threads it once started. Events are those of the histories, without padding. *Compiled* is the
routing stack through torch.compile, with lengths left open; beside its pace stands how long the
first five steps took, which is when it compiles.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from itertools import chain
from pathlib import Path

import torch
from machine import describe_machine
from rich.console import Console
from rich.table import Table

from recommender.data import load_dataset, split_dataset
from recommender.model.device import threads
from recommender.model.learning import TrainConfig
from recommender.model.network import ModelConfig
from recommender.model.training import _Fit

SEED = 0
N_WARM = 5
SECONDS = 20.0
"""At least this long is timed."""
MIN_STEPS = 20
PATIENCE = 300.0
"""Seconds after which a case is given up."""
AIM = 12_000
WAYS = {"float32": torch.float32, "bfloat16": torch.bfloat16, "compiled": torch.float32}


def measure(dataset_path: Path, n_threads: int, way: str) -> dict[str, float]:
    """Events a second, milliseconds a step, and seconds of the first steps, on the CPU."""
    torch.manual_seed(SEED)
    dataset = load_dataset(dataset_path)
    parts, config = split_dataset(dataset), TrainConfig(seed=SEED)
    fit = _Fit(dataset, parts, ModelConfig(), config, torch.device("cpu"))
    fit.learner.precision = WAYS[way]
    network = fit.learner.network
    if way == "compiled":
        network.route = torch.compile(network.route, dynamic=True)  # type: ignore[method-assign]
    events, steps, started, warm = 0, -N_WARM, time.perf_counter(), 0.0
    with threads(n_threads):
        while steps < MIN_STEPS or time.perf_counter() - started < SECONDS:
            for group in fit._groups():
                if steps == 0:
                    warm = time.perf_counter() - started
                    events, started = 0, time.perf_counter()
                batches = fit._assemble(group)
                fit.learner.step(batches, rate=1.0)
                events += sum(part.n_events for part in chain(*batches))
                steps += 1
                if steps >= MIN_STEPS and time.perf_counter() - started >= SECONDS:
                    break
    seconds = time.perf_counter() - started
    return {
        "events_a_second": events / seconds,
        "step_ms": 1000 * seconds / steps,
        "first_s": warm,
    }


def apart(dataset: Path, n_threads: int, way: str) -> dict[str, float] | str:
    """The same, measured in a process of its own; else what went wrong."""
    command = [sys.executable, __file__, str(dataset), "--threads", str(n_threads)]
    command += ["--way", way]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return f"not in {PATIENCE:.0f} s"
    if ended.returncode:
        print(ended.stderr, file=sys.stderr)
        return "fails"
    return dict(json.loads(ended.stdout))


def report(dataset: Path) -> None:
    """Print the table with the machine's description."""
    console = Console()
    console.print(describe_machine())
    cores = len(os.sched_getaffinity(0))
    table = Table(title=f"Training on {dataset}; aim: {AIM:,} events a second on 2 cores")
    for column in ("cores", "way", "events a second", "ms a step", "first 5 steps, s"):
        table.add_column(column, justify="left" if column == "way" else "right")
    for n_threads in sorted({1, cores}):
        for way in WAYS:
            found = apart(dataset, n_threads, way)
            if isinstance(found, str):
                table.add_row(str(n_threads), way, found, "–", "–")
                continue
            figures = f"{found['events_a_second']:,.0f}", f"{found['step_ms']:.0f}"
            table.add_row(str(n_threads), way, *figures, f"{found['first_s']:.1f}")
    console.print(table)


def main() -> None:
    """Measure one case if told which, else report all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path, nargs="?", default=Path("sample_data/run/dataset"))
    parser.add_argument("--threads", type=int, help="measure this case alone, print JSON")
    parser.add_argument("--way", choices=WAYS, default="float32")
    asked = parser.parse_args()
    if asked.threads:
        print(json.dumps(measure(asked.dataset, asked.threads, asked.way)))
    else:
        report(asked.dataset)


if __name__ == "__main__":
    main()
