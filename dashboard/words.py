"""Every sentence that a page says goes through here, so that it can be said in another language."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
LANGUAGE = "en"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("dashboard", LOCALE, languages=[language], fallback=True)


def _(message: str) -> str:
    """The sentence in the reader's language; English, in which it is written, by default."""
    return _catalogue(LANGUAGE).gettext(message)


def plural(one: str, many: str, n: int) -> str:
    """The form that fits `n`, with `{n}` filled in and thousands set apart."""
    return _catalogue(LANGUAGE).ngettext(one, many, n).format(n=f"{n:,}")


def shorten(text: str, width: int) -> str:
    """At most `width` characters, cut at a word where one ends near."""
    if len(text) <= width:
        return text
    cut = text[: width - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > width * 0.6 else cut).rstrip(" ,;:–-") + "…"


_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]()#+-.!|~$:<>&"})


def literal(text: str) -> str:
    """Somebody's text inside Markdown, shown as it is."""
    return text.translate(_MARKS)
