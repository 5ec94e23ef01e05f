"""A run: one folder with everything that is needed to recommend and to explain.

`config.json` (model, training, split, fingerprints), `weights.safetensors` (network, neighbours
and, if there is a trend, what was bought when), `dataset/`, `metrics.json`, `curve.json`, and
`without_attention.safetensors`, the few weights of a model without attention to compare with.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from scipy import sparse

from recommender.atomic import clear, make_folder, new_folder
from recommender.data.dataset import Dataset, DatasetError
from recommender.data.fingerprints import run_fingerprint
from recommender.data.histories import History
from recommender.data.splits import Split, split_dataset
from recommender.data.storage import load_dataset, write_dataset
from recommender.metrics.evaluator import View
from recommender.model import distributed
from recommender.model.device import choose_device, describe, training_precision
from recommender.model.evaluation import evaluate_run
from recommender.model.inference import Scorer
from recommender.model.learning import TrainConfig
from recommender.model.network import ModelConfig
from recommender.model.plain import open_plain, save_plain, train_plain
from recommender.model.scored import ScoredWith, own_metrics, scored_with
from recommender.model.training import Progress, Trained, finished, fit, new_network
from recommender.model.trend import Sales, Trend
from recommender.said import Said, StatedError

FORMAT = 4
OLDER = (3,)
"""Formats that are read too: their data sets lack what reading decided."""
_JSON = ("config.json", "metrics.json", "curve.json")
FILES = (*_JSON, "weights.safetensors")
_WHERE = {"key": "", "path": "", "n": 0, "some": ""}
_NO_USER = Said(
    "there is no user {key!r} in {path}: it has {n} users, for example {some}", **_WHERE
)
_NO_ITEM = Said(
    "there is no item {key!r} in {path}: it has {n} items, for example {some}", **_WHERE
)


class RunError(StatedError):
    """A run that cannot be opened or written; the message says what to do."""


@dataclass(frozen=True)
class HeldOut:
    """What a user did next after the events that training and evaluation may read."""

    cut: int
    """The history before it: the user's first `cut` events."""
    as_of: int
    """When it happened, in seconds since 1970-01-01."""
    items: tuple[int, ...]
    """Codes of the items that were held out."""
    events: tuple[int, ...]
    """What the user did with each: codes of event types."""


@dataclass(frozen=True, eq=False)
class Run:
    """A trained model with its data set, ready to score."""

    path: Path
    dataset: Dataset
    split: Split
    config: ModelConfig
    training: TrainConfig
    metrics: dict[str, Any]
    curve: list[dict[str, int | float]]
    scorer: Scorer
    fingerprint: str
    """SHA-256 of weights and data (first 16 hex digits)."""
    precision: str
    """The precision it was trained in."""
    scored_with: ScoredWith | None = None
    """Another run, with whose network this one scores histories; None if it was trained itself."""

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.path.resolve().name

    @property
    def device(self) -> str:
        """Where it computes."""
        return str(self.scorer.device)

    @cached_property
    def without_attention(self) -> Scorer | None:
        """What the run was trained beside, to compare with; None in runs from before.

        Raises RunError if it is damaged.
        """
        try:
            return open_plain(self.path, self.dataset, self.split, self.scorer)
        except Exception as error:
            raise RunError(
                "{path} is damaged ({why}): train it again", path=self.path, why=error
            ) from error

    @property
    def default_view(self) -> View:
        """Which items are candidates unless said otherwise: a setting of the data set."""
        return "all" if self.dataset.repeats else "new"

    @cached_property
    def _test_case(self) -> dict[int, int]:
        return {int(user): case for case, user in enumerate(self.split.test.users)}

    def held_out(self, user: int) -> HeldOut | None:
        """The user's test case: what was held out of training; None if nothing was."""
        case = self._test_case.get(user)
        if case is None:
            return None
        test = self.split.test
        cut, items = int(test.cuts[case]), tuple(int(item) for item in test.targets(case))
        done = self._done_from(user, cut)
        return HeldOut(cut, int(test.as_of[case]), items, tuple(done[item] for item in items))

    def _done_from(self, user: int, cut: int) -> dict[int, int]:
        """What the user did first with each item from that event on, of what is asked for."""
        whole, asked = self.dataset.history(user), self.dataset.asked_codes
        pairs = zip(whole.items[cut:].tolist(), whole.events[cut:].tolist(), strict=True)
        return {item: event for item, event in reversed(list(pairs)) if event in asked}

    def user(self, user_id: str) -> int:
        """The user's code. Raises RunError for an id that is not in the data."""
        return self._code(_NO_USER, self._users, user_id)

    def item(self, item_id: str) -> int:
        """The item's code. Raises RunError for an id that is not in the data."""
        return self._code(_NO_ITEM, self._items, item_id)

    @cached_property
    def _users(self) -> dict[str, int]:
        return {user_id: code for code, user_id in enumerate(self.dataset.users["user_id"])}

    @cached_property
    def _items(self) -> dict[str, int]:
        return {item_id: code for code, item_id in enumerate(self.dataset.items["item_id"])}

    def _code(self, absent: Said, codes: dict[str, int], key: str) -> int:
        if key not in codes:
            some = ", ".join(list(codes)[:3])
            where = {"key": key, "path": self.path, "n": len(codes), "some": some}
            raise RunError("{why}", why=absent.but(**where))
        return codes[key]

    def history(self, user: int, before_held_out: bool = False) -> History:
        """The full history as of the end of the data, or the one before the held-out part."""
        held_out = self.held_out(user) if before_held_out else None
        if held_out is None:
            return self.dataset.history(user)
        return self.dataset.history(user, held_out.cut, held_out.as_of)


