"""What pages show of a whole run: measured once, kept in its folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from recommender.evaluate.global_explanation import Overall, overall, telling
from recommender.evaluate.item_map import item_map
from recommender.evaluate.items import TopLists, top_lists
from recommender.evaluate.kept import keep, kept
from recommender.evaluate.looking_back import LookingBack, looking_back
from recommender.evaluate.quality import Quality, measure_quality
from recommender.evaluate.starts import Start, interesting_users
from recommender.explain import feature_importance
from recommender.model.run import Run

Tell = Callable[[int, int], None]
"""Is told how much is done, and of how much; most measurements say nothing."""
MEASUREMENTS: Final[dict[str, Callable[[Run, Tell], Any]]] = {
    "importance": lambda run, tell: feature_importance(run),
    "starts": lambda run, tell: interesting_users(run),
    "lists": top_lists,
    "overall": lambda run, tell: overall(run, track=telling(tell)),
    "looking-back": lambda run, tell: looking_back(run),
    "quality": lambda run, tell: measure_quality(run),
    "map-pca": lambda run, tell: item_map(run, "pca"),
    "map-tsne": lambda run, tell: item_map(run, "tsne"),
}
_CLASSES: Final = (LookingBack, Overall, Quality, Start, TopLists)


def measured(run: Run, name: str) -> Any | None:
    """The measurement of this name as it was kept, or None."""
    return kept(run, name, _CLASSES)


def measure(run: Run, name: str, tell: Tell = lambda done, total: None) -> Any:
    """The measurement of this name, taken now and kept if it was not there.

    Raises ValueError where the run has too little data for it.
    """
    found = measured(run, name)
    if found is None:
        found = MEASUREMENTS[name](run, tell)
        keep(run, name, found)
    return found
