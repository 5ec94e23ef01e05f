from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from recommender.data import save_dataset
from recommender.workspace import jobs, library
from tests.dashboard.shop import dataset


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(library.HOME, str(tmp_path / "home"))
    return Path(save_dataset(dataset(), tmp_path / "data"))


def ended(name: str, seconds: float = 90) -> jobs.Job:
    end = time.monotonic() + seconds
    while jobs.poll(name).state == "running" and time.monotonic() < end:
        time.sleep(0.2)
    return jobs.poll(name)


def test_a_job_trains_and_tells_how_far_it_is(data: Path) -> None:
    job = jobs.start(data, library.new_path("run", "shop"), ("--epochs", "2", "--width", "32"))
    assert job.state == "running"
    done = ended(job.name)
    assert done.state == "done"
    assert library.kind_of(done.out) == "run"
    assert done.progress[-1]["state"] == "done"
    assert {"step", "steps", "epoch", "loss", "seconds_left"} <= set(done.progress[-1])
    assert [listed.name for listed in jobs.jobs()] == [job.name]


def test_a_job_that_fails_says_why(data: Path) -> None:
    job = jobs.start(data / "nowhere", library.new_path("run", "shop"))
    failed = ended(job.name)
    assert failed.state == "failed"
    assert "nowhere" in failed.message


def test_a_cancelled_job_leaves_nothing(data: Path) -> None:
    job = jobs.start(data, library.new_path("run", "shop"), ("--epochs", "500"))
    assert jobs.cancel(job.name).state == "cancelled"
    assert not job.out.exists()
    assert jobs.cancel(job.name).state == "cancelled"


def test_a_job_that_never_was_is_refused(data: Path) -> None:
    with pytest.raises(KeyError):
        jobs.poll("nothing")


def test_a_number_used_again_is_not_the_same_process(data: Path) -> None:
    job = jobs.start(data, library.new_path("run", "shop"), ("--epochs", "500"))
    facts = library.home() / "jobs" / job.name / "job.json"
    jobs.cancel(job.name)
    told = json.loads(facts.read_text()) | {"pid": os.getpid()}
    facts.write_text(json.dumps(told))
    assert jobs.poll(job.name).state == "cancelled"


def test_half_written_progress_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "progress.jsonl"
    file.write_text('{"step": 1}\nnot json\n{"step": 2}\n{"ste')
    assert jobs._progress(file) == ({"step": 1}, {"step": 2})
