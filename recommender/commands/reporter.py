"""Training progress, told as it goes."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from recommender.commands.speech import say
from recommender.said import Said, parts


class Reporter:
    """Training progress for people (a bar) and for programs (a file of JSON lines).

    In a log, where nothing can be drawn over, people read a line for each epoch instead.
    """

    def __init__(self, file: Path | None, device: str) -> None:
        self.file = file
        self.device = device
        self.last: dict[str, Any] = {}
        self.comparing = False
        columns = (TextColumn("epoch {task.fields[epoch]}"), BarColumn(), TaskProgressColumn())
        words = TextColumn("loss {task.fields[loss]:.3f}  NDCG@10 {task.fields[ndcg]}")
        self.in_log = not say.is_terminal
        self.bar = Progress(
            *columns, words, TimeRemainingColumn(), console=say, disable=self.in_log
        )
        self.task = self.bar.add_task("", total=None, epoch=0, loss=0.0, ndcg="–")

    def __enter__(self) -> Reporter:
        self.bar.start()
        return self

    def __exit__(self, error: object, *_: object) -> None:
        # An error is said alone, without a bar that stands still above it.
        self.bar.update(self.task, visible=error is None)
        self.bar.stop()

    def step(self, now: Any) -> None:
        """Tell where training stands (a `Progress`)."""
        if not self.last:
            say.print(f"Training on {self.device}")
        facts = asdict(now)
        ndcg = facts.pop("ndcg")
        del facts["measured"]
        self.bar.update(
            self.task,
            completed=now.step,
            total=now.steps,
            epoch=now.epoch,
            loss=now.loss,
            ndcg=_shown(ndcg),
        )
        self._log(now)
        self.last = facts | {"ndcg@10": ndcg}
        self._append(self.last | {"state": "running", "message": ""})

    def compare(self, now: Any) -> None:
        """Tell where the training of what is compared with stands (a `Progress`)."""
        if not self.comparing:
            say.print("Training the same without attention, to compare with")
            self.comparing = True
        self.bar.update(
            self.task, completed=now.step, total=now.steps, epoch=now.epoch, loss=now.loss
        )
        self._log(now)

    def end(self, state: str, message: Said) -> None:
        """Tell programs how it ended: `done`, or `failed` and why, in English and in its parts."""
        said = {"said": parts(message)} if message else {}
        self._append(self.last | {"state": state, "message": str(message)} | said)

    def _log(self, now: Any) -> None:
        if now.measured and self.in_log:
            left = f"{now.seconds:,.0f} s, at most {now.seconds_left:,.0f} s to go"
            say.print(f"epoch {now.epoch}  loss {now.loss:.3f}  NDCG@10 {_shown(now.ndcg)}  {left}")

    def _append(self, line: dict[str, Any]) -> None:
        if self.file:
            with self.file.open("a") as file:
                file.write(json.dumps(line) + "\n")


def _shown(ndcg: float | None) -> str:
    return "–" if ndcg is None else f"{ndcg:.4f}"
