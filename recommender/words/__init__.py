"""Explanations in words: claims in, sentences out, each backed by the claims it names."""

from recommender.words.phrases import AUDIENCES, LANGUAGES, Audience, Language
from recommender.words.templates import Sentence, Words, in_words

__all__ = ["AUDIENCES", "LANGUAGES", "Audience", "Language", "Sentence", "Words", "in_words"]
