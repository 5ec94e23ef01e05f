"""A run that was not trained on its data but scored it, with the network of another run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ScoredWith:
    """The run that was trained: what is known of its network's quality was measured there."""

    fingerprint: str
    name: str = ""
    """Its folder's name; blank in runs of older versions, which did not write it."""
    known_users: int | None = None
    """How many of the users it was trained on; None where that was not written."""


def scored_with(config: Mapping[str, Any]) -> ScoredWith | None:
    """What the `config.json` of a run says of it; None of a run that was trained itself."""
    told = config.get("scored_with")
    if told is None:
        return None
    return ScoredWith(told) if isinstance(told, str) else ScoredWith(**told)


def own_metrics(config: Mapping[str, Any], metrics: Mapping[str, Any]) -> dict[str, Any]:
    """What was measured on the run's own data: in a run that scored, no view.

    Older versions wrote there what had been measured of the other run.
    """
    return dict(metrics) if scored_with(config) is None else {"split": config["split"], "views": {}}
