"""Which items go together: EASE's weights (Steck 2019), or item-kNN (Sarwar et al. 2001)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from recommender.metrics.ranking import rounded, top_k
from recommender.model.ease import ease

N_NEIGHBOURS = 100
"""Neighbours kept of each item."""
LINEAR_ITEMS = 16_384
"""Catalogues up to this size are fitted by EASE, whose cost is the cube of the items."""
PENALTY = 300.0
"""Ridge penalty of that fit."""
DENSE_SHARE = 1 / 8
"""From this share of non-zero similarities on, rows are ranked as dense ones."""


def taken_by(
    users: Int[np.ndarray, " event"], items: Int[np.ndarray, " event"], shape: tuple[int, int]
) -> sparse.csr_matrix:
    """User × item: 1 where the user took the item, however often."""
    ones = np.ones(len(users), dtype=np.float32)
    taken = sparse.csr_matrix((ones, (users, items)), shape=shape)
    taken.data[:] = 1.0
    return taken


def together_weights(
    users: Int[np.ndarray, " event"],
    items: Int[np.ndarray, " event"],
    shape: tuple[int, int],
    n_folds: int = 0,
) -> tuple[sparse.csr_matrix, ...]:
    """How much an item (row) speaks for each other item, where nothing but the two is known.

    `shape` is (users, items). Of EASE's weights the 100 strongest a row, which may be negative; of
    catalogues with more than 16,384 items, item-kNN's cosines above chance. The first matrix is of
    all users; the others leave out the users of each fold (user code modulo `n_folds`).
    """
    if shape[1] > LINEAR_ITEMS:
        return item_neighbours(users, items, shape, n_folds, above_chance=True)
    taken = taken_by(users, items, shape)
    fold = np.arange(shape[0]) % max(n_folds, 1)
    kept = [fold >= 0, *(fold != left_out for left_out in range(n_folds))]
    return tuple(_strongest(ease(taken[rows], PENALTY)) for rows in kept)


def _strongest(weights: Float[np.ndarray, "item item"]) -> sparse.csr_matrix:
    """The weights of each row that are largest, whatever their sign; of equals the lower codes."""
    n_items, k = len(weights), min(N_NEIGHBOURS, len(weights))
    columns, values = np.empty((n_items, k), dtype=np.int32), np.empty((n_items, k), np.float32)
    for start in range(0, n_items, 512):
        rows = weights[start : start + 512]
        found = np.sort(top_k(rounded(np.abs(rows)), k), axis=1)
        columns[start : start + 512] = found
        values[start : start + 512] = np.take_along_axis(rows, found, 1)
    bounds = np.arange(0, n_items * k + 1, k)
    strongest = sparse.csr_matrix((values.ravel(), columns.ravel(), bounds), shape=weights.shape)
    strongest.eliminate_zeros()
    return strongest


def item_neighbours(
    users: Int[np.ndarray, " event"],
    items: Int[np.ndarray, " event"],
    shape: tuple[int, int],
    n_folds: int = 0,
    n_neighbours: int = N_NEIGHBOURS,
    shrink: float = 10.0,
    above_chance: bool = False,
) -> tuple[sparse.csr_matrix, ...]:
    """Cosines of who bought what, shrunk where few did.

    `shape` is (users, items). Row i of a matrix holds the `n_neighbours` items nearest to i; never
    i itself. The first matrix is of all users; the others leave out the users of each fold
    (user code modulo `n_folds`). `above_chance` counts only the buyers whom two items share beyond
    those that they would share by chance, so that popular items are not near to everything.
    Time and memory grow with the pairs of items that somebody bought both of.
    """
    bought = taken_by(users, items, shape)
    parts = [bought[fold :: max(n_folds, 1)] for fold in range(max(n_folds, 1))]
    by_item = [part.T.tocsr() for part in parts]
    nobody = sparse.csr_matrix((0, shape[1]), dtype=np.float32)
    left_out = [nobody, *parts][: 1 + n_folds]
    taken = [_buyers(bought) - _buyers(part) for part in left_out]
    n_users = [_n_active(bought) - _n_active(part) for part in left_out]
    rows: list[list[sparse.csr_matrix]] = [[] for _ in left_out]
    step = max(1, min(1024, 2**24 // shape[1]))
    for start in range(0, shape[1], step):
        chunk = slice(start, start + step)
        by_part = [part[chunk] @ whole for part, whole in zip(by_item, parts, strict=True)]
        together = sum(by_part[1:], start=by_part[0])
        without = [0 * together, *by_part][: 1 + n_folds]
        for matrix, missing, count, n in zip(rows, without, taken, n_users, strict=True):
            shared = (together - missing).tocoo()
            row, item, value = shared.row, shared.col, shared.data
            own = count[start + row]
            if above_chance:
                value = np.maximum(value - own * count[item] / max(n, 1), 0)
            value = value / (np.sqrt(own * count[item]) + np.float32(shrink))
            kept = (value > 0) & (item != start + row)
            similar = sparse.csr_matrix(
                (value[kept].astype(np.float32), (row[kept], item[kept])), shape=shared.shape
            )
            matrix.append(_nearest(similar, n_neighbours))
    return tuple(sparse.csr_matrix(sparse.vstack(matrix, format="csr")) for matrix in rows)


def _buyers(bought: sparse.csr_matrix) -> Float[np.ndarray, " item"]:
    return np.asarray(bought.sum(0), dtype=np.float32).ravel()


def _n_active(bought: sparse.csr_matrix) -> int:
    return int(np.count_nonzero(bought.getnnz(1)))


def _nearest(similar: sparse.csr_matrix, n_neighbours: int) -> sparse.csr_matrix:
    """The largest values of each row; of equals the lower codes."""
    if similar.nnz > DENSE_SHARE * np.prod(similar.shape):
        return _nearest_of_dense(similar.toarray(), n_neighbours)
    row = np.repeat(np.arange(similar.shape[0]), np.diff(similar.indptr))
    order = np.lexsort((similar.indices, -similar.data, row))
    rank = np.arange(len(row)) - similar.indptr[row]
    kept = np.sort(order[rank < n_neighbours])
    places = row[kept], similar.indices[kept]
    return sparse.csr_matrix((similar.data[kept], places), shape=similar.shape)


def _nearest_of_dense(
    similar: Float[np.ndarray, "row item"], n_neighbours: int
) -> sparse.csr_matrix:
    k = min(n_neighbours, similar.shape[1])
    item = np.sort(top_k(similar, k), axis=1)
    value = np.take_along_axis(similar, item, 1)
    bounds = np.arange(0, k * len(similar) + 1, k)
    matrix = sparse.csr_matrix((value.ravel(), item.ravel(), bounds), shape=similar.shape)
    matrix.eliminate_zeros()
    return matrix
