"""What a list is worth besides hitting: coverage, popularity, novelty, diversity, concentration."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from recommender.data.features import Feature

_CHUNK = 256


def coverage(items: Int[np.ndarray, "case rank"], n_items: int) -> float:
    """Share of the catalogue that stands in anybody's list, in [0, 1] (Ge et al. 2010)."""
    return len(np.unique(items)) / n_items


def concentration(items: Int[np.ndarray, "case rank"], n_items: int) -> float:
    """Gini coefficient of how often items are shown: 0 all alike, near 1 always the same few."""
    shown = np.sort(np.bincount(items.ravel(), minlength=n_items)).astype(float)
    if not shown.sum():
        return 0.0
    rank = np.arange(1, n_items + 1)
    return float((2 * rank - n_items - 1) @ shown / (n_items * shown.sum()))


def mean_popularity(
    items: Int[np.ndarray, "case rank"], owned: Float[np.ndarray, " item"]
) -> float:
    """Share of the users who have the shown item, averaged over all places, in [0, 1]."""
    return float(owned[items].mean()) if items.size else 0.0


def novelty(items: Int[np.ndarray, "case rank"], owned: Float[np.ndarray, " item"]) -> float:
    """Mean self-information −log2 p(item) of what is shown, in bits (Zhou et al. 2010).

    `owned` is p: the share of users who have the item. An item that nobody has counts as if half
    of the rarest one's users had it.
    """
    if not items.size or not owned.any():
        return 0.0
    least = owned[owned > 0].min() / 2
    return float(-np.log2(np.maximum(owned, least))[items].mean())


def diversity(
    items: Int[np.ndarray, "case rank"], attributes: sparse.csr_matrix
) -> Float[np.ndarray, " case"]:
    """Mean distance between two items of a list, in [0, 1] (Ziegler et al. 2005).

    The distance is one minus the Jaccard similarity of their attribute values; two items without
    any attribute are at distance 0.
    """
    k, out = items.shape[1], np.zeros(len(items))
    if k < 2:
        return out
    pairs = np.triu_indices(k, 1)
    for start in range(0, len(items), _CHUNK):
        part = items[start : start + _CHUNK]
        held = attributes[part.ravel()].toarray().reshape(len(part), k, -1)
        both = held @ held.transpose(0, 2, 1)
        sizes = held.sum(2)
        either = sizes[:, :, None] + sizes[:, None, :] - both
        similar = np.divide(both, either, out=np.ones_like(both), where=either > 0)
        out[start : start + _CHUNK] = 1 - similar[:, pairs[0], pairs[1]].mean(1)
    return out


def attribute_values(features: tuple[Feature, ...], n_items: int) -> sparse.csr_matrix:
    """Item × value of its categorical and multi-valued features, 1 where the item has it."""
    parts = [sparse.csr_matrix((n_items, 0), dtype=np.float32)]
    for feature in features:
        if feature.kind not in ("categorical", "multi"):
            continue
        item, place = np.nonzero(feature.codes)
        value = feature.codes[item, place] - 1
        ones = np.ones(len(item), dtype=np.float32)
        shape = (n_items, len(feature.values))
        part = sparse.csr_matrix((ones, (item, value)), shape=shape)
        part.data[:] = 1.0
        parts.append(part)
    return sparse.hstack(parts, format="csr")
