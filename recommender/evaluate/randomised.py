"""The same model with its weights shuffled: an explanation that survives this explains nothing."""

from __future__ import annotations

import copy

import numpy as np
import torch
from scipy import sparse

from recommender.model.inference import Scorer


def randomised(scorer: Scorer, seed: int = 0) -> Scorer:
    """A scorer whose every weight has changed places with others of its kind (Adebayo 2018).

    Each tensor's entries are shuffled, and so are the items that the neighbours' columns stand for:
    sizes and spreads stay, what was learned goes. What is bought lately goes too, in which no event
    has a part.
    """
    network = copy.deepcopy(scorer.network)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in network.parameters():
            order = torch.randperm(parameter.numel(), generator=generator)
            parameter.copy_(parameter.flatten()[order.to(parameter.device)].view_as(parameter))
    neighbours = scorer.voters.neighbours
    items = np.random.default_rng(seed).permutation(neighbours.shape[1])
    return Scorer.of(network, sparse.csr_matrix(neighbours[:, items]))
