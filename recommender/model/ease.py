"""EASE: the closed-form linear autoencoder over items (Steck 2019)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from scipy import sparse

from recommender.said import StatedError

MAX_ITEMS = 20_000
"""Its dense matrix takes 4 bytes × items²: 1.6 GB at most."""
DOUBLE_ITEMS = 4096
"""Up to so many items it is solved in float64."""
_ROWS = 512


def ease(taken: sparse.csr_matrix, penalty: float) -> Float[np.ndarray, "item item"]:
    """B of the least squares `X ≈ X B` with a zero diagonal and a ridge penalty.

    `taken` is X: user × item, 1 where the user took the item. B = I − P diag(P)⁻¹ with
    P = (XᵀX + penalty)⁻¹, in place, so that one matrix of items² stands in memory: in float64, so
    that nothing to be seen hangs on the processor, or in float32 where there are more than 4,096
    items.
    Raises ValueError for more than 20,000 items.
    """
    from scipy.linalg import lapack  # a quarter of a second, for those who only open a run

    n_items = taken.shape[1]
    if n_items > MAX_ITEMS:
        raise StatedError("EASE takes up to {most} items, not {n}", most=MAX_ITEMS, n=n_items)
    kind = np.float64 if n_items <= DOUBLE_ITEMS else np.float32
    gram = np.zeros((n_items, n_items), dtype=kind, order="F")
    by_item = taken.T.tocsr().astype(np.float32)
    for start in range(0, n_items, _ROWS):
        gram[start : start + _ROWS] = (by_item[start : start + _ROWS] @ taken).toarray()
    gram[np.diag_indices(n_items)] += penalty
    factorise, invert = lapack.get_lapack_funcs(("potrf", "potri"), dtype=kind)
    factor, failed = factorise(gram, lower=True, overwrite_a=True)
    inverse, failed_too = invert(factor, lower=True, overwrite_c=True)
    if failed or failed_too:
        raise StatedError("a penalty of {penalty} is too small for these data", penalty=penalty)
    _mirror(inverse)
    inverse /= -np.diag(inverse).copy()
    inverse[np.diag_indices(n_items)] = 0.0
    return inverse


def _mirror(lower: Float[np.ndarray, "item item"]) -> None:
    """Copy the lower triangle onto the upper one, a few rows at a time."""
    for start in range(0, len(lower), _ROWS):
        end = min(start + _ROWS, len(lower))
        block = np.tril(lower[start:end, start:end])
        lower[start:end, start:end] = block + np.tril(block, -1).T
        lower[start:end, end:] = lower[end:, start:end].T
