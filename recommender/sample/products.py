"""What the shop sells: categories, the kinds of products in them, and the brands that make them.

They stand in `shelves/`, a file for each category and one for the brands, all of them invented.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final


@dataclass(frozen=True)
class Brand:
    """An invented maker."""

    name: str
    tier: int
    """Where it sits in the price range of a kind: 0 the plain end, 1 the middle, 2 the fine end."""
    mottos: tuple[str, str]
    """Sentences to end a product's description with."""


@dataclass(frozen=True)
class Kind:
    """A kind of product, for example a mirrorless camera. Rules of cause hold between kinds."""

    name: str
    price: tuple[int, int]
    """Lowest and highest price in whole euros."""
    title: str
    """Pattern of the product's title with {brand} and {variant}."""
    variants: tuple[str, ...]
    """One product for each."""
    leads: tuple[str, ...]
    """First sentences of the description, taken in turn."""
    details: tuple[str, ...]
    """Second sentences of the description, taken in turn."""
    tags: tuple[str, ...] = ()
    """Beside the kind's own tag."""
    weight: int = 10
    """How often shoppers come upon it, beside the other kinds of its category."""
    brands: tuple[str, ...] = ()
    """The makers of this kind, where not all of the category make it."""
    once: bool = False
    """Whether someone who has one does not buy a second one without a reason."""

    @property
    def tag(self) -> str:
        """The kind's own tag."""
        return self.name.lower().replace(" ", "-").replace("'", "")


@dataclass(frozen=True)
class Category:
    """A department of the shop."""

    name: str
    slug: str
    """Name of its picture file."""
    brands: tuple[str, ...]
    kinds: tuple[Kind, ...]


_SLUGS: Final = (
    "photo", "computing", "phones-audio", "coffee-tea", "kitchen", "camping", "running-fitness",
    "garden", "pets", "personal-care", "home", "games-toys", "cycling", "art-writing",
)  # fmt: skip
"""In the order in which shoppers and products are drawn: another order is another shop."""


@cache
def categories() -> tuple[Category, ...]:
    """All departments."""
    return tuple(map(_category, _SLUGS))


@cache
def brands() -> tuple[Brand, ...]:
    """All makers."""
    return tuple(Brand(**_tuples(one)) for one in _shelf("brands")["brands"])


def _category(slug: str) -> Category:
    shelf = _shelf(slug)
    kinds = tuple(Kind(**_tuples(one)) for one in shelf["kinds"])
    return Category(shelf["name"], slug, tuple(shelf["brands"]), kinds)


def _shelf(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "shelves" / f"{name}.toml").read_text("utf-8"))


def _tuples(told: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(one) if isinstance(one, list) else one for name, one in told.items()}
