"""The training queue: one for all visitors, kept in the store; progress and logs are files.

Pages put trainings in, look at them and cancel them; `supervisor.py` starts and settles them.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

from sqlalchemy import Connection, RowMapping, Select, func, select, update

from recommender.said import Said, StatedError, read_back
from recommender.workspace import audit, processes
from recommender.workspace.fair_queue import in_turn
from recommender.workspace.leftovers import can_go_on, clear_leftovers
from recommender.workspace.places import folder_key, free_name, home, job_folder
from recommender.workspace.progress import read_log, read_progress
from recommender.workspace.quotas import check_queue, check_space
from recommender.workspace.schema import jobs as table
from recommender.workspace.schema import rows_of
from recommender.workspace.store import next_number, reading, writing
from recommender.workspace.visitors import Visitor

State = Literal["queued", "running", "done", "failed", "cancelled"]
OPEN: Final[tuple[State, ...]] = ("queued", "running")
ENDED_EARLY: Final[tuple[State, ...]] = ("failed", "cancelled")


@dataclass(frozen=True)
class Job:
    """One training, as the store and its folder tell it."""

    id: str
    """What it is found by; nothing that anybody wrote is in it."""
    state: State
    dataset: Path
    out: Path
    """The run folder it writes."""
    owner: str
    queued: float
    """When it was put into the queue, in seconds since 1970-01-01."""
    progress: tuple[dict[str, Any], ...]
    """Its latest lines: step, steps, epoch, loss, ndcg@10, seconds, seconds_left."""
    message: Said
    """Why it failed; empty otherwise."""
    before: int
    """Trainings that wait before it; 0 unless it waits itself."""
    can_resume: bool
    """Whether it has ended early and something of it can be gone on with."""

    @property
    def name(self) -> str:
        """What its run will be called; another person's may be called the same."""
        return self.out.name

    @property
    def share(self) -> float:
        """How far it is, from 0 to 1."""
        last = self.progress[-1] if self.progress else {}
        return min(float(last.get("step", 0)) / max(last.get("steps", 1), 1), 1.0)

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in OPEN


def enqueue(dataset: Path, out: Path, visitor: Visitor, options: tuple[str, ...] = ()) -> Job:
    """Put a training into the queue; another than `out` is written if a training has that already.

    Raises StoreError, and QuotaError if too many wait or the visitor has no room.
    """
    check_space(visitor)
    job = uuid.uuid4().hex
    with writing() as connection:
        number = next_number(table.c.number, connection)
        check_queue(visitor, connection)
        out = out.with_name(free_name(out.name, promised(out.parent, connection)))
        connection.execute(
            table.insert().values(
                id=job,
                number=number,
                owner=visitor.key,
                dataset=folder_key(dataset),
                out=folder_key(out),
                options=list(options),
                state="queued",
                queued=time.time(),
                attempts=0,
                message="",
            )
        )
        audit.note_in(connection, visitor, "train", job, out.name)
    tend()
    return poll(job, visitor)


def promised(parent: Path, connection: Connection) -> set[str]:
    """Names of the folders in there that trainings write or will write."""
    outs = [home() / out for out in connection.execute(select(table.c.out)).scalars()]
    return {out.name for out in outs if out.parent == parent}


def poll(job: str, visitor: Visitor) -> Job:
    """How the job stands now. Raises KeyError if the visitor has none of this id; StoreError."""
    with reading() as connection:
        row = connection.execute(rows_of(table).where(table.c.id == job)).mappings().first()
        if row is None or not visitor.may_see(row["owner"]):
            raise KeyError(job)
        return _job(row, _places(connection) if row["state"] == "queued" else {})


def jobs(visitor: Visitor) -> tuple[Job, ...]:
    """The visitor's jobs, newest first; an administrator's are all. Raises StoreError."""
    with reading() as connection:
        rows = connection.execute(_of(visitor)).mappings().all()
        places = _places(connection)
    return tuple(_job(row, places) for row in rows)


def _of(visitor: Visitor) -> Select[Any]:
    query = rows_of(table).order_by(table.c.number.desc())
    return query if visitor.admin else query.where(table.c.owner == visitor.key)


def _places(connection: Connection) -> dict[str, int]:
    """How many trainings start before each of those that wait."""
    return {row["id"]: place for place, row in enumerate(in_turn(connection))}


def _job(row: RowMapping, places: dict[str, int]) -> Job:
    assert row["state"] in get_args(State)
    out = home() / row["out"]
    return Job(
        id=row["id"],
        state=row["state"],
        dataset=home() / row["dataset"],
        out=out,
        owner=row["owner"],
        queued=row["queued"],
        progress=read_progress(job_folder(row["id"])),
        message=read_back(row["message"]),
        before=places.get(row["id"], 0),
        can_resume=row["state"] in ENDED_EARLY and can_go_on(out),
    )


def cancel(job: str, visitor: Visitor) -> Job:
    """End the job and whatever it started; what can be gone on with stays.

    A job that has ended stays as it is. Raises KeyError, StoreError.
    """
    out = poll(job, visitor).out
    with writing() as connection:
        cancelled = _change(connection, job, OPEN, state="cancelled", ended=time.time())
    if cancelled:
        processes.end(job_folder(job))
        clear_leftovers(out)
    return poll(job, visitor)


def resume(job: str, visitor: Visitor) -> Job:
    """Put a job that failed or was cancelled back into the queue, behind what waits there.

    It is asked for as a new one is. Raises KeyError, StoreError, and QuotaError if too many wait or
    the visitor has no room.
    """
    found = poll(job, visitor)
    if found.state in ENDED_EARLY:
        check_space(visitor)
        with writing() as connection:
            number = next_number(table.c.number, connection)
            check_queue(visitor, connection)
            again = {"state": "queued", "queued": time.time(), "attempts": 0, "message": ""}
            if _change(connection, job, ENDED_EARLY, number=number, **again):
                audit.note_in(connection, visitor, "train", job, found.name)
    tend()
    return poll(job, visitor)


def forget(job: str, visitor: Visitor) -> None:
    """Take a job that has ended off the list, and what is left of it off the disk."""
    out = poll(job, visitor).out
    with writing() as connection:
        ended = table.delete().where(table.c.id == job, table.c.state.not_in(OPEN))
        if not connection.execute(ended).rowcount:
            raise StatedError("a training that has not ended is cancelled first")
        audit.note_in(connection, visitor, "delete", job, out.name)
    clear_leftovers(out, checkpoints=True)
    processes.remove(job_folder(job))


def log(job: str, visitor: Visitor) -> str:
    """The last lines that the training wrote. Raises KeyError, StoreError."""
    poll(job, visitor)
    return read_log(job_folder(job))


def tend() -> None:
    """See to it that somebody works off the queue, if there is anything in it."""
    with reading() as connection:
        todo = select(func.count()).where(table.c.state.in_(OPEN))
        waiting = connection.execute(todo).scalar_one()
    if waiting:
        processes.start_supervisor(home())


def _change(connection: Connection, job: str, states: tuple[State, ...], **values: object) -> bool:
    """Change a job that is in one of the states; whether it was."""
    query = update(table).where(table.c.id == job, table.c.state.in_(states))
    return bool(connection.execute(query.values(**values)).rowcount)
