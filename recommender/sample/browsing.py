"""How a shopper comes upon a product: by a follow-up, the season, their taste or its popularity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from recommender.sample.catalogue import Catalogue, Product
from recommender.sample.dice import Dice
from recommender.sample.rules import SEASONS
from recommender.sample.shoppers import Shopper

TIER_FIT = (6, 3, 1)
"""Weight of a product 0, 1 or 2 price tiers from the shopper's own."""


@dataclass(frozen=True)
class Shelves:
    """The catalogue with the weights that browsing needs, summed up once."""

    catalogue: Catalogue

    @cached_property
    def popular(self) -> list[int]:
        """Running sum of squared weights: what everybody meets is met by many more."""
        return list(accumulate(product.weight**2 for product in self.catalogue.products))

    @cached_property
    def by_taste(self) -> dict[tuple[str, int], list[int]]:
        """Running sums over each category's products for shoppers of each price tier."""
        return {
            (category, tier): list(accumulate(self._weights(codes, tier)))
            for category, codes in self.catalogue.of_category.items()
            for tier in range(3)
        }

    @cached_property
    def in_season(self) -> dict[int, tuple[int, ...]]:
        """Codes of the products that each month asks for."""
        return {
            month: tuple(
                code
                for kind, months in SEASONS.items()
                if month in months
                for code in self.catalogue.of_kind[kind]
            )
            for month in range(1, 13)
        }

    def _weights(self, codes: Sequence[int], tier: int) -> list[int]:
        return [fit(self.catalogue.products[code], tier) for code in codes]

    def popular_product(self, dice: Dice) -> int:
        """What many people look at, whoever asks."""
        return dice.climb(self.popular)

    def seasonal_product(self, dice: Dice, month: int, tier: int) -> int:
        """What the month asks for."""
        codes = self.in_season[month]
        return codes[dice.weighted(self._weights(codes, tier))]

    def tasteful_product(self, dice: Dice, shopper: Shopper) -> int:
        """Something from a favourite category, the dearest most often."""
        category = shopper.favourites[dice.weighted((5, 3, 2)[: len(shopper.favourites)])]
        codes = self.catalogue.of_category[category]
        return codes[dice.climb(self.by_taste[category, shopper.tier])]

    def matching_product(
        self, dice: Dice, codes: Sequence[int], shopper: Shopper, brand: str
    ) -> int | None:
        """One of the codes, rather of the given brand and the shopper's tier; None if all cold."""
        weights = [
            weight * (4 if self.catalogue.products[code].brand == brand else 1)
            for code, weight in zip(codes, self._weights(codes, shopper.tier), strict=True)
        ]
        return codes[dice.weighted(weights)] if any(weights) else None

    def brand_product(
        self, dice: Dice, product: Product, shopper: Shopper, owned: frozenset[str]
    ) -> int | None:
        """Another kind of product of the same brand, rather from a favourite category."""
        products = self.catalogue.products
        codes = [
            code
            for code in self.catalogue.of_brand[product.brand]
            if products[code].kind != product.kind and products[code].kind not in owned
        ]
        weights = [
            weight * (6 if products[code].category in shopper.favourites else 1)
            for code, weight in zip(codes, self._weights(codes, shopper.tier), strict=True)
        ]
        return codes[dice.weighted(weights)] if any(weights) else None


def fit(product: Product, tier: int) -> int:
    """Weight of a product for a shopper of a price tier."""
    return product.weight * TIER_FIT[abs(product.tier - tier)]
