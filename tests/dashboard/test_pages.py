"""Every page drawn by Streamlit's own test harness, on a run that was trained for it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from recommender.explain import recommend
from recommender.model.run import open_run
from recommender.workspace.library import HOME, START_RUN
from tests.dashboard import shop

APP = Path(__file__).parents[2] / "dashboard" / "router.py"
TITLES = {
    "overview": "Why this product, for this customer?",
    "recommendations": "Recommendations",
    "attention": "Attention",
    "features": "Features",
    "data": "Data",
}
PAGES = ("overview", "recommendations", "attention", "features", "data")


@pytest.fixture(autouse=True)
def _workspace(run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(START_RUN, str(run_folder))
    monkeypatch.setenv(HOME, str(tmp_path))
    yield
    assert os.environ[HOME] == str(tmp_path)


def opened(page: str, **params: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in params.items():
        app.query_params[name] = value
    app._page_hash = calc_hash("" if page == "overview" else page)
    return app.run()


def words(app: AppTest) -> str:
    parts = [*app.title, *app.subheader, *app.text, *app.markdown, *app.caption]
    said = "\n".join(str(part.value) for part in parts)
    return re.sub(r"\\([^\w\s])", r"\1", said)


def answers(app: AppTest) -> str:
    """What stands on answer cards and in all the evidence, one text a line."""
    drawn = "".join(one.proto.body for one in app.get("html") if '"answer' in one.proto.body)
    return "\n".join(unescape(text).strip() for text in re.split("<[^>]*>", drawn) if text.strip())


@pytest.mark.parametrize("page", PAGES)
def test_each_page_draws_without_an_error(page: str) -> None:
    app = opened(page)
    assert not app.exception
    assert "could not be drawn" not in words(app)
    assert "Nothing to show" not in words(app)
    assert app.title[0].value == TITLES[page]


def test_the_header_names_data_and_run() -> None:
    assert "60 customers" in words(opened("overview"))


def test_the_url_chooses_the_customer_and_the_product(run_folder: Path) -> None:
    run = open_run(run_folder)
    history = run.history(run.user("u07"), before_held_out=True)
    second = recommend(run, history, k=10, candidates="all")[1]
    app = opened("recommendations", user="u07", item=second.item_id, show="all")
    assert f"Why {second.title}?" in words(app)


def test_a_customer_that_is_not_there_is_said() -> None:
    app = opened("recommendations", user="nobody")
    assert "There is no customer nobody" in words(app)
    assert not app.exception


def test_a_run_that_is_not_there_is_said() -> None:
    for page in PAGES[:4]:
        app = opened(page, run="nothing")
        assert "There is no run called nothing here." in words(app)
        assert not app.exception


def test_a_damaged_run_is_said(run_folder: Path, tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    damaged = tmp_path / "damaged"
    shutil.copytree(run_folder, damaged)
    (damaged / "weights.safetensors").write_bytes(b"nothing")
    monkeypatch.setenv(START_RUN, str(damaged))
    app = opened("recommendations")
    assert "is damaged" in words(app)
    assert not app.exception


def test_wrong_values_in_the_url_fall_back() -> None:
    app = opened("recommendations", k="many", moment="never", order="", price="a~b", events="x")
    assert "Event by event" in words(app)
    assert app.slider(key="w_k").value == 10


def test_masked_ids_are_nowhere_on_the_page() -> None:
    app = opened("recommendations", mask="1", user="u07")
    assert "u07" not in words(app)
    app.session_state["picker"] = True
    app.run()
    assert "u07" not in words(app)
    table = next(frame.value for frame in app.dataframe if "Customer" in frame.value.columns)
    assert table["Customer"].str.fullmatch(r"Customer (?:[A-Z2-7]{4}-?){3}").all()


def test_what_was_held_out_stands_beside_the_list() -> None:
    app = opened("recommendations", user="u07")
    assert "What happened next" in words(app)
    app = opened("recommendations", user="u07", moment="now")
    assert "What happened next" not in words(app)


def test_filters_narrow_the_list() -> None:
    app = opened("recommendations", user="u07", show="all", category="Photo")
    table = next(frame.value for frame in app.dataframe if "percentile" in frame.value.columns)
    assert set(table["category"]) == {"Photo"}
    app = opened("recommendations", user="u07", show="all", price="5~8")
    table = next(frame.value for frame in app.dataframe if "percentile" in frame.value.columns)
    assert len(table) <= 3


def test_products_they_had_are_listed_alone() -> None:
    app = opened("recommendations", user="u07", show="again")
    table = next(frame.value for frame in app.dataframe if "percentile" in frame.value.columns)
    assert set(table["category"]) == {"Garden"}


def test_nothing_left_by_the_filters_is_said() -> None:
    app = opened("recommendations", user="u07", show="again", category="Photo")
    assert "Nothing fits these filters" in words(app)


def test_widgets_write_to_the_url() -> None:
    app = opened("recommendations", user="u07")
    app.slider(key="w_k").set_value(5).run()
    assert app.query_params["k"] == "5"
    table = next(frame.value for frame in app.dataframe if "percentile" in frame.value.columns)
    assert len(table) == 5


def test_the_default_leaves_the_url_clean() -> None:
    app = opened("recommendations", user="u07", k="5")
    app.slider(key="w_k").set_value(10).run()
    assert "k" not in app.query_params


def test_buttons_lead_to_the_next_customer_and_the_product_below() -> None:
    app = opened("recommendations", user="u07", show="all")
    table = next(frame.value for frame in app.dataframe if "percentile" in frame.value.columns)
    app.button(key="product_below").click().run()
    assert f"Why {table['product'].iloc[1]}?" in words(app)
    app.button(key="customer_next").click().run()
    assert app.query_params["user"] == "u08"
    assert "item" not in app.query_params
    app.button(key="customer_before").click().run()
    assert app.query_params["user"] == "u07"


def test_the_first_customer_has_none_before() -> None:
    app = opened("recommendations", user="u00")
    assert app.button(key="customer_before").disabled
    assert not app.button(key="customer_next").disabled


def test_routing_layers_have_a_control_each() -> None:
    app = opened("attention", user="u07", stage="routing", layer="1")
    assert "Who reads whom" in words(app)
    keys = {group.key for group in app.segmented_control}
    assert {"w_layer", "w_head", "w_stage"} <= keys


def test_a_followed_feature_shows_its_events() -> None:
    app = opened("features", user="u07", feature="category")
    assert "Events acting through “category”" in words(app)


def test_the_library_lists_the_run_in_use() -> None:
    app = opened("data")
    table = next(frame.value for frame in app.dataframe if "in_use" in frame.value.columns)
    assert table["in_use"].tolist() == ["✓"]


def test_uploaded_files_are_read_and_their_mapping_is_proposed() -> None:
    app = opened("data", way="upload")
    app.file_uploader(key="file_interactions").upload(
        "shop.csv", shop.interactions().encode(), "text/csv"
    ).run()
    assert "960 rows" in words(app)
    chosen = {box.label: box.value for box in app.selectbox}
    assert chosen["user id *"] == "user_id"
    assert chosen["time"] == "timestamp"
    assert any(button.label == "Build and train" for button in app.button)


def test_problems_of_a_file_are_listed_with_their_remedy() -> None:
    app = opened("data", way="upload")
    app.file_uploader(key="file_interactions").upload("shop.csv", b"a,b\n1,2\n", "text/csv").run()
    assert "to mend" in words(app)
    assert any(str(part.value).startswith("shop.csv: no column is known") for part in app.text)
    assert not any(button.label == "Build and train" for button in app.button)


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    app = opened("data")
    app.text_input(key="folder_path").set_value(str(tmp_path))
    next(button for button in app.button if button.label == "Add").click().run()
    assert "is neither a run nor a data set" in words(app)


def test_a_drawing_that_nobody_asked_for_tells_widgets_their_values_again() -> None:
    """The browser may have shown none of the drawing before."""

    def told(app: AppTest) -> list[bool]:
        assert not app.exception
        return [one.proto.set_value for one in app.get("button_group")]

    app = opened("features", user="u07")
    assert any(told(app))
    assert not any(told(app.run()))
    app.session_state["m_undrawn"] = True
    assert any(told(app.run()))
    assert not any(told(app.run()))


@pytest.mark.parametrize("page", ["recommendations", "features", "whatif", "compare", "present"])
def test_a_product_that_is_not_there_is_said(page: str) -> None:
    app = opened(page, user="u07", item="NOPE")
    assert not app.exception
    assert "There is no product NOPE in this data set; the first one is shown." in words(app)


def test_a_product_that_is_not_in_the_list_is_said(run_folder: Path) -> None:
    run = open_run(run_folder)
    history = run.history(run.user("u07"), before_held_out=True)
    last = recommend(run, history, k=24, candidates="all")[-1]
    app = opened("recommendations", user="u07", item=last.item_id, show="all")
    assert f"{last.title} is not in this list; the first product of it is shown." in words(app)
    assert "is not in this list" not in words(opened("recommendations", user="u07", show="all"))


def test_filters_that_leave_nothing_can_be_cleared_at_once() -> None:
    app = opened("recommendations", user="u07", show="again", price="5~5.1", k="15")
    assert "Nothing fits these filters" in words(app)
    (clear,) = [one for one in app.button if one.label == "Clear filters"]
    clear.click().run()
    assert "Nothing fits these filters" not in words(app)
    assert not {"show", "price", "category", "tag"} & set(app.query_params)
    assert app.query_params["k"] in ("15", ["15"])
