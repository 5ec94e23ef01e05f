"""The people who shop: who they are, what they like, when they come."""

from __future__ import annotations

from dataclasses import dataclass

from recommender.sample.dice import Dice

AGE_BANDS = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")
GENDERS = ("female", "male", "non-binary")
REGIONS = ("Coast", "Highlands", "Lake District", "Metropolis", "Plains", "River Valley")

AGE_LEANS = {
    "18-24": ("Phones & Audio", "Computing", "Running & Fitness"),
    "25-34": ("Coffee & Tea", "Running & Fitness", "Camping"),
    "35-44": ("Games & Toys", "Cycling", "Photo"),
    "45-54": ("Kitchen", "Home", "Pets"),
    "55-64": ("Garden", "Photo", "Personal Care"),
    "65+": ("Garden", "Art & Writing", "Pets"),
}
GENDER_LEANS = {
    "female": ("Personal Care", "Art & Writing", "Home"),
    "male": ("Computing", "Cycling", "Phones & Audio"),
    "non-binary": ("Art & Writing", "Games & Toys", "Coffee & Tea"),
}
REGION_LEANS = {
    "Coast": ("Photo", "Running & Fitness"),
    "Highlands": ("Camping", "Pets"),
    "Lake District": ("Camping", "Garden"),
    "Metropolis": ("Coffee & Tea", "Cycling"),
    "Plains": ("Garden", "Kitchen"),
    "River Valley": ("Cycling", "Games & Toys"),
}

VISITS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20, 25, 30, 34)
VISIT_WEIGHTS = (3, 4, 6, 7, 8, 9, 9, 9, 9, 8, 8, 7, 6, 5, 3, 2, 2)
MONTH_WEIGHTS = (8, 8, 9, 9, 9, 8, 8, 8, 9, 9, 12, 13)
"""How busy January to December are, at most 13."""
HOUR_WEIGHTS = (1, 0, 0, 0, 0, 1, 3, 5, 6, 6, 6, 6, 7, 7, 5, 5, 6, 7, 8, 10, 12, 11, 7, 3)


@dataclass(frozen=True)
class Shopper:
    """One user of the shop."""

    user_id: str
    age_band: str
    gender: str
    region: str
    favourites: tuple[str, ...]
    """Two or three categories, the dearest first."""
    tier: int
    """The price tier they buy in: 0, 1 or 2."""
    loyalty: int
    """Chance in a hundred that a purchase makes them look for the brand again."""
    visits: tuple[int, ...]
    """Start of each visit in seconds since the shop opened, in order."""


def invite(seed: int, number: int, categories: tuple[str, ...], months: tuple[int, ...]) -> Shopper:
    """Shopper number `number`; `months` is the month of each day the shop is open."""
    dice = Dice(seed, 2, number)
    age = AGE_BANDS[dice.weighted((14, 26, 22, 17, 12, 9))]
    gender = GENDERS[dice.weighted((49, 47, 4))]
    region = REGIONS[dice.weighted((16, 9, 8, 34, 18, 15))]
    return Shopper(
        user_id=f"U{number:04d}",
        age_band=age,
        gender=gender,
        region=region,
        favourites=_favourites(dice, categories, (age, gender, region)),
        tier=dice.weighted((35, 40, 25)),
        loyalty=dice.pick((3, 6, 10, 16, 30)),
        visits=_visits(dice, months),
    )


def _favourites(
    dice: Dice, categories: tuple[str, ...], who: tuple[str, str, str]
) -> tuple[str, ...]:
    leans = (*AGE_LEANS[who[0]], *GENDER_LEANS[who[1]], *REGION_LEANS[who[2]])
    weights = [4 + 5 * leans.count(category) for category in categories]
    chosen: list[str] = []
    for _ in range(dice.between(2, 3)):
        place = dice.weighted(weights)
        weights[place] = 0
        chosen.append(categories[place])
    return tuple(chosen)


def _visits(dice: Dice, months: tuple[int, ...]) -> tuple[int, ...]:
    """On different days within the time from joining to leaving, more in busy months."""
    n_visits = VISITS[dice.weighted(VISIT_WEIGHTS)]
    n_days = len(months)
    stay = min(n_visits * dice.between(12, 36) + 10, n_days)
    start = n_days - stay if dice.chance(40) else dice.below(n_days - stay + 1)
    days: set[int] = set()
    while len(days) < n_visits:
        day = start + dice.below(stay)
        if dice.below(13) < MONTH_WEIGHTS[months[day] - 1]:
            days.add(day)
    return tuple(
        day * 86_400 + dice.weighted(HOUR_WEIGHTS) * 3_600 + dice.below(2_400)
        for day in sorted(days)
    )
