"""Texts as vectors: their words counted, weighted and reduced, or as a sentence encoder has them.

Tables of counts are sparse matrices of scipy, which is loaded for texts only.
"""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np
import pandas as pd
from jaxtyping import Float

from recommender.data.cleaning.kinds import MISSING
from recommender.data.cleaning.vectors import dense_feature
from recommender.data.features import Feature, Terms
from recommender.data.text_encoder import TextEncoder

TEXT_DIMENSIONS: Final = 32
MAX_TERMS: Final = 20_000


def encode_text(values: pd.Series, like: Feature | None) -> Feature:
    """TF-IDF reduced by truncated SVD (latent semantic analysis), rows of length one.

    By the terms and axes of `like`, or else by those of these texts.
    """
    texts = values.where(~values.isin(MISSING), "").tolist()
    codes = np.zeros((len(values), 0), dtype=np.int32)
    counts, reading = _learned(texts) if like is None else (None, like.reading)
    if reading is None:
        return Feature(str(values.name), "text", (), codes)
    assert isinstance(reading, Terms)
    if counts is None:
        counts = _counter(vocabulary=reading.terms).transform(texts)
    vectors = _reduced(counts, reading)
    return Feature(str(values.name), "text", (), codes, vectors, "", reading)


def encode_text_by(values: pd.Series, encoder: TextEncoder, like: Feature | None = None) -> Feature:
    """What the encoder makes of the texts, or no feature where all are blank."""
    texts = values.str.strip()
    table = encoder.vectors(texts.where(~texts.isin(MISSING), "").tolist())
    return dense_feature(str(values.name), "text", table, encoder.identity, like)


def _learned(texts: list[str]) -> tuple[Any, Terms | None]:
    """How often each term is in each text, and what the model of the texts is made of."""
    # Two seconds of import, for text only.
    from sklearn.decomposition import TruncatedSVD

    words = _counter(min_df=2 if len(texts) > 50 else 1, max_features=MAX_TERMS)
    try:
        counts = words.fit_transform(texts)
    except ValueError:  # no word is in the texts, or none is there often enough
        return None, None
    if min(counts.shape) < 2:
        return None, None
    terms = tuple(words.get_feature_names_out().tolist())
    in_texts = np.bincount(counts.indices, minlength=len(terms))
    weights = (np.log((1 + len(texts)) / (1 + in_texts)) + 1).astype(np.float32)
    svd = TruncatedSVD(min(TEXT_DIMENSIONS, min(counts.shape) - 1), random_state=0)
    with np.errstate(invalid="ignore"):  # equal texts have no variance to be explained
        svd.fit(_weighted(counts, weights))
    axes = np.ascontiguousarray(svd.components_.T, dtype=np.float32)
    return counts, Terms(terms, weights, axes)


def _counter(**settings: Any) -> Any:
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer(analyzer=_terms, **settings)


def _weighted(counts: Any, weights: Float[np.ndarray, " term"]) -> Any:
    """TF-IDF, rows of length one; terms in order, so that sums are alike to the last digit."""
    weighted = counts.astype(np.float64)
    weighted.sort_indices()
    weighted.data = (1 + np.log(weighted.data)) * weights.astype(np.float64)[weighted.indices]
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(1))).reshape(-1)
    weighted.data /= np.repeat(lengths, np.diff(weighted.indptr))
    return weighted


def _reduced(counts: Any, reading: Terms) -> Float[np.ndarray, "row dim"]:
    vectors = np.asarray(_weighted(counts, reading.weights) @ reading.axes.astype(np.float64))
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 1e-9, lengths, 1), dtype=np.float32)


def _terms(text: str) -> list[str]:
    """Words, and for Chinese, which has no spaces, characters and pairs of them."""
    words = re.findall(r"[^\W\d_\u4e00-\u9fff]{2,}", text.casefold())
    for run in re.findall(r"[\u4e00-\u9fff]+", text):
        words += [*run, *(run[i : i + 2] for i in range(len(run) - 1))]
    return words
