"""How long explanations take on one thread, with Captum's way to the same values beside them.

    python benchmarks/explain.py [RUN] [--global]

Asked of histories of exactly 50 events: the newest 50 of users who have that many, and of items
from the users' own top-10. All ways are timed in turn on the same questions. `--global` also times
the explanation over all users of the run, which takes longer and starts without what was kept.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from captum.attr import FeatureAblation
from machine import describe_machine
from rich.console import Console
from rich.table import Table

from recommender.data.histories import History
from recommender.evaluate import overall
from recommender.explain import drop_out, explain
from recommender.explain.attribution import attribution, item_feature_names
from recommender.explain.contributions import contributions
from recommender.explain.deletions import leave_one_out, part_logits
from recommender.explain.influence import influence_on_logits
from recommender.explain.ranking import allowed_items, top_items
from recommender.model.run import Run, open_run

SEED = 0
N_EVENTS = 50
N_TIMED = 100
N_WARM = 5


class Question(NamedTuple):
    """A history of exactly 50 events, its ten best items and one of them."""

    history: History
    top: list[int]
    item: int


def questions(run: Run) -> list[Question]:
    rng = np.random.default_rng(SEED)
    counts = np.diff(run.dataset.offsets)
    users = np.flatnonzero(counts >= N_EVENTS)
    if not len(users):
        raise SystemExit(f"no user of {run.path} has {N_EVENTS} events")
    asked = []
    for user in rng.choice(users, N_WARM + N_TIMED):
        history = run.history(int(user)).newest(N_EVENTS)
        logits = run.scorer.logits([history])[0]
        allowed = allowed_items(history, len(logits), run.default_view)
        top = [int(item) for item in top_items(logits, 10, allowed)]
        asked.append(Question(history, top, int(rng.choice(top))))
    return asked


def ablation(run: Run, one: Question, at_once: int) -> None:
    """The influence of every event as Captum finds it: each shortened history is scored."""

    def logit(kept: torch.Tensor) -> torch.Tensor:
        parts = [one.history.without(*np.flatnonzero(row < 0.5)) for row in kept.numpy()]
        return torch.from_numpy(run.scorer.logits(parts)[:, one.item])

    kept = torch.ones(1, len(one.history))
    FeatureAblation(logit).attribute(kept, perturbations_per_eval=at_once)


def ways(run: Run) -> dict[str, tuple[Callable[[Question], object], float | None]]:
    """What is timed, and the milliseconds its median should stay under."""
    scorer, names = run.scorer, item_feature_names(run)
    return {
        "plain forward pass, all items scored": (lambda q: scorer.logits([q.history]), None),
        "contribution, all ten": (lambda q: contributions(scorer, q.history, q.top), 10),
        "influence of the events, one": (
            lambda q: part_logits(scorer, q.history, leave_one_out(N_EVENTS), [q.item]),
            30,
        ),
        "influence of events and profile, one": (
            lambda q: influence_on_logits(scorer, q.history, [q.item]),
            30,
        ),
        "influence of events and profile, all ten": (
            lambda q: influence_on_logits(scorer, q.history, q.top),
            120,
        ),
        "Shapley, 8 orders, one": (
            lambda q: attribution(scorer, q.history, [q.item], "shapley", names),
            250,
        ),
        "gradient × attention, one": (
            lambda q: attribution(scorer, q.history, [q.item], "grad_attention", names),
            None,
        ),
        "integrated gradients, one": (
            lambda q: attribution(scorer, q.history, [q.item], "integrated_gradients", names),
            None,
        ),
        "explain: all three lenses, one": (lambda q: explain(run, q.history, q.item), 60),
        "counterfactual, verified, one": (lambda q: drop_out(run, q.history, q.item), 300),
        "Captum FeatureAblation, one event at a time": (lambda q: ablation(run, q, 1), None),
        "Captum FeatureAblation, 50 events at a time": (lambda q: ablation(run, q, 50), None),
    }


def milliseconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def measure(run: Run) -> dict[str, np.ndarray]:
    """Milliseconds of every question, by what was done."""
    torch.set_num_threads(1)
    asked, timed = questions(run), ways(run)
    found: dict[str, list[float]] = {name: [] for name in timed}
    for one in asked:
        for name, (way, _) in timed.items():
            found[name].append(milliseconds(lambda: way(one)))  # noqa: B023
    return {name: np.array(values[N_WARM:]) for name, values in found.items()}


def measure_global(run: Run) -> str:
    """One sentence: time and memory of the explanation over all users, nothing kept before."""
    with tempfile.TemporaryDirectory() as empty:
        taken = milliseconds(lambda: overall(replace(run, path=Path(empty)))) / 1000
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return (
        f"Global explanation of {len(run.dataset.users):,} users: {taken:.1f} s, at most "
        f"{memory:.2f} GiB (aim for 2,469 households: 60 s, 2 GiB)"
    )


def main(path: Path, overall_too: bool) -> None:
    """Print the table with the machine's description."""
    console = Console()
    console.print(describe_machine())
    run = open_run(path)
    found, aims = measure(run), ways(run)
    console.print(_table(run, found, aims))
    medians = {name: float(np.median(values)) for name, values in found.items()}
    ours = medians["influence of the events, one"]
    for name, aim in (("one event", 10), ("50 events", 1)):
        captum = medians[f"Captum FeatureAblation, {name} at a time"]
        console.print(
            f"Influence of the events is {captum / ours:.1f} times faster than Captum, "
            f"{name} at a time (aim: {aim})"
        )
    if overall_too:
        console.print(measure_global(run))


def _table(run: Run, found: dict[str, np.ndarray], aims: dict[str, tuple]) -> Table:
    table = Table(
        title=f"{N_TIMED} questions, {N_EVENTS} events, {len(run.dataset.items):,} items, "
        f"{run.device}, one thread"
    )
    table.add_column("what")
    for column in ("median ms", "p95 ms", "aim"):
        table.add_column(column, justify="right")
    for name, values in found.items():
        aim = aims[name][1]
        shown = f"{np.median(values):.1f}", f"{np.percentile(values, 95):.1f}"
        table.add_row(name, *shown, "–" if aim is None else f"{aim:g}")
    return table


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, nargs="?", default=Path("sample_data/run"))
    parser.add_argument("--global", action="store_true", dest="overall_too")
    asked = parser.parse_args()
    main(asked.run, asked.overall_too)
