"""How fast and how large: our training and top-10 beside RecTools' eSASRec, and how cost grows.

    python benchmarks/speed.py [--threads N] [--parts peer growth] [--seconds N] [--again]

Beside the peer: a made-up shop (1,000 users, 2,000 items, 200 events a user on average), the same
width (64), layers (2) and threads, each in a process of its own; ours as it is by default, and with
the peer's history and batch. Events are those that an epoch reads, without padding. Growth: one of
users, items and history varies, the others stay. What was measured is kept under build/speed and
not measured again, unless --again. Run it when nothing else wants the processor.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from contest.environment import ROOT, peers_python, run_apart
from contest.questions import write_questions
from machine import describe_machine
from pace.generated import generated_shop

PACE = ROOT / "benchmarks" / "pace"
SHOP: Final = (1000, 2000, 200)
"""Users, items, events a user of the shop that both are measured on."""
PEERS: Final = {
    "esasrec": ("eSASRec as in its paper: history 200, batch 128, 256 negatives", 200, 128 * 200),
    "esasrec-fast": ("eSASRec at its fastest: history 100, batch 32, full softmax", 100, 32 * 100),
}
"""What it is called, its history, and the events in its batch with padding."""
USERS, ITEMS, HISTORIES = (
    (1_000, 3_000, 10_000, 30_000, 100_000),
    (1_000, 10_000, 100_000, 500_000),
    (50, 200, 500, 1_000),
)
AT: Final = {"users": 3_000, "items": 5_000, "history": 50}
"""Where the two that do not vary stay."""
AIM_TRAINING, AIM_TOP, AIM_MEMORY = 8.0, 5.0, 0.5
"""Ours over the peer as in its paper, at least; of memory, at most."""


@dataclass(frozen=True)
class Bench:
    """Where measurements are kept, and how they are taken."""

    build: Path
    threads: int
    seconds: float
    again: bool

    def measured(self, name: str, python: Path, words: list[str]) -> dict[str, Any] | None:
        """The measurement of this name, taken now if need be; None if it fails."""
        kept, output = self.build / f"{name}.json", self.build / f"{name}.txt"
        if kept.is_file() and not self.again:
            return dict(json.loads(kept.read_text()))
        print(f"{name} …", file=sys.stderr, flush=True)
        if not run_apart(python, words, self.threads, output):
            print(f"{name} failed, see {output}", file=sys.stderr)
            return None
        found = output.read_text().strip().splitlines()[-1]
        kept.write_text(found + "\n")
        return dict(json.loads(found))

    def ours(self, shop: tuple[int, int, int], **options: int) -> dict[str, Any] | None:
        """Our model on a shop."""
        name = "-".join(["ours", *map(str, shop), *(f"{k}{v}" for k, v in options.items())])
        words = [str(PACE / "ours.py"), *map(str, shop), "--seconds", str(self.seconds)]
        words += [word for key, value in options.items() for word in (f"--{key}", str(value))]
        return self.measured(name, Path(sys.executable), words)

    def peer(self, model: str) -> dict[str, Any] | None:
        """The peer on the shop that both are measured on."""
        questions = self.build / "questions"
        if not (questions / "test.parquet").is_file():
            write_questions(generated_shop(*SHOP), questions)
        words = [str(PACE / "peer.py"), str(questions), model]
        return self.measured(model, peers_python(), words)


def beside_the_peer(bench: Bench) -> list[str]:
    """Both as they are, then ours over each peer: with its history and batch, and by default."""
    default = "RecLens as by default"
    rows, pairs = {default: bench.ours(SHOP)}, []
    for model, (name, history, batch) in PEERS.items():
        same = f"RecLens, history {history}, {batch:,} events a batch"
        rows[same] = bench.ours(SHOP, window=history, batch=batch)
        rows[name] = bench.peer(model)
        pairs += [(same, name), (default, name)]
    head = ("model", "events a second", "top-10, users a second", "peak GB in training", "peak GB")
    lines = [f"{SHOP[0]:,} users, {SHOP[1]:,} items, {SHOP[2]} events a user", "", *_head(head)]
    for name, found in rows.items():
        if found:
            cells = [f"{found[key]:,.0f}" for key in ("events_a_second", "users_a_second")]
            cells += [f"{found[key]:.2f}" for key in ("training_gb", "peak_gb")]
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
    lines += ["", *_head(("one over the other", "training", "top-10", "peak memory"))]
    for ours, peer in pairs:
        if (one := rows[ours]) and (other := rows[peer]):
            training, top, memory = (
                one[key] / other[key] for key in ("events_a_second", "users_a_second", "peak_gb")
            )
            lines.append(f"| {ours} over {peer} | {training:.1f} | {top:.1f} | {memory:.2f} |")
    aims = f"{AIM_TRAINING:.0f}, {AIM_TOP:.0f}, at most {AIM_MEMORY}"
    return [*lines, "", f"Aims, over eSASRec as in its paper: {aims}."]


def _head(names: tuple[str, ...]) -> list[str]:
    return ["| " + " | ".join(names) + " |", "|---" * len(names) + "|"]


def growth(bench: Bench) -> list[str]:
    """Seconds and memory against users, items and history."""
    head = ("users", "items", "history", "before the first step, s", "an epoch, s",
            "events a second", "top-10, users a second", "data GB", "peak GB")  # fmt: skip
    lines = _head(head)
    shops = [AT | {"users": n} for n in USERS] + [AT | {"items": n} for n in ITEMS]
    shops += [AT | {"users": AT["users"] // 3, "history": n} for n in HISTORIES]
    for shop in shops:
        found = bench.ours((shop["users"], shop["items"], shop["history"]))
        cells = [f"{shop[key]:,}" for key in ("users", "items", "history")]
        if found is None:
            cells += ["fails"] + ["–"] * 5
        else:
            cells += [f"{found['before_s']:,.1f}", f"{found['epoch_s']:,.1f}"]
            cells += [f"{found[key]:,.0f}" for key in ("events_a_second", "users_a_second")]
            cells += [f"{found[key]:.2f}" for key in ("data_gb", "peak_gb")]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


PARTS: Final = {"peer": beside_the_peer, "growth": growth}


def main() -> None:
    """Measure what is missing, print and save the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--seconds", type=float, default=60, help="watch training this long")
    parser.add_argument("--again", action="store_true", help="measure anew what is kept")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "speed")
    asked = parser.parse_args()
    folder = asked.build / f"{asked.threads}-threads"
    folder.mkdir(parents=True, exist_ok=True)
    bench = Bench(folder, asked.threads, asked.seconds, asked.again)
    lines = [f"{describe_machine()}, {asked.threads} used", ""]
    for part in asked.parts:
        lines += [*PARTS[part](bench), ""]
    text = "\n".join(lines)
    (folder / "results.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
