"""Columns of a table turned into the codes and vectors that a model reads.

Each kind has one function. It decides what is to be decided (bins, vocabularies, forms of dates,
axes) unless a feature is given that was encoded before, and then encodes cell by cell: so the same
rows get the same codes again, whatever stands beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from recommender.data.cleaning.kinds import MISSING, SEPARATORS, Kind, known, separator
from recommender.data.cleaning.numerals import parse_numbers
from recommender.data.cleaning.times import parse_times, read_times
from recommender.data.cleaning.vectors import dense_feature, digest_of, encode_vectors, read_vectors
from recommender.data.features import (
    Bins,
    Centring,
    Feature,
    FeatureKind,
    Parts,
    Periods,
)
from recommender.data.text_encoder import TextEncoder
from recommender.data.texts import encode_text, encode_text_by

MAX_VALUES: Final = 5_000
"""Values of one categorical feature; rarer ones are unknown."""
MAX_PER_ROW: Final = 8
"""Values of one row of a multi-valued feature; later ones are dropped."""
NUMERIC_BINS: Final = 10
_MONTHS_SHOWN: Final = 48


def encode_features(
    frame: pd.DataFrame,
    kinds: Mapping[str, Kind],
    vectors: Mapping[str, Float[np.ndarray, "row dim"]] | None = None,
    encoder: TextEncoder | None = None,
) -> tuple[Feature, ...]:
    """Encode the columns of the frame that are features, in their order.

    `vectors` are what the cells of columns of vectors point into; texts go through the encoder if
    there is one.
    """

    def encoded(values: pd.Series, kind: FeatureKind) -> Feature:
        if kind == "vector":
            return encode_vectors(values, (vectors or {})[str(values.name)])
        if kind == "text" and encoder is not None:
            return encode_text_by(values, encoder)
        return encode_column(values, kind)

    features = [
        encoded(frame[name], kind)
        for name, kind in kinds.items()
        if kind != "ignore" and name in frame
    ]
    return tuple(feature for feature in features if feature.values or feature.vectors is not None)


Unread = Literal["not kept", "encoder", "kind"]
"""Why other rows cannot be read as those of a data set were: how is not saved with it; its text
encoder is not at hand; these are vectors and those were not, or have another length."""


def encode_again(
    feature: Feature,
    frame: pd.DataFrame,
    vectors: Mapping[str, Float[np.ndarray, "row dim"]] | None = None,
    encoder: TextEncoder | None = None,
) -> Feature | Unread:
    """Encode other rows as those of the feature were; values that it does not know are unknown.

    All is unknown where the frame has no such column, or no rows.
    """
    rows, name = len(frame), feature.name
    vectors = vectors or {}
    if name not in frame or not rows:
        return unknown(feature, rows)
    if name in vectors and feature.kind != "vector":
        return "kind"
    if not feature.is_kept:
        return "not kept"
    values = frame[name].reset_index(drop=True)
    if not isinstance(feature.reading, Centring):
        return encode_column(values, feature.kind, feature)
    if feature.kind == "text":
        if encoder is None or encoder.identity != feature.source:
            return "encoder"
        return encode_text_by(values, encoder, feature)
    table = read_vectors(values, vectors.get(name), len(feature.reading.mean))
    if table is None:
        return "kind"
    return dense_feature(name, "vector", table, digest_of(table), feature)


def worked_out(feature: Feature, frame: pd.DataFrame) -> Feature:
    """With what reading the column must have decided, where it was not kept and can be told.

    That is where encoding the column anew gives the very same codes; vectors cannot be told.
    """
    if feature.is_kept or feature.vectors is not None or feature.name not in frame:
        return feature
    again = encode_column(frame[feature.name], feature.kind)
    same = again.values == feature.values and np.array_equal(again.codes, feature.codes)
    return replace(feature, reading=again.reading) if same else feature


def unknown(feature: Feature, rows: int) -> Feature:
    """The feature of so many rows of which nothing is known."""
    codes = np.zeros((rows, feature.codes.shape[1]), dtype=np.int32)
    if feature.vectors is None:
        return replace(feature, codes=codes)
    return replace(
        feature,
        codes=codes,
        vectors=np.zeros_like(feature.vectors, shape=(rows, feature.vectors.shape[1])),
    )


def encode_column(values: pd.Series, kind: FeatureKind, like: Feature | None = None) -> Feature:
    """Encode one column of any kind but vector; row i of the feature is row i of the column.

    By what was decided for `like`, where that is given; else this column decides.
    """
    encode = {
        "categorical": _categorical,
        "multi": _multi,
        "numeric": _numeric,
        "date": _date,
        "text": encode_text,
    }[kind]
    return encode(values.reset_index(drop=True), like)


def _categorical(values: pd.Series, like: Feature | None) -> Feature:
    rows, name = len(values), str(values.name)
    values = known(values)
    labels = like.values if like else _by_frequency(values)
    return Feature(name, "categorical", labels, _one_a_row(values, labels, rows))


def _one_a_row(
    values: pd.Series, labels: tuple[str, ...], rows: int
) -> Int[np.ndarray, "row width"]:
    """Codes of the values; the index of `values` is the row."""
    codes = np.zeros((rows, 1), dtype=np.int32)
    codes[values.index, 0] = pd.Index(labels, dtype="str").get_indexer(values) + 1
    return codes


def _by_frequency(values: pd.Series) -> tuple[str, ...]:
    # Sorted by name first, so that ties do not depend on the order of rows.
    counts = values.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return tuple(str(value) for value in counts.index[:MAX_VALUES])


def _multi(values: pd.Series, like: Feature | None) -> Feature:
    rows, name = len(values), str(values.name)
    values = known(values).str.strip("[]")
    reading = like.reading if like else Parts(_mark(values))
    assert isinstance(reading, Parts)
    parts = values.str.split(reading.mark, regex=False).explode().str.strip(" '\"")
    parts = parts[~parts.isin(MISSING)]
    repeated = pd.DataFrame({"row": parts.index, "part": parts.to_numpy()}).duplicated()
    parts = parts[~repeated.to_numpy()]
    labels = like.values if like else _by_frequency(parts)
    return Feature(name, "multi", labels, _several_a_row(parts, labels, rows), None, "", reading)


def _several_a_row(
    parts: pd.Series, labels: tuple[str, ...], rows: int
) -> Int[np.ndarray, "row width"]:
    codes = pd.Index(labels, dtype="str").get_indexer(parts) + 1
    kept, of_row = codes[codes > 0], parts.index.to_numpy()[codes > 0]
    position = pd.Series(of_row).groupby(of_row).cumcount().to_numpy()
    fits = position < MAX_PER_ROW
    width = int(position[fits].max(initial=0)) + 1
    table = np.zeros((rows, width), dtype=np.int32)
    table[of_row[fits], position[fits]] = kept[fits]
    return table


def _mark(values: pd.Series) -> str:
    """Where the owner calls a column multi-valued, the commonest mark has to do."""
    return separator(values) or max(SEPARATORS, key=lambda mark: _cells_with(values, mark))


def _cells_with(values: pd.Series, mark: str) -> int:
    return int(values.str.contains(mark, regex=False).sum())


def _numeric(values: pd.Series, like: Feature | None) -> Feature:
    """Bins of about equal numbers of rows, labelled by the least and greatest value in them."""
    numbers = (
        values.to_numpy(dtype=np.float64)
        if pd.api.types.is_numeric_dtype(values)
        else parse_numbers(values)
    )
    labels, bins = (like.values, like.reading) if like else _bins(numbers)
    assert isinstance(bins, Bins)
    places = np.searchsorted(np.array(bins.edges, dtype=np.float64), numbers, side="right")
    codes = np.where(np.isnan(numbers), 0, places + 1).astype(np.int32)[:, None]
    return Feature(str(values.name), "numeric", labels, codes, None, "", bins)


def _bins(numbers: Float[np.ndarray, " row"]) -> tuple[tuple[str, ...], Bins]:
    """The labels of the bins that hold a value, and their edges."""
    present = np.sort(numbers[~np.isnan(numbers)])
    if not len(present):
        return (), Bins(())
    edges = _bin_edges(present)
    bins = np.searchsorted(edges, present, side="right")
    used, firsts = np.unique(bins, return_index=True)
    ends = np.append(firsts[1:], len(present)) - 1
    bounds = [(present[i], present[j]) for i, j in zip(firsts, ends, strict=True)]
    return _bin_labels(bounds), Bins(tuple(edges[used[1:] - 1].tolist()))


def _bin_edges(present: Float[np.ndarray, " value"]) -> Float[np.ndarray, " edge"]:
    """The least value of each bin but the first; few values have a bin each."""
    distinct = np.unique(present)
    if len(distinct) <= NUMERIC_BINS:
        return distinct[1:]
    shares = np.linspace(0, 1, NUMERIC_BINS + 1)[1:-1]
    return np.unique(np.quantile(present, shares, method="higher"))


def _bin_labels(bounds: list[tuple[float, float]]) -> tuple[str, ...]:
    """Labels with as few decimals as tell all bins apart."""
    whole = all(float(low).is_integer() and float(high).is_integer() for low, high in bounds)
    for decimals in (0,) if whole else (2, 4, 6):
        ends = [(f"{low:,.{decimals}f}", f"{high:,.{decimals}f}") for low, high in bounds]
        labels = tuple(low if low == high else f"{low}–{high}" for low, high in ends)
        if len(set(labels)) == len(labels):
            return labels
    return tuple(f"{low:g}–{high:g} ({i + 1})" for i, (low, high) in enumerate(bounds))


def _date(values: pd.Series, like: Feature | None) -> Feature:
    """Months of a few years; years of a longer time."""
    rows, name = len(values), str(values.name)
    values = known(values)
    if like:
        assert isinstance(like.reading, Periods)
        times = read_times(values, like.reading.form)
    else:
        times = parse_times(values)
    moments = times.seconds[times.readable].astype("datetime64[s]")
    periods = pd.Series(
        moments.astype("datetime64[M]").astype("str"),
        index=values.index[times.readable],
        dtype="str",
    )
    reading = like.reading if like else Periods(_unit(periods), times.form)
    if reading == Periods("year", times.form):
        periods = periods.str[:4]
    labels = like.values if like else tuple(sorted(periods.unique()))
    return Feature(name, "date", labels, _one_a_row(periods, labels, rows), None, "", reading)


def _unit(months: pd.Series) -> Literal["month", "year"]:
    return "year" if months.nunique() > _MONTHS_SHOWN else "month"
