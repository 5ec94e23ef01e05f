"""A shop small enough to train on in seconds: three categories, customers who stay in one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from recommender.data import build_dataset, read_tables, save_dataset
from tests.cli.calling import call

CATEGORIES = ("Coffee", "Garden", "Photo")


def interactions() -> str:
    """Sixty customers, two views and a purchase on each of eight days."""
    rows = ["user_id,item_id,timestamp,event"]
    for user in range(60):
        for step in range(8):
            item = (user % 3) + 3 * ((user + step * step) % 8)
            day = f"2024-{step + 1:02d}-{user % 27 + 1:02d}"
            rows += [f"u{user:02d},i{item:02d},{day} 10:00:00,view"]
            rows += [f"u{user:02d},i{item:02d},{day} 10:05:00,purchase"]
    return "\n".join(rows) + "\n"


def items() -> str:
    """Twenty-four products with a title, a category and a price; one looks like a formula."""
    rows = ["item_id,title,category,price"]
    for item in range(24):
        title = "=SUM(A1) kettle" if item == 3 else f"{CATEGORIES[item % 3]} thing {item}"
        rows.append(f"i{item:02d},{title},{CATEGORIES[item % 3]},{5 + item}.50")
    return "\n".join(rows) + "\n"


def users() -> str:
    """Everybody's age band."""
    return "user_id,age_band\n" + "".join(
        f"u{user:02d},{'18-34' if user % 2 else '35-64'}\n" for user in range(60)
    )


def _csv(name: str, text: str) -> tuple[str, bytes]:
    return f"{name}.csv", text.encode()


@cache
def dataset():  # type: ignore[no-untyped-def]
    """The shop as a data set."""
    tables = read_tables(
        _csv("interactions", interactions()), _csv("items", items()), _csv("users", users())
    )
    return build_dataset(tables, "Tiny shop")


def train_shop(folder: Path) -> Path:
    """A run on the shop, in `folder / run`; its data set alone in `folder / data`."""
    save_dataset(dataset(), folder / "data")
    short = ("--width", "32", "--window", "20", "--epochs", "2")
    answer = call("train", folder / "data", "--out", folder / "run", *short)
    assert answer.code == 0, answer.err
    return folder / "run"
