"""The code that our networks are made by, the peers' environment, how a contestant is started."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
REQUIREMENTS = ROOT / "benchmarks" / "requirements.txt"
PEERS = ROOT / "build" / "peers"


def code_digest() -> str:
    """Of the code that our networks are made by."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "recommender" / "model").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def peers_python() -> Path:
    """The interpreter of the peers' environment, which is made or renewed first if need be."""
    python, stamp = PEERS / "bin" / "python", PEERS / "requirements.done"
    wanted = REQUIREMENTS.read_text()
    if not stamp.is_file() or stamp.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "-r", str(REQUIREMENTS)]
        subprocess.run(install, check=True)
        stamp.write_text(wanted)
    return python


def run_apart(python: Path, words: list[str], threads: int, output: Path) -> bool:
    """Run a contestant to its end on so many cores; whether it went well. It says what it does
    in the file `output`."""
    path = os.pathsep.join([str(ROOT / "benchmarks"), str(ROOT)])
    counts = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(threads))

    def keep_to_cores() -> None:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:])

    with output.open("w") as file:
        ended = subprocess.run(
            [str(python), *words],
            stdout=file,
            stderr=subprocess.STDOUT,
            env=os.environ | counts | {"PYTHONPATH": path},
            preexec_fn=keep_to_cores,
            check=False,
        )
    return ended.returncode == 0
