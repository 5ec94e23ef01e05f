"""How much of memory and time is taken to read what comes from outside, by a process of its own.

A file of a few bytes can ask for any amount of either. The system then ends the process that reads
it, not the server. Windows has no such limits, and macOS hardly heeds that on memory.
"""

from __future__ import annotations

import atexit
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recommender.said import StatedError

MEGABYTES, SECONDS = "RECLENS_READ_MB", "RECLENS_READ_SECONDS"
_MEGABYTES: Final = 2_048
_SECONDS: Final = 60
_WAITS: Final = 10
"""How many times its seconds such a process may be there: on a busy machine it waits for others."""


MOST_FILES: Final = 16
"""That are handed over at once."""


@dataclass(frozen=True)
class Limits:
    """What a process may take beyond what its libraries take."""

    megabytes: int
    """Of memory, and of what it writes."""
    seconds: int
    """Of a processor."""


def reading_limits(times: int = 1) -> Limits:
    """What reading may take, so many times over.

    Raises ValueError where `RECLENS_READ_MB` or `RECLENS_READ_SECONDS` is no whole number above 0.
    """
    megabytes, seconds = limit_of(MEGABYTES, _MEGABYTES), limit_of(SECONDS, _SECONDS)
    return Limits(times * megabytes, times * seconds)


def limit_of(name: str, default: int) -> int:
    """A whole number above 0 from the environment. Raises ValueError for anything else."""
    told = os.environ.get(name, "")
    if told and not (told.isdecimal() and len(told) < 10 and int(told) > 0):
        raise StatedError(
            "{name} is {value!r}: it must be a whole number above 0", name=name, value=told[:40]
        )
    return int(told) if told else default


def surroundings() -> dict[str, str]:
    """The environment for such a process: memory is taken as it is needed, not a GB beforehand."""
    return os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2"}


def confine(limits: Limits) -> None:
    """Let the system end this process when it takes too much."""
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    more = limits.megabytes * 2**20
    bounds = {
        resource.RLIMIT_DATA: _taken() + more,
        resource.RLIMIT_FSIZE: more,
        resource.RLIMIT_CPU: limits.seconds,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in bounds.items():
        with suppress(ValueError, OSError):  # a stricter limit holds already
            resource.setrlimit(kind, (most, most))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(_WAITS * limits.seconds)


def _taken() -> int:
    """Bytes of memory that this process may write to."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[5])
    except OSError:  # no Linux
        return 2**30
    return pages * os.sysconf("SC_PAGE_SIZE")


class Waiting:
    """A process that waits to be handed open files, and makes another of itself for each request.

    It begins with the first request, and anew if it was killed.
    """

    def __init__(self, module: str) -> None:
        self._module = module
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._owner = 0

    def ask(self, files: Sequence[int]) -> bytes:
        """Hand over open files; all that was said until the process that had them ended."""
        for _attempt in range(2):
            said = self._ask(files)
            if said:
                return said
            self.stop()  # killed before it began
        raise RuntimeError(f"the process {self._module} does not start")

    def _ask(self, files: Sequence[int]) -> bytes:
        heard, says = os.pipe()
        try:
            with self._lock, suppress(OSError):
                socket.send_fds(self._started(), [b"r"], [says, *files])
        finally:
            os.close(says)
        with os.fdopen(heard, "rb") as answer:
            return answer.read()

    def start(self) -> None:
        """Let it wait already."""
        if hasattr(os, "fork"):
            with self._lock:
                self._started()

    def stop(self) -> None:
        """End it; those that it made go on to their end."""
        with self._lock:
            if self._socket is None or self._process is None or self._owner != os.getpid():
                return
            self._socket.close()
            self._process.kill()
            self._process.wait()
            self._socket = self._process = None

    def _started(self) -> socket.socket:
        if self._socket is not None and self._owner == os.getpid():
            return self._socket
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._module, str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # what reads strangers' files says nothing to the log
                env=surroundings() | {"OPENBLAS_NUM_THREADS": "1"},
            )
        self._socket, self._owner = ours, os.getpid()
        atexit.register(self.stop)
        return ours


READING: Final = Waiting("recommender.data.reading.process")
"""What reads files."""
