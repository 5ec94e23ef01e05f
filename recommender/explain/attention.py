"""*Looked at*: every attention weight of one forward pass."""

from __future__ import annotations

import numpy as np
import torch

from recommender.data.histories import History
from recommender.explain.lenses import profile_label
from recommender.explain.types import Attention
from recommender.model.batches import stack
from recommender.model.device import threads
from recommender.model.run import Run


@torch.inference_mode()
def attend(run: Run, history: History) -> Attention:
    """Routing weights of every layer and head, and the readout's weights with their gates."""
    network, device = run.scorer.network, run.scorer.device
    sequences, queries = stack([history], run.config.window)
    sequences, queries = sequences.to(device), queries.to(device)
    n_read = min(len(history), run.config.window)
    n_tokens = network.n_placeless + n_read
    with threads(1):
        layers = torch.cat(network.routing_weights(sequences))[..., :n_tokens, :n_tokens]
        look = network.look(network.route(sequences), sequences, queries)
    titles = run.dataset.items["title"].to_numpy()
    read = np.arange(len(history) - n_read, len(history))
    profile = [
        f"{feature.name}: {profile_label(feature.values, history.profile[i])}"
        for i, feature in enumerate(run.dataset.user_features)
    ]
    return Attention(
        tokens=("start", *profile, *map(str, titles[history.items[read]])),
        positions=np.concatenate([np.full(network.n_placeless, -1), read]),
        layers=layers.cpu().numpy(),
        readout=look.softmax[0, :, :n_tokens].cpu().numpy(),
        gate=look.gate[0, :, :n_tokens].cpu().numpy(),
    )
