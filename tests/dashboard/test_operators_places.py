"""Where something stands on this machine is sent to operators alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dashboard import access
from recommender.workspace import jobs, library, places
from recommender.workspace.library import START_RUN
from recommender.workspace.visitors import Visitor
from tests.dashboard.test_hidden_ids import Sent, _workspace, secret_run, sent, visit
from tests.dashboard.test_pages import words

__all__ = ["_workspace", "secret_run", "sent"]

ANN = Visitor("ann", "Ann", admin=False)


@pytest.fixture
def ann(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "visitor", lambda: ANN)


def roots(secret_run: Path, tmp_path: Path) -> tuple[str, ...]:
    return str(secret_run.parent), str(tmp_path)


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize("page", ["overview", "recommendations", "model", "trust", "data"])
def test_no_page_says_where_anything_stands(
    page: str, secret_run: Path, tmp_path: Path, sent: Sent
) -> None:
    visit(page, hidden=False)
    assert not [root for root in roots(secret_run, tmp_path) if root in sent]


def test_an_operator_is_told_where(secret_run: Path, sent: Sent) -> None:
    for page in ("trust", "data"):
        sent.messages.clear()
        visit(page, hidden=False)
        assert str(secret_run) in sent, page


@pytest.mark.usefixtures("ann")
def test_a_damaged_run_is_called_by_its_name(
    secret_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sent: Sent
) -> None:
    broken = {
        "first": ("weights.safetensors", "recommendations"),
        "second": ("curve.json", "model"),
    }
    for name, (file, page) in broken.items():
        damaged = tmp_path / name
        shutil.copytree(secret_run, damaged)
        (damaged / file).write_text("{")
        monkeypatch.setenv(START_RUN, str(damaged))
        assert f"{name} is damaged" in words(visit(page, hidden=False))
    monkeypatch.setenv(START_RUN, str(tmp_path / "nowhere"))
    assert "There is no run in nowhere." in words(visit("overview", hidden=False))
    assert str(tmp_path) not in sent


@pytest.mark.usefixtures("ann")
def test_the_log_of_a_training_says_no_place(secret_run: Path, tmp_path: Path, sent: Sent) -> None:
    data = secret_run.parent / "data"
    job = jobs.enqueue(data, library.new_path("run", "again", ANN), ANN)
    folder = places.job_folder(job.id)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "output.txt").write_text(f'{job.out} was written\nFile "{data}/x.py", line 3')
    visit("data", hidden=False, job=job.id)
    assert "again was written" in sent
    assert not [root for root in roots(secret_run, tmp_path) if root in sent]
