"""A link says which run it was made on, and the page when that run is no more."""

from __future__ import annotations

from pathlib import Path

from recommender.model.run import open_run
from tests.dashboard.test_pages import _workspace, opened, words

__all__ = ["_workspace"]
CHANGED = "The run has changed since this link was made"


def test_a_view_writes_the_fingerprints_of_run_and_data_to_its_url(run_folder: Path) -> None:
    run = open_run(run_folder)
    app = opened("recommendations", user="u07")
    expected = f"~{run.fingerprint[:8]}~{run.dataset.fingerprint[:8]}"
    assert app.query_params["seen"] == expected
    assert CHANGED not in words(app)


def test_a_link_of_the_same_run_is_restored_without_a_word(run_folder: Path) -> None:
    run = open_run(run_folder)
    seen = f"~{run.fingerprint[:8]}~{run.dataset.fingerprint[:8]}"
    assert CHANGED not in words(opened("recommendations", user="u07", seen=seen))


def test_a_link_of_another_run_or_other_data_is_told(run_folder: Path) -> None:
    run = open_run(run_folder)
    app = opened("attention", user="u07", seen=f"~00000000~{run.dataset.fingerprint[:8]}")
    assert CHANGED in words(app)
    assert "on the same data (run 00000000, now" in words(app)
    assert "on other data" in words(opened("attention", user="u07", seen="~00000000~00000000"))
    app.button(key="run_accepted").click().run()
    assert CHANGED not in words(app)
    assert app.query_params["seen"].startswith(f"~{run.fingerprint[:8]}~")


def test_the_fingerprint_of_another_entry_is_no_change(run_folder: Path) -> None:
    app = opened("recommendations", user="u07", seen="mine~00000000~00000000")
    assert CHANGED not in words(app)
    assert app.query_params["seen"].startswith(f"~{open_run(run_folder).fingerprint[:8]}~")
