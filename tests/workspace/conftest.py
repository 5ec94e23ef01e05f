"""A workspace of its own for every test, and a data set small enough to train on in seconds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from recommender.data import save_dataset
from recommender.workspace import places, processes, store
from tests.dashboard.shop import dataset


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The workspace's folder; whatever still runs in it ends with the test."""
    monkeypatch.setenv(places.HOME, str(tmp_path / "home"))
    monkeypatch.setenv(places.START_RUN, str(tmp_path / "first"))
    monkeypatch.delenv(store.DATABASE, raising=False)
    yield tmp_path / "home"
    stop_supervisor(tmp_path / "home")
    for lock in (tmp_path / "home" / "jobs").glob("*/lock"):
        processes.end(lock.parent)
    store.close_store()


def stop_supervisor(home: Path) -> None:
    """End the process that works off the queue, as a crash would."""
    for one in processes._SUPERVISORS:
        one.kill()
        one.wait()
    processes._SUPERVISORS.clear()
    processes._LAST_START.clear()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(save_dataset(dataset(), tmp_path / "data"))


def kill(folder: Path) -> None:
    """End a training as a power cut would."""
    os.kill(int((folder / "pid").read_text()), 9)


@pytest.fixture
def run_folder() -> Path:
    return Path(__file__).parents[2] / "sample_data" / "run"
