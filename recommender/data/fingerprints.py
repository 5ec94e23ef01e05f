"""Short names for the content of data sets and runs, so that each can tell whether it fits."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd

from recommender.data.dataset import Dataset


def dataset_fingerprint(dataset: Dataset) -> str:
    """SHA-256 of the content, first 16 hex digits; name, notes and folder do not matter.

    Vectors are left out: they follow from the text and their source, and differ in their last
    digits from one processor to the next.
    """
    settings = [dataset.event_types, dataset.target_events, dataset.repeats, dataset.has_time]
    digest = hashlib.sha256(json.dumps(settings, ensure_ascii=False).encode())
    for frame in (dataset.interactions, dataset.items, dataset.users):
        for name in frame:
            digest.update(f"\0{name}\0{len(frame)}\0".encode())
            digest.update(_content(frame[name]))
    if len(dataset.uncounted):
        # Where every row counts, a data set is called as it was before such rows were kept.
        for name in dataset.uncounted:
            digest.update(f"\0uncounted {name}\0".encode())
            digest.update(_content(dataset.uncounted[name]))
    for feature in dataset.item_features + dataset.user_features:
        described = [feature.name, feature.kind, feature.values]
        described += [feature.source] if feature.source else []
        digest.update(json.dumps(described).encode())
        digest.update(np.ascontiguousarray(feature.codes, dtype="<i4").tobytes())
    return digest.hexdigest()[:16]


def _content(values: pd.Series) -> bytes:
    if not pd.api.types.is_numeric_dtype(values):
        return "\x1f".join(values.tolist()).encode()
    array = values.to_numpy()
    if array.dtype.kind == "f":
        # Numbers that are not there have many bit patterns.
        array = np.where(np.isnan(array), array.dtype.type("nan"), array)
    return np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).tobytes()


def run_fingerprint(folder: Path, of_dataset: str) -> str:
    """SHA-256 of a run's data, configuration and weights (first 16 hex digits). Raises OSError."""
    digest = hashlib.sha256(of_dataset.encode() + (folder / "config.json").read_bytes())
    with (folder / "weights.safetensors").open("rb") as weights:
        while block := weights.read(2**20):
            digest.update(block)
    return digest.hexdigest()[:16]
