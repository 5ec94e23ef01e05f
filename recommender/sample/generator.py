"""A shop of its own making: catalogue, shoppers, events, and the cause of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from recommender.data.columns import EVENT, IMAGE, ITEM, PRICE, QUANTITY, TIME, TITLE, USER
from recommender.sample.browsing import Shelves
from recommender.sample.catalogue import Catalogue, stock_shelves
from recommender.sample.config import SampleConfig
from recommender.sample.dice import Dice
from recommender.sample.life import Life
from recommender.sample.products import categories
from recommender.sample.shoppers import Shopper, invite

SESSION = "session_id"
RULE = "rule"
CAUSE_ITEM, CAUSE_TIME, CAUSE_EVENT = "cause_item_id", "cause_time", "cause_event"
EVENTS_BACK = "events_back"


@dataclass(frozen=True, eq=False)
class SampleShop:
    """The four tables as they are written."""

    interactions: pd.DataFrame
    """user_id, item_id, time, event, session_id, quantity, price; sorted by time."""
    items: pd.DataFrame
    """item_id, title, category, brand, price, tags, description, image_url."""
    users: pd.DataFrame
    """user_id, age_band, gender, region; None where left blank."""
    causes: pd.DataFrame
    """One row for each product looked at in a session: user_id, item_id, time, event, session_id of
    the decisive event (the purchase if there is one), rule, cause_item_id, cause_time, cause_event,
    events_back."""


def generate_sample(seed: int = 7, config: SampleConfig | None = None) -> SampleShop:
    """The sample shop of a seed: the same on every machine, another one for another seed."""
    config = config or SampleConfig()
    opening = np.datetime64(config.first_day, "D")
    days = opening + np.arange(config.n_days)
    months = tuple(int(month) % 12 + 1 for month in days.astype("datetime64[M]").astype(int))
    catalogue = stock_shelves(seed, config.n_cold)
    departments = tuple(category.name for category in categories())
    shelves = Shelves(catalogue)
    lives = []
    for number in range(1, config.n_users + 1):
        shopper = invite(seed, number, departments, months)
        life = Life(shopper, shelves, config, months, Dice(seed, 3, number))
        life.play()
        lives.append(life)
    interactions, causes = _event_tables(lives, catalogue, opening.astype("datetime64[s]"))
    users = _user_table([life.shopper for life in lives], Dice(seed, 4), config)
    return SampleShop(interactions, _item_table(catalogue), users, causes)


def _event_tables(
    lives: list[Life], catalogue: Catalogue, opening: np.datetime64
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Interactions and causes of all shoppers; sessions are numbered in the order they begin."""
    ids = [product.item_id for product in catalogue.products]
    visits = sorted(
        (start, life.shopper.user_id, visit)
        for life in lives
        for visit, start in enumerate(life.shopper.visits)
    )
    names = {(user, visit): f"S{n:05d}" for n, (_, user, visit) in enumerate(visits, start=1)}
    events, causes = [], []
    for life in lives:
        user = life.shopper.user_id
        keys = [
            (user, ids[event.item], event.time, event.event, names[user, event.visit])
            for event in life.events
        ]
        events += [
            (*key, event.quantity or None, event.cents / 100 if event.cents else None)
            for key, event in zip(keys, life.events, strict=True)
        ]
        for look in life.looks:
            cause: tuple = (None, None, None, None)
            if look.cause is not None:
                cause = (*keys[look.cause][1:4], look.visit_start - look.cause - 1)
            causes.append((*keys[look.decisive], look.rule, *cause))
    head = [USER, ITEM, TIME, EVENT, SESSION]
    tail = [RULE, CAUSE_ITEM, CAUSE_TIME, CAUSE_EVENT, EVENTS_BACK]
    return (
        _by_time(pd.DataFrame(events, columns=[*head, QUANTITY, PRICE]), opening),
        _by_time(pd.DataFrame(causes, columns=[*head, *tail]), opening),
    )


def _by_time(table: pd.DataFrame, opening: np.datetime64) -> pd.DataFrame:
    """Sorted by time, then user; times as dates; counts as whole numbers."""
    table = table.sort_values([TIME, USER], kind="stable", ignore_index=True)
    for column in (TIME, CAUSE_TIME):
        if column in table:
            table[column] = opening + pd.to_timedelta(table[column], unit="s")
    for column in (QUANTITY, EVENTS_BACK):
        if column in table:
            table[column] = table[column].astype("Int64")
    return table


def _item_table(catalogue: Catalogue) -> pd.DataFrame:
    return pd.DataFrame(
        {
            ITEM: product.item_id,
            TITLE: product.title,
            "category": product.category,
            "brand": product.brand,
            PRICE: product.cents / 100,
            "tags": "|".join(product.tags),
            "description": product.description,
            IMAGE: product.image_url,
        }
        for product in catalogue.products
    )


def _user_table(shoppers: list[Shopper], dice: Dice, config: SampleConfig) -> pd.DataFrame:
    def told(value: str) -> str | None:
        return None if dice.chance(config.blank_percent) else value

    return pd.DataFrame(
        {
            USER: shopper.user_id,
            "age_band": told(shopper.age_band),
            "gender": told(shopper.gender),
            "region": told(shopper.region),
        }
        for shopper in shoppers
    )
