from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from recommender.workspace import jobs, library, processes, progress, schema, store, supervisor
from recommender.workspace.leftovers import clear_leftovers
from recommender.workspace.library import OPERATOR
from recommender.workspace.quotas import QuotaError
from recommender.workspace.visitors import Visitor
from tests.workspace.conftest import kill, stop_supervisor

LONG = ("--epochs", "5000", "--patience", "5000", "--width", "32", "--window", "20")
SHORT = ("--epochs", "1", "--width", "32", "--window", "20")
ANN, BOB = Visitor("ann", "Ann", admin=False), Visitor("bob", "Bob", admin=False)


def enqueue(data: Path, *options: str, visitor: Visitor = OPERATOR) -> jobs.Job:
    return jobs.enqueue(data, library.new_path("run", "shop", visitor), visitor, options or SHORT)


def wait(name: str, until: Callable[[jobs.Job], bool], seconds: float = 120) -> jobs.Job:
    end = time.monotonic() + seconds
    while not until(jobs.poll(name, OPERATOR)) and time.monotonic() < end:
        jobs.tend()
        time.sleep(0.1)
    job = jobs.poll(name, OPERATOR)
    assert until(job), (job, jobs.log(name, OPERATOR))
    return job


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody works off the queue unless the test does."""
    monkeypatch.setattr(processes, "start_supervisor", lambda home: None)
    yield
    while SLEEPERS:
        SLEEPERS[-1].kill()
        SLEEPERS.pop().wait()


def state(name: str) -> str:
    return jobs.poll(name, OPERATOR).state


def test_a_training_survives_kills_and_a_cancel_and_the_next_one_follows(
    data: Path, home: Path
) -> None:
    first, second = enqueue(data, *LONG), enqueue(data)
    assert second.out.name != first.out.name
    wait(first.id, lambda job: job.state == "running" and job.share > 0)
    assert (state(second.id), jobs.poll(second.id, OPERATOR).before) == ("queued", 0)
    checkpoint = first.out.parent / f".{first.out.name}-unfinished" / "state.safetensors"
    wait(first.id, lambda job: checkpoint.is_file())

    stop_supervisor(home)
    kill(home / "jobs" / first.id)
    epochs = jobs.poll(first.id, OPERATOR).progress[-1]["epoch"]
    again = wait(first.id, lambda job: processes.is_alive(home / "jobs" / first.id))
    assert again.state == "running"
    wait(first.id, lambda job: bool(job.progress) and job.progress[-1]["epoch"] >= epochs)

    cancelled = jobs.cancel(first.id, OPERATOR)
    assert (cancelled.state, cancelled.can_resume) == ("cancelled", True)
    done = wait(second.id, lambda job: not job.is_open)
    assert done.state == "done"
    assert library.at(done.out, OPERATOR) is not None

    jobs.forget(first.id, OPERATOR)
    assert [path.name for path in first.out.parent.iterdir()] == [done.out.name]


def test_a_training_that_fails_says_why(data: Path) -> None:
    job = enqueue(data / "nowhere")
    failed = wait(job.id, lambda job: not job.is_open)
    assert failed.state == "failed"
    assert "nowhere" in failed.message
    assert failed.message.template == "{folder} is no data set: it has no {file}"
    assert "nowhere" in jobs.log(job.id, OPERATOR)


@pytest.mark.usefixtures("idle")
def test_one_queue_serves_all_in_their_order(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [enqueue(data, visitor=visitor).id for visitor in (ANN, BOB, ANN)]
    assert [jobs.poll(job, OPERATOR).before for job in ids] == [0, 1, 2]
    monkeypatch.setattr(processes, "launch", _sleeper)
    supervisor._round(supervisor._Children())
    assert [state(job) for job in ids] == ["running", "queued", "queued"]
    monkeypatch.setenv(supervisor.LIMIT, "2")
    supervisor._round(supervisor._Children())
    assert [state(job) for job in ids] == ["running", "running", "queued"]


_launch = processes.launch
SLEEPERS: list[subprocess.Popen[bytes]] = []


def _sleeper(folder: Path, command: object) -> subprocess.Popen[bytes] | None:
    child = _launch(folder, ["sleep", "60"])
    if child is not None:
        SLEEPERS.append(child)
    return child


@pytest.mark.usefixtures("idle")
def test_visitors_see_and_touch_only_their_own(data: Path) -> None:
    job = enqueue(data, visitor=ANN)
    assert [one.id for one in jobs.jobs(ANN)] == [job.id]
    assert jobs.jobs(BOB) == ()
    for act in (jobs.poll, jobs.cancel, jobs.resume, jobs.forget, jobs.log):
        with pytest.raises(KeyError):
            act(job.id, BOB)
    assert [one.id for one in jobs.jobs(OPERATOR)] == [job.id]


@pytest.mark.usefixtures("idle")
def test_nobody_fills_the_queue(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECLENS_QUOTA_JOBS", "2")
    enqueue(data, visitor=ANN)
    enqueue(data, visitor=ANN)
    with pytest.raises(QuotaError, match="2 of your trainings"):
        enqueue(data, visitor=ANN)
    enqueue(data, visitor=BOB)


@pytest.mark.usefixtures("idle")
def test_what_is_killed_again_and_again_is_given_up(
    data: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "launch", _sleeper)
    job, children = enqueue(data), supervisor._Children()
    for _ in range(3):
        supervisor._round(children)
        assert state(job.id) == "running"
        folder = home / "jobs" / job.id
        kill(folder)
        while processes.is_alive(folder):
            time.sleep(0.01)
        supervisor._round(children)
    ended = jobs.poll(job.id, OPERATOR)
    assert ended.state == "failed"
    assert "3 times" in ended.message
    assert ended.message.values == {"n": 3}


@pytest.mark.usefixtures("idle")
def test_a_training_cancelled_before_it_began_leaves_nothing(data: Path) -> None:
    job = enqueue(data)
    assert jobs.cancel(job.id, OPERATOR).state == "cancelled"
    assert jobs.cancel(job.id, OPERATOR).state == "cancelled"
    supervisor._round(supervisor._Children())
    assert not job.out.exists()
    assert jobs.resume(job.id, OPERATOR).state == "queued"


@pytest.mark.usefixtures("idle")
def test_a_cancel_that_comes_while_it_starts_is_not_lost(
    data: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "launch", _sleeper)
    job, children = enqueue(data), supervisor._Children()
    supervisor._round(children)
    with store.writing() as connection:  # As if the process had not been there yet.
        connection.execute(schema.jobs.update().values(state="cancelled"))
    supervisor._round(children)
    assert not processes.is_alive(home / "jobs" / job.id)
    assert state(job.id) == "cancelled"


def test_only_one_process_works_off_the_queue(home: Path) -> None:
    held = processes.lock(home / "jobs" / "lock")
    assert held is not None
    assert processes.lock(home / "jobs" / "lock") is None
    assert processes.is_alive(home / "jobs")
    os.close(held)
    assert not processes.is_alive(home / "jobs")


def test_drafts_of_another_run_are_left_alone(tmp_path: Path) -> None:
    for name in (".shop-abcd1234", ".shop-2-unfinished", ".shop-2-abcd1234", ".shop-unfinished"):
        (tmp_path / name).mkdir()
    clear_leftovers(tmp_path / "shop")
    assert {path.name for path in tmp_path.iterdir()} >= {".shop-2-unfinished", ".shop-2-abcd1234"}
    assert not (tmp_path / ".shop-abcd1234").exists()
    assert not (tmp_path / ".shop-unfinished").exists()


def test_half_written_progress_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "progress.jsonl").write_text('{"step": 1}\nnot json\n{"step": 2}\n{"ste')
    assert progress.read_progress(tmp_path) == ({"step": 1}, {"step": 2})


def test_a_job_that_never_was_is_refused() -> None:
    with pytest.raises(KeyError):
        jobs.poll("nothing", OPERATOR)


@pytest.mark.usefixtures("idle")
def test_options_come_back_as_they_went_in(data: Path) -> None:
    job = enqueue(data, "--epochs", "3")
    with store.reading() as connection:
        row = connection.execute(select(schema.jobs)).mappings().one()
    assert (row["name"], row["options"]) == (job.id, ["--epochs", "3"])
