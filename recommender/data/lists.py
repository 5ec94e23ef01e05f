"""Cells that hold lists: of items, which become an event each, and of values of a feature."""

from __future__ import annotations

import ast
import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from recommender.data.cleaning.kinds import MISSING
from recommender.data.cleaning.synonyms import COLUMN_NAMES, plain
from recommender.data.columns import EVENT, ITEM, PRICE, QUANTITY, RATING, TIME
from recommender.data.limits import MAX_UNROLLED
from recommender.data.problems import Finder, Problem
from recommender.data.reading.files import RawTable
from recommender.said import Said

Roles = dict[str, str | None]
Parts = tuple[str, ...]

_BRACKETED: Final = r"(?s)\s*(?:\[.*\]|\{.*\}|\(.*,.*\)|set\(.*\))\s*"
_MOST: Final = 0.9
"""Share of cells in brackets from which a column holds lists."""
_SOME: Final = 0.1
"""Share of cells of several parts from which a column may hold lists."""
_AGAIN: Final = 0.8
"""Share of the parts that are in other cells too, as items of lists are."""
_MAYBE: Final = 0.5
_SEEN: Final = 0.2
"""The same of numbers with spaces between, which no id is."""
_MARKS: Final = ("|", ";", ",", "、", "，", " ")
_CODE: Final = r"[^\s]*\d[^\s]*"
_SAMPLE: Final = 5_000
_NAMES: Final = ("name", "title", "label", "value", "text", "slug", "id", "key", "code")
"""Keys under which an object has what it is called, the best first."""
_ITEMS: Final = (*COLUMN_NAMES[ITEM], "id", "编号", *_NAMES)
_BESIDE: Final = frozenset({TIME, EVENT, QUANTITY, PRICE, RATING, None})
"""Roles of columns that may hold a list beside that of the items, as long as it."""


def parts_of(cell: str, names: Sequence[str] = _NAMES) -> Parts:
    """What a list holds: of JSON, of Python or of a database, nested or of objects."""
    cell = cell.strip()
    try:
        return tuple(_flat(_value(cell), names))
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        return _loose(cell)


def _value(cell: str) -> Any:
    if cell.startswith("{") and ":" not in cell:
        raise ValueError  # a set, whose order Python would lose
    try:
        return json.loads(cell)
    except ValueError:
        return ast.literal_eval(cell)


def _flat(value: Any, names: Sequence[str]) -> Iterable[str]:
    if isinstance(value, list | tuple):
        for one in value:
            yield from _flat(one, names)
    elif isinstance(value, dict):
        yield from _of_object(value, names)
    elif isinstance(value, float) and value.is_integer():
        yield str(int(value))
    elif value is not None and (text := " ".join(str(value).split())):
        yield text


def _of_object(value: Mapping[Any, Any], names: Sequence[str]) -> Iterable[str]:
    """What an object is called; one without a name says all that is in it."""
    keys = {plain(str(key)): key for key in value}
    name = next((keys[name] for name in names if name in keys), None)
    if name is not None:
        yield from _flat(value[name], names)
        return
    for key, one in value.items():
        yield from (f"{key}: {text}" for text in _flat(one, names))


def _loose(cell: str) -> Parts:
    """`{a,"b c"}`, `[12 7 3]` and whatever else stands in brackets."""
    inner = re.sub(r"^(?:set\()?[\s\[{(]+|[\s\])}]+$", "", cell)
    mark = "," if "," in inner else ";" if ";" in inner else " "
    rows = csv.reader([inner.replace("'", '"')], delimiter=mark, skipinitialspace=True)
    texts = [text.strip(" \"'") for row in rows for text in row]
    return tuple(text for text in texts if text and text.casefold() not in ("null", "none", "nan"))


def without_brackets(
    table: RawTable, roles: Mapping[str, str | None], finder: Finder
) -> tuple[RawTable, list[Problem]]:
    """The table with lists in brackets as values with bars between, as features are read."""
    changed, problems = {}, []
    for name, role in roles.items():
        if role is not None or name not in table.frame or not _in_brackets(table.frame[name]):
            continue
        codes, distinct = pd.factorize(table.frame[name])
        read = ["|".join(one.replace("|", "/") for one in parts_of(cell)) for cell in distinct]
        cells = np.array(read, dtype=object)[codes]
        changed[name] = pd.Series(cells, index=table.frame.index, dtype="str")
        example = next((n for n, cell in enumerate(read) if "|" in cell), 0)
        message = Said(
            "the cells are lists, such as {example!r}, which was read as {other}",
            example=str(distinct[example])[:60],
            other=read[example].replace("|", ", ")[:60],
        )
        problems.append(finder.note(message, column=name))
    return (replace(table, frame=table.frame.assign(**changed)) if changed else table), problems


def _in_brackets(values: pd.Series) -> bool:
    cells = values.head(_SAMPLE).drop_duplicates().str.strip()
    cells = cells[~cells.isin(MISSING)]
    return len(cells) > 0 and bool(cells.str.fullmatch(_BRACKETED).mean() >= _MOST)


