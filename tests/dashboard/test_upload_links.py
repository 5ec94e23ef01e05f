"""What was chosen for an upload stands in the URL: the same link reads the same file alike."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard import shop
from tests.dashboard.test_pages import _workspace, opened

__all__ = ["_workspace"]


def uploaded(**params: str | list[str]) -> AppTest:
    app = opened("data", way="upload", **params)  # type: ignore[arg-type]
    app.file_uploader(key="file_interactions").upload(
        "shop.csv", shop.interactions().encode(), "text/csv"
    )
    return (
        app.file_uploader(key="file_items")
        .upload("items.csv", shop.items().encode(), "text/csv")
        .run()
    )


def kinds(app: AppTest) -> dict[str, str]:
    table = next(frame.value for frame in app.dataframe if "kind" in frame.value.columns)
    return dict(zip(table["feature"], table["kind"], strict=True))


def test_a_changed_column_goes_to_the_url() -> None:
    app = uploaded()
    app.selectbox(key="w_interactions.event").set_value("~").run()
    assert app.query_params["interactions.event"] == "~"
    app.selectbox(key="w_interactions.event").set_value("event").run()
    assert "interactions.event" not in app.query_params


def test_the_same_file_under_the_same_link_proposes_the_same_columns() -> None:
    app = uploaded(**{"interactions.event": "~", "items.title": "category"})
    chosen = {box.key: box.value for box in app.selectbox}
    assert chosen["w_interactions.event"] == "~"
    assert chosen["w_items.title"] == "category"
    assert not app.exception


def test_a_column_of_the_link_that_the_file_lacks_is_passed_over() -> None:
    app = uploaded(**{"interactions.user_id": "Buyer"})
    assert app.selectbox(key="w_interactions.user_id").value == "user_id"


def test_kinds_of_the_link_stand_in_the_table() -> None:
    assert kinds(uploaded())["category"] == "categorical"
    changed = kinds(uploaded(kind=["items.category=text", "items.nothing=text", "items.price=x"]))
    assert changed["category"] == "text"
    assert changed["price"] == "numeric"


@pytest.mark.parametrize(
    ("param", "value", "key"),
    [
        ("dates", "month", "w_dates"),
        ("repeats", "no", "w_repeats"),
        ("passes", "3", "w_passes"),
        ("fewest", "2", "w_fewest"),
        ("name", "Spring", "w_name"),
    ],
)
def test_settings_of_the_link_stand_in_their_fields(param: str, value: str, key: str) -> None:
    app = uploaded(**{param: value})
    fields = {box.key: box.value for box in (*app.selectbox, *app.number_input, *app.text_input)}
    assert str(fields[key]) == value


def test_wrong_settings_in_the_link_fall_back() -> None:
    app = uploaded(dates="never", passes="-4", fewest="x", repeats="", ratings="y")
    fields = {box.key: box.value for box in (*app.selectbox, *app.number_input)}
    assert (fields["w_dates"], fields["w_passes"], fields["w_fewest"]) == ("seen", 30, 1)
    assert not app.exception
