"""A run without one of the users that it was trained on, as far as that goes without training.

The user leaves the data set in the run, the list of what was sold when, and the weights of what
nobody else's profile says. The other weights were learned from all users together: from them
nobody can be taken out. What was measured of the run is not taken along.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from recommender.atomic import new_folder
from recommender.data.fingerprints import run_fingerprint
from recommender.data.leaving import OwnValue, code_of, own_values, without_user
from recommender.data.splits import held_out_from, split_dataset
from recommender.data.storage import load_dataset, write_dataset
from recommender.model.plain import FILE as PLAIN
from recommender.model.run import open_run
from recommender.model.scored import scored_with
from recommender.model.trend import Sales

ERASED: Final = "erased"
"""In `config.json`: a mark for each user who was in the run when it was trained and is not now."""
FORMERLY: Final = "formerly"
"""In `config.json`: fingerprints by which runs that score with this one still name it."""
_TABLES: Final = ("routing_profile", "value_profile")
_SALES: Final = ("sales.items", "sales.times")


@dataclass(frozen=True, eq=False)
class Trace:
    """What of a user stands in the weights of a trained run, and of those that score with it."""

    sold: Sales
    values: tuple[OwnValue, ...]
    """What nobody else's profile says."""


@dataclass(frozen=True)
class Fingerprints:
    """Of a run, and of the data set in it."""

    run: str
    dataset: str


def names_of(folder: Path) -> set[str]:
    """The fingerprints that the run has and had. Raises OSError, ValueError."""
    config = _config(folder)
    return {run_fingerprint(folder, config["dataset"]), *config.get(FORMERLY, ())}


def trace_of(folder: Path, user_id: str) -> Trace | None:
    """What a run was taught of the user; None where the user is not in it, or it only scored."""
    config = _config(folder)
    dataset = load_dataset(folder / "dataset")
    user = code_of(dataset, user_id)
    if user is None or scored_with(config) is not None:
        return None
    split = split_dataset(dataset, config["split"], config.get("held_out_from"))
    ends = np.zeros(len(dataset.users), dtype=np.int64)
    ends[user] = split.test_start[user]
    return Trace(Sales.of(dataset, ends), own_values(dataset, user))


@contextmanager
def run_without(
    folder: Path, user_id: str, mark: str, trace: Trace | None
) -> Iterator[Fingerprints]:
    """Write the run without the user beside its place and open it there; when the block has ended
    well, it takes the place.

    `trace` is of the run that was trained: this one, or the one that it scores with; None where
    that is not known. The same again gives the same. Raises ValueError, OSError.
    """
    place = folder.resolve()
    with new_folder(place, replace=True) as draft:
        dataset = _write(folder, user_id, mark, trace, draft)
        open_run(draft, torch.device("cpu"))
        yield Fingerprints(run_fingerprint(draft, dataset), dataset)


def _write(folder: Path, user_id: str, mark: str, trace: Trace | None, draft: Path) -> str:
    config, weights = _config(folder), load_file(folder / "weights.safetensors")
    before = load_dataset(folder / "dataset")
    if config["split"] == "by-time":
        # Others keep what is held out of theirs, which the model has not seen.
        config["held_out_from"] = config.get("held_out_from") or held_out_from(before)
    after = without_user(before, user_id, () if trace is None else trace.values)
    if trace is not None and mark not in config.get(ERASED, ()):
        _forget(weights, config, trace)
        config[ERASED] = [*config.get(ERASED, ()), mark]
    if scored_with(config) is None:
        config[FORMERLY] = [*config.get(FORMERLY, ()), run_fingerprint(folder, before.fingerprint)]
    config["dataset"] = after.fingerprint
    save_file(weights, draft / "weights.safetensors")
    (draft / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    for name in ("metrics.json", "curve.json", PLAIN):
        if (folder / name).is_file():
            shutil.copyfile(folder / name, draft / name)
    write_dataset(after, draft / "dataset")
    return after.fingerprint


def _config(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return told


def _forget(weights: dict[str, torch.Tensor], config: dict[str, Any], trace: Trace) -> None:
    """Take the user's sales and own values out of the weights: such a value becomes unknown."""
    for value in trace.values:
        for table in _TABLES:
            of = weights[f"{table}.{value.feature}"]
            of[value.code] = of[0]
    if not config.get("trend"):
        return
    kept = _left(weights, trace.sold)
    if kept.any():
        weights |= {name: weights[name][torch.from_numpy(kept)] for name in _SALES}
        return
    del config["trend"]
    for name in _SALES:
        del weights[name]


def _left(weights: dict[str, torch.Tensor], sold: Sales) -> np.ndarray:
    """Which sales stay: one goes for each of the user's, of the same item at the same moment."""
    todo = Counter(zip(sold.items.tolist(), sold.times.tolist(), strict=True))
    items, times = (weights[name].numpy() for name in _SALES)
    kept = np.ones(len(items), dtype=bool)
    for place in np.flatnonzero(np.isin(times, sold.times)):
        pair = int(items[place]), int(times[place])
        if todo[pair] > 0:
            todo[pair] -= 1
            kept[place] = False
    return kept
