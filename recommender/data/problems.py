"""What is wrong with somebody's files, said so that they can mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from recommender.data.fixes import FIXES, FixName
from recommender.said import Said

Severity = Literal["error", "repaired", "note"]

ROWS_SHOWN = 10
ROWS_KEPT = 1_000
NOTHING = Said("")


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
    message: Said
    remedy: Said
    """What the owner of the file can do; empty where there is nothing to do."""
    fix: FixName | None = None
    """What was done about it, if its owner may refuse that."""

    @property
    def sentence(self) -> Said:
        """Where and what, without line numbers and remedy."""
        return Said("{found}.", found=self._found)

    @property
    def said(self) -> Said:
        """Where, what, in which lines, and what to do."""
        found = self._found
        if self.rows:
            shown = ", ".join(map(str, self.rows[:ROWS_SHOWN]))
            lines = shown + (", …" if self.count > len(self.rows[:ROWS_SHOWN]) else "")
            words = Said(" (line{|s:n} {lines})", n=self.count, lines=lines)
            found = Said("{found}{lines}", found=found, lines=words)
        if not self.remedy:
            return Said("{found}.", found=found)
        return Said("{found}. {remedy}", found=found, remedy=self.remedy)

    @property
    def _found(self) -> Said:
        if self.column is None:
            return Said("{file}: {message}", file=self.file, message=self.message)
        return Said(
            "{file}, column {column!r}: {message}",
            file=self.file,
            column=self.column,
            message=self.message,
        )

    def __str__(self) -> str:
        return str(self.said)


class TableError(ValueError):
    """The files cannot be read as tables; `problems` holds everything found in all of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    @property
    def said(self) -> Said:
        """What has to be mended, in its parts."""
        errors = [problem.said for problem in self.problems if problem.severity == "error"]
        if len(errors) == 1:
            return errors[0]
        return Said(
            "{n} problems have to be mended first:{problems}",
            n=len(errors),
            problems=tuple(Said("\n  - {problem}", problem=one) for one in errors),
        )

    def __reduce__(self) -> tuple[type[TableError], tuple[tuple[Problem, ...]]]:
        """Errors cross process borders, where training runs."""
        return (type(self), (self.problems,))

    def __str__(self) -> str:
        return str(self.said)


@dataclass(frozen=True, eq=False)
class Finder:
    """Makes the problems of one file."""

    file: str
    refused: frozenset[FixName] = frozenset()
    """Fixes that are not made; what they would be about is told all the same."""
    lines: np.ndarray | None = None
    """The line of each row, where several rows come of one line; else rows are called by it."""

    def accepts(self, fix: FixName) -> bool:
        """Whether the fix is made."""
        return fix not in self.refused

    def fixed(
        self,
        fix: FixName,
        lines: np.ndarray | pd.Index | Sequence[int],
        found: Said,
        remedy: Said = NOTHING,
        column: str | None = None,
        n: int | None = None,
    ) -> Problem:
        """What was found in these lines and what was done, as accepted or refused.

        The sentence begins with `found`. `n` is of how many things that is said, where they are
        not the lines.
        """
        made = self.accepts(fix)
        done = FIXES[fix].done if made else FIXES[fix].instead
        made_of = done.but(n=len(lines) if n is None else n)
        message = Said("{found} {done}", found=found, done=made_of)
        problem = self.in_rows("repaired" if made else "note", lines, message, remedy, column)
        return replace(problem, fix=fix)

    def error(self, message: Said, remedy: Said, column: str | None = None) -> Problem:
        """A problem of the file as a whole that stops the reading."""
        return Problem(self.file, column, (), 1, "error", message, remedy)

    def note(self, message: Said, remedy: Said = NOTHING, column: str | None = None) -> Problem:
        """Something the owner should know."""
        return Problem(self.file, column, (), 1, "note", message, remedy)

    def in_rows(
        self,
        severity: Severity,
        lines: np.ndarray | pd.Index | Sequence[int],
        message: Said,
        remedy: Said = NOTHING,
        column: str | None = None,
    ) -> Problem:
        """A problem of the rows at these line numbers."""
        kept = (
            lines[:ROWS_KEPT] if self.lines is None else self.lines[np.asarray(lines[:ROWS_KEPT])]
        )
        rows = tuple(dict.fromkeys(int(line) for line in kept))
        return Problem(self.file, column, rows, len(lines), severity, message, remedy)
