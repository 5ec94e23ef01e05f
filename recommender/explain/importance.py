"""What counts over many users: mean absolute contribution by feature (as in SHAP summaries)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from recommender.explain.contributions import contributions, feature_names
from recommender.explain.lenses import recommend
from recommender.explain.types import LATELY, SAMPLE, USUALLY
from recommender.model.device import threads
from recommender.model.run import Run


def feature_importance(run: Run, users: Sequence[int] | None = None, seed: int = 0) -> pd.DataFrame:
    """Shares of the users' first recommendations, by feature; 200 users drawn at random by default.

    Columns: `feature`, `kind` (`event`, `profile`, `bias`, `order`), `mean_abs_contribution` and
    `mean_contribution` (logit, summed over a user's events), `share` (of all absolute ones).
    """
    if users is None:
        rng = np.random.default_rng(seed)
        n = min(SAMPLE, len(run.dataset.users))
        users = np.sort(rng.choice(len(run.dataset.users), n, replace=False)).tolist()
    events = feature_names([feature.name for feature in run.dataset.item_features])
    profile = [feature.name for feature in run.dataset.user_features]
    rows = [row for user in users if (row := _shares(run, user)) is not None]
    table = np.array(rows) if rows else np.zeros((1, len(events) + len(profile) + 3))
    absolute = np.abs(table).mean(0)
    kinds = ["event"] * len(events) + ["profile"] * len(profile) + ["bias", "bias", "order"]
    found = pd.DataFrame(
        {
            "feature": [*events, *profile, USUALLY, LATELY, "order and combination"],
            "kind": kinds,
            "mean_abs_contribution": absolute,
            "mean_contribution": table.mean(0),
            "share": absolute / max(absolute.sum(), 1e-12),
        }
    )
    return popularity_rows(run, found, "popularity")


def popularity_rows(run: Run, table: pd.DataFrame, whole: str) -> pd.DataFrame:
    """The table, where popularity is one row of this name in a run without a trend."""
    if run.scorer.trend is not None:
        return table
    table = table[table["feature"] != LATELY].reset_index(drop=True)
    return table.assign(feature=table["feature"].replace(USUALLY, whole))


def _shares(run: Run, user: int) -> np.ndarray | None:
    history = run.history(user)
    top = recommend(run, history, k=1)
    if not top:
        return None
    with threads(1):
        shares = contributions(run.scorer, history, [top[0].item])
    own = shares.bias - shares.lately, shares.lately
    return np.concatenate([shares.features[0].sum(0), shares.profile[0], *own, shares.order_term])