@dataclass(frozen=True)
class _Form:
    """How lists of items are written."""

    mark: str
    """What stands between the items; blank where brackets stand around them."""
    sure: bool
    """Whether nothing else can be meant."""

    def parts(self, cell: str) -> Parts:
        """The items in a cell."""
        if not self.mark:
            return parts_of(cell, _ITEMS)
        return tuple(part for part in map(str.strip, cell.split(self.mark)) if part)


def unrolled(table: RawTable, roles: Roles, finder: Finder) -> tuple[RawTable, list[Problem]]:
    """The interactions with an event for each item of a list; asked where it may be one item.

    Several rows come of one line then, and share its number.
    """
    name = next((name for name, role in roles.items() if role == ITEM), None)
    form = None if name is None else _form(table.frame[name], table.form.format == "Parquet", name)
    if name is None or form is None:
        return table, []
    codes, distinct = pd.factorize(table.frame[name])
    items = [form.parts(cell) or ("",) for cell in distinct]
    lengths = np.array([len(one) for one in items])[codes]
    several = max(range(len(items)), key=lambda i: len(items[i]) > 1)
    problem = _problem(table, name, form, lengths, str(distinct[several]), finder)
    if problem.severity == "error" or form.sure != finder.accepts(problem.fix or "lists"):
        return table, [problem]
    return _repeated(table, roles, name, [items[code] for code in codes], form), [problem]


def _problem(
    table: RawTable, name: str, form: _Form, lengths: np.ndarray, example: str, finder: Finder
) -> Problem:
    n = int(lengths.sum())
    if n > MAX_UNROLLED:
        message = Said(
            "the lists in the cells hold {n} items; at most {most} are read", n=n, most=MAX_UNROLLED
        )
        return finder.error(message, Said("Write a row for each item"), name)
    said = {"example": example[:60], "items": n, "rows": len(lengths)}
    lines = table.frame.index[lengths > 1]
    if form.sure:
        found = Said(
            "the cells are lists of items, such as {example!r}: {items} items in {rows} row{|s}, "
            "of which each",
            **said,
        )
        return finder.fixed("lists", lines, found, Said("Write a row for each item"), name)
    found = Said(
        "the cells look like lists of items, such as {example!r}: {items} items in {rows} row{|s}; "
        "each cell",
        **said,
    )
    remedy = Said("Refuse this fix (whole_cells) if they are lists")
    return replace(finder.fixed("whole_cells", lines, found, remedy, name), severity="note")


def _repeated(
    table: RawTable, roles: Roles, name: str, items: Sequence[Parts], form: _Form
) -> RawTable:
    """The rows once for each item; lists as long beside the items are taken apart with them."""
    lengths = np.array([len(one) for one in items])
    rows = np.repeat(np.arange(len(items)), lengths)
    frame = table.frame.iloc[rows].copy()
    frame[name] = pd.Series([one for of in items for one in of], index=frame.index, dtype="str")
    for other, role in roles.items():
        if role in _BESIDE and other in table.frame:
            beside = _beside(table.frame[other], form, lengths)
            if beside is not None:
                frame[other] = pd.Series(beside, index=frame.index, dtype="str")
    return replace(table, frame=frame)


def _beside(values: pd.Series, form: _Form, lengths: np.ndarray) -> list[str] | None:
    codes, distinct = pd.factorize(values)
    if not lengths.max(initial=0) > 1 or (not form.mark and not _in_brackets(values)):
        return None
    parts = [form.parts(cell) or ("",) for cell in distinct]
    of_rows = [parts[code] for code in codes]
    if [len(one) for one in of_rows] != lengths.tolist():
        return None
    return [one for of in of_rows for one in of]


def _form(values: pd.Series, may_be_typed: bool, name: str) -> _Form | None:
    """How the lists are written; None where the cells are no lists."""
    if _in_brackets(values):
        return _Form("", sure=True)
    cells = values.head(_SAMPLE).drop_duplicates().str.strip()
    cells = cells[~cells.isin(MISSING)]
    told = name.casefold().endswith(":token_seq")
    for mark in _MARKS:
        several = cells.str.contains(mark, regex=False)
        if not several.any() or several.mean() < _SOME:
            continue
        certain = told or (may_be_typed and mark == "|")  # Parquet lists are joined by bars
        if (form := _of_mark(cells, several, mark, certain)) is not None:
            return form
    return None


def _of_mark(cells: pd.Series, several: pd.Series, mark: str, certain: bool) -> _Form | None:
    parts = cells.str.split(mark, regex=False).explode().str.strip()
    parts = parts[parts != ""]
    in_cells = parts.groupby(parts.to_numpy()).size()
    again = float((in_cells > 1).mean())
    codes = float(pd.Series(in_cells.index, dtype="str").str.fullmatch(_CODE).mean())
    of_length = cells.str.count(re.escape(mark)).nunique()
    if mark == " ":
        numbers = bool(cells.str.fullmatch(r"\d+(?: \d+)*").all())
        return _Form(mark, sure=certain or again >= _SEEN) if numbers or certain else None
    if certain or (again >= _AGAIN and of_length > 1 and (~several).any()):
        return _Form(mark, sure=certain or codes >= _MOST)
    return _Form(mark, sure=False) if again >= _MAYBE and several.mean() >= _MAYBE else None
