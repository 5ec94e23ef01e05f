"""How sure a role is said to be holds over columns of files that others made.

`columns_of_public_files.tsv` has the names of the columns of public data sets and of the exports of
shops, as their documentation gives them, the roles that are right (`-` for none; several where
either will do), and how to make up cells: `{u}`, `{t}`, `{b}` and `{i}` are the number of the user,
the item, the basket and the row; `|` separates cells to choose from, after `u:` and `t:` by user or
item; after `?` half of the cells are blank.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from recommender.data.cleaning.role_confidence import guess_roles
from recommender.data.columns import TableName

_FILE = Path(__file__).with_name("columns_of_public_files.tsv")
_ROWS = 80


class Judged(NamedTuple):
    """One column with what was guessed of it."""

    where: str
    column: str
    right: tuple[str | None, ...]
    role: str | None
    confidence: float

    @property
    def is_right(self) -> bool:
        """Whether the guess is one of the roles that are right."""
        return self.role in self.right


def _dice(*said: object) -> int:
    return zlib.crc32(repr(said).encode())


def _cell(recipe: str, table: str, column: str, i: int) -> str:
    basket = i // 2
    number = {"i": i, "b": basket, "u": basket % 12, "t": (i * 7 + i // 9) % 17, "d": i // 3 + 1}
    if table != "interactions":
        number |= {"t": i, "u": i}
    if recipe.startswith("?"):
        recipe = recipe[1:] if _dice(column, i, "blank") % 2 else ""
    by = i
    if recipe[:2] in ("u:", "t:"):
        by, recipe = number[recipe[0]], recipe[2:]
    choices = recipe.split("|")
    chance = _dice(column, i)
    day = number["d"]
    return choices[_dice(column, by) % len(choices)].format(
        **number, d2=f"{day:02d}", s=chance % 10, s1=chance % 9 + 1, r=chance % 90 + 10,
        k=chance // 7 % 9000 + 1000,
    )  # fmt: skip


def _tables() -> dict[tuple[str, TableName], dict[str, tuple[str, str]]]:
    """Name and table of each file, with the right roles and the recipe of each column."""
    found: dict[tuple[str, TableName], dict[str, tuple[str, str]]] = defaultdict(dict)
    for line in _FILE.read_text("utf-8").splitlines()[1:]:
        source, file, table, column, right, cells = line.split("\t")
        found[f"{source}, {file}", table][column] = (right, cells)  # type: ignore[index]
    return found


class Made(NamedTuple):
    """A file with the names of its columns from elsewhere, and cells of our own."""

    where: str
    table: TableName
    frame: pd.DataFrame
    right: dict[str, tuple[str | None, ...]]


@cache
def made_files() -> tuple[Made, ...]:
    """Every file, with the roles that are right for each of its columns."""
    return tuple(
        Made(where, table, _frame(table, columns), {c: _roles(r) for c, (r, _) in columns.items()})
        for (where, table), columns in _tables().items()
    )


def _frame(table: str, columns: dict[str, tuple[str, str]]) -> pd.DataFrame:
    cells = {
        name: [_cell(recipe, table, name, i) for i in range(_ROWS)]
        for name, (_, recipe) in columns.items()
    }
    return pd.DataFrame(cells, dtype="str")


def _roles(said: str) -> tuple[str | None, ...]:
    return tuple(None if role == "-" else role for role in said.split("/"))


@cache
def judged() -> tuple[Judged, ...]:
    """Every column of every file."""
    return tuple(
        Judged(made.where, guess.column, made.right[guess.column], guess.role, guess.confidence)
        for made in made_files()
        for guess in guess_roles(made.frame, made.table)
    )


def _told(columns: list[Judged]) -> str:
    wrong = [one for one in columns if not one.is_right]
    share = 1 - len(wrong) / max(len(columns), 1)
    lines = [f"{len(columns)} columns, {share:.1%} right"]
    lines += [f"  {one.where}: {one.column}: {one.role}, not {one.right}" for one in wrong]
    return "\n".join(lines)


def test_the_columns_are_of_many_files() -> None:
    assert len(judged()) >= 600
    assert len({one.where for one in judged()}) >= 100
    assert len([one for one in judged() if one.right != (None,)]) >= 300


@pytest.mark.parametrize("least", [0.95, 0.8])
def test_of_the_choices_said_to_be_so_sure_as_many_are_right(least: float) -> None:
    sure = [one for one in judged() if one.role is not None and one.confidence >= least]
    print(f"at least {least:.0%} sure: {_told(sure)}")
    assert sum(one.is_right for one in sure) >= least * len(sure)


def test_columns_said_to_have_no_role_have_none_as_often_as_is_said() -> None:
    none = [one for one in judged() if one.role is None]
    print(f"no role: {_told(none)}")
    assert sum(one.is_right for one in none) >= 0.9 * len(none)


def test_few_roles_are_missed() -> None:
    wanted = [one for one in judged() if None not in one.right]
    print(f"columns with a role: {_told(wanted)}")
    assert sum(one.is_right for one in wanted) >= 0.9 * len(wanted)
