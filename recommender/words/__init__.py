"""Explanations in words: claims in, sentences out, each backed by the claims it names.

The templates are imported when they are first asked for: the command line's help need not wait.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from recommender.words.phrases import AUDIENCES, LANGUAGES, Audience, Language

if TYPE_CHECKING:
    from recommender.words.templates import Sentence, Words, in_words

__all__ = ["AUDIENCES", "LANGUAGES", "Audience", "Language", "Sentence", "Words", "in_words"]


def __getattr__(name: str) -> Any:
    if name not in ("Sentence", "Words", "in_words"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("recommender.words.templates"), name)
