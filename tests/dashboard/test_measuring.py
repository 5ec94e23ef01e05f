"""What is measured of a whole run is measured beside the server, and read where it is kept."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboard import measuring
from dashboard.measuring import Measurement, Measuring, begin
from recommender.evaluate import measure, measured
from recommender.model.run import open_run


@pytest.fixture
def copied(run_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(run_folder, tmp_path / "run"))


def measurement(
    path: Path, name: str = "importance", is_open: bool = True, take: Any = None
) -> Measurement:
    run = open_run(path)

    def taken(tell: Callable[[int, int], None]) -> Any:
        return measure(run, name, tell)

    return Measurement(name, str(path), is_open, lambda: measured(run, name), take or taken)


def test_a_process_measures_and_the_server_reads_what_it_kept(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "APART", True)
    shutil.rmtree(copied / "measured", ignore_errors=True)
    run, here = open_run(copied), []

    def read(tell: Callable[[int, int], None]) -> Any:
        here.append(measured(run, "lists"))
        return here[0]

    asked = measurement(copied, "lists", take=read)
    found = begin(asked)
    assert found.value.result(timeout=60) is here[0] is not None
    assert found.done == found.share == 1.0


def test_what_is_kept_is_there_at_once(copied: Path) -> None:
    run = open_run(copied)
    measure(run, "starts")

    def refuse(tell: Callable[[int, int], None]) -> Any:
        raise AssertionError("it is kept")

    found = begin(measurement(copied, "starts", take=refuse))
    assert found.value.done()
    assert found.value.result() == measured(run, "starts")


def test_what_the_process_cannot_measure_is_measured_here(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "APART", True)
    monkeypatch.setattr(measuring.sys, "executable", shutil.which("false"))
    shutil.rmtree(copied / "measured", ignore_errors=True)
    assert len(begin(measurement(copied)).value.result(timeout=60))


def test_a_page_is_drawn_before_a_run_is_opened_beside_it(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "_HEAD_START", 0.3)
    began = time.monotonic()
    begin(measurement(copied, is_open=False)).value.result(timeout=60)
    assert time.monotonic() - began >= 0.3


def test_how_much_is_done_is_one_only_at_the_end() -> None:
    found = Measuring()
    found.tell(1, 4)
    assert found.done == 0.25
    found.tell(4, 4)
    assert found.done == 0.99
    found.value.set_result(None)
    assert found.done == 1.0
