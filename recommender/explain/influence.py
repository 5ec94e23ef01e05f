"""*Mattered*: what a logit loses when an event, or a profile value, is taken away.

Leave-one-out: the event is deleted and the rest closed up, all deletions in one batch; `as_of`
stays. The routing stream's window is cut before the deletion, so nothing slides in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from recommender.data.histories import History
from recommender.explain.deletions import leave_one_out, part_logits
from recommender.explain.types import Attribution
from recommender.model.batches import stack
from recommender.model.inference import Scorer


@dataclass(frozen=True, eq=False)
class Influence:
    """Effects of single deletions on some candidates; positive where the event helped."""

    logit: Float[np.ndarray, "candidate event"]
    log_softmax: Float[np.ndarray, "candidate event"]
    profile: Float[np.ndarray, "candidate user_feature"]
    """Effect on the logit of taking away each profile value."""


@torch.inference_mode()
def influence(scorer: Scorer, history: History, items: Sequence[int]) -> Influence:
    """Delete each event and each profile value in turn, and measure the candidates' logits."""
    whole = np.ones((1, len(history)), dtype=bool)
    kept = np.concatenate([whole, leave_one_out(len(history))])
    logits = part_logits(scorer, history, kept)
    chosen = logits[:, list(items)]
    log_softmax = chosen - _log_sum_exp(logits)
    return Influence(
        logit=(chosen[:1] - chosen[1:]).T,
        log_softmax=(log_softmax[:1] - log_softmax[1:]).T,
        profile=_profile_influence(scorer, history, items),
    )


@torch.inference_mode()
def influence_on_logits(scorer: Scorer, history: History, items: Sequence[int]) -> Attribution:
    """The same on the candidates' logits alone, which spares scoring all the others."""
    whole = np.ones((1, len(history)), dtype=bool)
    kept = np.concatenate([whole, leave_one_out(len(history))])
    logits = part_logits(scorer, history, kept, items)
    profile = _profile_influence(scorer, history, items)
    return Attribution("influence", tuple(items), (logits[:1] - logits[1:]).T, profile)


def _log_sum_exp(logits: Float[np.ndarray, "part item"]) -> Float[np.ndarray, "part 1"]:
    return torch.from_numpy(logits).logsumexp(-1, keepdim=True).numpy()


def _profile_influence(
    scorer: Scorer, history: History, items: Sequence[int]
) -> Float[np.ndarray, "candidate user_feature"]:
    logits = _profile_vectors(scorer, history) @ scorer.candidates[list(items)].T
    return (logits[:1] - logits[1:]).T.cpu().numpy()


def _profile_vectors(scorer: Scorer, history: History) -> Float[Tensor, "query width"]:
    """The user vector with nothing taken away, then without each profile token in turn."""
    n = 1 + len(history.profile)
    sequences, queries = stack([history] * n, scorer.network.config.window)
    n_tokens = scorer.network.n_placeless + sequences.items.shape[1]
    dropped = torch.zeros(n, n_tokens, dtype=torch.bool, device=scorer.device)
    dropped[torch.arange(1, n), torch.arange(1, n)] = True
    sequences, queries = sequences.to(scorer.device), queries.to(scorer.device)
    return scorer.network.user_vectors(sequences, queries, dropped)
