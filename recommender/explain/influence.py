"""*Mattered*: what a logit loses when an event, or a profile value, is taken away.

Leave-one-out: the event is deleted and the rest closed up, all deletions in one batch; `as_of`
stays. The routing stream's window is cut before the deletion, so nothing slides in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from recommender.data.histories import History
from recommender.model.batches import stack
from recommender.model.inference import Scorer
from recommender.model.network import Queries, Sequences


@dataclass(frozen=True, eq=False)
class Influence:
    """Effects of single deletions on one candidate; positive where the event helped."""

    logit: Float[np.ndarray, " event"]
    log_softmax: Float[np.ndarray, " event"]
    profile: Float[np.ndarray, " user_feature"]
    """Effect on the logit of taking away each profile value."""
    full: Float[np.ndarray, " item"]
    """Logits of all items with nothing taken away."""


@torch.inference_mode()
def influence(scorer: Scorer, history: History, item: int) -> Influence:
    """Delete each event and each profile value in turn, and measure the candidate's logit."""
    window = scorer.network.config.window
    newest = history.newest(window)
    profile_deleted = _profile_vectors(scorer, newest)
    learned, without_profile = profile_deleted[:1], profile_deleted[1:]
    full = (learned @ scorer.candidates.T + scorer.bias)[0].cpu()
    full += torch.from_numpy(scorer.voters.logits(history))
    older = len(history) - len(newest)
    without = torch.cat([learned.expand(older, -1), _event_vectors(scorer, newest)])
    logits = (without @ scorer.candidates.T + scorer.bias).cpu()
    logits += torch.from_numpy(scorer.voters.logits_without(history))
    lost = full[item] - logits[:, item]
    lost_log = full.log_softmax(-1)[item] - logits.log_softmax(-1)[:, item]
    profile = (learned - without_profile) @ scorer.candidates[item]
    return Influence(lost.numpy(), lost_log.numpy(), profile.cpu().numpy(), full.numpy())


def _event_vectors(scorer: Scorer, history: History) -> Float[Tensor, "event width"]:
    """The user vector without each event in turn."""
    n = len(history)
    if n == 0:
        return scorer.candidates[:0]
    sequences, queries = stack([history], n)
    step = torch.arange(max(n - 1, 1))
    kept = (step + (step >= torch.arange(n)[:, None])).clamp(max=n - 1)
    items, events, times = (tensor[0, kept] for tensor in sequences[:3])
    shortened = Sequences(items, events, times, sequences.profile.expand(n, -1, -1))
    cuts = torch.full((n,), n - 1)
    return _vectors(scorer, shortened, Queries(torch.arange(n), cuts, queries.as_of.expand(n)))


def _profile_vectors(scorer: Scorer, history: History) -> Float[Tensor, "query width"]:
    """The user vector with nothing taken away, then without each profile token in turn."""
    n = 1 + len(history.profile)
    sequences, queries = stack([history] * n, scorer.network.config.window)
    n_tokens = scorer.network.n_placeless + sequences.items.shape[1]
    dropped = torch.zeros(n, n_tokens, dtype=torch.bool)
    dropped[torch.arange(1, n), torch.arange(1, n)] = True
    return _vectors(scorer, sequences, queries, dropped.to(scorer.device))


def _vectors(
    scorer: Scorer, sequences: Sequences, queries: Queries, dropped: Tensor | None = None
) -> Float[Tensor, "query width"]:
    device = scorer.device
    return scorer.network.user_vectors(sequences.to(device), queries.to(device), dropped)
