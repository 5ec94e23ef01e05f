"""Features as the model reads them: bags of value codes, or vectors for texts and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from jaxtyping import Float, Int

_CATEGORY_NAMES: Final = (
    "category", "department", "commodity", "genre", "genres", "type", "group",
)  # fmt: skip
_MOST_CATEGORIES: Final = 200
FeatureKind = Literal["categorical", "multi", "numeric", "text", "vector", "date"]


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
