"""A small shop that never says when anything happened, and where some rated products low."""

from __future__ import annotations

from pathlib import Path

from recommender.data import build_dataset, read_tables, save_dataset
from tests.cli.calling import call

USER, N_EVENTS = "u03", 8
"""A customer, and how many events of theirs count; one more does not."""


def rows() -> str:
    """Twenty customers, a view and a purchase of four products each; no column says when."""
    lines = ["user_id,item_id,event,rating"]
    for step in range(4):
        for user in range(20):
            item = (user % 3) + 3 * ((user + step * step) % 4)
            lines += [f"u{user:02d},i{item:02d},{kind},5" for kind in ("view", "purchase")]
            if step == 1:
                lines.append(f"u{user:02d},i{(item + 5) % 12:02d},view,1")
    return "\n".join(lines) + "\n"


def train_timeless(folder: Path) -> Path:
    """A run on these rows, in `folder / run`."""
    tables = read_tables(("rows.csv", rows().encode()))
    save_dataset(build_dataset(tables, "No dates", repeats=True), folder / "data")
    short = ("--width", "32", "--window", "6", "--epochs", "1")
    answer = call("train", folder / "data", "--out", folder / "run", *short)
    assert answer.code == 0, answer.err
    return folder / "run"
