"""One shopper's way through the shop, with the cause of everything they look at."""

from __future__ import annotations

from dataclasses import dataclass, field

from recommender.sample import rules
from recommender.sample.browsing import Shelves
from recommender.sample.config import SampleConfig
from recommender.sample.dice import Dice
from recommender.sample.rules import Rule
from recommender.sample.shoppers import Shopper

SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Event:
    """A view, a cart or a purchase."""

    item: int
    """Code of the product."""
    time: int
    """Seconds since the shop opened."""
    event: str
    visit: int
    """Which of the shopper's visits, from 0."""
    quantity: int
    """0 for a view."""
    cents: int
    """Price of one, 0 for a view."""


@dataclass(frozen=True)
class Look:
    """A product looked at during a visit, and why."""

    item: int
    rule: str
    cause: int | None
    """Which of the shopper's events led here; None for season, taste and popularity."""
    decisive: int = -1
    """The shopper's event in which the look ended: the purchase if there was one."""
    visit_start: int = -1
    """The shopper's first event of the visit."""


@dataclass(frozen=True)
class Plan:
    """A follow-up that a purchase has set in motion."""

    rule: str
    effect: str
    """Kind of product, or the brand for brand loyalty."""
    cause: int
    visit: int
    """The visit in which it comes about."""


