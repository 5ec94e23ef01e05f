"""SIGKILL at random moments of an import, a training and giving feedback."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from breakage.row import Row
from recommender.data import DatasetError, load_dataset
from recommender.workspace import feedback, jobs, library, processes, records, store
from recommender.workspace.library import OPERATOR
from tests.dashboard.shop import interactions, items, users

PYTHON = [sys.executable, "-m", "recommender"]
TRAINING = ("--epochs", "8", "--patience", "8", "--width", "32", "--window", "20")
WRITER = """
import sys
from recommender.workspace import feedback
from recommender.workspace.library import OPERATOR
from recommender.workspace.feedback import Opinion
for n in range(10**9):
    said = Opinion("recommendation", 1, "run", "f", "d", "d", f"u{n}", sys.argv[1], "", {"top": []})
    print(feedback.keep(said, OPERATOR), flush=True)
"""


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def kill_imports(n: int, home: Path, dice: random.Random) -> Row:
    """An import that replaces a data set by another: afterwards there is one of the two, whole."""
    row = Row("killed while it imports")
    files = {"interactions": interactions(), "items": items(), "users": users()}
    words = []
    for name, text in files.items():
        (home / f"{name}.csv").write_text(text)
        words += [f"--{name}", str(home / f"{name}.csv")]
    out = home / "datasets" / "shop"
    command = [*PYTHON, "import", *words, "--out", str(out), "--replace", "--name"]
    started = time.monotonic()
    subprocess.run([*command, "first"], check=True, capture_output=True)
    seconds = time.monotonic() - started
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    for i in range(n):
        process = subprocess.Popen([*command, f"try {i}"], **quiet)
        # Most of the time goes by before anything is written: the moments that hurt are late.
        time.sleep(seconds * dice.uniform(0.3, 1.1))
        _kill(process)
        row.note(_import_problem(out))
    drafts = [path for path in out.parent.iterdir() if path.name.startswith(".")]
    records.sweep(time.time() + 7_200)
    left = [path for path in out.parent.iterdir() if path.name.startswith(".")]
    row.told = f"{len(drafts)} drafts left behind, {len(left)} after the sweep"
    if left:
        row.wrong.append("drafts are left")
    return row


def _import_problem(out: Path) -> str:
    store.close_store()
    try:
        records.reconcile()
        found = [entry for entry in library.entries(OPERATOR) if entry.kind == "dataset"]
        load_dataset(out)
    except (ValueError, OSError, DatasetError) as error:
        return str(error)
    return "" if [entry.path.name for entry in found] == ["shop"] else f"the library has {found}"


def kill_trainings(n: int, home: Path, dice: random.Random) -> Row:
    """Trainings and those who tend the queue: what is gone on with ends with the same metrics."""
    row = Row("killed while it trains")
    data = home / "datasets" / "shop"
    wanted, seconds = _undisturbed(data)
    killed, ends = 0, 0
    while killed < n:
        job = jobs.enqueue(data, library.new_path("run", "shop", OPERATOR), OPERATOR, TRAINING)
        problem = ""
        while True:
            _wait(job.id, alive=True)
            if killed >= n or jobs.poll(job.id, OPERATOR).state == "done":
                break
            time.sleep(seconds * dice.uniform(0.1, 1.0))
            victims = dice.choice([("training",), ("supervisor",), ("training", "supervisor")])
            if jobs.poll(job.id, OPERATOR).state == "done":
                break
            _strike(home, job.id, victims)
            killed += 1
            problem = _after_strike(job.id)
            row.note(problem)
        metrics = _metrics(_wait(job.id, alive=False))
        ends += 1
        if metrics != wanted:
            row.wrong.append(f"metrics differ: {metrics} and not {wanted}")
        records.delete(job.out)
        jobs.forget(job.id, OPERATOR)
    row.told = f"{ends} trainings ended, each with the metrics of the undisturbed one"
    return row


def _undisturbed(data: Path) -> tuple[str, float]:
    started = time.monotonic()
    job = jobs.enqueue(data, library.new_path("run", "shop", OPERATOR), OPERATOR, TRAINING)
    metrics = _metrics(_wait(job.id, alive=False))
    seconds = time.monotonic() - started
    records.delete(job.out)
    jobs.forget(job.id, OPERATOR)
    return metrics, seconds


def _metrics(job: jobs.Job) -> str:
    return (job.out / "metrics.json").read_text() if job.state == "done" else job.message


def _wait(name: str, alive: bool) -> jobs.Job:
    """Until the training runs, or until it has ended; what was given up is started again."""
    limit = time.monotonic() + 300
    while time.monotonic() < limit:
        jobs.tend()
        job = jobs.poll(name, OPERATOR)
        if job.state == "failed" and "from outside" in job.message:
            jobs.resume(name, OPERATOR)
        elif not job.is_open or (alive and processes.is_alive(library.home() / "jobs" / name)):
            return job
        time.sleep(0.1)
    raise SystemExit(f"the training {name} does not go on")


def _strike(home: Path, name: str, victims: tuple[str, ...]) -> None:
    if "supervisor" in victims:
        for one in processes._SUPERVISORS:
            _kill(one)
        processes._SUPERVISORS.clear()
        processes._LAST_START.clear()
    if "training" in victims and processes.is_alive(home / "jobs" / name):
        os.kill(int((home / "jobs" / name / "pid").read_text()), signal.SIGKILL)


def _after_strike(name: str) -> str:
    """What a restarted server finds."""
    store.close_store()
    try:
        records.reconcile()
        for entry in library.entries(OPERATOR):
            if not records.fingerprint_of(entry.path):
                return f"{entry.name} cannot be read"
        job = jobs.poll(name, OPERATOR)
    except (ValueError, OSError, KeyError) as error:
        return str(error)
    return "" if job.is_open or job.state in ("done", "failed") else f"it is {job.state}"


def kill_feedback(n: int, home: Path, dice: random.Random) -> Row:
    """Somebody who gives feedback without pause: whatever was acknowledged is there."""
    row = Row("killed while it keeps feedback")
    acknowledged: set[str] = set()
    for i in range(n):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, f"i{i}"], stdout=subprocess.PIPE, text=False
        )
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(dice.uniform(0, 0.5))
        _kill(process)
        said = [first, *process.stdout.read().split(b"\n")[:-1]]
        acknowledged |= {line.strip().decode() for line in said if line.strip()}
        store.close_store()
        kept = set(feedback.opinions(OPERATOR)["id"])
        lost = acknowledged - kept
        row.note(f"{len(lost)} lost" if lost else "")
    row.told = f"{len(acknowledged):,} acknowledged, all there"
    return row
