"""Our models beside what people would pick instead: same users, same candidates, one evaluator.

    python benchmarks/accuracy.py [--data NAME…] [--models NAME…] [--split NAME…] [--seeds N]
        [--minutes N] [--online-retail FILE] [--threads N] [--again MODEL…]

By two splits: the one that is proposed, where everyone's last basket or event is held out, so that
every model knows what others did later; and by time, where nobody knows anything of what comes
after one moment, as in a live shop.

Every contestant runs in a process of its own, the peers in an environment of their own (made under
build/peers from benchmarks/requirements.txt), and writes its top-100 lists for both views. Answers
are kept under build/accuracy, so a run that was interrupted goes on where it was; our models are
made anew where their code has changed, anything by --again. More seeds than one are run where
the first took under five processor minutes. Run it when nothing else wants the processor.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contest.environment import HERE, ROOT, code_digest, peers_python, run_apart
from contest.exchange import read_questions
from contest.questions import DATA, dataset_path, write_questions
from contest.results import Row, rows_of, save
from machine import describe_machine
from rich.console import Console

from recommender.data import Dataset, SplitName, load_dataset
from recommender.model.baselines import BASELINES

OURS = ("additive", "contextual", "order otherwise", "without trend", "without attention")
PEERS = ("als", "esasrec", "esasrec-fast")
SEVERAL_SEEDS_UNDER = 300
"""Processor seconds of training under which several seeds are run."""
EASE_ITEMS = 20_000
SPLIT_CHOICES = ("proposed", "by-time")


@dataclass(frozen=True)
class Contest:
    """What is asked of whom."""

    build: Path
    split: SplitName | None
    """None: the proposed one."""
    datasets: dict[str, Path]
    seeds: int
    minutes: float
    threads: int
    again: tuple[str, ...]
    console: Console

    def answers(self, data: str, model: str) -> Iterator[Path]:
        """The answers of a contestant, given now where they are not there yet."""
        seeds = self.seeds if model in (*OURS, *PEERS) else 1
        for seed in range(seeds):
            out = self.folder(data) / f"{model.replace(' ', '-')}-{seed}"
            if not self._is_there(out, model) and not self._answer(data, model, seed, out):
                return
            yield out
            facts = json.loads((out / "facts.json").read_text())
            if facts["training"]["cpu_seconds"] > SEVERAL_SEEDS_UNDER:
                return

    def _is_there(self, out: Path, model: str) -> bool:
        if model in self.again or not (out / "facts.json").is_file():
            return False
        facts = json.loads((out / "facts.json").read_text())["training"]
        enough = not facts.get("capped") or facts["minutes"] >= self.minutes
        stamp = out / "code.txt"
        return enough and (model in PEERS or stamp.read_text() == code_digest())

    def _answer(self, data: str, model: str, seed: int, out: Path) -> bool:
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        self.console.print(f"{data}: {model}, seed {seed} …")
        if model in PEERS:
            python, words = peers_python(), [str(HERE / "peers.py"), model]
        else:
            words = [str(HERE / "ours.py"), model, str(self.datasets[data])]
            python = Path(sys.executable)
            words += ["--split", self.split] if self.split else []
        words += [str(self.folder(data) / "questions"), str(out)]
        words += ["--seed", str(seed), "--minutes", str(self.minutes)]
        (out / "code.txt").write_text(code_digest())
        if run_apart(python, words, self.threads, out / "output.txt"):
            return True
        self.console.print(f"{data}: {model} failed, see {out / 'output.txt'}", style="red")
        return False

    def rows(self, data: str, models: list[str]) -> list[Row]:
        """The judged answers on one data set."""
        questions = read_questions(self.folder(data) / "questions")
        fits = [model for model in models if model != "EASE" or questions.n_items <= EASE_ITEMS]
        answers = {model: list(self.answers(data, model)) for model in fits}
        name = f"{data}, {self.split}" if self.split else data
        return rows_of(name, questions, answers, ours=OURS[0])

    def folder(self, data: str) -> Path:
        """Where questions and answers stand."""
        return self.build / data / (self.split or "")


def prepare(dataset: Dataset, split: SplitName | None, folder: Path) -> None:
    """The questions on a data set; answers to other questions are thrown away."""
    asked = folder / "questions" / "questions.json"
    if asked.is_file() and json.loads(asked.read_text())["fingerprint"] == dataset.fingerprint:
        return
    for old in folder.glob("*-[0-9]*"):
        shutil.rmtree(old)
    write_questions(dataset, folder / "questions", split)


def main() -> None:
    """Run what is missing, judge everything, print and save the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    models = [*OURS, *BASELINES, *PEERS]
    parser.add_argument("--data", nargs="+", choices=DATA, help="default: all that can be had")
    parser.add_argument("--models", nargs="+", choices=models, default=models)
    parser.add_argument("--split", nargs="+", choices=SPLIT_CHOICES, default=SPLIT_CHOICES)
    parser.add_argument("--again", nargs="+", choices=models, default=[])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=30, help="processor minutes each at most")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--online-retail", type=Path, help="UCI's Online Retail as CSV")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "accuracy")
    asked = parser.parse_args()
    console = Console()
    known = asked.online_retail or (asked.build / "online-retail" / "dataset").exists()
    wanted = asked.data or [data for data in DATA if known or data != "online-retail"]
    datasets = {data: dataset_path(data, asked.build, asked.online_retail) for data in wanted}
    machine, rows, text = f"{describe_machine()}, {asked.threads} used", list[Row](), ""
    for data, path in datasets.items():
        dataset = load_dataset(path)
        for split in asked.split:
            if split == "by-time" and not dataset.has_time:
                continue
            contest = Contest(
                build=asked.build,
                split="by-time" if split == "by-time" else None,
                datasets=datasets,
                seeds=asked.seeds,
                minutes=asked.minutes,
                threads=asked.threads,
                again=tuple(asked.again),
                console=console,
            )
            prepare(dataset, contest.split, contest.folder(data))
            rows += contest.rows(data, asked.models)
            text = save(rows, machine, asked.build)
    print(text)


if __name__ == "__main__":
    main()
