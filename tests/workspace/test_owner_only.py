"""What is written into the workspace is for its owner alone, and what was not is mended."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from recommender.owner_only import mend, owner_only
from recommender.workspace import jobs, library, records
from recommender.workspace.library import OPERATOR
from tests.cli.calling import call, call_process


@pytest.fixture(autouse=True)
def _open_handed() -> Iterator[None]:
    """As most systems start a process: others may read what it writes."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    every = [folder, *folder.rglob("*")]
    return [
        f"{path.relative_to(folder)} {stat.filemode(path.lstat().st_mode)}"
        for path in sorted(every)
        if not path.is_symlink() and path.stat().st_mode & 0o077
    ]


def test_import_training_and_export_write_for_their_owner_alone(home: Path, tmp_path: Path) -> None:
    """Each in a process of its own, as they are called; the queue starts the training."""
    events = tmp_path / "events.csv"
    rows = [f"u{n % 12},i{(n * 7) % 9},2024-{n % 9 + 1:02d}-0{n % 7 + 1}" for n in range(90)]
    events.write_text("\n".join(["user_id,item_id,timestamp", *rows]) + "\n")
    data = home / "datasets" / "shop"
    told = call_process("import", "--interactions", events, "--out", data, "--keep-days", "9")
    assert told.code == 0, told.err
    before = os.umask(0o077)  # the server has set its own, as `dashboard/app.py` does first
    short = ("--epochs", "1", "--width", "32", "--device", "cpu")
    job = jobs.enqueue(data, home / "runs" / "first", OPERATOR, short)
    os.umask(before)
    end = time.monotonic() + 240
    while jobs.poll(job.id, OPERATOR).is_open and time.monotonic() < end:
        time.sleep(0.2)
    assert jobs.poll(job.id, OPERATOR).state == "done", jobs.log(job.id, OPERATOR)
    for words in (
        ("recommend", job.out, "--all", "--out", home / "lists.csv"),
        ("feedback", "--out", home / "said.csv"),
        ("measure", job.out, "starts"),
    ):
        told = call_process(*words)
        assert told.code == 0, told.err
    assert {"datasets/shop/users.parquet", "runs/first/weights.safetensors", "library.sqlite"} <= {
        path.relative_to(home).as_posix() for path in home.rglob("*")
    }
    assert open_to_others(home) == []


def test_a_workspace_of_before_is_mended_when_the_library_is_looked_at(
    home: Path, data: Path
) -> None:
    library.home().mkdir(mode=0o755)
    (home / "datasets" / "shop").mkdir(parents=True)
    for path in data.iterdir():
        (home / "datasets" / "shop" / path.name).write_bytes(path.read_bytes())
    records.reconcile()
    assert "datasets/shop/users.parquet -rw-r--r--" in open_to_others(home)
    assert call("library").code == 0
    assert open_to_others(home) == []
    assert [entry.name for entry in library.entries(OPERATOR)] == ["shop"]


def test_only_what_others_may_do_is_taken_and_no_link_is_followed(tmp_path: Path) -> None:
    folder, outside = tmp_path / "in", tmp_path / "out"
    folder.mkdir(mode=0o755)
    for path in (folder / "run", outside):
        path.write_text("x")
        path.chmod(0o754)
    (folder / "link").symlink_to(outside)
    assert mend(folder) == 2
    assert stat.S_IMODE((folder / "run").stat().st_mode) == 0o700
    assert stat.S_IMODE(outside.stat().st_mode) == 0o754
    assert mend(folder) == 0
    assert mend(tmp_path / "nowhere") == 0


def test_the_server_and_the_process_of_the_queue_begin_with_it() -> None:
    root = Path(__file__).parents[2]
    for name in (
        "dashboard/app.py", "recommender/__main__.py", "recommender/workspace/supervisor.py",
    ):  # fmt: skip
        assert "owner_only()" in (root / name).read_text()
    owner_only()
    assert os.umask(0o022) == 0o077
