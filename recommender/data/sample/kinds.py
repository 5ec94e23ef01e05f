"""What the shop sells: categories, the kinds of products in them, and the brands that make them."""

from __future__ import annotations

from dataclasses import dataclass


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
