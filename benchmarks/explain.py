"""How long `explain` takes for one recommendation, all three lenses, on one thread.

    python benchmarks/explain.py [RUN]

Asked of histories of exactly 50 events: the newest 50 of users who have that many, and of items
from the users' own top-10. A plain forward pass that scores every item stands beside, measured in
the same loop.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from machine import describe_machine
from rich.console import Console
from rich.table import Table

from recommender.data.histories import History
from recommender.explain import explain
from recommender.model.run import Run, open_run

SEED = 0
N_EVENTS = 50
N_TIMED = 200
N_WARM = 20
AIM_MS = 60.0


def questions(run: Run) -> list[tuple[History, int]]:
    """Histories of exactly 50 events, each with one of its ten best items."""
    rng = np.random.default_rng(SEED)
    counts = np.diff(run.dataset.offsets)
    users = np.flatnonzero(counts >= N_EVENTS)
    if not len(users):
        raise SystemExit(f"no user of {run.path} has {N_EVENTS} events")
    asked = []
    for user in rng.choice(users, N_WARM + N_TIMED):
        history = run.history(int(user)).newest(N_EVENTS)
        top = np.argsort(-run.scorer.logits([history])[0])[:10]
        asked.append((history, int(rng.choice(top))))
    return asked


def milliseconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def measure(run: Run) -> dict[str, np.ndarray]:
    """Milliseconds of every question, by what was done."""
    torch.set_num_threads(1)
    plain, whole = [], []
    for history, item in questions(run):
        plain.append(milliseconds(lambda: run.scorer.logits([history])))  # noqa: B023
        whole.append(milliseconds(lambda: explain(run, history, item)))  # noqa: B023
    return {
        "plain forward pass, all items scored": np.array(plain[N_WARM:]),
        "explain: attention, contribution, influence": np.array(whole[N_WARM:]),
    }


def main(run_path: str = "sample_data/run") -> None:
    """Print the table with the machine's description."""
    console = Console()
    console.print(describe_machine())
    run = open_run(Path(run_path))
    found = measure(run)
    table = Table(
        title=f"{N_TIMED} recommendations, {N_EVENTS} events, {len(run.dataset.items):,} items, "
        f"{run.device}, one thread; aim: median of explain under {AIM_MS:.0f} ms"
    )
    table.add_column("what")
    for column in ("median ms", "p95 ms"):
        table.add_column(column, justify="right")
    for name, values in found.items():
        table.add_row(name, f"{np.median(values):.1f}", f"{np.percentile(values, 95):.1f}")
    console.print(table)


if __name__ == "__main__":
    main(*sys.argv[1:2])
