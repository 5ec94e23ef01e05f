"""Columns of a table turned into the codes and vectors that a model reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from jaxtyping import Float

from recommender.data.features import Feature, FeatureKind
from recommender.data.kinds import MISSING, SEPARATORS, Kind, known, separator
from recommender.data.numerals import parse_numbers
from recommender.data.text_encoder import TextEncoder
from recommender.data.times import parse_times
from recommender.data.vectors import dense_feature, encode_vectors

MAX_VALUES: Final = 5_000
"""Values of one categorical feature; rarer ones are unknown."""
MAX_PER_ROW: Final = 8
"""Values of one row of a multi-valued feature; later ones are dropped."""
NUMERIC_BINS: Final = 10
TEXT_DIMENSIONS: Final = 32
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
            return _encoded_text(values, encoder)
        return encode_column(values, kind)

    features = [
        encoded(frame[name], kind)
        for name, kind in kinds.items()
        if kind != "ignore" and name in frame
    ]
    return tuple(feature for feature in features if feature.values or feature.vectors is not None)


def encode_column(values: pd.Series, kind: FeatureKind) -> Feature:
    """Encode one column of any kind but vector; row i of the feature is row i of the column."""
    encode = {
        "categorical": _categorical,
        "multi": _multi,
        "numeric": _numeric,
        "date": _date,
        "text": _text,
    }[kind]
    return encode(values.reset_index(drop=True))


def _categorical(values: pd.Series) -> Feature:
    return _coded(str(values.name), "categorical", known(values), len(values))


def _coded(name: str, kind: FeatureKind, values: pd.Series, rows: int) -> Feature:
    """One value a row; the index of `values` is the row."""
    labels = _by_frequency(values)
    codes = np.zeros((rows, 1), dtype=np.int32)
    codes[values.index, 0] = pd.Index(labels).get_indexer(values) + 1
    return Feature(name, kind, labels, codes)


def _by_frequency(values: pd.Series) -> tuple[str, ...]:
    # Sorted by name first, so that ties do not depend on the order of rows.
    counts = values.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return tuple(str(value) for value in counts.index[:MAX_VALUES])


def _multi(values: pd.Series) -> Feature:
    rows, name = len(values), str(values.name)
    values = known(values).str.strip("[]")
    # Where the owner calls it multi-valued, the commonest mark has to do.
    mark = separator(values) or max(SEPARATORS, key=lambda m: _cells_with(values, m))
    parts = values.str.split(mark, regex=False).explode().str.strip(" '\"")
    parts = parts[~parts.isin(MISSING)]
    repeated = pd.DataFrame({"row": parts.index, "part": parts.to_numpy()}).duplicated()
    parts = parts[~repeated.to_numpy()]
    labels = _by_frequency(parts)
    codes = pd.Index(labels).get_indexer(parts) + 1
    kept, of_row = codes[codes > 0], parts.index.to_numpy()[codes > 0]
    position = pd.Series(of_row).groupby(of_row).cumcount().to_numpy()
    fits = position < MAX_PER_ROW
    width = int(position[fits].max(initial=0)) + 1
    table = np.zeros((rows, width), dtype=np.int32)
    table[of_row[fits], position[fits]] = kept[fits]
    return Feature(name, "multi", labels, table)


def _cells_with(values: pd.Series, mark: str) -> int:
    return int(values.str.contains(mark, regex=False).sum())


def _numeric(values: pd.Series) -> Feature:
    """Bins of about equal numbers of rows, labelled by the least and greatest value in them."""
    numbers = (
        values.to_numpy(dtype=np.float64)
        if pd.api.types.is_numeric_dtype(values)
        else parse_numbers(values)
    )
    present = np.sort(numbers[~np.isnan(numbers)])
    if not len(present):
        return Feature(str(values.name), "numeric", (), np.zeros((len(values), 1), np.int32))
    edges = _bin_edges(present)
    bins = np.searchsorted(edges, present, side="right")
    used, codes_of = np.unique(bins, return_inverse=True)
    bounds = [(present[codes_of == i][0], present[codes_of == i][-1]) for i in range(len(used))]
    codes = np.zeros((len(values), 1), dtype=np.int32)
    row_bins = np.searchsorted(edges, numbers, side="right")
    known_rows = ~np.isnan(numbers)
    codes[known_rows, 0] = np.searchsorted(used, row_bins[known_rows]) + 1
    return Feature(str(values.name), "numeric", _bin_labels(bounds), codes)


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


def _date(values: pd.Series) -> Feature:
    """Months of a few years; years of a longer time."""
    rows, name = len(values), str(values.name)
    values = known(values)
    times = parse_times(values)
    moments = times.seconds[times.readable].astype("datetime64[s]")
    months = pd.Series(moments.astype("datetime64[M]").astype("str"), dtype="str")
    if months.nunique() > _MONTHS_SHOWN:
        months = months.str[:4]
    labels = tuple(sorted(months.unique()))
    codes = np.zeros((rows, 1), dtype=np.int32)
    codes[values.index[times.readable], 0] = pd.Index(labels).get_indexer(months) + 1
    return Feature(name, "date", labels, codes)


def _text(values: pd.Series) -> Feature:
    """TF-IDF reduced by truncated SVD (latent semantic analysis), rows of length one."""
    texts = values.where(~values.isin(MISSING), "").tolist()
    codes = np.zeros((len(values), 0), dtype=np.int32)
    return Feature(str(values.name), "text", (), codes, _text_vectors(texts))


def _encoded_text(values: pd.Series, encoder: TextEncoder) -> Feature:
    """What the encoder makes of the texts, or no feature where all are blank."""
    texts = values.str.strip()
    table = encoder.vectors(texts.where(~texts.isin(MISSING), "").tolist())
    return dense_feature(str(values.name), "text", table, encoder.identity)


def _text_vectors(texts: list[str]) -> Float[np.ndarray, "row dim"] | None:
    # Two seconds of import, for text only.
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    often = 2 if len(texts) > 50 else 1
    words = TfidfVectorizer(analyzer=_terms, min_df=often, sublinear_tf=True, max_features=20_000)
    try:
        matrix = words.fit_transform(texts)
    except ValueError:  # no word is in the texts, or none is there often enough
        return None
    if min(matrix.shape) < 2:
        return None
    size = min(TEXT_DIMENSIONS, min(matrix.shape) - 1)
    with np.errstate(invalid="ignore"):  # equal texts have no variance to be explained
        vectors = np.asarray(TruncatedSVD(size, random_state=0).fit_transform(matrix))
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 1e-9, lengths, 1), dtype=np.float32)


def _terms(text: str) -> list[str]:
    """Words, and for Chinese, which has no spaces, characters and pairs of them."""
    words = re.findall(r"[^\W\d_\u4e00-\u9fff]{2,}", text.casefold())
    for run in re.findall(r"[\u4e00-\u9fff]+", text):
        words += [*run, *(run[i : i + 2] for i in range(len(run) - 1))]
    return words