def train_run(
    dataset: Dataset,
    out: Path,
    model: ModelConfig,
    training: TrainConfig,
    split: str | None = None,
    device: torch.device | None = None,
    replace: bool = False,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    on_comparison: Callable[[Progress], None] = lambda progress: None,
) -> Run:
    """Train, evaluate and save; `out` appears whole at the end or not at all.

    Then the same is trained without attention, to compare with, and tells `on_comparison`.

    While it trains, its state stands in the hidden folder `.OUT-unfinished` beside `out`. If it is
    interrupted, the same call goes on from the last whole epoch, to the same result. Of several
    processes that train together the first writes, and all get the run. Raises RunError if `out`
    exists and is not to be replaced.
    """
    _refuse_to_destroy(out, replace)
    parts = split_dataset(dataset, split)  # type: ignore[arg-type]
    if not len(parts.test.users):
        raise _nothing_held_out(parts.name)
    epochs = training.epochs(int(parts.train_end.sum()), distributed.n_processes())
    training = dataclasses.replace(training, max_epochs=epochs)
    device = device or choose_device()
    state = out.parent / f".{out.name}-unfinished" / "state.safetensors"
    make_folder(state.parent)
    clear(state.parent)
    trained = fit(dataset, parts, model, training, on_progress, device, state)
    other = state.with_name("without_attention.safetensors")
    plain = train_plain(dataset, parts, model, training, on_comparison, device, other)
    with distributed.first_goes_ahead():
        if distributed.rank() == 0:
            _write(dataset, parts, trained, plain, training, device, out, replace)
            shutil.rmtree(state.parent)
    return open_run(out, device)


def _write(
    dataset: Dataset,
    parts: Split,
    trained: Trained,
    plain: Scorer,
    training: TrainConfig,
    device: torch.device,
    out: Path,
    replace: bool,
) -> None:
    """Finish the network, evaluate, and put the whole run in its place."""
    trained = finished(trained, dataset, parts)
    scorer = trained.scorer()
    metrics = evaluate_run(dataset, parts, scorer, plain)
    config = {
        "format": FORMAT,
        "model": asdict(trained.network.config),
        "training": asdict(training),
        "split": parts.name,
        "dataset": dataset.fingerprint,
        "precision": describe(device, training_precision(device)),
        "balance": asdict(trained.balance),
    }
    weights = trained.network.cpu().state_dict() | _as_tensors(trained.neighbours)
    if trained.trend is not None:
        config["trend"] = {"days": trained.trend.days, "weight": trained.trend.weight}
        weights |= _sales_as_tensors(trained.trend.sales)
    with new_folder(out, replace=replace) as work:
        save_file(weights, work / "weights.safetensors")
        for name, value in (("config", config), ("metrics", metrics), ("curve", trained.curve)):
            (work / f"{name}.json").write_text(json.dumps(value, indent=1) + "\n")
        save_plain(plain, work)
        write_dataset(dataset, work / "dataset")
        _refuse_to_destroy(out, replace)  # a training takes long: another may stand there now


def _nothing_held_out(split: str) -> RunError:
    if split == "by-time":
        return RunError(
            "no user has events both before the last tenth of all and in it, so nothing can be "
            "held out by time: choose another split"
        )
    return RunError(
        "no user has two baskets or more, so nothing can be held out to learn from: a model needs "
        "at least some users who came back"
    )


def _refuse_to_destroy(out: Path, replace: bool) -> None:
    if out.exists() and not replace:
        raise RunError(
            "{folder} exists already: choose another folder, or pass --replace", folder=out
        )
    if out.exists() and not (out / "weights.safetensors").is_file():
        raise RunError(
            "{folder} is not a run and is not replaced: choose another folder", folder=out
        )


