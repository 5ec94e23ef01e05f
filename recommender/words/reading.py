"""A text read closely: sentences, and in them names, dates, numbers and the words between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from recommender.data.vocabulary import SHOP, Vocabulary
from recommender.words.lexicon import entries
from recommender.words.phrases import Language

Kind = Literal["name", "date", "number", "word", "mark", "unknown"]

_OPEN, _CLOSE = "“\"「『«‘'", "”\"」』»’'"
_FIRST = 0xE000
"""Masks are characters of Unicode's private use area, which a text to check may not hold."""
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_NUMBER = re.compile(
    r"(?P<sign>[+\-−])?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<end>[  \u202f]?%|st\b|nd\b|rd\b|th\b)?"
)
_COUNTED = "one two three four five six seven eight nine ten"
_WORDS: dict[Language, dict[str, int]] = {
    "en": {word: n for n, word in enumerate(_COUNTED.split(), 1)} | {"once": 1, "twice": 2},
    "zh": {word: n for n, word in enumerate("一二三四五六七八九十", 1)} | {"两": 2},
}
_UNIT_AFTER = re.compile(r"\s*(?:more\s+)?(?:day|event|purchase|time|view|item)|\s*[次个天名]")
_STOP = re.compile(r"(?<=[.!?])(?=\s|$)|(?<=[。！？\n])")


@dataclass(frozen=True)
class Token:
    """One piece of a sentence."""

    kind: Kind
    text: str
    """The name itself, the date, the digits, or the word in lower case."""
    classes: frozenset[str] = frozenset()
    value: float = 0.0
    """Of a number, without its sign."""
    sign: str = ""
    decimals: int = 0

    def does(self, *classes: str) -> bool:
        """Whether it is of one of these classes."""
        return not self.classes.isdisjoint(classes)


