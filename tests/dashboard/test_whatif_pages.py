"""The pages What if, Product and Present, drawn by Streamlit's own test harness."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from recommender.workspace.pseudonyms import pseudonym, secret
from tests.dashboard import shop
from tests.dashboard.test_pages import _workspace, opened, words

__all__ = ["_workspace"]


def ranking(app: AppTest) -> pd.DataFrame:
    return next(frame.value for frame in app.dataframe if "change" in frame.value.columns)


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def finished(page: str, **params: str) -> AppTest:
    """The page once everybody's lists are computed."""
    app = opened(page, **params)
    for _ in range(200):
        if "Popularity and taste" in words(app) or "near it" in words(app):
            return app
        app.run()
    raise AssertionError(words(app))


@pytest.mark.parametrize("k", ["²", "9" * 5000, "-3", "many"])
def test_a_number_that_is_none_falls_back(k: str) -> None:
    assert len(ranking(opened("whatif", user="u07", k=k))) == 10
    assert "Meet Customer" in words(opened("present", user="u07", mask="1", step=k))


def test_a_customer_of_a_number_too_long_to_read_is_said() -> None:
    assert "There is no customer" in words(opened("whatif", mask="1", user="~" + "9" * 5000))


def test_an_unedited_history_changes_nothing() -> None:
    app = opened("whatif", user="u07")
    assert not app.exception
    assert "Nothing is changed yet" in words(app)
    assert set(ranking(app)["change"]) == {"="}


def test_an_edit_is_in_the_url_and_moves_the_list() -> None:
    app = opened("whatif", user="u07", show="all")
    app = press(app, "Start from nothing")
    assert app.query_params["edit"] == "n"
    assert "From nothing, " in words(app)
    assert set(ranking(app)["change"]) != {"="}


def test_what_was_done_is_undone_and_done_again() -> None:
    app = opened("whatif", user="u07", show="all")
    app.button(key="out_3").click().run()
    assert app.query_params["edit"] == "x3"
    press(app, "Undo")
    assert "edit" not in app.query_params
    press(app, "Redo")
    assert app.query_params["edit"] == "x3"
    press(app, "Reset")
    assert "edit" not in app.query_params


def test_an_event_left_out_can_be_put_back() -> None:
    app = opened("whatif", user="u07", edit="x3")
    assert "left out" in app.button(key="open_3").label
    app.button(key="out_3").click().run()
    assert "left out" not in app.button(key="open_3").label


def test_the_chosen_event_becomes_another_kind_and_changes_its_place() -> None:
    app = opened("whatif", user="u07", event="3")
    box = next(box for box in app.selectbox if box.key.startswith("kind_3"))
    other = 1 - box.value
    box.set_value(other).run()
    assert app.query_params["edit"] == f"k3.{other}"
    press(app, "Later")
    assert app.query_params["edit"] == [f"k3.{other}", "l3"]


def test_the_chosen_event_gets_another_day() -> None:
    app = opened("whatif", user="u07", event="3")
    box = next(box for box in app.date_input if box.key.startswith("day_3"))
    box.set_value(date(2024, 1, 20)).run()
    assert app.query_params["edit"] == "d3.20240120"


def test_the_profile_is_edited() -> None:
    app = opened("whatif", user="u07")
    box = next(box for box in app.selectbox if box.label == "Age band")
    box.select(0).run()
    assert app.query_params["edit"] == "p0"
    assert "Age band: unknown, " in words(app)


def test_a_counterfactual_is_one_click_and_does_what_it_says() -> None:
    """Of the products offered, the first that a few deletions take off the list."""
    for item in offered_to("u07"):
        app = opened("whatif", user="u07", show="all", item=item, k="5")
        tries = [button for button in app.button if button.label == "Try"]
        if tries:
            tries[0].click().run()
            title = next(part.value for part in app.subheader if "before and after" in part.value)
            table = ranking(app).set_index("product")
            assert table.loc[title.removeprefix("Why ").split(", before")[0], "change"] == "▼ out"
            return
    raise AssertionError("nothing takes any of them off the list")


def offered_to(user: str) -> list[str]:
    """The five products that the customer is offered."""
    app = opened("whatif", user=user, show="all", k="5")
    titles = ranking(app)["product"].to_list()
    names = shop.dataset().items.set_index("title")["item_id"]
    return [str(names[title]) for title in titles]


def test_a_link_with_edits_that_do_not_fit_says_so() -> None:
    app = opened("whatif", user="u07", edit="x999")
    assert "1 edit of this link does not fit" in words(app)
    assert "Nothing is changed yet" in words(app)
    assert not app.exception


def test_a_product_out_of_the_list_can_be_explained_too() -> None:
    app = opened("whatif", user="u07", item="i05", edit="x3")
    assert "Why Photo thing 5, before and after" in words(app)


@pytest.mark.parametrize("mask", ["", "1"])
def test_one_product_seen_from_all(mask: str) -> None:
    app = finished("item", item="i04", show="all", mask=mask)
    assert not app.exception
    said = words(app)
    assert "customers would get it" in said
    for heading in ("Through which features", "What in their past leads to it", "competes with"):
        assert heading in said
    assert "Customers who get it" in said


def test_a_product_that_is_not_there_is_said() -> None:
    app = opened("item", item="nothing")
    assert "There is no product nothing" in words(app)
    assert not app.exception


def test_the_story_steps_forward_and_back() -> None:
    app = opened("present", user="u07")
    assert app.title[0].value == "Meet u07"
    press(app, "Next")
    assert app.title[0].value == "What u07 is offered"
    assert app.query_params["step"] == "2"
    press(app, "Next")
    assert app.title[0].value.startswith("Why ")
    press(app, "Next")
    assert app.title[0].value.startswith("And without ")
    press(app, "Back")
    assert app.title[0].value.startswith("Why ")
    assert not app.exception


def test_the_story_hides_ids_where_they_are_hidden() -> None:
    app = opened("present", user="u07", mask="1")
    assert words(app).startswith(f"Meet Customer {pseudonym('u07', secret())}")
    assert "u07" not in words(app)


def test_a_story_of_nobody_is_said() -> None:
    app = opened("present", user="nobody", step="many")
    assert "There is no customer nobody" in words(app)
    assert not app.exception
