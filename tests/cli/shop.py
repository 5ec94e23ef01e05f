"""A shop's files as people have them: odd names, odd ids, returns, copies, brackets in titles."""

from __future__ import annotations

import random
from pathlib import Path

N_USERS, N_ITEMS = 48, 24
COLUMNS = {
    "user_id": "CustomerID",
    "item_id": "Code",
    "time": "When",
    "quantity": "Pieces",
    "items.item_id": "Code",
    "items.title": "What it is",
}
TITLES = {"007": "Pan [/20 cm]", "NA": "Lampe “Übermut” 灯", "i02": "[bold] tea"}
WITHOUT_HISTORY = "eve"


def user_ids() -> list[str]:
    return ["007", "NA", *(f"u{i:02d}" for i in range(2, N_USERS))]


def item_ids() -> list[str]:
    return ["007", "NA", *(f"i{i:02d}" for i in range(2, N_ITEMS))]


def write_shop(folder: Path) -> None:
    """Write events.csv, goods.csv and people.csv."""
    dice = random.Random(3)
    events = ["CustomerID;Code;When;Pieces;Note"]
    for number, user in enumerate(user_ids()):
        liked = [item for i, item in enumerate(item_ids()) if i % 3 == number % 3]
        for month in range(1, dice.randint(4, 9)):
            date = f"{dice.randint(13, 28)}/{month:02d}/2024 10:{dice.randint(10, 59)}"
            bought = dice.sample(liked, dice.randint(1, 3))
            events += [f"{user};{item};{date};{dice.randint(1, 3)};" for item in bought]
    events += ["007;NA;28/10/2024 09:00;1;", "007;NA;29/10/2024 09:00;1;"]
    events += [events[-1], ";NA;29/10/2024 09:00;1;blank", "u05;NA;some day;1;no date"]
    events += ["u06;i03;20/10/2024 10:00;1;", "u06;i03;21/10/2024 10:00;-1;taken back"]
    goods = ["Code;What it is;category;price"]
    goods += [
        f"{item};{TITLES.get(item, f'Thing {i}')};{'abc'[i % 3]};{1 + i},50"
        for i, item in enumerate(item_ids())
    ]
    people = ["user_id;age"] + [
        f"{user};{'young' if dice.random() < 0.5 else 'old'}"
        for user in [*user_ids(), WITHOUT_HISTORY]
    ]
    for name, lines in (("events", events), ("goods", goods), ("people", people)):
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8-sig")


def import_arguments(folder: Path) -> list[str]:
    """What `import` is told about these files."""
    maps = [word for role, column in COLUMNS.items() for word in ("--map", f"{role}={column}")]
    files = {"interactions": "events", "items": "goods", "users": "people"}
    paths = [
        word for name, file in files.items() for word in (f"--{name}", str(folder / f"{file}.csv"))
    ]
    return ["import", *paths, *maps, "--repeats"]
