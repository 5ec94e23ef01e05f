"""The one process that works off a workspace's queue.

It is started by whoever puts something into the queue or looks at it, belongs to no server, and
ends when there is nothing left to do. If it is killed, trainings go on and the next one takes over.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, update

from recommender.confined import limit_of
from recommender.owner_only import owner_only
from recommender.said import Said, as_it_is, written
from recommender.workspace import processes
from recommender.workspace.fair_queue import in_turn, note_turn
from recommender.workspace.leftovers import clear_leftovers
from recommender.workspace.places import home, job_folder, kind_of
from recommender.workspace.progress import how_it_ended, note_start, read_log
from recommender.workspace.records import reconcile
from recommender.workspace.schema import jobs as table
from recommender.workspace.schema import rows_of
from recommender.workspace.store import StoreError, reading, writing

LIMIT: Final = "RECLENS_JOBS"
_EVERY_SECONDS: Final = 0.5
_IDLE_ROUNDS: Final = 4
_MESSAGE: Final = 2_000
"""Letters of a line of the log that is kept as the reason."""
_ATTEMPTS: Final = 3
"""How often a training is started again after it was killed."""


def main() -> None:
    """Work off the queue unless somebody does already."""
    while True:
        held = processes.lock(home() / "jobs" / "lock")
        if held is None:
            return
        try:
            _work(_Children())
        finally:
            os.close(held)
        # Something may have come in after the last look and before the lock was let go.
        if not _open_rows():
            return


class _Children:
    """Trainings that this supervisor started; others may run from one before it."""

    def __init__(self) -> None:
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def exit_code(self, job: str) -> int | None:
        """How it ended; None if it runs or is another supervisor's."""
        child = self.processes.get(job)
        return child.poll() if child else None


def _work(children: _Children) -> None:
    idle = 0
    while idle < _IDLE_ROUNDS:
        try:
            idle = 0 if _round(children) else idle + 1
        except StoreError:
            # Trainings go on without the store; what came of them is written when it is back.
            time.sleep(2)
        time.sleep(_EVERY_SECONDS)


def _round(children: _Children) -> bool:
    """Settle what has ended, end what was cancelled, start what there is room for."""
    rows = _open_rows()
    running = [row for row in rows if row["state"] == "running"]
    for row in running:
        if not processes.is_alive(_folder(row)):
            _settle(row, children.exit_code(row["id"]))
    alive = _alive_folders()
    for row in _cancelled(alive):
        processes.end(_folder(row))
        clear_leftovers(home() / row["out"])
    for row in _next(limit_of(LIMIT, 1) - len(alive)):
        _start(row, children)
    return bool(rows or alive)


def _open_rows() -> list[RowMapping]:
    query = rows_of(table).where(table.c.state.in_(("queued", "running")))
    with reading() as connection:
        return list(connection.execute(query).mappings())


def _next(room: int) -> list[RowMapping]:
    """What is started now where there is room for so many."""
    if room <= 0:
        return []
    with reading() as connection:
        return in_turn(connection)[:room]


def _alive_folders() -> list[str]:
    parent = home() / "jobs"
    return [path.parent.name for path in parent.glob("*/lock") if processes.is_alive(path.parent)]


def _cancelled(alive: list[str]) -> list[RowMapping]:
    query = rows_of(table).where(table.c.id.in_(alive), table.c.state == "cancelled")
    with reading() as connection:
        return list(connection.execute(query).mappings())


def _start(row: RowMapping, children: _Children) -> None:
    if not _claim(row):
        return  # Cancelled in between.
    folder = _folder(row)
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "recommender", "train", str(home() / row["dataset"])]
    command += ["--out", str(home() / row["out"]), "--progress", str(folder / "progress.jsonl")]
    try:
        note_start(folder)
        child = processes.launch(folder, [*command, *row["options"]])
    except OSError as error:
        _end(row["id"], "failed", Said("it could not be started: {why}", why=error))
        return
    if child is not None:
        children.processes[row["id"]] = child


def _claim(row: RowMapping) -> bool:
    """Note that the training starts and its owner has had a turn; whether it still waited."""
    values = {"state": "running", "started": time.time(), "attempts": row["attempts"] + 1}
    with writing() as connection:
        claimed = _change(connection, row["id"], "queued", **values)
        if claimed:
            note_turn(row["owner"], connection)
        return claimed


def _settle(row: RowMapping, code: int | None) -> None:
    """Write down how a training ended that runs no more."""
    folder, out = _folder(row), home() / row["out"]
    state, message = how_it_ended(folder)
    if kind_of(out) == "run":
        _end(row["id"], "done")
        reconcile()
    elif state == "failed" or (code is not None and code > 0):
        _end(row["id"], "failed", message or _last_line(folder))
    elif row["attempts"] < _ATTEMPTS:
        with writing() as connection:
            _change(connection, row["id"], "running", state="queued")
        return
    else:
        _end(
            row["id"],
            "failed",
            Said(
                "it was ended from outside {n} times, perhaps for want of memory", n=row["attempts"]
            ),
        )
    clear_leftovers(out)


def _last_line(folder: Path) -> Said:
    lines = [line for line in read_log(folder).splitlines() if line.strip()]
    if lines:
        return as_it_is(lines[-1][:_MESSAGE])
    return Said("it ended without saying why; the disk may be full")


def _end(job: str, state: str, message: Said | None = None) -> None:
    kept = written(message) if message else ""
    with writing() as connection:
        _change(connection, job, "running", state=state, message=kept, ended=time.time())


def _change(connection: Connection, job: str, current: str, **values: Any) -> bool:
    query = update(table).where(table.c.id == job, table.c.state == current)
    return bool(connection.execute(query.values(**values)).rowcount)


def _folder(row: RowMapping) -> Path:
    return job_folder(row["id"])


if __name__ == "__main__":
    owner_only()
    main()
