"""Integrated gradients: what an event gains as its item goes from nameless to itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from recommender.data.histories import History
from recommender.explain.opened import opened
from recommender.explain.types import Attribution
from recommender.model.inference import Scorer

STEPS = 16
"""Points of Gauss-Legendre quadrature on the path."""


def integrated_gradients(
    scorer: Scorer, history: History, items: Sequence[int], n_steps: int = STEPS
) -> Attribution:
    """`∫ ∂s/∂m_j dλ` along m = λ·1, with m_j how much of event j's item is there.

    Sundararajan, Taly & Yan 2017. The values sum to the logit minus the logit of the same events on
    nameless items; `completeness_gap` says how far they miss. The voters' part is linear in m, so
    it is the votes themselves.
    """
    n_read = min(len(history), scorer.network.config.window)
    again, together = scorer.voters.shares(history, items)
    events = (again + together).T.astype(np.float64)
    if n_read == 0:
        return _attribution(items, events, np.zeros(len(items)))
    nodes, node_weights = np.polynomial.legendre.leggauss(n_steps)
    candidates = scorer.candidates[list(items)]
    with torch.enable_grad():
        steps = torch.tensor((nodes + 1) / 2, dtype=torch.float32, device=scorer.device)
        presence = steps[:, None].repeat(1, n_read).requires_grad_()
        logits = opened(scorer, history, presence).vectors @ candidates.T
        slopes = _slopes(logits, presence).cpu().numpy()
    learned = np.einsum("s,csn->cn", node_weights / 2, slopes)
    events[:, len(history) - n_read :] += learned
    with torch.no_grad():
        ends = torch.tensor([[0.0], [1.0]], device=scorer.device).expand(2, n_read)
        nameless, whole = (opened(scorer, history, ends).vectors @ candidates.T).cpu().numpy()
    return _attribution(items, events, learned.sum(1) - (whole - nameless))


def _slopes(
    logits: Float[Tensor, "step candidate"], presence: Float[Tensor, "step event"]
) -> Float[Tensor, "candidate step event"]:
    # Rows of a batch do not see each other, so the gradient of their sum is each row's own.
    return torch.stack(
        [
            torch.autograd.grad(column.sum(), presence, retain_graph=True)[0]
            for column in logits.unbind(1)
        ]
    )


def _attribution(
    items: Sequence[int],
    events: Float[np.ndarray, "candidate event"],
    gap: Float[np.ndarray, " candidate"],
) -> Attribution:
    return Attribution("integrated_gradients", tuple(items), events, completeness_gap=gap)
