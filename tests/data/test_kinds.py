from __future__ import annotations

import pandas as pd
import pytest

from recommender.data.cleaning.kinds import infer_kind


def kind(values: list[str], name: str = "feature") -> str:
    return infer_kind(pd.Series(values, dtype="str", name=name))


WORDS = ["walnut", "cherry", "bamboo", "marble", "copper", "linen", "cotton", "silver"]
SENTENCES = [f"A {a} bowl with a lid of {b} for every day" for a in WORDS for b in WORDS]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["red", "blue", "red", "green"], "categorical"),
        (["1.5", "2", "", "10", "7.25"], "numeric"),
        (["£3", "£4.50", "£20"], "numeric"),
        (["01067", "80331", "01067", "10115"], "categorical"),
        (["0", "1", "2", "3+"], "categorical"),
        (["a|b", "b|c", "a", "c|a|b"], "multi"),
        (["Action|Comedy", "Comedy", "Drama|Action", "Drama"], "multi"),
        (["new, sale", "sale", "new, vegan", "vegan, sale", "new"] * 4, "multi"),
        (SENTENCES, "text"),
        (["2024-01-01", "2024-02-01", "2023-05-06"], "date"),
        (["31/12/2023", "01/02/2024"], "date"),
        (["same", "same", "same"], "ignore"),
        (["", "", "x"], "ignore"),
        (["", "nan", "null"], "ignore"),
        ([f"sku{i}" for i in range(30)], "ignore"),
        ([f"https://shop.example/{i}" for i in range(30)], "ignore"),
        ([f"images/{i}.png" for i in range(30)], "ignore"),
    ],
)
def test_kind_of_a_column(values: list[str], expected: str) -> None:
    assert kind(values) == expected


def test_prose_with_commas_is_text() -> None:
    assert kind([text.replace(" with", ", with") for text in SENTENCES]) == "text"


def test_chinese_prose_is_text() -> None:
    assert (
        kind([f"这款{a}采用{b}制作适合日常使用非常耐用" for a in "红蓝绿" for b in "木铁布"])
        == "text"
    )


def test_number_called_id_is_a_name() -> None:
    assert kind(["12", "13", "12"], name="store_id") == "categorical"
