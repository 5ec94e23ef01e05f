"""What `recommender` says in English about files, runs and the library, in the reader's language.

It comes in its parts (`recommender/said.py`): the catalogue `errors.po` has the template, and the
values are put into its translation. A template that nobody translated stays English.
"""

from __future__ import annotations

from typing import Final

from dashboard.discretion import discreet, without_cells
from dashboard.words import shorten, translated
from recommender.said import Said, Value, as_it_is, filled, said_by

LONGEST_VALUE: Final = 400
"""Letters of a value that are shown: a link or a file can make it as long as it wants."""
_LONGEST: Final = 10_000
"""Letters of all that is said at once."""


def told(said: str | BaseException) -> str:
    """What was said, or what an error says, in the reader's language; without what is not for them
    to see."""
    whole = said_by(said) if isinstance(said, BaseException) else as_it_is(said)
    return shorten(discreet(_in_words(without_cells(whole))), _LONGEST)


def _in_words(value: Value) -> str:
    if isinstance(value, Said):
        return filled(translated(value.template), value.values, _in_words)
    if isinstance(value, tuple):
        return "".join(map(_in_words, value))
    return f"{value:,}" if isinstance(value, int) else shorten(value, LONGEST_VALUE)
