"""The header of a file: blank names, names that come twice, and no header at all."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from recommender.data.headerless import named_by_cells
from recommender.data.limits import MAX_NAME
from recommender.data.problems import Finder, Problem
from recommender.said import Said


def named_columns(
    frame: pd.DataFrame, header: list[str], finder: Finder
) -> tuple[pd.DataFrame, list[Problem]]:
    """The frame with a unique name for each column, without columns that say nothing."""
    unnamed = named_by_cells(frame, header, finder)
    problems: list[Problem] = []
    if unnamed is not None:
        frame, header, problems = unnamed
    if header and all(_is_number(name) for name in header):
        message = Said(
            "the first line holds values, not names of columns: {example}",
            example=", ".join(header[:5]),
        )
        remedy = Said(
            "Put a first line with the names of the columns, such as user_id, item_id, time"
        )
        return frame, [*problems, finder.error(message, remedy)]
    header = [one_line(name) for name in header]
    names, twice = unique_names(header, finder)
    problems += twice
    kept = [i for i, name in enumerate(header) if name or not _says_nothing(frame.iloc[:, i])]
    frame = frame.iloc[:, kept]
    frame.columns = pd.Index([names[i] for i in kept], dtype="str")
    for i in kept:
        if not header[i]:
            message = Said(
                "column {number} has no name; it is called {name!r} here",
                number=str(i + 1),
                name=names[i],
            )
            problems.append(finder.note(message, Said("Name it in the first line")))
    return frame, problems


def unique_names(header: list[str], finder: Finder) -> tuple[list[str], list[Problem]]:
    """A name of its own for each column, and which stood over several."""
    names: dict[str, None] = {}
    for i, name in enumerate(header):
        name = name or f"column {i + 1}"
        again = 2
        unique = name
        while unique in names:
            unique, again = f"{name} ({again})", again + 1
        names[unique] = None
    twice = [name for name, count in Counter(header).items() if count > 1 and name]
    message = Said("the name stands over several columns")
    remedy = Said("The first is used; rename the others if they are needed")
    return list(names), [finder.note(message, remedy, column=name) for name in twice]


def one_line(name: str) -> str:
    """A name that fits a line of a message: no line breaks or control signs, no endless length."""
    kept = "".join(sign for sign in name if sign.isprintable() or sign.isspace())
    shown = " ".join(kept.split())
    return shown[:MAX_NAME]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _says_nothing(values: pd.Series) -> bool:
    """Blank, or the row numbers that some programs write before the first column."""
    if (values == "").all():
        return True
    numbers = np.asarray(pd.to_numeric(values, errors="coerce"), dtype=np.float64)
    counter = np.arange(len(numbers))
    return bool((numbers == counter).all() or (numbers == counter + 1).all())