def open_run(path: Path, device: torch.device | None = None) -> Run:
    """Open a run. Raises RunError if it is missing, damaged, or does not fit its data."""
    missing = [name for name in FILES if not (path / name).is_file()]
    if missing:
        raise RunError(
            "{path} is not a run: {files} missing. A run is a folder written by `python -m "
            "recommender train`.",
            path=path,
            files=", ".join(missing),
        )
    try:
        dataset = load_dataset(path / "dataset")
    except DatasetError as error:
        raise RunError(
            "the data set of {path} cannot be read: {why}", path=path, why=error
        ) from error
    try:
        return _read(path, dataset, device or choose_device())
    except RunError:
        raise
    except Exception as error:
        raise RunError(
            "{path} is damaged ({kind}: {why}): train it again, or take a copy that is whole",
            path=path,
            kind=type(error).__name__,
            why=error,
        ) from error


def _read(path: Path, dataset: Dataset, device: torch.device) -> Run:
    config, metrics, curve = (json.loads((path / name).read_text()) for name in _JSON)
    if config["format"] not in (FORMAT, *OLDER):
        raise RunError(
            "{path} has format {format}, and this version reads {known}: train it again",
            path=path,
            format=str(config["format"]),
            known=FORMAT,
        )
    if dataset.fingerprint != config["dataset"]:
        raise RunError(
            "the run in {path} was trained on data {data}, but the data set beside it is {beside}: "
            "put the right one back, or train again",
            path=path,
            data=str(config["dataset"]),
            beside=dataset.fingerprint,
        )
    if not (isinstance(metrics, dict) and "views" in metrics and isinstance(curve, list)):
        raise StatedError("metrics.json or curve.json is not what training writes")
    weights = load_file(path / "weights.safetensors")
    neighbours = _as_matrix(weights)
    trend = _as_trend(weights, config.get("trend"), len(dataset.items))
    model = ModelConfig(**config["model"])
    with torch.device("meta"):  # shapes alone: what asks for all memory does not get it
        shapes = {name: w.shape for name, w in new_network(dataset, model).state_dict().items()}
    if shapes != {name: weight.shape for name, weight in weights.items()}:
        raise RunError("the weights in {path} do not fit its data or configuration", path=path)
    network = new_network(dataset, model)
    network.load_state_dict(weights)
    if neighbours.shape[0] != len(dataset.items):
        raise RunError("the item neighbours in {path} do not fit its data", path=path)
    return Run(
        path=path,
        dataset=dataset,
        split=split_dataset(dataset, config["split"], config.get("held_out_from")),
        config=network.config,
        training=TrainConfig(**config["training"]),
        metrics=own_metrics(config, metrics),
        curve=curve,
        scorer=Scorer.of(network.to(device), neighbours, trend),
        fingerprint=run_fingerprint(path, dataset.fingerprint),
        precision=config["precision"],
        scored_with=scored_with(config),
    )


def _as_tensors(matrix: sparse.csr_matrix) -> dict[str, torch.Tensor]:
    """The matrix under the keys `neighbours.data`, `neighbours.indices`, `neighbours.indptr`."""
    return {
        f"neighbours.{name}": torch.from_numpy(getattr(matrix, name))
        for name in ("data", "indices", "indptr")
    }


def _as_matrix(weights: dict[str, torch.Tensor]) -> sparse.csr_matrix:
    """Takes the neighbours out of the weights."""
    parts = [weights.pop(f"neighbours.{name}").numpy() for name in ("data", "indices", "indptr")]
    n_items = len(parts[2]) - 1
    matrix = sparse.csr_matrix(tuple(parts), shape=(n_items, n_items))
    matrix.check_format(full_check=True)
    return matrix


def _sales_as_tensors(sales: Sales) -> dict[str, torch.Tensor]:
    """The sales under the keys `sales.items` and `sales.times`."""
    return {
        "sales.items": torch.from_numpy(sales.items.astype(np.int32)),
        "sales.times": torch.from_numpy(sales.times),
    }


def _as_trend(
    weights: dict[str, torch.Tensor], found: dict[str, float] | None, n_items: int
) -> Trend | None:
    """Takes the sales out of the weights; None in a run without a trend."""
    if found is None:
        return None
    items, times = (weights.pop(f"sales.{name}").numpy() for name in ("items", "times"))
    days, weight = float(found["days"]), float(found["weight"])
    fits = len(items) == len(times) > 0 and 0 <= items.min() <= items.max() < n_items
    if not (fits and (np.diff(times) >= 0).all() and np.isfinite([days, weight]).all()):
        raise StatedError("what was bought when does not fit the data")
    return Trend(Sales(items, times), n_items, days, weight)
