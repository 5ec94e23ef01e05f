"""How long training will take and how much memory, before anything runs: a rule, not a promise."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

USUAL_PACE: Final = 5_000.0
"""Events a second in training with the built-in recipe on two cores, where no run tells more."""
BASE_MEMORY: Final = 0.8e9
"""Bytes of a training process before it holds any data."""
EVENT_MEMORY: Final = 400
"""Bytes an event: its codes, its history in batches, the item neighbours fitted on it."""
ITEM_MEMORY: Final = 8_000
"""Bytes an item: vectors, their gradients and averages, neighbours, scores in evaluation."""


@dataclass(frozen=True)
class Estimate:
    """About what training will take."""

    seconds: float
    """For all passes; it may stop earlier, when nothing improves any more."""
    memory: float
    """Bytes at most."""


def training_pace(runs: Iterable[Path]) -> float:
    """Events a second, as measured when the newest of these runs was trained."""
    curves = [run / "curve.json" for run in runs]
    for curve in sorted(filter(Path.is_file, curves), key=_written, reverse=True):
        try:
            epochs = json.loads(curve.read_text(encoding="utf-8"))
            return statistics.median(float(epoch["events_a_second"]) for epoch in epochs)
        except (OSError, ValueError, KeyError, TypeError):  # an old or damaged run tells nothing
            continue
    return USUAL_PACE


def _written(path: Path) -> int:
    return path.stat().st_mtime_ns


def epochs_by_default(events: int) -> int:
    """How many passes over so many events a training makes at most where none are asked for."""
    from recommender.model.learning import TrainConfig  # torch takes a second to import

    return TrainConfig().epochs(events)


def estimate_training(events: int, items: int, epochs: int, pace: float) -> Estimate:
    """What so many passes over so many events take at this pace.

    Time grows with events and passes, memory with events and items. A catalogue of another size
    or longer histories change the pace, so that it holds within a factor of two or three.
    """
    memory = BASE_MEMORY + EVENT_MEMORY * events + ITEM_MEMORY * items
    return Estimate(epochs * events / max(pace, 1.0), memory)
