"""Features as the model reads them: bags of value codes, or vectors for texts and pictures; and
what reading a column decided, by which other rows of it are read alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from jaxtyping import Float, Int

from recommender.data.cleaning.times import TimeForm

_CATEGORY_NAMES: Final = (
    "category", "department", "commodity", "genre", "genres", "type", "group",
)  # fmt: skip
_MOST_CATEGORIES: Final = 200
FeatureKind = Literal["categorical", "multi", "numeric", "text", "vector", "date"]


@dataclass(frozen=True)
class Bins:
    """Of numbers."""

    edges: tuple[float, ...]
    """The least value of each bin but the first, rising; the last bin has no end."""


@dataclass(frozen=True)
class Parts:
    """Of lists."""

    mark: str
    """What separates the values of one cell."""


@dataclass(frozen=True)
class Periods:
    """Of dates."""

    unit: Literal["month", "year"]
    form: TimeForm


@dataclass(frozen=True, eq=False)
class Terms:
    """Of texts: TF-IDF reduced by SVD (latent semantic analysis)."""

    terms: tuple[str, ...]
    weights: Float[np.ndarray, " term"]
    """Inverse document frequency, float32."""
    axes: Float[np.ndarray, "term dim"]
    """Float32."""


@dataclass(frozen=True, eq=False)
class Centring:
    """Of vectors, and of texts that went through an encoder."""

    mean: Float[np.ndarray, " width"]
    """What is taken off each row, float32."""
    axes: Float[np.ndarray, "width dim"] | None = None
    """What wide rows are then multiplied by, float32."""


Reading = Bins | Parts | Periods | Terms | Centring
"""Exactly what is applied: numbers are kept to their last digit."""


@dataclass(frozen=True, eq=False)
class Feature:
    """One column of the items or users table, encoded."""

    name: str
    kind: FeatureKind
    values: tuple[str, ...]
    """Labels of codes 1, 2, …; code 0 is unknown. Empty for text and vectors."""
    codes: Int[np.ndarray, "row width"]
    """Value codes of each row, padded with 0: one column for categorical, numeric (quantile bins)
    and date (month of the year, or bins), several for multi-valued. For text and vectors, shape
    (rows, 0)."""
    vectors: Float[np.ndarray, "row dim"] | None = None
    """Text and vectors only: rows of length one, all zero where nothing is known. Texts are rows of
    a TF-IDF matrix reduced by SVD, or what a sentence encoder makes of them."""
    source: str = ""
    """Where the vectors come from: a digest of the numbers, or the encoder; blank for TF-IDF."""
    reading: Reading | None = None
    """What reading the column decided beside `values`, which is all that a categorical one needs.
    For other kinds None means that it was not kept (data sets of older versions)."""

    @property
    def is_kept(self) -> bool:
        """Whether other rows can be read as those of the data set were."""
        return self.kind == "categorical" or self.reading is not None

    def label(self, row: int) -> str:
        """The row's value in words: several joined by commas, unknown as an empty string."""
        return ", ".join(self.values[code - 1] for code in self.codes[row] if code > 0)


def category_of(features: Sequence[Feature]) -> Feature | None:
    """The feature that names an item's category: by its name, or the first with few values."""
    usable = [
        feature
        for feature in features
        if feature.kind in ("categorical", "multi") and 1 < len(feature.values) <= _MOST_CATEGORIES
    ]
    for wanted in _CATEGORY_NAMES:
        for feature in usable:
            if wanted in feature.name.casefold():
                return feature
    return usable[0] if usable else None
