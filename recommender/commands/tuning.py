"""The command that searches for a better recipe: tune."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from recommender.commands.app import app, example
from recommender.commands.model import Config, Dataset, Device, device_of, recipe_of
from recommender.commands.speech import say


@app.command(epilog=example("tune data/shop --trials 30 --out build/tuned-shop"))
def tune(
    dataset: Dataset,
    trials: Annotated[int, typer.Option(min=1, help="Recipes to try in all.")],
    out: Annotated[
        Path, typer.Option("--out", help="Folder of the search; with the same one it goes on.")
    ],
    config: Config = None,
    device: Device = None,
) -> None:
    """Search for a better recipe by validation; the best is written as TOML for train --config.

    Weak recipes are stopped early. The search can be ended at any time and goes on with the same
    command.
    """
    from recommender.data import load_dataset
    from recommender.model.tuning import BEST, tune

    with _Bar(trials) as bar:
        tuned = tune(
            load_dataset(dataset),
            out,
            trials,
            recipe_of(config),
            device_of(device),
            bar.epoch,
            bar.trial,
        )
    say.print(f"{tuned.finished} recipes were tried to the end, {tuned.pruned} stopped early.")
    say.print(f"Best validation NDCG@10: {tuned.ndcg:.4f}. Its recipe: {out / BEST}")
    more = tuned.ndcg / tuned.started - 1 if tuned.started else 0.0
    say.print(f"The recipe it started from reached {tuned.started:.4f}: {more:.1%} more.")


class _Bar:
    """A bar of trials, with where the current one stands."""

    def __init__(self, trials: int) -> None:
        words = TextColumn("best {task.fields[best]}  now: epoch {task.fields[epoch]}")
        columns = (TextColumn("trials"), BarColumn(), MofNCompleteColumn(), words)
        self.bar = Progress(*columns, TimeElapsedColumn(), console=say)
        self.task = self.bar.add_task("", total=trials, best="–", epoch=0)

    def __enter__(self) -> _Bar:
        self.bar.start()
        return self

    def __exit__(self, error: object, *_: object) -> None:
        # An error is said alone, without a bar that stands still above it.
        self.bar.update(self.task, visible=error is None)
        self.bar.stop()

    def epoch(self, trial: int, now: Any) -> None:
        """Show where the trial stands (a `Progress` of training)."""
        self.bar.update(self.task, epoch=now.epoch)

    def trial(self, ended: Any) -> None:
        """Count a trial that ended, and say how good it was."""
        self.bar.update(self.task, completed=ended.count, best=f"{ended.best:.4f}")
        how = "stopped early" if ended.ndcg is None else f"{ended.ndcg:.4f}"
        say.print(f"Recipe {ended.number}: {how}")
