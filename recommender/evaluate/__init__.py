"""Reports on a run: how far its explanations can be believed."""

from recommender.evaluate.causes import planted_causes

__all__ = ["planted_causes"]
