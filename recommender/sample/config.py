"""Everything about the sample shop that can be chosen."""

from __future__ import annotations

from dataclasses import dataclass

from recommender.said import StatedError
from recommender.sample.rules import RULES, Rule


@dataclass(frozen=True)
class SampleConfig:
    """Size and habits of the sample shop. Set before the first training, not turned afterwards."""

    n_users: int = 1_500
    """Shoppers."""
    first_day: str = "2024-01-01"
    """The day the shop opens, ISO."""
    n_days: int = 546
    """Days it is open: eighteen months."""
    n_cold: int = 8
    """Products that nobody has met yet."""
    fewest_events: int = 8
    """A shopper's last visit goes on until they have this many events."""
    rules: tuple[Rule, ...] = RULES
    """Complements, replenishments and replacements."""
    browsing_weights: tuple[int, ...] = (18, 28, 26, 16, 8, 4)
    """Weights of coming upon 0, 1, 2 … products in a visit, beside what is due."""
    season_percent: int = 15
    """Of what shoppers come upon, how much the season brings."""
    popularity_percent: int = 25
    """Of what shoppers come upon, how much its popularity brings; taste brings the rest."""
    impulse_percents: tuple[int, int, int] = (36, 36, 32)
    """Chance in a hundred to buy what one comes upon: under 40 euros, under 150, above."""
    follow_through_percent: int = 88
    """Chance in a hundred to buy what an earlier purchase leads to."""
    same_again_percent: int = 75
    """Chance in a hundred that a replenishment is the very same product."""
    not_next_percent: int = 60
    """Chance in a hundred that a follow-up does not come as soon as the very next visit."""
    abandoned_cart_percent: int = 18
    """Chance in a hundred that what is not bought is put into the cart."""
    discount_percent: int = 15
    """Chance in a hundred that a price is reduced."""
    blank_percent: int = 7
    """Chance in a hundred that a shopper has left a field of their profile blank."""

    def __post_init__(self) -> None:
        if self.n_users < 1 or self.n_days < 400:
            raise StatedError("n_users must be at least 1 and n_days at least 400")
        if self.season_percent + self.popularity_percent > 100:
            raise StatedError("season_percent and popularity_percent sum to more than 100")
