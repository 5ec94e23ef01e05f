"""Commands that train and measure: train, evaluate, runs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from recommender.commands.app import AsJson, Out, Replace, RunPath, app, example, note_here
from recommender.commands.reporter import Reporter
from recommender.commands.speech import print_json, results, say
from recommender.said import Said, counted, said_by

Dataset = Annotated[Path, typer.Argument(help="Folder of a data set (import, fetch).")]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="TOML file with tables [model] and [training], or config.json of a run; flags win.",
    ),
]
Device = Annotated[
    str | None, typer.Option("--device", help="cuda, mps or cpu. Default: the best there is.")
]


@app.command(epilog=example("train data/shop --out runs/shop"))
def train(
    dataset: Dataset,
    out: Out,
    config: Config = None,
    split: Annotated[
        Literal["leave-last-out", "leave-last-basket-out", "by-time"] | None,
        typer.Option(help="What is held out. Default: proposed from the data."),
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(help="Passes over the events at most. Default: the recipe's.")
    ] = None,
    patience: Annotated[
        int | None, typer.Option(help="Epochs without progress before stopping.")
    ] = None,
    learning_rate: Annotated[float | None, typer.Option(help="Peak learning rate.")] = None,
    width: Annotated[int | None, typer.Option(help="Size of every vector.")] = None,
    layers: Annotated[int | None, typer.Option(help="Routing layers.")] = None,
    window: Annotated[int | None, typer.Option(help="Newest events that attention reads.")] = None,
    readout: Annotated[
        Literal["additive", "contextual"] | None,
        typer.Option(help="contextual is for comparison: it cannot be taken apart."),
    ] = None,
    order_term: Annotated[
        bool | None,
        typer.Option(
            "--order-term/--no-order-term",
            help="A term for order and combination. Default: where nothing is bought again.",
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of everything random.")] = None,
    device: Device = None,
    progress: Annotated[
        Path | None,
        typer.Option(help="Also append progress to this file, one JSON object a line."),
    ] = None,
    feedback: Annotated[
        Path | None,
        typer.Option(help="Also learn from what was liked: a file of the command feedback."),
    ] = None,
    replace: Replace = False,
) -> None:
    """Train a model on a data set, evaluate it beside the baselines, and save the run.

    What neither a flag nor --config sets is as the built-in recipe has it; the whole recipe is
    written into the run. A training that was stopped goes on after its last whole epoch when the
    same command is given again.

    Several processes or GPUs train together, each on batches of its own, when torchrun starts
    them: torchrun --nproc-per-node 2 -m recommender train ...
    """
    from recommender.data import load_dataset
    from recommender.model.device import describe, training_precision
    from recommender.model.distributed import is_helper, own_device, processes
    from recommender.model.run import train_run

    shape = _said(
        width=width, n_layers=layers, window=window, readout=readout, order_term=order_term
    )
    pace = _said(max_epochs=epochs, patience=patience, learning_rate=learning_rate, seed=seed)
    recipe = recipe_of(config).changed(shape, pace, split)
    chosen = own_device(device_of(device))
    words = describe(chosen, training_precision(chosen))
    if is_helper():
        say.quiet, progress = True, None
    with processes(chosen), Reporter(progress, words) as report:
        try:
            run = train_run(
                _with_likes(load_dataset(dataset), feedback, recipe.split),
                out,
                recipe.model,
                recipe.training,
                recipe.split,
                chosen,
                replace,
                report.step,
                report.compare,
            )
        except (ValueError, OSError) as error:
            report.end("failed", said_by(error))
            raise
        report.end("done", Said(""))
    if not (is_helper() or _is_of_queue(progress)):  # the queue notes what is asked for
        note_here("train", out)
    _show_metrics(run.metrics, say)
    say.print(f"Saved to {out} (run {run.fingerprint})")


def _is_of_queue(progress: Path | None) -> bool:
    from recommender.workspace.places import home

    return progress is not None and progress.resolve().is_relative_to(home().resolve() / "jobs")


def _with_likes(dataset: Any, feedback: Path | None, split: Any) -> Any:
    from recommender.data.likes import add_likes
    from recommender.workspace.feedback import read_feedback

    return add_likes(dataset, read_feedback(feedback), split) if feedback else dataset


def _said(**flags: Any) -> dict[str, Any]:
    return {name: value for name, value in flags.items() if value is not None}


def recipe_of(config: Path | None) -> Any:
    """The recipe in the file, or the built-in one."""
    from recommender.model.recipe import Recipe, read_recipe

    return read_recipe(config) if config else Recipe()


def device_of(name: str | None) -> Any:
    """The device, tried out. Raises BadParameter if torch cannot compute there."""
    import torch

    from recommender.model.device import choose_device

    try:
        device = choose_device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError):
        raise typer.BadParameter(
            f"this machine cannot compute on {name!r}; without --device the best there is is taken"
        ) from None
    return device


@app.command(epilog=example("evaluate sample_data/run --json"))
def evaluate(run: RunPath, as_json: AsJson = False) -> None:
    """Measure a run again on what was held out of training, beside the baselines."""
    from recommender.model.evaluation import evaluate_run
    from recommender.model.run import open_run

    opened = open_run(run)
    with say.status("Evaluating"):
        plain = opened.without_attention
        metrics = evaluate_run(opened.dataset, opened.split, opened.scorer, plain)
    if opened.scored_with is not None:
        metrics["scored_with"] = asdict(opened.scored_with)
        say.print(_NO_TEST.format(run=opened.scored_with.name or opened.scored_with.fingerprint))
    if as_json:
        print_json(metrics)
    else:
        _show_metrics(metrics, results)


_NO_TEST: Final = (
    "These histories were only scored, by the model of {run}: this is no test of it. What those "
    "did next whom it was trained on may have been learned, and new items it does not recommend."
)


def _show_metrics(metrics: dict[str, Any], console: Console) -> None:
    from recommender.data.splits import MEANING

    parts = {"all": "all items", "new": "items new to the user", "newcomers": "newcomers"}
    asked = metrics["views"] | {name: metrics[name] for name in ("newcomers",) if name in metrics}
    for view, values in asked.items():
        what = parts[view]
        users = counted("{n} user{|s}", values["users"])
        table = Table(title=f"{what}, {users}, {metrics['split']}")
        table.add_column("model")
        names = list(values["metrics"])
        for name in names:
            table.add_column(name, justify="right")
        rows = {"RecLens": values["metrics"], **values["baselines"]}
        for model, row in rows.items():
            table.add_row(model, *(f"{row[name]:.4f}" for name in names))
        console.print(table)
    console.print(MEANING[metrics["split"]])


@app.command(epilog=example("runs runs sample_data --json"))
def runs(
    folders: Annotated[list[Path], typer.Argument(help="Runs, or folders that hold runs.")],
    as_json: AsJson = False,
) -> None:
    """List runs with their settings, metrics and fingerprints, the best first."""
    from recommender.model.run import RunError
    from recommender.model.summaries import find_runs, summarise

    found = []
    for path in find_runs(folders):
        try:
            found.append(summarise(path))
        except RunError as error:
            say.print(f"Left out: {error}")
    if not found:
        raise RunError("none of these runs can be read")
    found.sort(key=lambda one: (one.dataset_fingerprint, -sum(_ndcgs(one))))
    if as_json:
        print_json({"runs": [asdict(one) | {"path": str(one.path)} for one in found]})
        return
    _show_runs(found)


def _show_runs(found: list[Any]) -> None:
    table = Table(title="NDCG@10 on what was held out")
    columns = ("run", "data set", "readout", "seed", "epochs", "all items", "new items")
    for column in columns:
        table.add_column(column)
    table.add_column("fingerprint", no_wrap=True, min_width=16)
    for one in found:
        views = [one.metrics.get(view) for view in ("all", "new")]
        ndcg = [f"{values['ndcg@10']:.4f}" if values else "–" for values in views]
        facts = [str(one.training["seed"]), str(one.epochs), *ndcg, one.fingerprint]
        table.add_row(Text(one.path.name), Text(one.dataset), one.model["readout"], *facts)
    results.print(table)


def _ndcgs(run: Any) -> list[float]:
    return [metrics["ndcg@10"] for metrics in run.metrics.values()]
