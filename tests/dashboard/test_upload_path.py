"""The way of an upload: its steps with verdicts, and data that were trained on before."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.views.data.steps import Step, columns_step, last_step, repairs_step
from dashboard.words import speaking
from recommender.data import build_dataset, read_tables, save_dataset
from recommender.data.problems import Finder
from recommender.said import Said
from recommender.workspace import jobs
from recommender.workspace.library import OPERATOR, new_path
from tests.dashboard import shop
from tests.dashboard.test_pages import _workspace, words
from tests.dashboard.test_upload_doctor import uploaded

__all__ = ["_workspace"]


def said(step: Step) -> tuple[str, str]:
    return step.verdict, step.said


def test_what_is_to_mend_comes_before_what_was_repaired() -> None:
    finder = Finder("shop.csv")
    late = finder.fixed("undated", [3, 4], Said("two rows have no time"))
    wrong = finder.error(Said("no users"), Said("Name them"))
    told = finder.note(Said("a column is not used"))
    with speaking("en"):
        assert said(repairs_step([told, late, wrong])) == ("stop", "1 to mend")
        assert said(repairs_step([told, late])) == ("done", "1 kind repaired")
        assert said(repairs_step([told])) == ("done", "1 thing to know")
        assert said(repairs_step([])) == ("done", "none needed")


def test_a_missing_column_stops_and_an_unsure_one_asks() -> None:
    with speaking("en"):
        assert said(columns_step(["user_id"], ["item_id"]))[0] == "stop"
        assert said(columns_step([], ["item_id"]))[0] == "ask"
        assert said(columns_step([], [])) == ("done", "all found")
        assert last_step(None).verdict == "wait"


def path(app: AppTest) -> str:
    """The steps as the page has them."""
    return next(part.value for part in app.get("html") if "path" in part.value)


def test_the_steps_say_how_far_a_file_is() -> None:
    content = (shop.interactions() + "u01,i03,never,view\n").encode()
    shown = path(uploaded("shop.csv", content))
    assert "1 file, 961 rows" in shown
    assert "1 kind repaired" in shown
    assert "960 events ready" in shown
    missing = path(uploaded("shop.csv", b"foo,bar\n1,2\n"))
    assert "missing:" in missing
    assert "waits for what is to mend" in missing


def test_the_first_problem_of_a_kind_has_the_switch_and_no_other() -> None:
    content = (shop.interactions() + "u01,i03,never,view\n").encode()
    app = uploaded("shop.csv", content)
    assert [one.key for one in app.toggle if str(one.key).startswith("w_refuse")] == [
        "w_refuse.undated"
    ]


def test_data_that_are_being_trained_on_are_not_trained_on_again_by_a_second_press(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "tend", lambda: None)  # nothing is to run here
    content = shop.interactions().encode()
    dataset = build_dataset(read_tables(("shop.csv", content)), "shop")
    folder = new_path("dataset", "shop", OPERATOR)
    save_dataset(dataset, folder)
    jobs.enqueue(folder, new_path("run", "shop", OPERATOR), OPERATOR)
    app = uploaded("shop.csv", content)
    app.button(key="build").click().run()
    assert "is being trained on the very same data" in words(app)
    assert len(jobs.jobs(OPERATOR)) == 1
    assert {"to_job", "once_more"} <= {str(button.key) for button in app.button}
