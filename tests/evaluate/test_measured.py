"""What is measured once is kept in the run's folder, and read back as it was."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from recommender.evaluate import MEASUREMENTS, measure, measured
from recommender.evaluate.kept import FOLDER, keep, kept
from recommender.evaluate.lists import MODEL
from recommender.model.baselines import BASELINES
from recommender.model.evaluation import WITHOUT_ATTENTION
from recommender.model.network import ModelConfig
from recommender.model.run import Run, open_run, train_run
from recommender.model.training import TrainConfig
from tests.tiny import tiny_dataset

SAMPLE_RUN = Path(__file__).parents[2] / "sample_data" / "run"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    out = tmp_path_factory.mktemp("runs") / "run"
    config = ModelConfig(width=32, n_layers=1, window=12)
    return train_run(tiny_dataset(), out, config, TrainConfig(max_epochs=1))


def same(one: Any, other: Any) -> bool:
    """Whether two results are equal, types and all."""
    if type(one) is not type(other):
        return False
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, check_exact=True)
        return True
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if is_dataclass(one):
        return all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    return bool(one == other or (one != one and other != other))


@pytest.mark.parametrize("name", MEASUREMENTS)
def test_a_measurement_is_taken_once_and_read_back_as_it_was(run: Run, name: str):
    assert measured(run, name) is None
    first = measure(run, name)
    again = measured(run, name)
    assert same(first, again)
    path = run.path / FOLDER / f"{name}.json.gz"
    written = path.stat().st_mtime_ns
    assert same(measure(run, name), first)
    assert path.stat().st_mtime_ns == written


def test_lists_tell_how_far_they_are(run: Run):
    (run.path / FOLDER / "lists.json.gz").unlink(missing_ok=True)
    told: list[tuple[int, int]] = []
    measure(run, "lists", lambda done, total: told.append((done, total)))
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1] == len(run.dataset.users)


@dataclass(frozen=True, eq=False)
class Held:
    """A result of all kinds."""

    table: pd.DataFrame
    values: tuple[float, float, str | None, bool]
    named: dict[str, np.ndarray]


HELD = Held(
    pd.DataFrame({"word": ["a", None], "far": [np.inf, np.nan], "n": np.int32([1, 2])}),
    (float("inf"), 0.1, None, True),
    {"deep": np.array([[1, -1]], dtype=np.int32), "empty": np.zeros(0, dtype=np.float32)},
)


def test_all_kinds_of_results_come_back(run: Run):
    keep(run, "held", HELD)
    assert same(kept(run, "held", [Held]), HELD)
    assert kept(run, "held") is None


def test_a_result_of_another_run_or_damaged_is_not_read(run: Run):
    keep(run, "held", HELD)
    path = run.path / FOLDER / "held.json.gz"
    whole = path.read_bytes()
    about = json.loads(gzip.decompress(whole))
    path.write_bytes(gzip.compress(json.dumps(about | {"run": "another"}).encode()))
    assert kept(run, "held", [Held]) is None
    path.write_bytes(whole[: len(whole) // 2])
    assert kept(run, "held", [Held]) is None
    path.write_bytes(b"not a result")
    assert kept(run, "held", [Held]) is None


def test_what_was_measured_beside_baselines_that_knew_less_is_not_read(run: Run):
    """Version 1 knew neither the blend nor the run without attention, and of ranks only some."""
    keep(run, "held", HELD)
    path = run.path / FOLDER / "held.json.gz"
    about = json.loads(gzip.decompress(path.read_bytes()))
    path.write_bytes(gzip.compress(json.dumps(about | {"version": 1}).encode()))
    assert kept(run, "held", [Held]) is None


def test_what_comes_with_the_sample_run_is_read_and_of_now():
    sample = open_run(SAMPLE_RUN)
    found = {name: measured(sample, name) for name in MEASUREMENTS}
    assert [name for name, one in found.items() if one is None] == []
    assert set(found["quality"].beyond["method"]) == {MODEL, *BASELINES, WITHOUT_ATTENTION}


@pytest.mark.parametrize(
    "value",
    [
        {"array": ["S1000000000", ["a"]]},
        {"array": ["int8", [300]]},
        {"array": ["(1000000000,)f8", []]},
        {"table": {"word": ["U500000000", ["a"]]}},
        {"table": {"word": ["no type", ["a"]]}},
        {"table": []},
        {"Held": []},
        {"Unknown": {}},
    ],
)
def test_a_result_whose_values_are_none_that_are_kept_is_not_read(run: Run, value: Any):
    keep(run, "held", HELD)
    path = run.path / FOLDER / "held.json.gz"
    about = json.loads(gzip.decompress(path.read_bytes()))
    path.write_bytes(gzip.compress(json.dumps(about | {"value": value}).encode()))
    assert kept(run, "held", [Held]) is None


@pytest.mark.parametrize("place", range(1, 40, 3))
def test_a_result_damaged_anywhere_is_not_read(run: Run, place: int):
    keep(run, "held", HELD)
    path = run.path / FOLDER / "held.json.gz"
    whole = bytearray(path.read_bytes())
    whole[place * len(whole) // 40] ^= 0xFF
    path.write_bytes(bytes(whole))
    found = kept(run, "held", [Held])
    assert found is None or same(found, HELD)


def test_what_unfolds_beyond_all_measure_is_let_be(run: Run):
    path = run.path / FOLDER / "held.json.gz"
    path.parent.mkdir(exist_ok=True)
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(300):
            file.write(b" " * 2**20)
    tracemalloc.start()
    assert kept(run, "held", [Held]) is None
    assert tracemalloc.get_traced_memory()[1] < 64 * 2**20
    tracemalloc.stop()


def test_json_nested_beyond_all_measure_is_not_read(run: Run):
    path = run.path / FOLDER / "held.json.gz"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress(b"[" * 200_000))
    assert kept(run, "held", [Held]) is None


@pytest.mark.parametrize("linked", [FOLDER, f"{FOLDER}/held.json.gz"])
def test_a_link_out_of_the_run_is_neither_read_nor_written_through(
    run: Run, linked: str, tmp_path: Path
):
    keep(run, "held", HELD)
    here, there = run.path / linked, tmp_path / "elsewhere"
    here.rename(there)
    here.symlink_to(there)
    file = there / "held.json.gz" if there.is_dir() else there
    written = file.stat().st_mtime_ns
    assert kept(run, "held", [Held]) is None
    keep(run, "other", HELD)
    keep(run, "held", HELD)
    assert file.stat().st_mtime_ns == written
    assert not (tmp_path / "elsewhere" / "other.json.gz").exists()
    here.unlink()
    there.rename(here)


def test_where_nothing_can_be_written_the_result_is_given_all_the_same(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(self: Path, *_: Any, **__: Any) -> None:
        raise PermissionError("this folder is read only")

    (run.path / FOLDER / "importance.json.gz").unlink(missing_ok=True)
    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert len(measure(run, "importance"))
    assert measured(run, "importance") is None
