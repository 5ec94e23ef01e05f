"""What `recommender` says in English about files, runs and the library, in the reader's language.

Its messages hold values (names, numbers, other messages), so the catalogue `errors.po` has them as
patterns: `{1} row{|s} {has|have} no id here`, where words that follow a number stand as `counted`
has them. What no pattern fits is said as it is.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from dashboard.words import LOCALE, WRITTEN_IN, Language, language

_GAP: Final = re.compile(r"\{\d\}")


def told(message: str) -> str:
    """The message in the reader's language, as far as the catalogue knows it."""
    spoken = language()
    return message if spoken == WRITTEN_IN else _translated(message, spoken)


def _translated(message: str, spoken: Language) -> str:
    for pattern, translation in _patterns(spoken):
        found = pattern.fullmatch(message)
        if found:
            values = {name[1:]: value or "" for name, value in found.groupdict().items()}
            return _GAP.sub(
                lambda gap: _translated(values[gap[0][1:-1]], spoken),  # noqa: B023
                translation,
            )
    return message


@cache
def _patterns(spoken: Language) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns with their translations, first those that say most themselves."""
    path = LOCALE / spoken / "LC_MESSAGES" / "errors.po"
    if not path.exists():
        return ()
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        known = {str(one.id): str(one.string) for one in read_po(file) if one.id and one.string}
    ordered = sorted(known, key=lambda words: len(_GAP.sub("", words)), reverse=True)
    return tuple((compiled(words), known[words]) for words in ordered)


def compiled(words: str) -> re.Pattern[str]:
    """A message with gaps as a pattern; a gap is named by its number."""
    text = "".join(map(_matching, re.split(r"(\{\d\}|\{[^{}|]*\|[^{}|]*\})", words)))
    return re.compile(text, re.DOTALL)


def _matching(part: str) -> str:
    """A gap, two words of which one stands there, or words as they are."""
    if _GAP.fullmatch(part):
        return f"(?P<n{part[1:-1]}>.+?)"
    if part.startswith("{") and "|" in part:
        return f"(?:{'|'.join(map(re.escape, part[1:-1].split('|')))})"
    return re.escape(part)
