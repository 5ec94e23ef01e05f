"""What `recommender` says in English about files, runs and the library, in the reader's language.

Its messages hold values (names, numbers, other messages), so the catalogue `errors.po` has them as
patterns: `{1} row{|s} {has|have} no id here`, where words that follow a number stand as `counted`
has them. What no pattern fits is said as it is.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from dashboard.discretion import discreet
from dashboard.words import LOCALE, WRITTEN_IN, Language, language

_GAP: Final = re.compile(r"\{\d\}")
_PARTS: Final = re.compile(r"(\{\d\}|\{[^{}|]*\|[^{}|]*\})")
_LONGEST: Final = 4_000
"""Letters of a message that is looked up: a link or a file can make it as long as it wants."""
_DEEPEST: Final = 6
"""How many messages stand within one another."""


def told(message: str) -> str:
    """The message in the reader's language, as far as the catalogue knows it; without what is not
    for them to see."""
    message = discreet(message)
    spoken = language()
    return message if spoken == WRITTEN_IN else _translated(message, spoken)


def _translated(message: str, spoken: Language, depth: int = 0) -> str:
    if len(message) > _LONGEST or depth > _DEEPEST:
        return message
    for fixed, pattern, translation in _patterns(spoken):
        found = fixed in message and pattern.fullmatch(message)
        if found:
            values = {name[1:]: value or "" for name, value in found.groupdict().items()}
            return _GAP.sub(
                lambda gap: _translated(values[gap[0][1:-1]], spoken, depth + 1),  # noqa: B023
                translation,
            )
    return message


@cache
def _patterns(spoken: Language) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """Words that stand in each as they are, patterns, translations; first those that say most."""
    path = LOCALE / spoken / "LC_MESSAGES" / "errors.po"
    if not path.exists():
        return ()
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        known = {str(one.id): str(one.string) for one in read_po(file) if one.id and one.string}
    ordered = sorted(known, key=lambda words: len(_GAP.sub("", words)), reverse=True)
    return tuple((_fixed(words), compiled(words), known[words]) for words in ordered)


def _fixed(words: str) -> str:
    return max((part for part in _PARTS.split(words) if not part.startswith("{")), key=len)


def compiled(words: str) -> re.Pattern[str]:
    """A message with gaps as a pattern; a gap is named by its number.

    A gap ends where the words after it stand for the first time, and no other end is tried: a
    message is gone through once, whatever stands in it. Only the last may reach further.
    """
    begin, *gaps = re.split(r"(?=\{\d\})", words)
    parts = [_matching(begin), *(f"(?>{_matching(gap)})" for gap in gaps[:-1])]
    return re.compile("".join(parts + [_matching(gap) for gap in gaps[-1:]]), re.DOTALL)


def _matching(words: str) -> str:
    return "".join(map(_as_pattern, _PARTS.split(words)))


def _as_pattern(part: str) -> str:
    """A gap, two words of which one stands there, or words as they are."""
    if _GAP.fullmatch(part):
        return f"(?P<n{part[1:-1]}>.+?)"
    if part.startswith("{") and "|" in part:
        return f"(?:{'|'.join(map(re.escape, part[1:-1].split('|')))})"
    return re.escape(part)
