"""What is wrong with somebody's files, said so that they can mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd

from recommender.data.fixes import FIXES, FixName

Severity = Literal["error", "repaired", "note"]

_CHOICE: Final = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")
ROWS_SHOWN = 10
ROWS_KEPT = 1_000


def counted(words: str, n: int) -> str:
    """A sentence about `n` things, such as `{n} row{|s} {was|were} left out`.

    Of two words in braces the first is said of one thing, the second of none or several.
    """
    chosen = _CHOICE.sub(lambda choice: choice[1 if n == 1 else 2], words)
    return chosen.replace("{n}", f"{n:,}")


@dataclass(frozen=True)
class Problem:
    """One thing found in one file, with where it is and what to do about it."""

    file: str
    """Name of the file, without its folder."""
    column: str | None
    """The column as it is named in the file, if the problem lies in one column."""
    rows: tuple[int, ...]
    """Line numbers of the first thousand rows concerned; the header is line 1."""
    count: int
    """How many rows (or columns, where no row is named) are concerned."""
    severity: Severity
    """`error` stops the reading, `repaired` was put right, `note` is only said."""
    message: str
    remedy: str
    """What the owner of the file can do; empty where there is nothing to do."""
    fix: FixName | None = None
    """What was done about it, if its owner may refuse that."""

    @property
    def sentence(self) -> str:
        """Where and what, without line numbers and remedy."""
        place = self.file if self.column is None else f"{self.file}, column {self.column!r}"
        return f"{place}: {self.message}."

    def __str__(self) -> str:
        """Where, what, in which lines, and what to do."""
        shown = self.rows[:ROWS_SHOWN]
        more = ", …" if self.count > len(shown) else ""
        lines = f" (line{'s' if self.count > 1 else ''} {', '.join(map(str, shown))}{more})"
        return f"{self.sentence[:-1]}{lines if self.rows else ''}. {self.remedy}".strip()


class TableError(ValueError):
    """The files cannot be read as tables; `problems` holds everything found in all of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __reduce__(self) -> tuple[type[TableError], tuple[tuple[Problem, ...]]]:
        """Errors cross process borders, where training runs."""
        return (type(self), (self.problems,))

    def __str__(self) -> str:
        errors = [problem for problem in self.problems if problem.severity == "error"]
        if len(errors) == 1:
            return str(errors[0])
        return "\n".join(
            [f"{len(errors)} problems have to be mended first:"]
            + [f"  - {problem}" for problem in errors]
        )


@dataclass(frozen=True)
class Finder:
    """Makes the problems of one file."""

    file: str
    refused: frozenset[FixName] = frozenset()
    """Fixes that are not made; what they would be about is told all the same."""

    def accepts(self, fix: FixName) -> bool:
        """Whether the fix is made."""
        return fix not in self.refused

    def fixed(
        self,
        fix: FixName,
        lines: np.ndarray | pd.Index | Sequence[int],
        found: str,
        remedy: str = "",
        column: str | None = None,
        n: int | None = None,
    ) -> Problem:
        """What was found in these lines and what was done, as accepted or refused.

        `n` is of how many things that is said, where they are not the lines.
        """
        made = self.accepts(fix)
        done = FIXES[fix].done if made else FIXES[fix].instead
        message = f"{found} {counted(done, len(lines) if n is None else n)}"
        problem = self.in_rows("repaired" if made else "note", lines, message, remedy, column)
        return replace(problem, fix=fix)

    def error(self, message: str, remedy: str, column: str | None = None) -> Problem:
        """A problem of the file as a whole that stops the reading."""
        return Problem(self.file, column, (), 1, "error", message, remedy)

    def note(self, message: str, remedy: str = "", column: str | None = None) -> Problem:
        """Something the owner should know."""
        return Problem(self.file, column, (), 1, "note", message, remedy)

    def in_rows(
        self,
        severity: Severity,
        lines: np.ndarray | pd.Index | Sequence[int],
        message: str,
        remedy: str = "",
        column: str | None = None,
    ) -> Problem:
        """A problem of the rows at these line numbers."""
        rows = tuple(int(line) for line in lines[:ROWS_KEPT])
        return Problem(self.file, column, rows, len(lines), severity, message, remedy)
