"""Items that nobody had yet: how high they may stand beside the others.

Training can only push such an item down: it is never a target. So its bias is what the attributes
let expect, plus one constant for all new items, chosen so that new items are recommended as often
as they are bought. That is asked of the validation cases: a part of the known items is taken for
new, known by attributes alone, and together they must get the share of the softmax that they have
of the purchases; each part in turn. An item without a single event is taken for new, not for
unwanted.
"""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from scipy import sparse, special
from scipy.optimize import brentq

from recommender.data.dataset import Dataset
from recommender.data.splits import Holdout
from recommender.model.inference import Scorer
from recommender.model.network import Network
from recommender.model.uniqueness import attribute_design, explained

N_PARTS = 5
"""Parts of the known items that are taken for new in turn."""
MAX_CASES = 512
MAX_LOGITS = 2**24
"""Validation cases asked at most, and cases times items."""
MOST = 8.0
"""The constant lies between this and its negative."""


def welcome_new_items(
    network: Network,
    neighbours: sparse.csr_matrix,
    dataset: Dataset,
    validation: Holdout,
    event_counts: Int[np.ndarray, " item"],
) -> None:
    """Set bias and repeat appeal of the items without a training event, in place.

    Ids must be zero for them, as `make_shares_unique` leaves them.
    """
    seen = event_counts > 0
    if seen.all() or not seen.any():
        return
    appeal = torch.stack([network.bias, network.again_item], dim=1).detach()
    known = appeal.double().cpu().numpy()
    design = attribute_design(network.candidate_items)
    expected = explained(design, known, seen.astype(np.float64))
    if len(validation.users):
        scorer = Scorer.of(network, neighbours)
        expected[:, 0] += _constant(scorer, design, dataset, validation, event_counts)
    new = torch.from_numpy(np.where(seen[:, None], known, expected)).to(appeal)
    with torch.no_grad():
        network.bias.copy_(new[:, 0])
        network.again_item.copy_(new[:, 1])


def _constant(
    scorer: Scorer,
    design: sparse.csr_matrix,
    dataset: Dataset,
    validation: Holdout,
    event_counts: Int[np.ndarray, " item"],
) -> float:
    """What makes the expected purchases of items taken for new as many as there were; 0 where all
    known items are in one part, so that none is left beside it."""
    seen, part_of = event_counts > 0, np.arange(len(event_counts)) % N_PARTS
    if len(np.unique(part_of[seen])) < 2:
        return 0.0
    n = min(MAX_CASES, len(validation), max(MAX_LOGITS // len(event_counts), 1))
    asked = np.linspace(0, len(validation) - 1, n).astype(int)
    histories = [
        dataset.history(
            *(int(of[i]) for of in (validation.users, validation.cuts, validation.as_of))
        )
        for i in asked
    ]
    known_logits = scorer.logits(histories).astype(np.float64)
    users = scorer.user_vectors(histories).cpu().numpy().astype(np.float64)
    new_logits = _as_if_new(scorer, design, users, event_counts)
    wanted, had = (np.zeros(known_logits.shape, dtype=bool) for _ in range(2))
    for row, (case, history) in enumerate(zip(asked, histories, strict=True)):
        wanted[row, validation.targets(int(case))] = True
        had[row, history.had] = True
    odds, weight, bought = [], [], 0.0
    for part in range(N_PARTS):
        new = seen & (part_of == part)
        first = new & ~had
        others = _mass(known_logits, seen & ~new)
        odds.append(_mass(new_logits, first) - others)
        weight.append((wanted & (first | ~new)).sum(1))
        bought += float((wanted & first).sum())
    odds_of, weight_of = np.concatenate(odds), np.concatenate(weight)

    def surplus(constant: float) -> float:
        return float((weight_of * special.expit(odds_of + constant)).sum()) - bought

    if surplus(-MOST) >= 0 or surplus(MOST) <= 0:
        return 0.0
    return float(brentq(surplus, -MOST, MOST, xtol=1e-4))


def _mass(
    logits: Float[np.ndarray, "case item"], among: Bool[np.ndarray, "*case item"]
) -> Float[np.ndarray, " case"]:
    """The log of the summed exponentials of some items' logits."""
    return np.asarray(special.logsumexp(np.where(among, logits, -1e9), axis=1))


def _as_if_new(
    scorer: Scorer,
    design: sparse.csr_matrix,
    users: Float[np.ndarray, "case width"],
    event_counts: Int[np.ndarray, " item"],
) -> Float[np.ndarray, "case item"]:
    """Each item's logits if it had no event: its attributes as learned from the other parts."""
    vectors = scorer.candidates.double().cpu().numpy()
    bias = scorer.bias.double().cpu().numpy()[:, None]
    logits = np.zeros((len(users), len(vectors)))
    part_of = np.arange(len(vectors)) % N_PARTS
    for part in range(N_PARTS):
        mine, others = part_of == part, (part_of != part) & (event_counts > 0)
        vector = explained(design, vectors, np.where(others, event_counts, 0).astype(np.float64))
        appeal = explained(design, bias, others.astype(np.float64))
        logits[:, mine] = users @ vector[mine].T + appeal[mine, 0]
    return logits
