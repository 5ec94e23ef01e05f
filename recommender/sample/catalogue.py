"""The products of the sample shop, priced and described."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from recommender.sample.dice import Dice
from recommender.sample.products import Brand, Category, Kind, brands, categories


@dataclass(frozen=True)
class Product:
    """One product."""

    item_id: str
    title: str
    category: str
    kind: str
    brand: str
    tier: int
    """Of the brand: 0 plain, 1 middle, 2 fine."""
    cents: int
    """Full price."""
    tags: tuple[str, ...]
    description: str
    image_url: str
    once: bool
    """Whether an owner does not buy another without a reason."""
    weight: int
    """How often it is come upon; 0 for a product nobody has met yet."""


@dataclass(frozen=True)
class Catalogue:
    """All products; their places in the tuple are their codes."""

    products: tuple[Product, ...]

    @cached_property
    def of_kind(self) -> dict[str, tuple[int, ...]]:
        """Codes of the products of each kind."""
        return _grouped([product.kind for product in self.products])

    @cached_property
    def of_brand(self) -> dict[str, tuple[int, ...]]:
        """Codes of the products of each brand."""
        return _grouped([product.brand for product in self.products])

    @cached_property
    def of_category(self) -> dict[str, tuple[int, ...]]:
        """Codes of the products of each category."""
        return _grouped([product.category for product in self.products])


def _grouped(keys: list[str]) -> dict[str, tuple[int, ...]]:
    groups: dict[str, list[int]] = {}
    for code, key in enumerate(keys):
        groups.setdefault(key, []).append(code)
    return {key: tuple(codes) for key, codes in groups.items()}


def stock_shelves(seed: int, n_cold: int) -> Catalogue:
    """Brand, price and popularity of every product, drawn for this seed."""
    dice = Dice(seed, 1)
    makers = {brand.name: brand for brand in brands()}
    products: list[Product] = []
    for category in categories():
        for kind in category.kinds:
            products += _shelf(dice, category, kind, makers, len(products))
    return Catalogue(_with_cold(dice, products, n_cold))


def _shelf(
    dice: Dice, category: Category, kind: Kind, makers: dict[str, Brand], first: int
) -> list[Product]:
    """The products of one kind, popularity falling off as 1 / rank."""
    brands = kind.brands or category.brands
    offset = dice.below(len(brands))
    ranks = dice.shuffled(range(1, len(kind.variants) + 1))
    shelf = []
    for place, variant in enumerate(kind.variants):
        brand = makers[brands[(offset + place) % len(brands)]]
        lead = kind.leads[place % len(kind.leads)]
        detail = kind.details[(place // 2) % len(kind.details)]
        motto = brand.mottos[(place + place // 4) % 2]
        shelf.append(
            Product(
                item_id=f"P{first + place + 1:04d}",
                title=_sentence_case(kind.title.format(brand=brand.name, variant=variant)),
                category=category.name,
                kind=kind.name,
                brand=brand.name,
                tier=brand.tier,
                cents=_price(dice, kind, place, brand.tier),
                tags=(kind.tag, *kind.tags),
                description=f"{lead} {detail} {motto}",
                image_url=f"images/{category.slug}.svg",
                once=kind.once,
                weight=kind.weight * 120 // ranks[place],
            )
        )
    return shelf


def _sentence_case(title: str) -> str:
    return title[0].upper() + title[1:]


def _price(dice: Dice, kind: Kind, place: int, tier: int) -> int:
    """Later variants and finer brands stand higher in the kind's range."""
    low, high = kind.price
    n = max(len(kind.variants) - 1, 1)
    share = (65 * place // n) + 12 * tier + dice.between(0, 11)
    euros = low + (high - low) * share // 100
    if euros >= 300:
        return (euros // 10 * 10 + 9) * 100
    return euros * 100 + dice.pick((0, 50, 90, 95, 99))


def _with_cold(dice: Dice, products: list[Product], n_cold: int) -> tuple[Product, ...]:
    """The products, some of them too new to have been met by anyone."""
    per_kind = _grouped([product.kind for product in products])
    newest = [codes[-1] for codes in per_kind.values() if len(codes) >= 5]
    cold = set(dice.shuffled(newest)[:n_cold])
    return tuple(
        Product(**{**product.__dict__, "weight": 0}) if code in cold else product
        for code, product in enumerate(products)
    )
