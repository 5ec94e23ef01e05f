"""A search for a better recipe: Optuna's TPE, pruned by validation, resumable from its journal."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from recommender.atomic import make_folder, write_text
from recommender.data.dataset import Dataset
from recommender.data.splits import split_dataset
from recommender.model.recipe import Recipe
from recommender.model.training import Progress, fit
from recommender.said import StatedError

if TYPE_CHECKING:
    import optuna

JOURNAL, BEST, ABOUT = "trials.jsonl", "best.toml", "study.json"
STARTUP_TRIALS = 5
"""Trials before any is pruned."""
WARM_EPOCHS = 2
"""Epochs that every trial may have."""


class TuningError(StatedError):
    """A search that cannot be started or gone on with; the message says what to do."""


@dataclass(frozen=True)
class Trial:
    """One recipe that was tried."""

    number: int
    """From 1."""
    count: int
    """Trials that have ended, this one too."""
    ndcg: float | None
    """Best validation NDCG@10, mean of the views; None if it was stopped early."""
    best: float
    """The best of all trials so far."""


@dataclass(frozen=True)
class Tuned:
    """Where a search stands."""

    recipe: Recipe
    """The best one; the recipe it started from if that was best."""
    ndcg: float
    started: float
    """What the recipe it started from reached, by the same measure."""
    finished: int
    pruned: int


WIDTHS = (32, 64, 128)
SPACE = ("width", "n_layers", "dropout", "feature_dropout", "learning_rate", "weight_decay",
         "event_dropout")  # fmt: skip
"""Settings that are searched."""


def _tried(trial: optuna.trial.BaseTrial, start: Recipe) -> Recipe:
    """The recipe with the settings that the trial draws."""
    return start.changed(
        model={
            "width": trial.suggest_categorical("width", _widths(start)),
            "n_layers": trial.suggest_int("n_layers", 1, 3),
            "dropout": trial.suggest_float("dropout", 0.0, 0.5),
            "feature_dropout": trial.suggest_float("feature_dropout", 0.0, 0.5),
        },
        training={
            "learning_rate": trial.suggest_float("learning_rate", 3e-4, 1e-2, log=True),
            "weight_decay": trial.suggest_float("weight_decay", 1e-3, 0.5, log=True),
            "event_dropout": trial.suggest_float("event_dropout", 0.0, 0.5),
        },
    )


def _widths(start: Recipe) -> list[int]:
    """Widths that the heads allow, the recipe's own among them."""
    n_heads = start.model.n_heads
    own = start.model.width
    return sorted(
        {own, *(width for width in WIDTHS if width % n_heads == 0 and width >= 16 * n_heads)}
    )


def tune(
    dataset: Dataset,
    folder: Path,
    n_trials: int,
    start: Recipe,
    device: torch.device | None = None,
    on_epoch: Callable[[int, Progress], None] = lambda trial, now: None,
    on_trial: Callable[[Trial], None] = lambda trial: None,
) -> Tuned:
    """Search until `folder` holds so many trials that ended; those that are there count.

    The first trial is the recipe it starts from. Only validation cases judge; the test part is not
    touched. After each trial the best recipe stands in `best.toml`. Raises TuningError for a folder
    whose search is of other data or started from another recipe.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    split = split_dataset(dataset, start.split)
    if not len(split.validation):
        raise TuningError(
            "there is nothing to choose by: it takes users with three baskets or more, or, by "
            "time, with events before the last two tenths and in the first of them"
        )
    study = _study(dataset, folder, start)

    def objective(trial: optuna.Trial) -> float:
        recipe, judge = _tried(trial, start), _Judge(trial)

        def on_progress(now: Progress) -> None:
            on_epoch(trial.number + 1, now)
            judge.hear(now)

        fit(dataset, split, recipe.model, recipe.training, on_progress, device)
        return judge.best

    while len(_ended(study)) < n_trials:
        study.optimize(objective, n_trials=1)
        last, best = study.trials[-1], study.best_trial
        write_text(folder / BEST, _tried(_fixed(best), start).as_toml())
        ndcg = last.value if _finished(last) else None
        on_trial(Trial(last.number + 1, len(_ended(study)), ndcg, study.best_value))
    return _tuned(study, start)


class _Judge:
    """Tells the trial what each epoch reached, and stops it where it falls behind."""

    def __init__(self, trial: optuna.Trial) -> None:
        self.trial, self.best, self.epochs, self.last = trial, 0.0, 0, -1.0

    def hear(self, now: Progress) -> None:
        """Report an epoch when its validation is known. Raises TrialPruned."""
        from optuna import TrialPruned

        if now.ndcg is None or now.ndcg == self.last:
            return
        self.last, self.best, self.epochs = now.ndcg, max(self.best, now.ndcg), self.epochs + 1
        self.trial.report(self.best, self.epochs)
        if self.trial.should_prune():
            raise TrialPruned


def _study(dataset: Dataset, folder: Path, start: Recipe) -> optuna.Study:
    """The study in the folder, made if there is none."""
    import optuna
    from optuna.storages.journal import JournalFileBackend

    about = {"dataset": dataset.fingerprint, "recipe": start.as_toml()}
    file = folder / ABOUT
    if file.is_file() and json.loads(file.read_text()) != about:
        raise TuningError(
            "the search in {folder} is of other data or started from another recipe: choose "
            "another folder",
            folder=folder,
        )
    if folder.exists() and not file.is_file() and any(folder.iterdir()):
        raise TuningError(
            "{folder} holds other files: choose a folder that is new or empty", folder=folder
        )
    make_folder(folder)
    write_text(file, json.dumps(about, indent=1) + "\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        backend = JournalFileBackend(str(folder / JOURNAL))
        storage = optuna.storages.JournalStorage(backend)
    study = optuna.create_study(
        study_name="tune",
        storage=storage,
        load_if_exists=True,
        direction="maximize",
        pruner=optuna.pruners.MedianPruner(STARTUP_TRIALS, WARM_EPOCHS),
    )
    # Another seed after each stop, or the same recipes would be drawn again.
    study.sampler = optuna.samplers.TPESampler(seed=start.training.seed + len(study.trials))
    if not study.trials:
        study.enqueue_trial(_settings_of(start))
    return study


def _settings_of(start: Recipe) -> dict[str, Any]:
    """The starting recipe as a point of the search space."""
    told = asdict(start.model) | asdict(start.training)
    return {name: told[name] for name in SPACE}


def _fixed(trial: optuna.trial.FrozenTrial) -> optuna.trial.FixedTrial:
    import optuna

    return optuna.trial.FixedTrial(trial.params)


def _finished(trial: optuna.trial.FrozenTrial) -> bool:
    import optuna

    return trial.state == optuna.trial.TrialState.COMPLETE


def _ended(study: optuna.Study) -> list[optuna.trial.FrozenTrial]:
    """Trials that came to an end or were pruned; one that was interrupted does not count."""
    from optuna.trial import TrialState

    ended = (TrialState.COMPLETE, TrialState.PRUNED)
    return [trial for trial in study.trials if trial.state in ended]


def _tuned(study: optuna.Study, start: Recipe) -> Tuned:
    finished = [trial for trial in study.trials if _finished(trial)]
    return Tuned(
        recipe=_tried(_fixed(study.best_trial), start),
        ndcg=study.best_value,
        started=study.trials[0].value or 0.0,
        finished=len(finished),
        pruned=len(_ended(study)) - len(finished),
    )
