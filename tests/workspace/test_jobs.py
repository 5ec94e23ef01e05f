from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from recommender.workspace import jobs, library, processes, progress
from recommender.workspace.library import OPERATOR
from recommender.workspace.quotas import QuotaError
from recommender.workspace.visitors import Visitor
from tests.workspace.conftest import kill, stop_supervisor

SHORT = ("--epochs", "2", "--width", "32", "--window", "20")
LONG = ("--epochs", "5000", "--patience", "5000", "--width", "32", "--window", "20")
ANN, BOB = Visitor("ann", "Ann", admin=False), Visitor("bob", "Bob", admin=False)


def enqueue(data: Path, *options: str, visitor: Visitor = OPERATOR) -> jobs.Job:
    return jobs.enqueue(data, library.new_path("run", "shop", visitor), visitor, options or SHORT)


def wait(name: str, until: Callable[[jobs.Job], bool], seconds: float = 90) -> jobs.Job:
    end = time.monotonic() + seconds
    while not until(jobs.poll(name, OPERATOR)) and time.monotonic() < end:
        jobs.tend()
        time.sleep(0.1)
    job = jobs.poll(name, OPERATOR)
    assert until(job), (job, jobs.log(name, OPERATOR))
    return job


def test_trainings_run_one_after_the_other_and_tell_how_far_they_are(data: Path) -> None:
    first, second = enqueue(data), enqueue(data)
    assert (first.out.name, second.out.name) == ("shop", "shop")
    assert first.name != second.name
