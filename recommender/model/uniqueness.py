"""Shares that do not depend on arbitrary coordinates.

Many weights give the same logits with other bars: adding m to one feature's vectors and -m to
another's, or moving a category's vector into the ids of its items. Only the *sum* of an item's
feature vectors is observable, so the parts are computed anew from the sum: attributes get what
they can explain (ridge least squares over the training events), the id keeps the rest, each part
is centred over the training events, and what every event says alike becomes one vector of its own.
"""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float, Int
from scipy import sparse

from recommender.model.network import FeatureVectors, ItemVectors, Network

RIDGE = 1.0
"""Pull to zero, in training events: a value seen in fewer leaves more to the ids."""


@torch.no_grad()
def make_shares_unique(network: Network, event_counts: Int[np.ndarray, " item"]) -> None:
    """Rewrite the value and candidate vectors in place; `event_counts` weighs the items.

    Every logit moves by a constant of the user alone, so rankings and softmax stay. Items without
    a training event get a zero id vector: they speak through their attributes.
    """
    weight = event_counts / max(event_counts.sum(), 1)
    mean = _split_anew(network.value_items, weight, float(event_counts.sum()))
    network.any_value.add_(torch.from_numpy(mean).to(network.any_value))
    _split_anew(network.candidate_items, weight, float(event_counts.sum()))
    network.bias.sub_(network.bias @ torch.from_numpy(weight).to(network.bias))


def _split_anew(
    vectors: ItemVectors, weight: Float[np.ndarray, " item"], n_events: float
) -> Float[np.ndarray, " width"]:
    """Split the items' total vectors into centred parts; gives the mean that was taken out."""
    items = torch.arange(len(vectors.ids), device=vectors.ids.device)
    total = vectors(items).sum(-2).double().cpu().numpy()
    mean = weight @ total
    rest = total - mean
    designs = [_design(attribute) for attribute in _attributes(vectors)]
    if designs:
        fitted = _fit(sparse.hstack(designs, format="csr"), rest, weight * n_events)
        start = 0
        for attribute, design in zip(_attributes(vectors), designs, strict=True):
            part = fitted[start : start + design.shape[1]]
            centre = weight @ (design @ part)
            attribute.weight.copy_(torch.from_numpy(part))
            attribute.offset.copy_(torch.from_numpy(-centre))
            rest = rest - (design @ part - centre)
            start += design.shape[1]
    rest[weight == 0] = 0.0
    vectors.ids.copy_(torch.from_numpy(rest))
    return np.asarray(mean)


def attribute_design(vectors: ItemVectors) -> sparse.csr_matrix:
    """The attributes of all items side by side: what `explained` explains by."""
    designs = [_design(attribute) for attribute in _attributes(vectors)]
    return sparse.hstack(designs, format="csr") if designs else _no_attributes(len(vectors.ids))


def _no_attributes(n_items: int) -> sparse.csr_matrix:
    return sparse.csr_matrix((n_items, 0), dtype=np.float64)


def explained(
    design: sparse.csr_matrix,
    total: Float[np.ndarray, "item width"],
    weight: Float[np.ndarray, " item"],
) -> Float[np.ndarray, "item width"]:
    """What attributes let expect of every item, learned from the items of positive weight."""
    expected = np.zeros_like(total)
    if design.shape[1]:
        expected = np.asarray(design @ _fit(design, total, weight))
    return expected + np.average(total - expected, axis=0, weights=weight)


def _attributes(vectors: ItemVectors) -> list[FeatureVectors]:
    return [module for module in vectors.attributes if isinstance(module, FeatureVectors)]


def _design(attribute: FeatureVectors) -> sparse.csr_matrix:
    """The matrix X with `vectors = X @ weight`: text vectors, or shares of the value codes."""
    if attribute.is_text:
        return sparse.csr_matrix(attribute.vectors.double().cpu().numpy())
    codes = attribute.codes.cpu().numpy()
    known = codes > 0
    known[~known.any(1), 0] = True  # an empty bag is the value *unknown*, code 0
    rows, columns = np.nonzero(known)
    share = 1.0 / known.sum(1)[rows]
    shape = (len(codes), len(attribute.weight))
    return sparse.csr_matrix((share, (rows, codes[rows, columns])), shape=shape)


def _fit(
    design: sparse.csr_matrix,
    total: Float[np.ndarray, "item width"],
    weight: Float[np.ndarray, " item"],
) -> Float[np.ndarray, "value width"]:
    """Ridge coefficients by the normal equations, whose size is that of the values alone."""
    from sklearn.linear_model import Ridge  # slow to import, and needed when training only

    # The intercept is a column so large that its pull to zero does not show.
    intercept = np.full((design.shape[0], 1), 1e3)
    ridge = Ridge(alpha=RIDGE, solver="cholesky", fit_intercept=False)
    ridge.fit(sparse.hstack([design, intercept], format="csr"), total, sample_weight=weight)
    return np.asarray(ridge.coef_).reshape(total.shape[1], -1).T[:-1]
