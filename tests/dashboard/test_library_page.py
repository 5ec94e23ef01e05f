"""The library, the queue and feedback on the pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import sentences
from dashboard.words import literal
from recommender.data import save_dataset
from recommender.workspace import jobs, library, processes, records, store
from recommender.workspace.library import OPERATOR
from tests.dashboard import shop
from tests.dashboard.test_pages import opened, words

SAMPLE = Path(__file__).parents[2] / "sample_data" / "run"


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody works off the queue, and every test has its own database."""
    monkeypatch.setenv(library.START_RUN, str(SAMPLE))
    monkeypatch.setenv(library.HOME, str(tmp_path))
    monkeypatch.setattr(processes, "start_supervisor", lambda home: None)
    store.close_store()


@pytest.fixture
def tiny() -> Path:
    return save_dataset(shop.dataset(), library.new_path("dataset", "tiny", OPERATOR))


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def test_a_data_set_is_renamed_and_noted(tiny: Path) -> None:
    app = opened("data", entry="tiny")
    next(box for box in app.text_input if box.label == "Name").set_value("Spring")
    app.text_area[0].set_value("before the sale")
    press(app, "Keep")
    entry = library.find("Spring", OPERATOR)
    assert entry is not None
    assert (entry.path, entry.note) == (tiny, "before the sale")


def test_a_data_set_is_deleted_only_after_a_word(tiny: Path) -> None:
    app = press(opened("data", entry="tiny"), "Delete")
    assert "tiny and everything in it will be gone." in [text.value for text in app.text]
    asked = [button.label for button in app.button if button.key == "delete_for_good"]
    assert asked == ["Delete tiny"]
    assert tiny.is_dir()

    # A press draws the whole page anew here, which closes the dialog: its inside is drawn alone.
    dialog = AppTest.from_function(_inside_the_dialog, default_timeout=60).run()
    assert tiny.is_dir()
    press(dialog, "Delete tiny")
    assert not tiny.exists()
    assert library.find("tiny", OPERATOR) is None


def _inside_the_dialog() -> None:
    """The dialog that was opened for `tiny`, drawn alone at every press, with what it was given."""
    import streamlit as st

    from dashboard import access
    from dashboard.views.data.library import _confirm

    if "shown" not in st.session_state:
        st.session_state["shown"] = access.find("tiny")
    _confirm(st.session_state["shown"])


@pytest.fixture
def other(tiny: Path) -> Path:
    return save_dataset(shop.dataset(), library.new_path("dataset", "other", OPERATOR))


def swap_names(tiny: Path, other: Path) -> None:
    """What was called tiny is called otherwise, and another is called so now."""
    records.rename(tiny, "aside")
    records.rename(other, "tiny")


def test_a_dialog_deletes_what_it_was_opened_for_whatever_is_called_so_now(
    tiny: Path, other: Path
) -> None:
    dialog = AppTest.from_function(_inside_the_dialog, default_timeout=60).run()
    swap_names(tiny, other)
    press(dialog, "Delete tiny")
    assert (tiny.exists(), other.exists()) == (False, True)


def test_a_dialog_deletes_nothing_that_came_into_the_folder_later(
    tiny: Path, tmp_path: Path
) -> None:
    dialog = AppTest.from_function(_inside_the_dialog, default_timeout=60).run()
    tiny.rename(tmp_path / "aside")
    save_dataset(shop.dataset(), tiny)
    press(dialog, "Delete tiny")
    assert "This could not be deleted" in words(dialog)
    assert tiny.exists()


@pytest.mark.parametrize("label", ["Delete", "Train on tiny", "Keep"])
def test_a_press_on_what_was_drawn_for_one_does_nothing_to_another(
    tiny: Path, other: Path, label: str
) -> None:
    app = opened("data", entry="tiny")
    if label == "Keep":
        app.text_area[0].set_value("mine")
    swap_names(tiny, other)
    app = press(app, label)
    assert not app.exception
    assert [button for button in app.button if button.key == "delete_for_good"] == []
    assert jobs.jobs(OPERATOR) == ()
    assert {entry.note for entry in library.entries(OPERATOR)} == {""}


def test_a_run_has_the_name_of_the_data_set_that_it_is_trained_on(tiny: Path) -> None:
    press(opened("data", entry="tiny"), "Train on tiny")
    (job,) = jobs.jobs(OPERATOR)
    assert (job.dataset, job.name) == (tiny, "tiny")


def test_a_training_waits_in_the_queue_and_can_be_cancelled(tiny: Path) -> None:
    app = press(opened("data", entry="tiny"), "Train on tiny")
    assert "Next in the queue." in words(app)
    press(app, "Cancel")
    (job,) = jobs.jobs(OPERATOR)
    assert job.state == "cancelled"
    app = press(opened("data", job=job.id), "Discard")
    assert jobs.jobs(OPERATOR) == ()
    assert not app.exception


def test_a_name_that_looks_like_markup_is_shown_as_it_is() -> None:
    save_dataset(shop.dataset(), library.new_path("dataset", "tiny", OPERATOR))
    app = opened("data", entry="tiny")
    next(box for box in app.text_input if box.label == "Name").set_value("**bold** :red[x]")
    press(app, "Keep")
    app = opened("data", entry="**bold** :red[x]")
    assert not app.exception
    labels = [button.label for button in app.button]
    assert "Train on \\*\\*bold\\*\\* \\:red\\[x\\]" in labels


def test_without_its_database_the_page_says_so_and_others_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(store.DATABASE, "postgresql://ann:secret@127.0.0.1:1/none")
    told = words(opened("data"))
    assert "The library does not answer" in told
    assert "secret" not in told
    assert "Sample shop" in words(opened("overview"))


def test_a_press_far_below_the_training_leads_up_to_it() -> None:
    app = opened("data", way="upload", name="mine")
    sender = app.file_uploader(key="file_interactions")
    app = sender.upload("shop.csv", shop.interactions().encode(), "text/csv").run()
    app = press(app, "Build and train")
    (job,) = jobs.jobs(OPERATOR)
    assert f"[↑ To the training of {literal(job.name)}](#training-{job.id})" in [
        part.value for part in app.markdown
    ]
    assert f"training-{job.id}" in [part.anchor for part in app.subheader]


def test_the_size_is_that_of_all_in_the_library(tiny: Path) -> None:
    def rows_and_sum() -> tuple[float, str]:
        app = opened("data")
        table = next(frame.value for frame in app.dataframe if "size" in frame.value.columns)
        return float(table["size"].sum()), words(app)

    both, said = rows_and_sum()
    assert f"{both:,.1f} MB in the library." in said
    records.delete(tiny, OPERATOR)
    one, said = rows_and_sum()
    assert one < both
    assert f"{one:,.1f} MB in the library." in said


def test_after_the_last_step_a_training_is_said_to_be_measured(tiny: Path) -> None:
    waiting = jobs.enqueue(tiny, library.new_path("run", "tiny", OPERATOR), OPERATOR)
    line = {"step": 11, "steps": 12, "epoch": 3, "seconds_left": 5}
    early = replace(waiting, state="running", progress=(line,))
    last = replace(early, progress=(line | {"step": 12},))
    assert sentences.progress(early) == "step 11 of 12, epoch 3, at most 5 seconds left"
    assert sentences.progress(last) == "Trained; now its recommendations are measured …"
    assert sentences.progress(replace(last, state="done")).startswith("step 12 of 12")
