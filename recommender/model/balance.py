"""How much each part of a logit counts, said last by purchases that nothing was learned from.

A logit is a sum of parts: the item's popularity, what attention reads, *again*, *together*, and
what is bought lately. Training settles all but the last on the same events, and so trusts the parts
that can remember their targets (an item's vector) more than they deserve on purchases to come. So
each part gets one factor, and the trend its window and weight: those under which the validation
cases are most probable (stacking, Wolpert 1992). The loss is the one of training, convex in the
factors, with a weak pull to 1. The factors go into the weights, so that shares stay exact.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from scipy import sparse
from scipy.optimize import minimize
from torch import Tensor

from recommender.data.dataset import Dataset
from recommender.data.splits import Holdout, Split
from recommender.model.inference import Scorer
from recommender.model.network import Network
from recommender.model.trend import DAYS, Sales, Trend

PULL: Final = 10.0
"""How many cases the pull to 1 (of the trend to 0) outweighs."""
DIGITS: Final = 2
"""Digits of a factor: the last bits of a sum differ from one processor to the next."""
MAX_LOGITS: Final = 2**24
"""Cases times items, at most."""
_AT_ONCE: Final = 128
_NEVER: Final = -1e4


@dataclass(frozen=True)
class Balance:
    """The factor of each part, 1 where it counts as it was trained."""

    popularity: float = 1.0
    attention: float = 1.0
    """Of all that the user vector brings: the readout, and the order term where there is one."""
    again: float = 1.0
    together: float = 1.0


PARTS: Final = tuple(field.name for field in fields(Balance))


@dataclass(frozen=True, eq=False)
class Answered:
    """Cases with the parts of their logits, and what was taken."""

    parts: Float[Tensor, "case part item"]
    wanted: Float[Tensor, "case item"]
    """Rows sum to 1."""
    had: Bool[Tensor, "case item"]
    weights: tuple[float, float]
    """Of the loss over all items, and of that over the items new to the user."""

    def loss(self, factors: Float[np.ndarray, " part"]) -> tuple[float, Float[np.ndarray, " part"]]:
        """The cross entropy, mean over the cases, and its slope."""
        total, slope = 0.0, np.zeros(len(factors))
        own = torch.from_numpy(factors).to(self.parts)
        for start in range(0, len(self.wanted), _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            parts, wanted, had = self.parts[some], self.wanted[some], self.had[some]
            logits = own @ parts
            pull = torch.zeros_like(logits)
            for weight, hidden in zip(self.weights, (torch.zeros_like(had), had), strict=True):
                if weight:
                    taken = wanted.masked_fill(hidden, 0.0)
                    share = taken.sum(1, keepdim=True)
                    log_p = logits.masked_fill(hidden, _NEVER).log_softmax(1)
                    total -= weight * float((log_p * taken).sum(dtype=torch.float64))
                    pull += weight * (share * log_p.exp() - taken)
            slope += (parts @ pull.unsqueeze(2)).sum((0, 2), dtype=torch.float64).numpy()
        return total / len(self.wanted), slope / len(self.wanted)

    def fitted(self) -> tuple[float, Float[np.ndarray, " part"]]:
        """The lowest loss, and the factors that have it: none below 0, pulled to where they were
        (1 for the parts, 0 for the trend)."""
        n_parts = self.parts.shape[1]
        start = (np.arange(n_parts) < len(PARTS)).astype(np.float64)

        def pulled(factors: np.ndarray) -> tuple[float, np.ndarray]:
            loss, slope = self.loss(factors)
            away = (factors - start) * PULL / len(self.wanted)
            return loss + 0.5 * float((factors - start) @ away), slope + away

        bounds = [(0, None)] * n_parts
        found = minimize(pulled, start, jac=True, method="L-BFGS-B", bounds=bounds)
        return float(found.fun), np.asarray(found.x)


def balance_parts(
    network: Network,
    neighbours: sparse.csr_matrix,
    dataset: Dataset,
    split: Split,
    validation: Holdout,
    new_items_loss: float,
) -> tuple[Balance, Trend | None]:
    """Weigh the parts of a trained network anew, in place; what was chosen, and the trend.

    The trend is chosen by the sales of training, and then has all before the test's: what is bought
    lately must be known until lately.
    """
    known = Sales.of(dataset, split.train_end)
    scorer = Scorer.of(network, neighbours)
    balance, trend = best_balance(scorer, dataset, validation, known, new_items_loss)
    weigh(network, balance)
    return balance, trend and replace(trend, sales=Sales.of(dataset, split.test_start))


def best_balance(
    scorer: Scorer, dataset: Dataset, validation: Holdout, sales: Sales, new_items_loss: float
) -> tuple[Balance, Trend | None]:
    """Each part's factor, and the trend, for a scorer without one; all 1 where there are no cases.

    `sales` are those that the trend may know while it is chosen. Its window is the one under which
    the cases are most probable; there is none where the data has no time.
    """
    n_items = len(dataset.items)
    asked = _spread(len(validation), MAX_LOGITS // n_items)
    if not len(asked):
        return Balance(), None
    losses = (1.0, new_items_loss) if dataset.repeats else (0.0, 1.0)
    answered = _answered(scorer, dataset, validation, asked, losses)
    moments, place = np.unique(validation.as_of[asked], return_inverse=True)
    windows = DAYS if dataset.has_time and len(sales.items) else ()
    trends = [None, *(Trend(sales, n_items, days, 1.0) for days in windows)]

    def fitted(trend: Trend | None) -> tuple[float, Float[np.ndarray, " part"]]:
        if trend is None:
            return answered.fitted()
        lately = torch.from_numpy(trend.logits(moments)[place])[:, None]
        return replace(answered, parts=torch.cat([answered.parts, lately], dim=1)).fitted()

    found = [fitted(trend) for trend in trends]
    best = min(range(len(trends)), key=lambda nth: found[nth][0])
    factors, trend = found[best][1].round(DIGITS), trends[best]
    if trend is not None:
        trend = replace(trend, weight=float(factors[-1])) if factors[-1] > 0 else None
    return Balance(*map(float, factors[: len(PARTS)])), trend


def _spread(n: int, most: int) -> Int[np.ndarray, " case"]:
    """So many of n cases at most, evenly spaced."""
    return np.linspace(0, max(n - 1, 0), min(n, most)).astype(np.int64)


def _answered(
    scorer: Scorer,
    dataset: Dataset,
    holdout: Holdout,
    asked: Int[np.ndarray, " case"],
    losses: tuple[float, float],
) -> Answered:
    histories = [
        dataset.history(*(int(of[i]) for of in (holdout.users, holdout.cuts, holdout.as_of)))
        for i in asked
    ]
    with torch.inference_mode():
        read = (scorer.user_vectors(histories) @ scorer.candidates.T).cpu().float()
        popularity = scorer.bias.cpu().float().expand(read.shape)
    votes = [torch.from_numpy(voters.logits(histories)) for voters in scorer.voters.apart()]
    wanted, had = torch.zeros(read.shape), torch.zeros(read.shape, dtype=torch.bool)
    for row, (case, history) in enumerate(zip(asked, histories, strict=True)):
        items = holdout.targets(int(case))
        wanted[row, items.astype(np.int64)] = 1 / len(items)
        had[row, history.had.astype(np.int64)] = True
    return Answered(torch.stack([popularity, read, *votes], dim=1), wanted, had, losses)


@torch.no_grad()
def weigh(network: Network, balance: Balance) -> None:
    """Multiply the weights of each part by its factor, in place."""
    network.bias.mul_(balance.popularity)
    network.mix.mul_(balance.attention)
    network.order.weight.mul_(balance.attention)
    network.again_weight.mul_(balance.again)
    network.again_item.mul_(balance.again)
    network.together_weight.mul_(balance.together)
