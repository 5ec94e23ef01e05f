"""Two sample shops, generated once."""

import pandas as pd
import pytest

from recommender.sample import SampleShop, generate_sample


@pytest.fixture(scope="session")
def shop() -> SampleShop:
    return generate_sample()


@pytest.fixture(scope="session")
def other_shop() -> SampleShop:
    return generate_sample(seed=8)


@pytest.fixture(scope="session", params=["shop", "other_shop"])
def any_shop(request: pytest.FixtureRequest) -> SampleShop:
    """Each of the two."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def looks(any_shop: SampleShop) -> pd.DataFrame:
    """Causes with the kind and brand of the product and of the causing product."""
    items = any_shop.items.assign(kind=any_shop.items["tags"].str.split("|").str[0])
    items = items[["item_id", "kind", "brand"]]
    return any_shop.causes.merge(items, on="item_id").merge(
        items.add_prefix("cause_"), on="cause_item_id", how="left"
    )
