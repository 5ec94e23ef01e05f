"""A language model's sentences against the claims that they name.

The model writes words and slots; names, numbers and dates come from RecLens alone. What stands
outside the slots has to be one of the wordings that say those claims, but for words that mean the
same and for what may introduce a sentence. So there is nothing to understand: a digit, a name, a
direction or a denial makes another sentence of it, in whatever language or script, and another
sentence is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from recommender.words.phrases import Language
from recommender.words.slots import Slots
from recommender.words.synonyms import OPENINGS, SYNONYMS
from recommender.words.templates import Sentence, Words, phrases_in

NAMES = ("candidate", "title", "other", "feature", "feature_value")
"""Slots that stand in quotes: the model may leave these out."""
_SLOT = re.compile(r"[“\"'「『]?\{(\w+)\}[”\"'」』]?")
_MARKS = str.maketrans("，（）：；—–。", ",();;;;.", "") | {ord(":"): ";"}
"""Marks that only divide are one mark, whichever script they are of."""


@dataclass(frozen=True)
class Answered:
    """One sentence as the model gave it: the claims that it names, and its words with slots."""

    claims: tuple[int, ...]
    text: str


@dataclass(frozen=True)
class Checked:
    """One sentence of the model's and what became of it."""

    text: str
    """As it reads, or as it came if it was refused."""
    shown: Sentence | None
    """The sentence itself if it is backed, else the template's on the same claims, if any."""
    objection: str = ""
    """Why it was refused; empty if it was not."""

    @property
    def backed(self) -> bool:
        """Whether the claims back it."""
        return not self.objection


def check(answered: Iterable[Answered], words: Words) -> tuple[Checked, ...]:
    """Every sentence of the answer, in order, against the sentences of the templates.

    Those come in an order in which *it* and *too* are understood, so each may be said once and in
    its turn.
    """
    places = {one.claims: place for place, one in enumerate(words.sentences)}
    turn, found = 0, []
    for one in answered:
        place = places.get(one.claims)
        if place is None:
            found.append(Checked(one.text, None, "it names no claims that are to be said"))
        elif place < turn:
            found.append(Checked(one.text, None, "it comes out of its turn"))
        else:
            found.append(_checked(one.text, words.sentences[place], words))
            turn = place + 1
    return tuple(found)


def _checked(text: str, sentence: Sentence, words: Words) -> Checked:
    language = words.language
    if _bare(text, language) not in _known(sentence.wordings, language):
        return Checked(text, sentence, "no wording of these claims")
    said = _filled(text, words, sentence)
    return Checked(said, Sentence(said, sentence.claims, sentence.wordings))


def _filled(text: str, words: Words, sentence: Sentence) -> str:
    """The text with what the claim says in its slots."""
    phrases = phrases_in(words.language, words.vocabulary)
    slots = Slots(phrases, words.claims[sentence.claims[0]])

    def value(found: re.Match[str]) -> str:
        slot = found[1].lower()
        return phrases.quoted.format(text=slots[slot]) if slot in NAMES else slots[slot]

    return _SLOT.sub(value, text).strip()


@cache
def _known(wordings: tuple[str, ...], language: Language) -> frozenset[str]:
    return frozenset(_bare(one, language) for one in wordings)


def _bare(text: str, language: Language) -> str:
    """What decides the meaning: no introduction, no capitals, one word for all that mean the same.

    Only ASCII is folded, so that what merely looks like a letter, a digit or a space is not one.
    """
    text = _SLOT.sub(r"{\1}", text.strip()).translate(_MARKS)
    text = "".join(one.lower() if one.isascii() else one for one in text)
    text = re.sub(" +", "" if language == "zh" else " ", text).removesuffix(".")
    text = _openings(language).sub("", text)
    return _words(language).sub(lambda found: _first(language)[found.group()], text)


@cache
def _openings(language: Language) -> re.Pattern[str]:
    phrases = "|".join(re.escape(one) for one in sorted(OPENINGS[language], key=len, reverse=True))
    return re.compile(rf"^(?:(?:{phrases})[,;] ?)*")


@cache
def _first(language: Language) -> dict[str, str]:
    return {one: row[0] for row in SYNONYMS[language] for one in row}


@cache
def _words(language: Language) -> re.Pattern[str]:
    known = "|".join(re.escape(one) for one in sorted(_first(language), key=len, reverse=True))
    return re.compile(rf"(?<![\w{{])(?:{known})(?!\w)" if language == "en" else known)
