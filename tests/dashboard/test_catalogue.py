from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import catalogue, identities
from dashboard.figures.item_map import found
from dashboard.pictures import picture
from recommender.data import build_dataset, read_tables
from recommender.data.features import Feature
from recommender.workspace import places
from recommender.workspace.pseudonyms import pseudonym, pseudonym_in, secret
from tests.dashboard.shop import dataset

KEY = bytes(32)


@pytest.fixture(autouse=True)
def _workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(places.HOME, str(tmp_path))


def test_the_category_is_found_by_its_name() -> None:
    feature = catalogue.category_feature(dataset())
    assert feature is not None
    assert feature.name == "category"


def test_what_stands_for_the_category_is_called_by_its_own_name() -> None:
    brand = Feature("brand", "categorical", ("a", "b"), np.array([[1], [2]]))
    shop = replace(dataset(), item_features=(brand, replace(brand, name="DEPARTMENT")))
    assert catalogue.category_name(shop) == "DEPARTMENT"
    assert catalogue.category_name(replace(shop, item_features=(brand,))) == "Brand"
    assert catalogue.category_name(replace(shop, item_features=())) == ""


def test_prices_come_from_the_items() -> None:
    prices = catalogue.prices(dataset())
    assert prices is not None
    assert prices[:2].tolist() == [5.5, 6.5]


def people(hidden: bool = False) -> catalogue.SearchText:
    found = identities.pseudonyms(dataset(), KEY) if hidden else None
    order = found.order if found else np.arange(60)
    return catalogue.search_text(dataset(), identities.labels(dataset(), found), order)


def test_users_are_found_by_id_and_profile() -> None:
    text = people()
    assert catalogue.find(text, "u07", 50).tolist() == [7]
    found = catalogue.find(text, "35-64", 5).tolist()
    assert found == [0, 2, 4, 6, 8]
    assert catalogue.find(text, "nobody", 50).tolist() == []


def test_search_takes_words_as_they_are() -> None:
    text = people()
    assert catalogue.find(text, "u.*", 50).tolist() == []


def test_who_begins_with_the_words_comes_first() -> None:
    text = catalogue.SearchText.of(pd.Series(["x 12", "12 x", "120"]))
    assert catalogue.find(text, "12", 50).tolist() == [1, 2, 0]


def test_hidden_ids_are_neither_shown_nor_searched() -> None:
    name = pseudonym("u07", secret())
    assert identities.label(dataset(), 7, hidden=True) == f"Customer {name}"
    assert identities.handle(dataset(), 7, hidden=True) == f"~{name}"
    found = identities.pseudonyms(dataset(), KEY)
    text = people(hidden=True)
    assert catalogue.find(text, "u07", 50).tolist() == []
    assert found.order[catalogue.find(text, found[7], 50)].tolist() == [7]


def test_handles_lead_back_to_the_user() -> None:
    handle = identities.handle(dataset(), 7, hidden=False)
    assert pseudonym_in(handle) is None
    assert identities.user_of(dataset(), handle) == 7
    spelled = pseudonym_in(identities.handle(dataset(), 7, hidden=True))
    assert spelled is not None
    assert identities.pseudonyms(dataset(), secret()).user(spelled) == 7
    for nobody in ("~99", "~8", "nobody"):
        assert pseudonym_in(nobody) is None
        assert identities.user_of(dataset(), nobody) is None
    assert catalogue.item_code(dataset(), "i05") == 5


def test_ids_that_look_like_pseudonyms_are_ids() -> None:
    names = ["~AAAA-BBBB-CCCC", "AAAA-BBBB-CCCC", "~2", "~~1", "ann"]
    tables = read_tables(
        ("events.csv", ("user,item\n" + "".join(f"{n},a\n" for n in names)).encode())
    )
    data = build_dataset(tables, "marks")
    found = identities.pseudonyms(data, secret())
    for user, name in enumerate(data.users["user_id"]):
        handle = identities.handle(data, user, hidden=False)
        assert pseudonym_in(handle) is None, name
        assert identities.user_of(data, handle) == user, name
        hidden = identities.handle(data, user, hidden=True)
        assert identities.hidden_handle(handle) == hidden
        assert found.user(pseudonym_in(hidden) or "") == user


@pytest.mark.parametrize("title", ["Große Tasse", "GROSSE TASSE", "große tasse"])
def test_a_search_minds_no_case_in_any_script(title: str) -> None:
    text = catalogue.SearchText.of(pd.Series(["other", title], dtype="str"))
    for query in ("Große", "GROSSE", "tasse große"):
        assert catalogue.find(text, query, 5).tolist() == [1], query


