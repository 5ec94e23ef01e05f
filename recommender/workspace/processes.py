"""Processes that outlive the page which started them, told apart from dead ones by a lock.

A lock on an open file belongs to whoever has inherited it, and goes when the last of them ends,
even by SIGKILL or a power cut. So a training is alive while its lock is held, whatever its number.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_NICE: Final = 10
_PATIENCE: Final = 3.0
"""Seconds between asking a process to end and ending it."""
_TRIES: Final = 5
"""A lock may be held for a moment by somebody who only looks whether it is."""
_EVERY_SECONDS: Final = 5.0
_SUPERVISORS: Final[list[subprocess.Popen[bytes]]] = []
"""Those started by this process, so that they are reaped when they end."""
_LAST_START: Final[dict[str, float]] = {}


def lock(path: Path) -> int | None:
    """An open file with the lock on it, to hand on or to close; None if somebody has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    held = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    for _ in range(_TRIES):
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
        else:
            return held
    os.close(held)
    return None


def is_alive(folder: Path) -> bool:
    """Whether the process of this job folder runs."""
    return is_held(folder / "lock")


def is_held(path: Path) -> bool:
    """Whether somebody has this lock."""
    if not path.is_file():
        return False
    with path.open() as looked_at:
        try:
            fcntl.flock(looked_at, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def launch(folder: Path, command: Sequence[str]) -> subprocess.Popen[bytes] | None:
    """Start a process that holds the folder's lock as long as it lives; None if one does already.

    Its output is added to `output.txt`, its number stands in `pid`.
    """
    held = lock(folder / "lock")
    if held is None:
        return None

    def prepare() -> None:
        (folder / "pid").write_text(str(os.getpid()))
        os.nice(_NICE)

    try:
        with (folder / "output.txt").open("ab") as output:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=(held,),
                preexec_fn=prepare,
            )
    finally:
        os.close(held)


def end(folder: Path) -> None:
    """End the process of this folder and its children: ask first, then insist."""
    for sent in (signal.SIGTERM, signal.SIGKILL):
        if not is_alive(folder):
            return
        try:
            os.killpg(int((folder / "pid").read_text()), sent)
        except (OSError, ValueError):
            return
        limit = time.monotonic() + _PATIENCE
        while is_alive(folder) and time.monotonic() < limit:
            time.sleep(0.05)


def remove(folder: Path) -> None:
    """Delete a job's folder."""
    shutil.rmtree(folder, ignore_errors=True)


def start_supervisor(home: Path) -> None:
    """Start the process that works off the queue of this workspace, unless there is one."""
    _SUPERVISORS[:] = [one for one in _SUPERVISORS if one.poll() is None]
    now, key = time.monotonic(), str(home.resolve())
    if now - _LAST_START.get(key, -_EVERY_SECONDS) < _EVERY_SECONDS or is_alive(home / "jobs"):
        return
    _LAST_START[key] = now
    (home / "jobs").mkdir(parents=True, exist_ok=True)
    with (home / "jobs" / "supervisor.txt").open("ab") as output:
        _SUPERVISORS.append(
            subprocess.Popen(
                [sys.executable, "-m", "recommender.workspace.supervisor"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        )