@dataclass
class Life:
    """A shopper's past and plans while their visits are played through."""

    shopper: Shopper
    shelves: Shelves
    config: SampleConfig
    months: tuple[int, ...]
    """Month of each day the shop is open."""
    dice: Dice
    events: list[Event] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    owned: set[str] = field(default_factory=set)
    """Kinds of which one has been bought."""

    def play(self) -> None:
        """Play all visits."""
        for visit in range(len(self.shopper.visits)):
            self._visit(visit)

    def _visit(self, visit: int) -> None:
        start, clock = len(self.events), self.shopper.visits[visit]
        if self.events:  # a visit late at night may run into the next day's
            clock = max(clock, self.events[-1].time + 1_800)
        looks = self.dice.shuffled(self._occasions(visit))
        last = visit == len(self.shopper.visits) - 1
        while looks or (last and len(self.events) < self.config.fewest_events):
            look = looks.pop() if looks else self._spontaneous(visit)
            if any(
                self.events[place].item == look.item for place in range(start, len(self.events))
            ):
                continue
            clock = self._look(look, visit, start, clock)

    def _occasions(self, visit: int) -> list[Look]:
        """What is due in this visit, and what the shopper comes upon."""
        due = [plan for plan in self.plans if plan.visit == visit]
        self.plans = [plan for plan in self.plans if plan.visit != visit]
        occasions = [look for plan in due if (look := self._follow(plan)) is not None]
        n_more = self.dice.weighted(self.config.browsing_weights)
        if len(self.shopper.visits) <= 2:
            n_more += 2
        n_more = max(n_more, 0 if occasions else 1)
        return occasions + [self._spontaneous(visit) for _ in range(n_more)]

    def _spontaneous(self, visit: int) -> Look:
        throw = self.dice.below(100)
        season, popular = self.config.season_percent, self.config.popularity_percent
        if throw < season:
            month = self.months[self.shopper.visits[visit] // SECONDS_A_DAY]
            item = self.shelves.seasonal_product(self.dice, month, self.shopper.tier)
            return Look(item, rules.SEASON, None)
        if throw < season + popular:
            return Look(self.shelves.popular_product(self.dice), rules.POPULARITY, None)
        return Look(self.shelves.tasteful_product(self.dice, self.shopper), rules.TASTE, None)

    def _follow(self, plan: Plan) -> Look | None:
        """The product that a plan ends in; None if it has become pointless."""
        cause = self.events[plan.cause].item
        product = self.shelves.catalogue.products[cause]
        item: int | None
        if plan.rule == rules.BRAND_LOYALTY:
            owned = frozenset(self.owned)
            item = self.shelves.brand_product(self.dice, product, self.shopper, owned)
            return None if item is None else Look(item, plan.rule, plan.cause)
        codes = self.shelves.catalogue.of_kind[plan.effect]
        if plan.rule == rules.REPLENISHMENT and self.dice.chance(self.config.same_again_percent):
            return Look(cause, plan.rule, plan.cause)
        if plan.rule == rules.REPLACEMENT:
            codes = tuple(code for code in codes if code != cause)
        elif self.shelves.catalogue.products[codes[0]].once and plan.effect in self.owned:
            return None
        item = self.shelves.matching_product(self.dice, codes, self.shopper, product.brand)
        return None if item is None else Look(item, plan.rule, plan.cause)

    def _look(self, look: Look, visit: int, start: int, clock: int) -> int:
        """View the product, perhaps put it into the cart, perhaps buy it; the time afterwards."""
        product = self.shelves.catalogue.products[look.item]
        bought = self._buys(look)
        carted = self.dice.chance(70 if bought else self.config.abandoned_cart_percent)
        cents = self._price_today(product.cents)
        steps = ["view"] + ["cart"] * carted + ["purchase"] * bought
        quantity = self._quantity(product.once, product.cents)
        for step in steps:
            clock += self.dice.between(15, 240)
            seen = step == "view"
            self.events.append(
                Event(look.item, clock, step, visit, 0 if seen else quantity, 0 if seen else cents)
            )
        decisive = len(self.events) - 1
        self.looks.append(Look(look.item, look.rule, look.cause, decisive, start))
        if bought:
            self._plan(decisive)
            self.owned.add(product.kind)
        return clock

    def _buys(self, look: Look) -> bool:
        product = self.shelves.catalogue.products[look.item]
        if look.rule in rules.CAUSED:
            return self.dice.chance(self.config.follow_through_percent)
        if product.once and product.kind in self.owned:
            return False
        low, middle, high = self.config.impulse_percents
        return self.dice.chance(
            low if product.cents < 4_000 else middle if product.cents < 15_000 else high
        )

    def _price_today(self, cents: int) -> int:
        """The full price, or a tenth or a fifth less."""
        if not self.dice.chance(self.config.discount_percent):
            return cents
        return cents * self.dice.pick((80, 90)) // 100

    def _quantity(self, once: bool, cents: int) -> int:
        if once or cents >= 4_000:
            return 1
        return 1 + self.dice.weighted((80, 15, 5))

    def _plan(self, cause: int) -> None:
        """Set the follow-ups of a purchase in motion; what was bought anew need not be renewed."""
        product = self.shelves.catalogue.products[self.events[cause].item]
        renewals = (rules.REPLENISHMENT, rules.REPLACEMENT)
        self.plans = [
            plan
            for plan in self.plans
            if not (plan.rule in renewals and plan.effect == product.kind)
        ]
        for rule in self.config.rules:
            if rule.cause == product.kind and self.dice.chance(rule.chance):
                self._schedule(rule, cause)
        if self.dice.chance(self.shopper.loyalty):
            days = rules.LOYALTY_DAYS
            self._schedule(Rule(rules.BRAND_LOYALTY, product.kind, product.brand, 100, days), cause)

    def _schedule(self, rule: Rule, cause: int) -> None:
        """Put a follow-up on the first visit after its wait, mostly not the very next one."""
        if any(plan.rule == rule.name and plan.effect == rule.effect for plan in self.plans):
            return
        event = self.events[cause]
        due = event.time + self.dice.between(*rule.days) * SECONDS_A_DAY
        earliest = event.visit + (2 if self.dice.chance(self.config.not_next_percent) else 1)
        for visit in range(earliest, len(self.shopper.visits)):
            if self.shopper.visits[visit] >= due:
                self.plans.append(Plan(rule.name, rule.effect, cause, visit))
                return
