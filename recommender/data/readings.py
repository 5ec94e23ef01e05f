"""What reading decided, as a data set keeps it: a little JSON a feature, a table of what is much.

Numbers come back to their last digit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np
import pyarrow as pa

from recommender.data.cleaning.times import TimeForm
from recommender.data.features import Bins, Centring, Feature, Parts, Periods, Reading, Terms
from recommender.said import StatedError

_COLUMNS: Final = pa.schema(
    [
        ("part", pa.string()),  # such as items.0.axes: of which feature, and what
        ("words", pa.list_(pa.string())),
        ("numbers", pa.list_(pa.float32())),
        ("width", pa.int32()),  # of a table of numbers; 0 for a list
    ]
)


def as_json(reading: Reading | None) -> dict[str, Any]:
    """What is little of it."""
    return asdict(reading) if isinstance(reading, Bins | Parts | Periods) else {}


def as_table(features: Mapping[str, Sequence[Feature]]) -> pa.Table:
    """What is much of it, of the features of each table."""
    rows = [
        _row(f"{table}.{i}.{name}", part)
        for table, several in features.items()
        for i, feature in enumerate(several)
        for name, part in _parts(feature.reading)
    ]
    return pa.Table.from_pylist(rows, schema=_COLUMNS)


def _parts(reading: Reading | None) -> list[tuple[str, Any]]:
    if isinstance(reading, Terms):
        return [("terms", reading.terms), ("weights", reading.weights), ("axes", reading.axes)]
    if isinstance(reading, Centring):
        axes = [] if reading.axes is None else [("axes", reading.axes)]
        return [("mean", reading.mean), *axes]
    return []


def _row(name: str, part: tuple[str, ...] | np.ndarray) -> dict[str, Any]:
    if isinstance(part, tuple):
        return {"part": name, "words": list(part), "numbers": None, "width": 0}
    width = part.shape[1] if part.ndim == 2 else 0
    return {"part": name, "words": None, "numbers": part.reshape(-1), "width": width}


def parts_of(table: pa.Table) -> dict[str, Any]:
    """The arrays and words by their names, as `as_table` made them."""
    parts: dict[str, Any] = {}
    for name, words, numbers, width in zip(
        *(table[column] for column in table.column_names), strict=True
    ):
        if words.is_valid:
            parts[name.as_py()] = tuple(words.as_py())
        else:
            array = numbers.values.to_numpy()
            parts[name.as_py()] = array.reshape(-1, width.as_py()) if width.as_py() else array
    return parts


def reading_of(
    feature: Feature, told: Mapping[str, Any], parts: Mapping[str, Any]
) -> Reading | None:
    """What reading decided for the feature, from its JSON and its parts, by their last names.

    Raises ValueError, KeyError or TypeError where they are not what was kept of such a feature.
    """
    if feature.kind == "categorical" or not (told or parts):
        return None
    reading = _read(feature, told, parts)
    if not _fits(feature, reading):
        raise StatedError("how the feature {name!r} was read does not fit it", name=feature.name)
    return reading


def _read(feature: Feature, told: Mapping[str, Any], parts: Mapping[str, Any]) -> Reading:
    if feature.kind == "numeric":
        return Bins(tuple(float(edge) for edge in told["edges"]))
    if feature.kind == "multi":
        return Parts(str(told["mark"]))
    if feature.kind == "date":
        form = told["form"]
        patterns = tuple(str(pattern) for pattern in form["patterns"])
        return Periods(
            told["unit"],
            TimeForm(form["unit"], form["day_first"], form.get("year_first", False), patterns),
        )
    if feature.kind == "text" and not feature.source:
        return Terms(parts["terms"], parts["weights"], parts["axes"])
    return Centring(parts["mean"], parts.get("axes"))


def _fits(feature: Feature, reading: Reading) -> bool:
    if isinstance(reading, Bins):
        edges = np.array(reading.edges)
        rising = bool(np.isfinite(edges).all() and (np.diff(edges) > 0).all())
        return rising and len(edges) == len(feature.values) - 1
    if isinstance(reading, Parts):
        return reading.mark != ""
    if isinstance(reading, Periods):
        return reading.unit in ("month", "year")
    assert feature.vectors is not None
    size = feature.vectors.shape[1]
    if isinstance(reading, Terms):
        n_terms = len(reading.terms)
        return reading.weights.shape == (n_terms,) and reading.axes.shape == (n_terms, size)
    wide = (size,) if reading.axes is None else reading.axes.shape[:1]
    return reading.mean.shape == wide and (reading.axes is None or reading.axes.shape[1] == size)
