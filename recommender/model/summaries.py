"""What a run is, without opening it: for lists of many runs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recommender.data.fingerprints import run_fingerprint
from recommender.metrics.evaluator import View
from recommender.model.run import FILES, RunError
from recommender.model.scored import own_metrics


@dataclass(frozen=True)
class RunSummary:
    """A run as a list shows it."""

    path: Path
    dataset: str
    """Name of the data set."""
    dataset_fingerprint: str
    split: str
    model: dict[str, Any]
    """The whole `ModelConfig`."""
    training: dict[str, Any]
    """The whole `TrainConfig`."""
    epochs: int
    """Epochs that were trained."""
    metrics: dict[View, dict[str, float]]
    """Without a view in a run that scored histories with another's network."""
    fingerprint: str


def find_runs(folders: Iterable[Path]) -> tuple[Path, ...]:
    """The runs among these folders and the folders right inside them.

    Raises RunError, naming the folder, where there is none.
    """
    found: dict[Path, Path] = {}
    for folder in folders:
        inside = sorted(folder.iterdir()) if folder.is_dir() else []
        runs = [path for path in (folder, *inside) if (path / "config.json").is_file()]
        if not runs:
            raise RunError(
                "there is no run in {folder}: a run is what `train` writes", folder=folder
            )
        found |= {path.resolve(): path for path in runs}
    return tuple(found.values())


def summarise(path: Path) -> RunSummary:
    """Raises RunError if the run is not whole or cannot be read."""
    missing = [name for name in FILES if not (path / name).is_file()]
    if missing:
        raise RunError("{path} is not whole: {files} missing", path=path, files=", ".join(missing))
    try:
        config, metrics, curve, schema = (
            json.loads((path / name).read_text(encoding="utf-8"))
            for name in ("config.json", "metrics.json", "curve.json", "dataset/schema.json")
        )
        return RunSummary(
            path=path,
            dataset=schema["name"],
            dataset_fingerprint=config["dataset"],
            split=config["split"],
            model=config["model"],
            training=config["training"],
            epochs=len(curve),
            metrics={
                view: dict(one["metrics"])
                for view, one in own_metrics(config, metrics)["views"].items()
            },
            fingerprint=run_fingerprint(path, config["dataset"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunError(
            "{path} is damaged ({kind}: {why})", path=path, kind=type(error).__name__, why=error
        ) from error
