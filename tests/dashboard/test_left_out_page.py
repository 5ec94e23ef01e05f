"""What does not count stands beside the history on every page that lists it, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from recommender.model.run import open_run
from recommender.workspace.library import HOME, START_RUN
from tests.dashboard.timeless import USER

APP = Path(__file__).parents[2] / "dashboard" / "router.py"


@pytest.fixture(autouse=True)
def _workspace(
    timeless_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    monkeypatch.setenv(START_RUN, str(timeless_run))
    monkeypatch.setenv(HOME, str(tmp_path))
    yield


def opened(page: str, **params: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=120)
    for name, value in params.items():
        app.query_params[name] = value
    app._page_hash = calc_hash(page)
    return app.run()


def left_out(app: AppTest) -> list[list[str]]:
    """The rows of the table of what does not count."""
    assert not app.exception
    tables = [frame.value for frame in app.dataframe if "why" in frame.value.columns]
    return [row for table in tables for row in table.to_numpy().tolist()]


@pytest.mark.parametrize("page", ["recommendations", "whatif", "attention"])
def test_it_is_listed_with_its_reason(page: str, timeless_run: Path) -> None:
    run = open_run(timeless_run)
    (row,) = run.history(run.user(USER)).uncounted.items.tolist()
    title = run.dataset.items["title"].iloc[row]
    app = opened(page, user=USER)
    assert left_out(app) == [[title, "view", "not counted: rated low (1)"]]
    assert [one.label for one in app.expander][:1] == ["1 more event is not counted"]


def test_it_is_said_in_the_language_of_the_page() -> None:
    app = opened("recommendations", user=USER, lang="zh")
    assert [row[-1] for row in left_out(app)] == ["未计入：评分低（1）"]
    assert [one.label for one in app.expander][:1] == ["另有 1 个事件未计入"]


def test_somebody_who_starts_from_nothing_did_nothing() -> None:
    assert left_out(opened("whatif", user=USER, edit="x0")) != []
    assert left_out(opened("whatif", user=USER, edit="n")) == []


@pytest.mark.parametrize("page", ["recommendations", "whatif"])
def test_it_is_not_in_the_list_of_new_products(page: str, timeless_run: Path) -> None:
    run = open_run(timeless_run)
    (row,) = run.history(run.user(USER)).uncounted.items.tolist()
    app = opened(page, user=USER, show="new", k="50", edit="x0" if page == "whatif" else "")
    tables = [frame.value for frame in app.dataframe if "rank" in frame.value.columns]
    assert tables
    title = run.dataset.items["title"].iloc[row]
    assert not any(title in table.to_numpy().ravel().tolist() for table in tables)
