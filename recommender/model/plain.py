"""Our own model without its attention, trained apart: what the network is worth on these data.

Popularity, what is bought lately, and the two voters are learned as they are beside attention, by
the same recipe. A run keeps the few weights, so that it can be measured again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from recommender.data.dataset import Dataset
from recommender.data.splits import Split
from recommender.model.inference import Scorer
from recommender.model.learning import TrainConfig
from recommender.model.network import N_ROTATED, ModelConfig
from recommender.model.training import Progress, finished, fit, new_network
from recommender.model.trend import Sales, Trend
from recommender.said import StatedError

FILE: Final = "without_attention.safetensors"
"""In a run's folder; runs from before do not have it."""
_WEIGHTS: Final = (
    "bias",
    "again_weight",
    "again_repeat",
    "again_item",
    "together_weight",
    "together_repeat",
)


def plain_config(model: ModelConfig) -> ModelConfig:
    """The same without attention, and as small as it can be: what is not used has no size."""
    return replace(
        model,
        attention=False,
        readout="additive",
        order_term=False,
        width=N_ROTATED,
        n_layers=1,
        n_heads=1,
        n_readout_heads=1,
    )


def train_plain(
    dataset: Dataset,
    split: Split,
    model: ModelConfig,
    training: TrainConfig,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    device: torch.device | None = None,
    checkpoint: Path | None = None,
) -> Scorer:
    """Train what is left of a model without its attention; as `fit`, otherwise."""
    trained = fit(dataset, split, plain_config(model), training, on_progress, device, checkpoint)
    return finished(trained, dataset, split).scorer()


def save_plain(scorer: Scorer, folder: Path) -> None:
    """Write what `open_plain` reads, into a run's folder."""
    state, trend = scorer.network.state_dict(), scorer.trend
    said = {} if trend is None else {"days": str(trend.days), "weight": str(trend.weight)}
    weights = {name: state[name].cpu().contiguous() for name in _WEIGHTS}
    save_file(weights, folder / FILE, said)


def open_plain(folder: Path, dataset: Dataset, split: Split, beside: Scorer) -> Scorer | None:
    """The model without attention that was trained beside another; None in a run without one.

    Its neighbours are those of the other. Raises ValueError if the file does not fit the data.
    """
    if not (folder / FILE).is_file():
        return None
    with safe_open(folder / FILE, "pt") as file:
        weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        said = file.metadata() or {}
    network = new_network(dataset, plain_config(beside.network.config))
    missing, unknown = [], []
    try:
        missing, unknown = network.load_state_dict(weights, strict=False)
    except RuntimeError as error:
        raise StatedError(
            "{file} does not fit the data: {why}", file=folder / FILE, why=error
        ) from error
    if unknown or set(_WEIGHTS) & set(missing):
        raise StatedError("{file} is not what training writes", file=folder / FILE)
    trend = None
    if said.get("days"):
        sales = Sales.of(dataset, split.test_start)
        trend = Trend(sales, len(dataset.items), float(said["days"]), float(said["weight"]))
    return Scorer.of(network.to(beside.device), beside.voters.neighbours, trend)
