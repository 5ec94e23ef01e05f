"""Data sets that are known by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from recommender.data.dataset import Dataset
from recommender.data.known.complete_journey import complete_journey
from recommender.data.known.movielens import movielens_100k


@dataclass(frozen=True)
class Known:
    """A collection that `fetch` can build."""

    build: Callable[[int], Dataset]
    """Takes how often an item must come to be kept."""
    min_item_events: int
    """How often, unless said otherwise."""


KNOWN: Final[Mapping[str, Known]] = {
    "complete-journey": Known(complete_journey, 20),
    "movielens-100k": Known(movielens_100k, 1),
}
