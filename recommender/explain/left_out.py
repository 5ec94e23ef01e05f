"""What a user did that does not count, as people say it."""

from __future__ import annotations

from typing import cast

import numpy as np

from recommender.data.dataset import Dataset
from recommender.data.histories import History
from recommender.data.uncounted import Reason
from recommender.explain.types import NotCounted


def not_counted(dataset: Dataset, history: History) -> tuple[NotCounted, ...]:
    """The rows of the history that no model reads, oldest first, each with its reason."""
    rows = history.uncounted
    ids, titles = (dataset.items[name].to_numpy() for name in ("item_id", "title"))
    return tuple(
        NotCounted(
            item=int(item),
            item_id=str(ids[item]),
            title=str(titles[item]),
            place=int(rows.places[i]),
            time=None if np.isnan(rows.times[i]) else int(rows.times[i]),
            event=rows.events[i],
            rating=None if np.isnan(rows.ratings[i]) else float(rows.ratings[i]),
            reason=cast(Reason, rows.reasons[i]),
        )
        for i, item in enumerate(rows.items)
    )
