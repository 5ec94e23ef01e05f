"""The doctor on the page: what it finds, how sure it is, what can be refused and taken away."""

from __future__ import annotations

import logging

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard import shop
from tests.dashboard.test_pages import _workspace, opened, words
from tests.hostile.generator import Case, corpus

__all__ = ["_workspace"]


def uploaded(name: str, content: bytes, **params: str) -> AppTest:
    app = opened("data", way="upload", **params)
    return app.file_uploader(key="file_interactions").upload(name, content, "text/csv").run()


def test_what_the_file_is_and_how_sure_each_role_is() -> None:
    content = shop.interactions().replace(",", ";").encode("utf-16")
    said = words(uploaded("shop.csv", content, do="look"))
    assert "shop.csv · 960 rows · 4 columns · " in said
    assert "encoding utf-16-le · separator semicolon" in said
    assert "100% sure, by its name" in said
    assert "960 events · 60 customers · 24 products" in said


def test_a_refused_fix_changes_what_comes_out() -> None:
    content = (shop.interactions() + "u01,i03,never,view\n").encode()
    app = uploaded("shop.csv", content, do="look")
    assert "960 events" in words(app)
    app.toggle(key="w_refuse.undated").set_value(True).run()
    assert "961 events" in words(app)
    assert app.query_params["refuse.undated"] == "1"


def test_training_is_estimated_before_it_begins() -> None:
    said = words(uploaded("shop.csv", shop.interactions().encode()))
    assert "Training will take about" in said
    assert "GB of memory" in said


def test_markup_in_a_name_or_title_is_shown_as_it_is() -> None:
    rows = "user_id,item_id,title\nann,i1,**bold** <b>x</b>\nbob,i2,[a](b)\n"
    app = uploaded("<i>shop.csv", rows.encode(), do="look")
    assert not any("<b>" in str(part.value) for part in app.markdown)
    assert any("<i>shop.csv" in str(part.value) for part in app.text)


def hostile() -> list[Case]:
    """Some of every family, workbooks left out since each takes a process."""
    cases = [case for case in corpus() if not case.name.endswith(("xlsx", "ods", "xlsx.zip"))]
    families = sorted({case.family for case in cases})
    return [case for name in families for case in [c for c in cases if c.family == name][::9][:4]]


def test_no_hostile_file_leaves_a_trace_in_the_page_or_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = opened("data", way="upload", do="look")
    with caplog.at_level(logging.ERROR):
        for case in hostile():
            sender = app.file_uploader(key="file_interactions")
            name = case.file if case.file != "table.csv" else f"{case.family}.csv"
            app = sender.upload(name, case.content, "text/csv").run()
            assert not app.exception, case.name
            assert "could not be drawn" not in words(app), case.name
    assert not [record for record in caplog.records if record.name == "dashboard"]


def test_what_was_found_is_said_whole_in_its_row() -> None:
    """File, column, line and remedy in one sentence: on a phone no part of it is out of sight."""
    late = shop.interactions() + "u01,i03,never,view\n"
    app = uploaded("a.csv", late.encode(), do="look")
    assert next(part.value for part in app.text if "(line 962)" in part.value).startswith(
        "a.csv, column 'timestamp': "
    )
    assert "remedy" not in [str(name) for table in app.dataframe for name in table.value.columns]


def test_an_empty_file_leaves_nothing_to_choose() -> None:
    app = uploaded("empty.csv", b"")
    assert "Columns" not in [part.value for part in app.subheader]
    assert "Dates like 03/04/2024" not in [box.label for box in app.selectbox]


def test_a_small_file_has_a_size_above_zero() -> None:
    assert "a.csv · 1 row · 2 columns · 0.1 kB" in words(uploaded("a.csv", b"a,b\n1,2\n"))
    assert "a.csv · 1 row · 2 columns · 0.1 kB" in words(
        uploaded("a.csv", b"x" * 95 + b",b\n1,2\n")
    )


def test_which_values_count_is_proposed_and_can_be_changed() -> None:
    rows = [f"u{i % 4},p{i % 7},{'paid' if i % 3 else 'voided'}" for i in range(30)]
    content = "\n".join(["user_id,item_id,order_status", *rows]).encode()
    app = uploaded("shop.csv", content, do="look")
    assert "20 events" in words(app)
    counting = app.multiselect(key="w_counting")
    assert (counting.options, counting.value) == (["voided", "paid"], ["paid"])
    counting.set_value(["voided"]).run()
    assert "10 events" in words(app)
    assert app.query_params["counting"] == "voided"


def test_which_events_are_predicted_is_asked_until_it_is_said() -> None:
    rows = [f"u{i % 4},p{i % 7},{i % 3 + 1}" for i in range(30)]
    content = "\n".join(["user_id,item_id,behavior_type", *rows]).encode()
    app = uploaded("shop.csv", content, do="look")
    assert "no type of event is known as a purchase" in found_in(app)
    app.multiselect(key="w_predicted").set_value(["3"]).run()
    assert "no type of event is known as a purchase" not in found_in(app)


def found_in(app: AppTest) -> str:
    """What was found, a row each."""
    return words(app)
