"""The command line, one file for each group of commands; each registers itself with the app."""

from recommender.commands import data, model, reasons, trust, tuning
from recommender.commands.app import app, main

__all__ = ["app", "data", "main", "model", "reasons", "trust", "tuning"]
