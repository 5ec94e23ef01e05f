"""Products on a plane: near where the model takes them for alike."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from recommender.data.features import Feature, category_of
from recommender.model.run import Run

Projection = Literal["pca", "tsne"]
MOST_ITEMS = 3000
"""Items that are drawn, at most: those with most events."""
CLUSTERS, MOST_CLUSTERS = 12, 24
"""As many as there are categories, within these bounds: with fewer, two categories are one."""
_SEED = 0


def item_map(run: Run, projection: Projection = "pca", most: int = MOST_ITEMS) -> pd.DataFrame:
    """One row an item, most events first: `item`, `x`, `y`, `cluster`, `events`.

    The vectors are those that candidates are scored with, of unit length, as the logit compares
    directions. PCA keeps distances between groups; t-SNE keeps neighbours and nothing else (van
    der Maaten & Hinton 2008). Clusters are k-means on the vectors themselves, not on the plane.
    """
    from sklearn.cluster import KMeans

    events = np.bincount(
        run.dataset.interactions["item"].to_numpy(), minlength=len(run.dataset.items)
    )
    items = np.argsort(-events, kind="stable")[:most]
    vectors = run.scorer.candidates.cpu().numpy()[items].astype(np.float64)
    vectors = vectors - vectors.mean(0)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    wanted = n_clusters(category_of(run.dataset.item_features))
    distinct = len(np.unique(vectors.round(9), axis=0))
    cluster = KMeans(min(wanted, distinct), n_init=4, random_state=_SEED).fit_predict(vectors)
    plane = _project(vectors, projection)
    table = pd.DataFrame({"item": items, "x": plane[:, 0], "y": plane[:, 1], "cluster": cluster})
    return table.assign(events=events[items])


def n_clusters(category: Feature | None) -> int:
    """As many clusters as there are categories, within bounds."""
    known = len(category.values) if category else 0
    return min(max(known, CLUSTERS), MOST_CLUSTERS)


def _project(vectors: np.ndarray, projection: Projection) -> np.ndarray:
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE

    if len(vectors) < 3:
        return np.c_[np.arange(len(vectors), dtype=float), np.zeros(len(vectors))]
    if projection == "pca" or len(vectors) < 10:
        return np.asarray(PCA(2, random_state=_SEED).fit_transform(vectors))
    perplexity = min(30.0, (len(vectors) - 1) / 3)
    drawn = TSNE(2, perplexity=perplexity, init="pca", random_state=_SEED).fit_transform(vectors)
    return np.asarray(drawn, dtype=np.float64)
