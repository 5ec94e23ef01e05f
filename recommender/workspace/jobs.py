"""The training queue: one for all visitors, kept in the store; progress and logs are files.

Pages put trainings in, look at them and cancel them; `supervisor.py` starts and settles them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from sqlalchemy import RowMapping, Select, func, select, update

from recommender.workspace import processes
from recommender.workspace.leftovers import can_go_on, clear_leftovers
from recommender.workspace.places import folder_key, free_name, home, safe_name
from recommender.workspace.progress import read_log, read_progress
from recommender.workspace.quotas import check_queue, check_space
from recommender.workspace.schema import jobs as table
from recommender.workspace.store import reading, writing
from recommender.workspace.visitors import Visitor

State = Literal["queued", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class Job:
    """One training, as the store and its folder tell it."""

    name: str
    state: State
    dataset: Path
    out: Path
    """The run folder it writes."""
    owner: str
    queued: float
    """When it was put into the queue, in seconds since 1970-01-01."""
    progress: tuple[dict[str, Any], ...]
    """Its latest lines: step, steps, epoch, loss, ndcg@10, seconds, seconds_left."""
    message: str
    """Why it failed, in words; empty otherwise."""
    before: int
    """Trainings that wait before it; 0 unless it waits itself."""
    can_resume: bool
    """Whether it has ended early and something of it can be gone on with."""

    @property
    def share(self) -> float:
        """How far it is, from 0 to 1."""
        last = self.progress[-1] if self.progress else {}
        return min(float(last.get("step", 0)) / max(last.get("steps", 1), 1), 1.0)

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ("queued", "running")


def enqueue(dataset: Path, out: Path, visitor: Visitor, options: tuple[str, ...] = ()) -> Job:
    """Put a training into the queue; another than `out` is written if a training has that already.

    Raises StoreError, and QuotaError if too many wait or the visitor has no room.
    """
    check_space(visitor)
    with writing() as connection:
        check_queue(visitor, connection)
        rows = connection.execute(select(table.c.name, table.c.out)).all()
        taken = {row.name for row in rows}
        promised = {Path(row.out).name for row in rows if (home() / row.out).parent == out.parent}
        out = out.with_name(free_name(out.name, promised))
        name = free_name(safe_name(out.name), taken)
        (home() / "jobs" / name).mkdir(parents=True, exist_ok=True)
        connection.execute(
            table.insert().values(
                name=name,
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
    tend()
    return poll(name, visitor)


def poll(name: str, visitor: Visitor) -> Job:
    """How the job stands now. Raises KeyError if the visitor has none of this name; StoreError."""
    with reading() as connection:
        row = connection.execute(select(table).where(table.c.name == name)).mappings().first()
        if row is None or not visitor.may_see(row["owner"]):
            raise KeyError(name)
        return _job(row, _before(row, connection) if row["state"] == "queued" else 0)


def jobs(visitor: Visitor) -> tuple[Job, ...]:
    """The visitor's jobs, newest first; an administrator's are all. Raises StoreError."""
    with reading() as connection:
        rows = connection.execute(_of(visitor)).mappings().all()
        return tuple(
            _job(row, _before(row, connection) if row["state"] == "queued" else 0) for row in rows
        )


def _of(visitor: Visitor) -> Select[Any]:
    query = select(table).order_by(table.c.queued.desc())
    return query if visitor.admin else query.where(table.c.owner == visitor.key)


def _before(row: RowMapping, connection: Any) -> int:
    earlier = select(func.count()).where(table.c.state == "queued", table.c.queued < row["queued"])
    return int(connection.execute(earlier).scalar_one())


def _job(row: RowMapping, before: int) -> Job:
    assert row["state"] in get_args(State)
    out = home() / row["out"]
    ended = row["state"] in ("failed", "cancelled")
    return Job(
        name=row["name"],
        state=row["state"],
        dataset=home() / row["dataset"],
        out=out,
        owner=row["owner"],
        queued=row["queued"],
        progress=read_progress(home() / "jobs" / row["name"]),
        message=row["message"],
        before=before,
        can_resume=ended and can_go_on(out),
    )


def cancel(name: str, visitor: Visitor) -> Job:
    """End the job and whatever it started; what can be gone on with stays.

    A job that has ended stays as it is. Raises KeyError, StoreError.
    """
    job = poll(name, visitor)
    if _change(name, ("queued", "running"), state="cancelled", ended=time.time()):
        processes.end(_folder(name))
        clear_leftovers(job.out)
    return poll(name, visitor)


def resume(name: str, visitor: Visitor) -> Job:
    """Put a job that failed or was cancelled back into the queue. Raises KeyError, StoreError."""
    poll(name, visitor)
    _change(
        name, ("failed", "cancelled"), state="queued", queued=time.time(), attempts=0, message=""
    )
    tend()
    return poll(name, visitor)


def forget(name: str, visitor: Visitor) -> None:
    """Take a job that has ended off the list, and what is left of it off the disk."""
    job = poll(name, visitor)
    if job.is_open:
        raise ValueError("a training that has not ended is cancelled first")
    with writing() as connection:
        connection.execute(table.delete().where(table.c.name == name))
    clear_leftovers(job.out, checkpoints=True)
    processes.remove(_folder(name))


def log(name: str, visitor: Visitor) -> str:
    """The last lines that the training wrote. Raises KeyError, StoreError."""
    poll(name, visitor)
    return read_log(_folder(name))


def tend() -> None:
    """See to it that somebody works off the queue, if there is anything in it."""
    with reading() as connection:
        todo = select(func.count()).where(table.c.state.in_(("queued", "running")))
        waiting = connection.execute(todo).scalar_one()
    if waiting:
        processes.start_supervisor(home())


def _change(name: str, states: tuple[State, ...], **values: object) -> bool:
    """Change a job that is in one of the states; whether it was."""
    with writing() as connection:
        changed = connection.execute(
            update(table).where(table.c.name == name, table.c.state.in_(states)).values(**values)
        )
        return bool(changed.rowcount)


def _folder(name: str) -> Path:
    return home() / "jobs" / safe_name(name)
