"""A PostgreSQL of its own: on a free loopback port, as an unprivileged user, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.install import needed, unprivileged
from tests.servers.conftest import free_port


@dataclass(frozen=True)
class Cluster:
    """One server with its data."""

    folder: Path
    port: int
    pg_ctl: str

    @property
    def url(self) -> str:
        """What RECLENS_DATABASE_URL is set to."""
        return f"postgresql://reclens@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        self._control("start", "-w", "-o", options, "-l", str(self.folder / "log"))

    def stop(self) -> None:
        self._control("stop", "-w", "-m", "immediate")

    def _control(self, *words: str) -> None:
        command = [*unprivileged(), self.pg_ctl, "-D", str(self.folder / "data"), *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A fresh server, stopped and deleted at the end. Skips the test where there is none."""
    initdb, pg_ctl = map(needed, ("initdb", "pg_ctl"))
    folder = Path(tempfile.mkdtemp(prefix="reclens-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
    command = [*unprivileged(), initdb, "-D", str(folder / "data"), "-U", "reclens", "-A", "trust"]
    subprocess.run([*command, "--no-sync"], check=True, stdout=subprocess.DEVNULL, cwd="/")
    made = Cluster(folder, free_port(), pg_ctl)
    made.start()
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)
