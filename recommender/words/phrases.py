"""What a language brings: its templates and its small phrases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh"]
Audience = Literal["shopper", "analyst", "merchandiser"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
AUDIENCES: tuple[Audience, ...] = ("shopper", "analyst", "merchandiser")
UNKNOWN: Mapping[Language, str] = {"en": "unknown", "zh": "未知"}
"""What stands for a value that nobody knows; explanations have the English."""


@dataclass(frozen=True)
class Phrases:
    """One language. A template's key is a claim's kind, with a variant after a point."""

    language: Language
    locale: str
    """The name by which Babel knows it."""
    joint: str
    """What stands between two sentences."""
    list_mark: str
    """What stands between the parts of what is said about an event."""
    quoted: str
    events: Mapping[str, str]
    """Names of common event types; others are quoted as they are."""
    through: Mapping[str, str]
    """What an event's share goes through; `*` is any item feature."""
    counted: Mapping[str, Mapping[str, str]]
    """Phrases with a number, by plural category (CLDR); `zero` where nought has its own."""
    shopper: Mapping[str, tuple[str, ...]]
    analyst: Mapping[str, tuple[str, ...]]
    merchandiser: Mapping[str, tuple[str, ...]]

    def templates(self, audience: Audience, key: str) -> tuple[str, ...]:
        """All ways to say this to them; what merchandisers have no way of their own for is said as
        to analysts."""
        own: Mapping[str, tuple[str, ...]] = getattr(self, audience)
        return own.get(key) or self.analyst[key]


def value_name(value: str, language: Language) -> str:
    """A value of a feature is data and stays as it is, but for the one that stands for none."""
    return UNKNOWN[language] if value == UNKNOWN["en"] else value
