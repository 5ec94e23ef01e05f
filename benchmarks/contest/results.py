"""From answers to tables: one evaluator, means over seeds, paired bootstrap intervals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from contest.exchange import Lists, Questions, judge
from recommender.metrics import View

METRICS = ("ndcg@10", "recall@10", "mrr@10")
RESAMPLES, SEED = 2000, 0
MARKS = (30, 60, 120, 300, 600, 1800)
"""Processor seconds at which the metric against time is shown."""


@dataclass(frozen=True)
class Row:
    """A contestant on one view of one data set, mean over its seeds."""

    data: str
    view: View
    model: str
    seeds: int
    users: int
    metrics: dict[str, float]
    difference: dict[str, tuple[float, float, float]]
    """Contestant less ours for each metric: mean and the ends of its 95 % interval."""
    cpu_seconds: float
    """Processor seconds of training, the choosing on validation cases included."""
    peak_gb: float
    top10_seconds: float
    """For all test users, in every view."""
    capped: bool
    curve: list[dict[str, Any]]
    newcomers: int = 0
    """Users of the test part who are not asked, since they had no event before it."""


def rows_of(
    data: str, questions: Questions, answers: Mapping[str, list[Path]], ours: str
) -> list[Row]:
    """A row for each view and contestant that has answered, `ours` first."""
    cases = questions.cases("test")
    judged: dict[str, list[dict[View, dict[str, np.ndarray]]]] = {
        model: [judge(Lists.read(path / "lists.parquet", len(cases.n_targets)), cases)
                for path in paths]
        for model, paths in answers.items() if paths
    }  # fmt: skip
    views = next(iter(judged.values()))[0] if judged else ()
    rows = []
    for view in views:
        of_case = {
            model: {name: np.mean([one[view][name] for one in seeds], axis=0) for name in METRICS}
            for model, seeds in judged.items()
        }
        for model, values in of_case.items():
            facts = [json.loads((path / "facts.json").read_text()) for path in answers[model]]
            against = of_case.get(ours)
            rows.append(
                Row(
                    data=data,
                    view=view,
                    model=model,
                    seeds=len(facts),
                    users=len(values["ndcg@10"]),
                    metrics={name: float(values[name].mean()) for name in METRICS},
                    difference={}
                    if against is None or model == ours
                    else {name: interval(values[name] - against[name]) for name in METRICS},
                    cpu_seconds=_mean(one["training"]["cpu_seconds"] for one in facts),
                    peak_gb=max(one["peak_gb"] for one in facts),
                    top10_seconds=_mean(one["top10"]["cpu_seconds"] for one in facts),
                    capped=any(one["training"].get("capped", False) for one in facts),
                    curve=facts[0]["training"].get("curve", []),
                    newcomers=questions.newcomers,
                )
            )
    return rows


def _mean(values: Any) -> float:
    return float(np.mean(list(values)))


def interval(differences: np.ndarray) -> tuple[float, float, float]:
    """Mean of paired differences, and its 95 % bootstrap interval over the cases."""
    rng, n = np.random.default_rng(SEED), len(differences)
    means = [differences[rng.integers(0, n, n)].mean() for _ in range(RESAMPLES)]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(differences.mean()), float(low), float(high)


def best_until(curve: list[dict[str, Any]], seconds: float) -> float | None:
    """The best validation NDCG@10 that was reached within the processor seconds."""
    reached = [one["ndcg@10"] for one in curve if one["cpu_seconds"] <= seconds]
    return max(reached, default=None)


def as_markdown(rows: list[Row], machine: str) -> str:
    """The tables of all data sets and views, and the metric against time."""
    lines = [machine, ""]
    for data, view in dict.fromkeys((row.data, row.view) for row in rows):
        part = [row for row in rows if (row.data, row.view) == (data, view)]
        what = "all items" if view == "all" else "items new to the user"
        lines += [f"### {data}, {what}, {part[0].users:,} users", ""]
        lines += [*_table(part), ""]
        if part[0].newcomers:
            lines += [f"{part[0].newcomers:,} users without an earlier event are not asked.", ""]
    lines += ["### Best validation NDCG@10 after so many processor seconds", ""]
    return "\n".join(lines + _times(rows)) + "\n"


def _table(rows: list[Row]) -> list[str]:
    head = ("model", "NDCG@10", "Recall@10", "MRR@10", "NDCG@10 less ours (95 %)",
            "training, CPU s", "peak GB", "top-10, s", "seeds")  # fmt: skip
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for row in sorted(rows, key=lambda row: -row.metrics["ndcg@10"]):
        less = "–"
        if row.difference:
            mean, low, high = row.difference["ndcg@10"]
            less = f"{mean:+.4f} ({low:+.4f} to {high:+.4f})"
        cells = [row.model + (" (stopped by the cap)" if row.capped else "")]
        cells += [f"{row.metrics[name]:.4f}" for name in METRICS]
        cells += [less, f"{row.cpu_seconds:,.0f}", f"{row.peak_gb:.2f}"]
        cells += [f"{row.top10_seconds:.2f}", str(row.seeds)]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _times(rows: list[Row]) -> list[str]:
    lines = ["| data | model | " + " | ".join(f"{mark} s" for mark in MARKS) + " |"]
    lines.append("|---" * (len(MARKS) + 2) + "|")
    for row in {(row.data, row.model): row for row in rows if row.curve}.values():
        reached = [best_until(row.curve, mark) for mark in MARKS]
        cells = ["–" if value is None else f"{value:.4f}" for value in reached]
        lines.append(f"| {row.data} | {row.model} | " + " | ".join(cells) + " |")
    return lines


def save(rows: list[Row], machine: str, folder: Path) -> str:
    """Write `results.json` and `results.md`; the Markdown is given back."""
    document = {"machine": machine, "rows": [asdict(row) for row in rows]}
    (folder / "results.json").write_text(json.dumps(document, indent=1) + "\n")
    text = as_markdown(rows, machine)
    (folder / "results.md").write_text(text)
    return text
