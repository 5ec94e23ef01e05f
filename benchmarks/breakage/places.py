"""A disk that is full, a folder that may not be written, a database that goes and comes back."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from breakage.row import Row
from recommender.workspace import feedback, library, store
from recommender.workspace.feedback import Opinion
from recommender.workspace.library import OPERATOR
from tests.servers.postgresql import cluster

SAID = Opinion("recommendation", 1, "run", "f", "d", "d", "u", "i", "", {"top": []})
NOBODY = 65534
ASKING = """
import os, sys
from recommender.workspace import feedback, places, store
from recommender.workspace.library import OPERATOR
from recommender.workspace.feedback import Opinion
said = Opinion("recommendation", 1, "run", "f", "d", "d", "u", "i", "", {"top": []})
wanted = os.environ[places.HOME]
os.environ[places.HOME] = sys.argv[1]
feedback.keep(said, OPERATOR)  # All that is imported is imported before rights are given up.
os.environ[places.HOME] = wanted
if os.geteuid() == 0:
    os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))
for line in sys.stdin:
    try:
        feedback.keep(said, OPERATOR)
        print("kept", flush=True)
    except Exception as error:
        print(type(error).__name__, " ".join(str(error).split()), flush=True)
"""


def _try() -> str:
    """What keeping one opinion says; empty if it was kept."""
    try:
        feedback.keep(SAID, OPERATOR)
    except ValueError as error:
        return str(error)
    return ""


def _judge(row: Row, before: str, during: str, after: str) -> Row:
    row.told = during
    row.note(f"at first: {before}" if before else "")
    clear = during and "Traceback" not in during and len(during) < 400
    row.note("" if clear else f"no clear message: {during!r}")
    row.note(f"not back: {after}" if after else "")
    return row


def fill_disk(folder: Path, fill: Callable[[], None], free: Callable[[], None]) -> Row:
    """The disk of the workspace has no byte left, then it has: the same process goes on."""
    before = _try()
    fill()
    during = ""
    for _ in range(2_000):  # The database has some room of its own that is used up first.
        during = during or _try()
        if during:
            break
    imported = _import(folder)
    free()
    row = _judge(Row("the disk is full"), before, during, _try())
    good = imported.startswith("Error: ") and "Traceback" not in imported
    row.note("" if good else f"import said {imported!r}")
    whole = [entry.path.name for entry in library.entries(OPERATOR)]
    row.note("" if "big" not in whole else "half an import is in the library")
    row.note("" if not _import(folder) else "import does not work afterwards")
    return row


def _import(folder: Path) -> str:
    """What an import into the workspace says of going wrong."""
    lines = (f"u{n % 500},i{n * 7919 % 20011},{n}" for n in range(60_000))
    (folder / "big.csv").write_text("user_id,item_id,time\n" + "\n".join(lines))
    command = [sys.executable, "-m", "recommender", "import", "--interactions"]
    command += [str(folder / "big.csv"), "--out", str(library.home() / "datasets" / "big")]
    ended = subprocess.run(command, capture_output=True, text=True)
    return "" if ended.returncode == 0 else ended.stderr.strip()


def full_disk(folder: Path) -> Row:
    """A small memory disk of its own, filled to the last byte."""
    disk = folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "none", str(disk)], capture_output=True
    )
    if mounted.returncode:
        return Row("the disk is full", told="not tried: no disk of its own may be mounted here")
    ballast = disk / "ballast"

    def fill() -> None:
        with ballast.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(4096)):
                    pass
            except OSError:
                return

    os.environ["RECLENS_HOME"] = str(disk / "home")
    try:
        return fill_disk(folder, fill, ballast.unlink)
    finally:
        store.close_store()
        subprocess.run(["umount", str(disk)], check=False)


def read_only(folder: Path) -> Row:
    """A workspace that an unprivileged user may read only, until they may write it."""
    home = folder / "readonly"
    home.mkdir()
    spare = folder / "spare"
    folder.chmod(0o755)
    home.chmod(0o555)
    command = [sys.executable, "-c", ASKING, str(spare), str(NOBODY)]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"RECLENS_HOME": str(home)},
    )
    assert process.stdin is not None and process.stdout is not None

    def ask() -> str:
        process.stdin.write("go\n")  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
        return process.stdout.readline().strip()  # type: ignore[union-attr]

    during = ask()
    home.chmod(0o777)
    after = ask()
    process.stdin.close()
    process.wait(20)
    during = during.removeprefix("StoreError ")
    return _judge(Row("the folder is read-only"), "", during, "" if after == "kept" else after)


def database_gone(folder: Path) -> Row:
    """PostgreSQL is stopped at once and started again; folders stay readable meanwhile."""
    os.environ["RECLENS_HOME"] = str(folder / "pg")
    with cluster() as postgres:
        os.environ[store.DATABASE] = postgres.url
        before = _try()
        postgres.stop()
        started = time.monotonic()
        during = _try()
        waited = time.monotonic() - started
        readable = library.entries(OPERATOR) is not None
        postgres.start()
        row = _judge(Row("the database goes and comes back"), before, during, _try())
        row.note("" if readable and waited < 10 else f"pages waited {waited:.0f} s")
        store.close_store()
        del os.environ[store.DATABASE]
    return row
