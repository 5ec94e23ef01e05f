"""Training in a process of its own: it outlives the page that started it, and any reload."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from recommender.workspace.library import home, safe_name

State = Literal["running", "done", "failed", "cancelled"]

_NICE = 10
_LAST_LINES = 64_000


@dataclass(frozen=True)
class Job:
    """One training, as its folder tells it."""

    name: str
    state: State
    dataset: Path
    out: Path
    """The run folder it writes."""
    started: float
    """Seconds since 1970-01-01."""
    progress: tuple[dict[str, Any], ...]
    """Its latest lines: step, steps, epoch, loss, ndcg@10, seconds, seconds_left."""
    message: str
    """Why it failed, in words; empty otherwise."""

    @property
    def share(self) -> float:
        """How far it is, from 0 to 1."""
        last = self.progress[-1] if self.progress else {}
        return min(float(last.get("step", 0)) / max(last.get("steps", 1), 1), 1.0)


def start(dataset: Path, out: Path, options: tuple[str, ...] = ()) -> Job:
    """Train on a data set in the background. The job is named after the run it writes."""
    folder = _folder(safe_name(out.name))
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "recommender", "train", str(dataset), "--out", str(out)]
    command += ["--progress", str(folder / "progress.jsonl"), *options]
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_be_nice,
        )
    _write(
        folder / "job.json",
        {
            "dataset": str(dataset),
            "out": str(out),
            "pid": process.pid,
            "born": _born(process.pid),
            "started": time.time(),
        },
    )
    _CHILDREN[process.pid] = process
    return poll(folder.name)


_CHILDREN: dict[int, subprocess.Popen[bytes]] = {}
"""Those started by this process, so that they are reaped when they end."""


def poll(name: str) -> Job:
    """How the job stands now. Raises KeyError if there is none of this name."""
    folder = _folder(name)
    if not (folder / "job.json").is_file():
        raise KeyError(name)
    facts = json.loads((folder / "job.json").read_text())
    progress = _progress(folder / "progress.jsonl")
    state = _state(facts, progress, folder)
    return Job(
        name=name,
        state=state,
        dataset=Path(facts["dataset"]),
        out=Path(facts["out"]),
        started=facts["started"],
        progress=progress,
        message=_message(folder, progress) if state == "failed" else "",
    )


def jobs() -> tuple[Job, ...]:
    """Every job of the workspace, newest first."""
    parent = home() / "jobs"
    names = [path.parent.name for path in parent.glob("*/job.json")]
    return tuple(sorted((poll(name) for name in names), key=lambda job: -job.started))


def cancel(name: str) -> Job:
    """End the job and whatever it started. A job that has ended stays as it is."""
    job = poll(name)
    if job.state == "running":
        facts = json.loads((_folder(name) / "job.json").read_text())
        (_folder(name) / "cancelled").touch()
        _end(int(facts["pid"]), facts["born"])
    return poll(name)


def _end(pid: int, born: str) -> None:
    for sent in (signal.SIGTERM, signal.SIGKILL):
        if _alive(pid, born):
            os.killpg(pid, sent)
        for _ in range(30):
            if not _alive(pid, born):
                return
            time.sleep(0.1)


def _state(facts: dict[str, Any], progress: tuple[dict[str, Any], ...], folder: Path) -> State:
    if _alive(facts["pid"], facts["born"]):
        return "running"
    if (folder / "cancelled").exists():
        return "cancelled"
    done = bool(progress) and progress[-1].get("state") == "done"
    return "done" if done and Path(facts["out"]).is_dir() else "failed"


def _alive(pid: int, born: str) -> bool:
    child = _CHILDREN.get(pid)
    if child is not None and child.poll() is not None:
        return False
    return bool(born) and _born(pid) == born


def _born(pid: int) -> str:
    """When the process started, so that a number used again is not taken for the same process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return _born_elsewhere(pid)
    return "" if fields[0] == "Z" else fields[19]


def _born_elsewhere(pid: int) -> str:
    """The same where there is no /proc."""
    asked = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip()


def _progress(path: Path) -> tuple[dict[str, Any], ...]:
    """The latest complete lines of the progress file."""
    if not path.is_file():
        return ()
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(file.tell() - _LAST_LINES, 0))
        lines = file.read().decode("utf-8", "replace").split("\n")[:-1]
    return tuple(_parsed(line) for line in lines if line.startswith("{") and line.endswith("}"))


def _parsed(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _message(folder: Path, progress: tuple[dict[str, Any], ...]) -> str:
    said = progress[-1].get("message") if progress else None
    if said:
        return str(said)
    output = (folder / "output.txt").read_text(errors="replace").strip().splitlines()
    return output[-1] if output else "it ended without saying why"


def _write(path: Path, value: dict[str, Any]) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(value))
    part.replace(path)


def _folder(name: str) -> Path:
    return home() / "jobs" / safe_name(name)


def _be_nice() -> None:
    os.nice(_NICE)
