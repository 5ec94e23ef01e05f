"""A short name for the content of a data set, so that a run can tell whether it fits."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
import pandas as pd

from recommender.data.features import Feature


def fingerprint(
    interactions: pd.DataFrame,
    items: pd.DataFrame,
    users: pd.DataFrame,
    features: tuple[Feature, ...],
    settings: Any,
) -> str:
    """SHA-256 of the content, first 16 hex digits.

    Text vectors are left out: they follow from the text, and differ in their last digits from
    one processor to the next.
    """
    digest = hashlib.sha256(json.dumps(settings, ensure_ascii=False).encode())
    for frame in (interactions, items, users):
        for name in frame:
            digest.update(f"\0{name}\0{len(frame)}\0".encode())
            digest.update(_bytes(frame[name]))
    for feature in features:
        digest.update(json.dumps([feature.name, feature.kind, feature.values]).encode())
        digest.update(np.ascontiguousarray(feature.codes, dtype="<i4").tobytes())
    return digest.hexdigest()[:16]


def _bytes(values: pd.Series) -> bytes:
    if pd.api.types.is_numeric_dtype(values):
        array = values.to_numpy()
        # One bit pattern for "not a number", and the same byte order everywhere.
        array = np.where(np.isnan(array), np.nan, array) if array.dtype.kind == "f" else array
        return np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).tobytes()
    return "\x1f".join(values.tolist()).encode()