def sentences(text: str, names: Iterable[str], dates: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each sentence as it is, and with names and dates masked; a full stop in a name ends none."""
    masks = _masks(names, dates)
    masked = _masked(_PRIVATE.sub("\ufffd", _unmarked(text)), masks)
    for part in _STOP.split(masked):
        if part.strip():
            yield _unmasked(part, masks).strip(), part.strip()


def tokens(
    masked: str,
    names: Iterable[str],
    dates: Iterable[str],
    language: Language,
    vocabulary: Vocabulary = SHOP,
) -> tuple[Token, ...]:
    """A masked sentence in pieces; what is not in the lexicon is `unknown`."""
    masks = _masks(names, dates)
    return tuple(_tokens(re.sub(r"(?<=\w)['’]s\b", "", masked), masks, language, vocabulary))


def _masks(names: Iterable[str], dates: Iterable[str]) -> list[tuple[Kind, str]]:
    found: list[tuple[Kind, str]] = [("name", one) for one in sorted(set(names)) if one.strip()]
    return found + [("date", one) for one in sorted(set(dates))]


def _unmarked(text: str) -> str:
    """Without Markdown's emphasis and list marks."""
    return re.sub(r"(?m)^\s*(?:[-*•]|\d+[.)])\s+|\*\*|__|`", "", text)


def _masked(text: str, masks: Sequence[tuple[Kind, str]]) -> str:
    """Longest first, so that no name is taken for a part of another; quotes go with the name.

    A name made of nothing but words of the language counts only in quotes: a product called *not*
    must not hide a denial.
    """
    order = sorted(range(len(masks)), key=lambda i: -len(masks[i][1]))
    for i in order:
        text = _quoted(masks[i][1]).sub(chr(_FIRST + i), text)
    for i in order:
        kind, name = masks[i]
        if kind == "date" or not _common(name):
            text = _bare(name).sub(chr(_FIRST + i), text)
    return text


@lru_cache(maxsize=4096)
def _bare(name: str) -> re.Pattern[str]:
    before = r"(?<!\w)" if name[0].isascii() else ""
    after = r"(?!\w)" if name[-1].isascii() else ""
    return re.compile(before + re.escape(name) + after)


@lru_cache(maxsize=4096)
def _quoted(name: str) -> re.Pattern[str]:
    return re.compile(f"[{_OPEN}]\\s*{re.escape(name)}\\s*[{_CLOSE}]")


@cache
def _common(name: str) -> bool:
    words = re.findall(r"\w+", name.lower())
    known = set().union(*(phrase.split() for phrase in entries("en")))
    if all(word in known for word in words):
        return True
    return len(name) < 3 or bool(re.fullmatch(_pattern("zh").pattern + "+", name))


def _unmasked(text: str, masks: Sequence[tuple[Kind, str]]) -> str:
    def shown(found: re.Match[str]) -> str:
        kind, name = masks[ord(found.group()) - _FIRST]
        return f"“{name}”" if kind == "name" else name

    return _PRIVATE.sub(shown, text)


@cache
def _pattern(language: Language, vocabulary: Vocabulary = SHOP) -> re.Pattern[str]:
    phrases = sorted(entries(language, vocabulary), key=lambda one: (-len(one), one))
    body = "|".join(re.escape(one).replace(r"\ ", r"\s+") for one in phrases if one not in ";:—–")
    body = f"(?:{body})"
    return re.compile(rf"(?<![\w']){body}(?![\w])" if language == "en" else body, re.IGNORECASE)


def _tokens(
    text: str, masks: Sequence[tuple[Kind, str]], language: Language, vocabulary: Vocabulary
) -> Iterator[Token]:
    known, at = entries(language, vocabulary), 0
    while at < len(text):
        one = text[at]
        if "\ue000" <= one <= "\uf8ff":
            kind, name = masks[ord(one) - _FIRST]
            yield Token(kind, name)
            at += 1
        elif one.isspace():
            at += 1
        elif (found := _number(text, at, language)) and not _is_phrase(
            text, at, found[1], language
        ):
            token, at = found
            yield token
        elif (match := _pattern(language, vocabulary).match(text, at)) is not None:
            word = re.sub(r"\s+", " ", match.group().lower())
            yield Token("word", word, known[word])
            at = match.end()
        elif one.isalpha() or one.isdigit():
            match = re.compile(r"\w+" if one.isascii() else r"\w").match(text, at)
            end = match.end() if match else at + 1
            yield Token("unknown", text[at:end])
            at = end
        else:
            breaks = one in ";:—–；：" or text[at : at + 2] == "--"
            kind = "mark" if breaks or one in ",.!?()（），。！？、'’…" else "unknown"
            yield Token(kind, one, frozenset({"break"} if breaks else ()))
            at += 1


def _is_phrase(text: str, at: int, end: int, language: Language) -> bool:
    """Whether a number in words is only the beginning of a phrase."""
    match = _pattern(language).match(text, at)
    return match is not None and match.end() > end


def _number(text: str, at: int, language: Language) -> tuple[Token, int] | None:
    found = _NUMBER.match(text, at)
    if found:
        digits = found["digits"].replace(",", "")
        decimals = len(digits.partition(".")[2])
        end = (found["end"] or "").strip()
        classes = {"%": {"percent"}}.get(end, {"ordinal"} if end else set())
        sign = {"−": "-"}.get(found["sign"] or "", found["sign"] or "")
        token = Token("number", found.group(), frozenset(classes), float(digits), sign, decimals)
        return token, found.end()
    for word, value in _WORDS[language].items():
        if text[at : at + len(word)].lower() != word:
            continue
        after = text[at + len(word) :]
        alone = word in ("once", "twice") and not after[:1].isalpha()
        if _is_phrase(text, at, at + len(word), language):
            return None
        if alone or _UNIT_AFTER.match(after):
            does = frozenset({"times"} if alone else ())
            return Token("number", word, does, float(value)), at + len(word)
    return None
