"""Ranking metrics and the one evaluator, on plain arrays."""

from recommender.metrics.evaluator import VIEWS, Cases, View, evaluate
from recommender.metrics.ranking import hits_at, mrr, ndcg, recall

__all__ = ["VIEWS", "Cases", "View", "evaluate", "hits_at", "mrr", "ndcg", "recall"]
