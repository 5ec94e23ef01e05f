"""Every sentence that a page says goes through here, so that it can be said in another language.

The language is the visitor's, asked for anew with each sentence: two visitors read two languages
at once. So no translated sentence stands in a constant or in a cache that visitors share.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, reduce
from io import BytesIO
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from dashboard import state
from recommender.data.vocabulary import SHOP, Vocabulary
from recommender.words.phrases import LANGUAGES, Language
from recommender.words.vocabulary import filled_in

P = ParamSpec("P")
T = TypeVar("T")

__all__ = [
    "LANGUAGES", "NAMES", "TAGS", "Language", "_", "ended", "in_a_row", "language", "later",
    "literal", "plural", "shorten", "shorten_apart", "speaking", "speaking_of", "translated",
    "vocabulary",
]  # fmt: skip

LOCALE: Final = Path(__file__).parent / "locale"
WRITTEN_IN: Final[Language] = "en"
"""The language of the sentences in the code."""
NAMES: Final[dict[Language, str]] = {"en": "English", "zh": "中文"}
"""Each language as its readers call it."""
TAGS: Final[dict[Language, str]] = {"en": "en-GB", "zh": "zh-Hans"}
"""Each language as browsers know it."""
_SPOKEN: ContextVar[Language | None] = ContextVar("spoken", default=None)
_ABOUT: ContextVar[Vocabulary | None] = ContextVar("about", default=None)


def language() -> Language:
    """The language of whom this is said to."""
    return _SPOKEN.get() or _chosen()


def _chosen() -> Language:
    """What the URL asks for, else what the visitor's browser speaks, else English."""
    for wish in state.languages():
        for known in LANGUAGES:
            if wish.lower().replace("_", "-").split("-")[0] == known:
                return known
    return WRITTEN_IN


@contextmanager
def speaking(chosen: Language) -> Iterator[None]:
    """Everything inside is said in this language."""
    token = _SPOKEN.set(chosen)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def vocabulary() -> Vocabulary:
    """The words of the data set that is spoken of: that of `speaking_of`, else of the run that the
    page shows, else a shop's."""
    return _ABOUT.get() or state.vocabulary() or SHOP


@contextmanager
def speaking_of(words: Vocabulary) -> Iterator[None]:
    """Everything inside is said in the words of this data set."""
    token = _ABOUT.set(words)
    try:
        yield
    finally:
        _ABOUT.reset(token)


def later(make: Callable[P, T]) -> Callable[P, T]:
    """What is made when it is asked for, such as a file, in the language and the words of now, with
    ids of users hidden where they are now: Streamlit makes it beside the page, which knows none."""
    now, about, hidden = language(), vocabulary(), state.masked()

    def made(*args: P.args, **kwargs: P.kwargs) -> T:
        with speaking(now), speaking_of(about), state.hiding(hidden):
            return make(*args, **kwargs)

    return made


@cache
def _catalogue(chosen: Language, name: str = "dashboard") -> gettext.NullTranslations:
    """The translations as they stand in the catalogue, compiled where they are first needed."""
    path = LOCALE / chosen / "LC_MESSAGES" / f"{name}.po"
    if not path.exists():
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=chosen))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _(message: str) -> str:
    """The sentence in the reader's language; English, in which it is written, by default. Gaps for
    words of the vocabulary, such as `{@bought}`, are filled."""
    return _of_the_data(_catalogue(language()).gettext(message))


def _of_the_data(said: str) -> str:
    return filled_in(said, vocabulary(), language()) if "{@" in said else said


def translated(template: str) -> str:
    """A template of what `recommender` says, in the reader's language if it is known there; with
    the words of the vocabulary, where that language has no words for any user and item."""
    said = _catalogue(language(), "errors").gettext(template) if template else ""
    return said if said == template else _of_the_data(said)


def plural(one: str, many: str, n: int, **values: object) -> str:
    """The form that fits `n`, with `{n}` and the values filled in and thousands set apart."""
    said = _of_the_data(_catalogue(language()).ngettext(one, many, n))
    return said.format(n=f"{n:,}", **values)


def ended(*said: str) -> str:
    """Each part as a sentence with its full stop."""
    return _(". ").join(said) + _(".")


def in_a_row(*sentences: str) -> str:
    """Whole sentences one after the other."""
    return reduce(lambda one, two: _("{one} {two}").format(one=one, two=two), sentences)


def listed(things: Iterable[str]) -> str:
    """One thing, two, or more, the last after “and”."""
    every = list(things)
    return _(" and ").join([_(", ").join(every[:-1]), every[-1]] if len(every) > 1 else every)


def shorten(text: str, width: int) -> str:
    """At most `width` characters, cut at a word where one ends near."""
    if len(text) <= width:
        return text
    cut = text[: width - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > width * 0.6 else cut).rstrip(" ,;:–-") + "…"


def shorten_apart(texts: Sequence[str], width: int) -> list[str]:
    """Each text as `shorten` has it; where different texts would then be alike, from both ends.

    “Home and Garden > Kitchen” and “Home and Garden > Toys” become “Home…Kitchen” and “Home…Toys”.
    """
    short = {text: shorten(text, width) for text in texts}
    for alike in _groups(short):
        short |= _told_apart(alike, width)
    for alike in _groups(short):
        short |= {text: f"{short[text]} ({n})" for n, text in enumerate(alike, start=1)}
    return [short[text] for text in texts]


def _groups(short: Mapping[str, str]) -> list[list[str]]:
    """Different texts that are shortened alike."""
    by_short: dict[str, list[str]] = {}
    for text, shortened in short.items():
        by_short.setdefault(shortened, []).append(text)
    return [alike for alike in by_short.values() if len(alike) > 1]


def _told_apart(texts: list[str], width: int) -> dict[str, str]:
    """Their beginning, and from where they differ; those that are alike there too, further on."""
    first, last = min(texts), max(texts)
    differ = (i for i, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    shared = first[: next(differ, len(first))]
    head = shared[: width // 3].rstrip() + "…"
    room = width - len(head)
    start = max(shared.rfind(" ") + 1, len(shared) - room // 3)
    short = {text: head + shorten(text[start:], room) for text in texts}
    for alike in _groups(short):
        if len(alike) < len(texts):
            short |= _told_apart(alike, width)
    return short


_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]()#+-.!|~$:<>&"})
_LINKS = re.compile(r"(?i)(?<=http)(?=:)|(?<=https)(?=:)|(?<=www)(?=\.)|(?=@)")
"""Where Markdown finds a link or an address though every mark is escaped: it looks for them in the
text that is left (remark-gfm)."""
_JOINED = "\u2060"
"""A word joiner: nothing is seen of it, and what it stands in is no address."""


def literal(text: str) -> str:
    """Somebody's text inside Markdown, shown as it is."""
    return _LINKS.sub(_JOINED, text).translate(_MARKS)
