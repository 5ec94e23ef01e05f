"""The command line, one file for each group of commands; each registers itself with the app."""

from recommender.commands import (
    data,
    erasing,
    library,
    measure,
    model,
    reasons,
    score,
    trust,
    tuning,
)
from recommender.commands.app import app, main

__all__ = [
    "app",
    "data",
    "erasing",
    "library",
    "main",
    "measure",
    "model",
    "reasons",
    "score",
    "trust",
    "tuning",
]