def test_one_of_two_hundred_thousand_products_is_found() -> None:
    text = catalogue.SearchText.of(
        pd.Series(np.char.add("product number ", np.arange(200_000).astype(str)), dtype="str")
    )
    assert catalogue.find(text, "number product 199999", 50).tolist() == [199_999]
    assert len(catalogue.find(text, "99", 50)) == 50


@given(
    st.lists(st.text("ab 1\n", max_size=8), min_size=1, max_size=12),
    st.text("ab 1", max_size=5),
    st.integers(1, 5),
)
def test_a_search_finds_what_looking_at_every_line_finds(
    lines: list[str], query: str, limit: int
) -> None:
    words = query.split()
    hits = [i for i, line in enumerate(lines) if all(word in line for word in words)]
    first = [i for i in hits if words and lines[i].startswith(words[0])]
    expected = [*first, *(i for i in hits if i not in first)][:limit]
    text = catalogue.SearchText.of(pd.Series(lines, dtype="str"))
    assert catalogue.find(text, query, limit).tolist() == expected


def test_pictures_beside_the_run_are_put_into_the_page(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text("<svg/>")
    assert picture("a.svg", tmp_path) == "data:image/svg+xml;base64,PHN2Zy8+"


def test_pictures_elsewhere_are_not_read(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.svg").write_text("<svg/>")
    (inside / "text.txt").write_text("text")
    assert picture("../secret.svg", inside) is None
    assert picture(str(tmp_path / "secret.svg"), inside) is None
    assert picture("text.txt", inside) is None
    assert picture("", inside) is None
    assert picture(float("nan"), inside) is None
    assert picture("https://shop.example/a.png", inside) == "https://shop.example/a.png"


def test_an_address_that_is_no_place_has_no_picture(tmp_path: Path) -> None:
    (tmp_path / "circle.svg").symlink_to("circle.svg")
    for address in ("a" * 400 + ".svg", "a/" * 5_000 + "b.svg", "a\0b.svg", "circle.svg"):
        assert picture(address, tmp_path) is None


def test_a_search_takes_no_more_words_than_a_box_holds() -> None:
    text = catalogue.SearchText.of(pd.Series(["ab cd"] * 2_000))
    began = time.process_time()
    assert catalogue.find(text, "ab " * 40_000, 5).tolist() == []
    table = pd.DataFrame({"title": ["ab"], "category": ["cd"], "item_id": ["ef"]})
    assert found(table, "ab " * 40_000).empty
    assert time.process_time() - began < 0.1
    assert catalogue.find(text, "ab cd " * 16, 5).tolist() == [0, 1, 2, 3, 4]


class Counted(str):
    """A text that knows how often it was walked through."""

    walks = 0

    def count(self, *args: Any) -> int:
        Counted.walks += 1
        return super().count(*args)


def test_a_search_for_many_words_counts_few_of_them() -> None:
    text = catalogue.SearchText.of(pd.Series(["a b c d e f g h i j k l m n o p q r s t"]))
    text = replace(text, joined=Counted(text.joined))
    assert catalogue.find(text, "a b c d e f g h i j k l m n o p q r s t", 5).tolist() == [0]
    assert Counted.walks <= 6


def test_the_loyal_buy_what_they_bought_before() -> None:
    table = dataset().interactions
    rows = pd.DataFrame(
        {"user": [0] * 10 + [1] * 10, "item": [*range(10), *[1] * 5, *range(5)], "event": 0}
    )
    made = replace(
        dataset(),
        interactions=rows.astype(table.dtypes[["user", "item", "event"]].to_dict()),
        event_types=("purchase",),
        target_events=("purchase",),
    )
    # The second customer bought item 1 five times, and once more among the last five.
    assert catalogue.loyal_user(made) == (1, 0.5)
    alone = replace(made, interactions=made.interactions.head(10))
    assert catalogue.loyal_user(alone) is None


def test_the_typical_customer_has_the_median_length_and_the_new_one_the_least() -> None:
    rows = pd.DataFrame({"user": [0, 1, 1, 2, 2, 2], "item": 0, "event": 0})
    made = replace(dataset(), interactions=rows)
    assert catalogue.typical_user(made) == 1
    assert catalogue.new_user(made) == 0


def test_products_are_found_by_title_category_and_id() -> None:
    text = catalogue.item_text(dataset())
    assert catalogue.find(text, "garden thing 4", 50).tolist() == [4]
    assert catalogue.find(text, "photo i05", 50).tolist() == [5]
