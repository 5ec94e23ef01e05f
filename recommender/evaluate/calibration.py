"""Where the words strong, mixed and weak of a trust summary begin, found on held-out users."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from recommender.evaluate.trust import USERS, trust_users
from recommender.explain.influence import influence
from recommender.explain.ranking import allowed_items
from recommender.explain.summary import NAMED, leads, strongest
from recommender.model.device import threads
from recommender.model.run import Run
from recommender.said import StatedError

SEED = 1
DRAWS = 10
"""Random namings tried of each recommendation."""


class Calibration(NamedTuple):
    """Leads over the newest events, in log-probability."""

    users: int
    mixed: float
    """Half of `strong`."""
    strong: float
    """What one random naming in twenty exceeds."""
    named: np.ndarray
    """The leads of the events with most influence."""
    at_random: np.ndarray
    """The leads of events named at random."""


def calibrate(run: Run, n_users: int = 200) -> Calibration:
    """Compare naming by influence with naming at random, for the users' first recommendations.

    An explanation is strong if its lead is one that only one random naming in twenty reaches, and
    mixed if it is at least half of that. None of the users is asked by the trust report. Raises
    ValueError if no others are left.
    """
    rng = np.random.default_rng(SEED)
    named, at_random = [], []
    users = trust_users(run, USERS + n_users)[USERS:]
    if not users:
        raise StatedError(
            "{path} has too few users: the trust report asks all of them", path=run.path
        )
    with threads(1):
        for user in users:
            history = run.history(user, before_held_out=True)
            logits = run.scorer.logits([history])[0]
            allowed = allowed_items(history, len(logits), run.default_view)
            item = int(np.where(allowed, logits, -np.inf).argmax())
            by_influence = strongest(influence(run.scorer, history, [item]).logit[0])
            drawn = [tuple(rng.permutation(len(history))[:NAMED]) for _ in range(DRAWS)]
            found = leads(run.scorer, history, item, allowed, [by_influence, *drawn])
            named.append(found[0])
            at_random += found[1:].tolist()
    strong = float(np.quantile(at_random, 0.95))
    return Calibration(len(users), strong / 2, strong, np.array(named), np.array(at_random))
