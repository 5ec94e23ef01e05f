"""How a text parts its lines into cells: the separator, and where its table begins and ends."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from recommender.data.cleaning.synonyms import COLUMN_NAMES, plain
from recommender.data.problems import Finder, Problem
from recommender.said import Said

SEPARATORS: Final = (",", ";", "\t", "|")
_RARE: Final = ("::", "||", ";;", "\t\t", "^", "~", "¦", "§", " ")
"""Tried where none of the usual ones fits."""
_STAND_IN: Final = "\x1f"
"""Stands for a separator of several signs: controls are not in the text any more."""
_SAMPLE: Final = 1 << 16
_LINES: Final = 60
_ABOVE: Final = 20
"""Lines of title that may stand above the names."""
_GOOD: Final = 0.9
"""Share of lines that must have as many cells as the first."""
_DATED: Final = (rb"(\d{4}-\d\d-\d\d) (\d\d:\d\d)", rb"\1T\2")
_COMMENT: Final = ("#", "//", "%")
_NAMES: Final = frozenset(name for names in COLUMN_NAMES.values() for name in names)

Rows = list[list[str]]


@dataclass(frozen=True)
class Dialect:
    """A text from its names on, with one sign between its cells."""

    content: bytes
    skipped: int
    """Lines above."""
    separator: str
    shown: str
    """The separator as it is in the file."""
    problems: tuple[Problem, ...] = ()


def dialect_of(content: bytes, finder: Finder) -> Dialect:
    """The dialect of a text; where nothing fits, that of commas."""
    start = len(content) - len(content.lstrip(b"\r\n \t"))
    start = content.rfind(b"\n", 0, start) + 1
    # Excel writes and reads this line; it is not the header.
    told = re.match(rb"sep=(.)\r?\n", content[start:], re.IGNORECASE)
    start += told.end() if told else 0
    skipped, content = content.count(b"\n", 0, start), content[start:]
    content = content if content.endswith((b"\n", b"\r")) else content + b"\n"
    if told:
        separator = told.group(1).decode()
        return Dialect(content, skipped, separator, separator)
    found = _found(content, finder)
    return _ended(replace(found, skipped=found.skipped + skipped), finder)


def _found(content: bytes, finder: Finder) -> Dialect:
    """The usual separators first, from the first line on; then others, and lines above."""
    lines = _sample(content)
    best = max(SEPARATORS, key=lambda one: _fit(_rows(lines, one)))
    rows = _rows(lines, best)
    usual = Dialect(content, 0, best, best)
    if _fit(rows)[0] >= _GOOD and not _above(rows):
        return usual
    found = max(
        (
            (_fit(_rows(lines, one)[n:]), -n, one)
            for one in SEPARATORS
            if (n := _above(_rows(lines, one)))
        ),
        default=((0.0, 0), 0, best),
    )
    if found[0][0] >= _GOOD:
        return replace(_cut(content, -found[1], finder), separator=found[2], shown=found[2])
    return _rare(content, lines) or usual


def _sample(content: bytes) -> str:
    sample = content[:_SAMPLE].decode("utf-8", errors="ignore")
    if len(content) > _SAMPLE:
        sample = sample.rpartition("\n")[0] or sample
    return sample.replace("\r\n", "\n").replace("\r", "\n")


def _rows(lines: str, separator: str) -> Rows:
    try:
        rows = []
        for row in csv.reader(io.StringIO(lines), delimiter=separator):
            rows += [row] if row else []
            if len(rows) >= _LINES:
                break
        return rows
    except csv.Error:
        return []


def _fit(rows: Rows) -> tuple[float, int]:
    """Share of the rows with as many cells as the first, and how many these are."""
    if not rows or len(rows[0]) < 2:
        return (0.0, 0)
    below = rows[1:] or rows[:1]
    return sum(len(row) == len(rows[0]) for row in below) / len(below), len(rows[0])


def _above(rows: Rows) -> int:
    """How many lines of title or comment stand above the names: lines with fewer filled cells than
    most, none of which names columns that the first line below does not."""
    widths = Counter(_filled(row) for row in rows[1:])
    usual = widths.most_common(1)[0][0] if widths else 0
    for n, row in enumerate(rows[:_ABOVE]):
        comment = row[0].lstrip().startswith(_COMMENT) and _named(row) == 0
        if not comment and (_filled(row) >= max(2, usual - 1) or _named(row) > 1):
            later = [i for i, one in enumerate(rows[:_ABOVE]) if _named(one) > 1]
            return later[0] if later and later[0] > n and _named(row) == 0 else n
    return 0


def _filled(row: Sequence[str]) -> int:
    return sum(cell.strip() != "" for cell in row)


def _named(row: Sequence[str]) -> int:
    """How many cells are names of columns that are known."""
    return sum(plain(cell.strip().lstrip("#")) in _NAMES for cell in row)


def _cut(content: bytes, n: int, finder: Finder) -> Dialect:
    """The content without its first lines that are not blank."""
    mark = b"\n" if b"\n" in content else b"\r"
    start = 0
    for _ in range(n):
        start = content.index(mark, start) + 1
        while content[start : start + 1] in (b"\n", b"\r"):
            start += 1
    message = Said("{n} line{|s} above the names of the columns {was|were:n} skipped", n=n)
    lines = range(1, n + 1)
    problem = finder.in_rows("note", lines, message)
    above = content.count(mark, 0, start)
    return Dialect(content[start:], above, ",", ",", (problem,))


def _rare(content: bytes, lines: str) -> Dialect | None:
    """Other signs that part every line alike; spaces in a row are one."""
    for sign in _RARE:
        if sign == " ":
            rows = _rows(lines, " ")
        else:
            rows = _rows(lines.replace(sign, _STAND_IN), _STAND_IN)
        if len(rows) > 2 and (_fit(rows)[0] == 1.0 or _one_more(rows)):
            one = sign if len(sign.encode()) == 1 else _STAND_IN
            parted = content if one == sign else content.replace(sign.encode(), one.encode())
            return Dialect(parted, 0, one, sign)
    if '"' in lines:
        return None
    spaced = re.sub(rb"(?m)^[ \t]+|[ \t]+$", b"", re.sub(*_DATED, content))
    spaced = re.sub(rb"[ \t]+", _STAND_IN.encode(), spaced)
    rows = _rows(_sample(spaced), _STAND_IN)
    return Dialect(spaced, 0, _STAND_IN, " ") if len(rows) > 2 and _fit(rows)[0] == 1.0 else None


def _one_more(rows: Rows) -> bool:
    """Whether each row has a cell more than the names: its number."""
    return len(rows[0]) > 1 and all(len(row) == len(rows[0]) + 1 for row in rows[1:])


def _ended(dialect: Dialect, finder: Finder) -> Dialect:
    """With a name for a cell that each row has more than the names: a blank one at the end, or a
    row number before the others."""
    rows = _rows(_sample(dialect.content), dialect.separator)
    if len(rows) < 3 or len(rows[0]) < 2:
        return dialect
    more = [row for row in rows[1:] if len(row) == len(rows[0]) + 1]
    if len(more) < _GOOD * len(rows[1:]):
        return dialect
    sign = dialect.separator.encode()
    if all(row[-1].strip() == "" for row in more):
        end = re.search(rb"\r?\n|\r", dialect.content)
        assert end is not None
        content = dialect.content[: end.start()] + sign + dialect.content[end.start() :]
        message = Said("each row ends in a separator, behind which nothing is read")
    elif [row[0] for row in more] in _counted(len(more)):
        content = sign + dialect.content
        message = Said("each row begins with its number, which has no name and is not read")
    else:
        return dialect
    problems = (*dialect.problems, finder.note(message))
    return replace(dialect, content=content, problems=problems)


def _counted(n: int) -> tuple[list[str], list[str]]:
    return [str(i) for i in range(n)], [str(i + 1) for i in range(n)]
