"""Recommendations by an attention model whose explanations can be checked."""

__version__ = "0.1.0"
