"""Commands that train and measure: train, evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table

from recommender.commands.app import AsJson, Out, Replace, RunPath, app, example
from recommender.commands.reporter import Reporter
from recommender.commands.speech import print_json, results, say


@app.command(epilog=example("train data/shop --out runs/shop"))
def train(
    dataset: Annotated[Path, typer.Argument(help="Folder of a data set (import, fetch).")],
    out: Out,
    split: Annotated[
        Literal["leave-last-out", "leave-last-basket-out", "by-time"] | None,
        typer.Option(help="What is held out. Default: proposed from the data."),
    ] = None,
    epochs: Annotated[int, typer.Option(help="Passes over the events at most.")] = 30,
    patience: Annotated[int, typer.Option(help="Epochs without progress before stopping.")] = 4,
    learning_rate: Annotated[float, typer.Option(help="Peak learning rate.")] = 2e-3,
    width: Annotated[int, typer.Option(help="Size of every vector.")] = 64,
    layers: Annotated[int, typer.Option(help="Routing layers.")] = 2,
    window: Annotated[int, typer.Option(help="Newest events that attention reads.")] = 100,
    readout: Annotated[
        Literal["additive", "contextual"],
        typer.Option(help="contextual is for comparison: it cannot be taken apart."),
    ] = "additive",
    order_term: Annotated[bool, typer.Option(help="Add an order-and-combination term.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 0,
    device: Annotated[
        str | None,
        typer.Option(help="cuda, mps or cpu. Default: the best there is."),
    ] = None,
    progress: Annotated[
        Path | None,
        typer.Option(help="Also append progress to this file, one JSON object a line."),
    ] = None,
    replace: Replace = False,
) -> None:
    """Train a model on a data set, evaluate it beside the baselines, and save the run."""
    from recommender.data import load_dataset
    from recommender.model.device import describe, training_precision
    from recommender.model.network import ModelConfig
    from recommender.model.run import train_run
    from recommender.model.training import TrainConfig

    model = ModelConfig(
        width=width, n_layers=layers, window=window, readout=readout, order_term=order_term
    )
    training = TrainConfig(
        max_epochs=epochs, patience=patience, learning_rate=learning_rate, seed=seed
    )
    chosen = _device(device)
    with Reporter(progress, describe(chosen, training_precision(chosen))) as report:
        try:
            run = train_run(
                load_dataset(dataset), out, model, training, split, chosen, replace, report.step
            )
        except (ValueError, OSError) as error:
            report.end("failed", str(error))
            raise
        report.end("done", "")
    _show_metrics(run.metrics, say)
    say.print(f"Saved to {out} (run {run.fingerprint})")


def _device(name: str | None) -> Any:
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
        metrics = evaluate_run(opened.dataset, opened.split, opened.scorer)
    if as_json:
        print_json(metrics)
    else:
        _show_metrics(metrics, results)


def _show_metrics(metrics: dict[str, Any], console: Console) -> None:
    for view, values in metrics["views"].items():
        what = "all items" if view == "all" else "items new to the user"
        table = Table(title=f"{what}, {values['users']:,} users, {metrics['split']}")
        table.add_column("model")
        names = list(values["metrics"])
        for name in names:
            table.add_column(name, justify="right")
        rows = {"RecLens": values["metrics"], **values["baselines"]}
        for model, row in rows.items():
            table.add_row(model, *(f"{row[name]:.4f}" for name in names))
        console.print(table)
