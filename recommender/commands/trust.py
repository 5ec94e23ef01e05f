"""The command that measures how far explanations can be believed: trust."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from recommender.commands.app import AsJson, Candidates, RunPath, app, example
from recommender.commands.speech import print_json, results, say, tracked
from recommender.said import StatedError

CAUSES = "causes.csv"


@app.command(epilog=example("trust sample_data/run --users 300 --json"))
def trust(
    run: RunPath,
    users: Annotated[int, typer.Option(min=1, help="How many users are asked.")] = 300,
    causes: Annotated[
        Path | None,
        typer.Option(
            help="Planted causes, as `sample` writes them. Default: causes.csv beside the run."
        ),
    ] = None,
    candidates: Candidates = None,
    as_json: AsJson = False,
) -> None:
    """Measure how far each way to explain can be believed, and save the tables in the run."""
    from recommender.evaluate import measure_trust, save_trust
    from recommender.model.run import open_run

    opened = open_run(run)
    report = measure_trust(opened, users, _planted(run, causes), tracked)
    save_trust(report, run)
    say.print(f"Saved in {run} as trust.json and trust.csv")
    if as_json:
        print_json(report.document(candidates))
    else:
        _show(report)


def _planted(run: Path, causes: Path | None) -> Any:
    """The causes that were named, or those beside the run; None where none are known."""
    import pandas as pd

    beside = run.resolve().parent / CAUSES
    path = causes or (beside if beside.is_file() else None)
    if path is None:
        return None
    table = pd.read_csv(path, dtype=str)
    needed = {"user_id", "item_id", "time", "event", "cause_item_id", "cause_time"}
    if missing := sorted(needed - set(table.columns)):
        raise StatedError(
            "{path} has no column {columns}: it is no table of causes",
            path=path,
            columns=", ".join(missing),
        )
    return table


def _show(report: Any) -> None:
    from recommender.evaluate.deletion import MEASURES

    for (view, span), rows in report.deletion.groupby(["view", "span"], sort=False):
        what = "all items" if view == "all" else "items new to the user"
        steps = "in tenths" if span == "tenths" else "one by one, the first five"
        table = Table(title=f"{what}, events deleted {steps}, {rows['users'].iloc[0]:,} users")
        table.add_column("method")
        for measure in MEASURES:
            table.add_column(measure, justify="right")
        for _, row in rows.iterrows():
            shown = (f"{row[name]:.3f} ±{row[f'{name}_se']:.3f}" for name in MEASURES)
            table.add_row(str(row["method"]), *shown)
        results.print(table)
    _show_checks(report)


def _show_checks(report: Any) -> None:
    table = Table(title=f"Rank correlations; checks on {report.checked:,} users")
    table.add_column("method")
    named = {"with recency": report.agreement["recency"]} | dict(report.checks.items())
    lenses = [name for name in ("contribution", "influence") if name in report.agreement]
    named |= {f"with {name}": report.agreement[name] for name in lenses}
    planted = report.planted
    if planted is not None:
        cases = int(planted["cases"].iloc[0])
        named |= {f"cause first, of {cases}": planted["top1"], "in first three": planted["top3"]}
    for name in named:
        table.add_column(str(name), justify="right")
    for method in report.checks.index:
        values = (column[method] for column in named.values())
        table.add_row(method, *("–" if value != value else f"{value:.2f}" for value in values))
    results.print(table)
    if report.completeness_error is not None:
        results.print(f"Contributions miss their logit by {report.completeness_error:.1e} at most.")
