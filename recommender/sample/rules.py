"""The planted causes: which purchase leads to which later purchase, how often and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

COMPLEMENT: Final = "complement"
REPLACEMENT: Final = "replacement"
BRAND_LOYALTY: Final = "brand_loyalty"
REPLENISHMENT: Final = "replenishment"
SEASON: Final = "season"
TASTE: Final = "taste"
POPULARITY: Final = "popularity"

CAUSED: Final = (COMPLEMENT, REPLACEMENT, BRAND_LOYALTY, REPLENISHMENT)
"""Rules whose cause is one earlier event."""
UNCAUSED: Final = (SEASON, TASTE, POPULARITY)
"""Rules without such an event."""


@dataclass(frozen=True)
class Rule:
    """Who buys a product of kind `cause` later comes back for one of kind `effect`."""

    name: str
    cause: str
    effect: str
    chance: int
    """In how many of a hundred purchases the follow-up is planned."""
    days: tuple[int, int]
    """Shortest and longest wait until the follow-up is due."""


def _complements(chance: int, days: tuple[int, int], *pairs: tuple[str, str]) -> list[Rule]:
    return [Rule(COMPLEMENT, cause, effect, chance, days) for cause, effect in pairs]


COMPLEMENTS: Final = (
    *_complements(
        80,
        (7, 42),
        ("mirrorless camera", "memory card"),
        ("compact camera", "memory card"),
        ("instant camera", "instant film"),
        ("inkjet printer", "ink cartridge"),
        ("laser printer", "toner"),
        ("espresso machine", "coffee beans"),
        ("pour-over dripper", "paper filters"),
        ("smartphone", "phone case"),
        ("tent", "sleeping mat"),
        ("camping stove", "gas canister"),
        ("running shoes", "running socks"),
        ("raised bed", "potting soil"),
        ("soda maker", "soda cylinder"),
        ("litter box", "cat litter"),
        ("safety razor", "razor blades"),
        ("fountain pen", "bottled ink"),
        ("watercolour set", "watercolour paper"),
        ("city bike", "bike lock"),
        ("wooden train set", "train tracks"),
    ),
    *_complements(
        70,
        (10, 60),
        ("mirrorless camera", "camera bag"),
        ("laptop", "USB-C hub"),
        ("laptop", "laptop sleeve"),
        ("smartphone", "screen protector"),
        ("wireless earbuds", "ear tips"),
        ("espresso machine", "descaler"),
        ("coffee grinder", "coffee beans"),
        ("teapot", "loose-leaf tea"),
        ("stand mixer", "flour"),
        ("stand mixer", "baking tin"),
        ("chef's knife", "whetstone"),
        ("cast-iron pan", "pan care oil"),
        ("tent", "sleeping bag"),
        ("GPS watch", "watch strap"),
        ("yoga mat", "yoga block"),
        ("adjustable dumbbells", "protein powder"),
        ("lawn mower", "lawn fertiliser"),
        ("seeds", "plant food"),
        ("aquarium", "aquarium filter media"),
        ("electric toothbrush", "brush heads"),
        ("sunscreen", "after-sun lotion"),
        ("robot vacuum", "dust bags"),
        ("air purifier", "purifier filter"),
        ("strategy board game", "game expansion"),
        ("gravel bike", "inner tube"),
    ),
    *_complements(
        55,
        (14, 75),
        ("smart bulb", "smart plug"),
        ("city bike", "bike helmet"),
        ("gravel bike", "chain oil"),
        ("mirrorless camera", "tripod"),
        ("game expansion", "card sleeves"),
        ("watercolour set", "brush set"),
        ("dog bed", "dog food"),
        ("cat tree", "cat food"),
        ("hiking backpack", "insulated bottle"),
        ("running shoes", "running belt"),
        ("espresso machine", "milk frother"),
        ("tent", "headlamp"),
        ("smartphone", "power bank"),
        ("city bike", "pannier"),
    ),
)
"""Decoys stand beside them: film camera, tarp, French press, trainers, over-ear headphones, marble
run, rollerball pen, acrylic set, party game and others look alike and call for nothing."""


def _refills(chance: int, days: tuple[int, int], *kinds: str) -> list[Rule]:
    return [Rule(REPLENISHMENT, kind, kind, chance, days) for kind in kinds]


REPLENISHMENTS: Final = (
    *_refills(80, (24, 40), "coffee beans", "dog food", "cat food", "cat litter"),
    *_refills(75, (40, 65), "face cream", "protein powder", "soda cylinder", "cleanser"),
    *_refills(70, (55, 90), "ink cartridge", "paper filters", "loose-leaf tea", "razor blades"),
    *_refills(65, (80, 120), "brush heads", "descaler", "dust bags", "aquarium filter media"),
    *_refills(60, (100, 150), "toner", "purifier filter"),
)


def _replacements(chance: int, days: tuple[int, int], *kinds: str) -> list[Rule]:
    return [Rule(REPLACEMENT, kind, kind, chance, days) for kind in kinds]


REPLACEMENTS: Final = (
    *_replacements(70, (90, 180), "running shoes", "yoga mat", "dog lead"),
    *_replacements(60, (110, 220), "wireless earbuds", "trainers", "insulated bottle"),
    *_replacements(55, (150, 300), "smartphone", "electric toothbrush", "headlamp"),
)

RULES: Final = (*COMPLEMENTS, *REPLENISHMENTS, *REPLACEMENTS)

LOYALTY_DAYS: Final = (14, 90)
"""Wait until a loyal shopper looks for another product of the same brand."""

SEASONS: Final[dict[str, tuple[int, ...]]] = {
    "raised bed": (2, 3, 4),
    "flower pot": (3, 4, 5),
    "potting soil": (3, 4, 5),
    "seeds": (2, 3, 4),
    "pruning shears": (2, 3, 10),
    "lawn mower": (4, 5),
    "garden hose": (5, 6, 7),
    "city bike": (3, 4, 5),
    "tent": (5, 6, 7),
    "sleeping bag": (5, 6, 7),
    "tarp": (6, 7),
    "sunscreen": (5, 6, 7, 8),
    "soda maker": (6, 7),
    "insulated bottle": (6, 7, 8),
    "bike light set": (10, 11),
    "notebook": (8, 9),
    "laptop": (9,),
    "strategy board game": (11, 12),
    "party game": (12,),
    "jigsaw puzzle": (11, 12, 1),
    "scented candle": (10, 11, 12),
    "wool throw": (10, 11, 12),
    "plush animal": (11, 12),
    "marble run": (11, 12),
    "wooden train set": (11, 12),
    "teapot": (11, 12),
    "photo frame": (12,),
    "air purifier": (3, 4),
    "adjustable dumbbells": (1,),
    "yoga mat": (1,),
}
"""Months in which a kind is sought by all."""
