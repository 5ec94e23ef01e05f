"""Vectors of items, such as image embeddings: from a column of numbers, or from a `.npy` file.

They are lifted out of the items table before anything else reads it. What stays in the column is
the row of the array, so that an item keeps its vector whatever is dropped, merged or sorted later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from jaxtyping import Float

from recommender.data.cleaning.kinds import MISSING, Kind
from recommender.data.features import Centring, Feature, FeatureKind
from recommender.data.problems import Finder, Problem
from recommender.data.reading.files import RawTable
from recommender.said import Said

MAX_DIMENSIONS: Final = 128
"""Wider vectors are reduced to so many principal components."""
LEAST_NUMBERS: Final = 8
"""Cells of so many numbers each, with fractions among them, are taken for vectors unasked."""

_SAMPLE: Final = 50
_ALIKE: Final = 1e-6
"""Length of a centred row below which it says nothing."""
_MARKS: Final = str.maketrans(dict.fromkeys("[](){}|,;", " "))
_REMEDY: Final = Said("Give every item a vector of the same length, of finite numbers, or a blank")


@dataclass(frozen=True, eq=False)
class Taken:
    """An items table without its vectors, and the vectors."""

    table: RawTable | None
    """None if there is no items table."""
    vectors: dict[str, Float[np.ndarray, "row dim"]] = field(default_factory=dict)
    """By column. The cells of the column are rows of the array as text, blank where there is no
    vector."""
    problems: tuple[Problem, ...] = ()


def take_vectors(
    table: RawTable,
    features: Sequence[str],
    kinds: Mapping[str, Kind],
    files: Mapping[str, Path],
) -> Taken:
    """Take the vectors out of an items table, and those of the files in.

    `features` are the columns without a role, `kinds` what the owner says of columns, `files`
    feature to `.npy` file with one row for each row of the table.
    """
    frame, vectors, problems = table.frame, dict[str, np.ndarray](), list[Problem]()
    told = by_item_column(kinds)
    for name in features:
        if told.get(name, "vector") != "vector":
            continue
        if name not in told and not looks_like_vectors(frame[name]):
            continue
        cells, array, found = _from_column(frame[name], Finder(table.file))
        problems += found
        if not found:
            frame, vectors[name] = frame.assign(**{name: cells}), array
    there = {*features, *files}
    missing = [name for name, kind in told.items() if kind == "vector" and name not in there]
    for name in missing:
        message = Said(
            "there is no column {column!r} of vectors among the features of the items", column=name
        )
        remedy = Said("Check --kind and the items file")
        problems.append(Finder(table.file).error(message, remedy))
    for name, path in files.items():
        array, found = _from_file(path, name, frame, table.file)
        problems += found
        if not found:
            rows = pd.Series(np.arange(len(frame)), index=frame.index).astype("str")
            frame, vectors[name] = frame.assign(**{name: rows}), array
    return Taken(replace(table, frame=frame), vectors, tuple(problems))


def by_item_column(kinds: Mapping[str, Kind]) -> dict[str, Kind]:
    """The kinds that were told, by column of the items table."""
    return {name.removeprefix("items."): kind for name, kind in kinds.items()}


def no_vectors(kinds: Mapping[str, Kind], files: Mapping[str, Path]) -> Taken:
    """Nothing, where there is no items table; with an error if vectors were asked for."""
    asked = [*files, *(name for name, kind in kinds.items() if kind == "vector")]
    if not asked:
        return Taken(None)
    message = Said(
        "vectors ({columns}) are taken only with a table of the items", columns=", ".join(asked)
    )
    return Taken(None, problems=(Finder("items").error(message, Said("Give an items file")),))


def looks_like_vectors(values: pd.Series) -> bool:
    """Whether every cell holds as many numbers as the next, eight or more, with fractions."""
    cells = values[~values.isin(MISSING)]
    if len(cells) < 2:
        return False
    parts = [_numbers(cell) for cell in cells.iloc[:_SAMPLE]]
    lengths = {-1 if part is None else len(part) for part in parts}
    if len(lengths) > 1 or min(lengths) < LEAST_NUMBERS:
        return False
    return any(bool((part % 1 != 0).any()) for part in parts if part is not None)


def _numbers(cell: str) -> Float[np.ndarray, " dim"] | None:
    """The finite numbers of a cell such as `0.1 0.2`, `0.1|0.2` or `[0.1, 0.2]`; else None."""
    try:
        numbers = np.array(cell.translate(_MARKS).split(), dtype=np.float32)
    except ValueError:
        return None
    return numbers if np.isfinite(numbers).all() else None


def _from_column(
    values: pd.Series, finder: Finder
) -> tuple[pd.Series, Float[np.ndarray, "row dim"], list[Problem]]:
    """The column as rows of the array, the array, and what is wrong."""
    known = ~values.isin(MISSING).to_numpy()
    parts = [_numbers(cell) for cell in values[known]]
    lengths = np.array([0 if part is None else len(part) for part in parts], dtype=np.int64)
    usual = int(np.bincount(lengths).argmax()) if len(lengths) else 0
    bad = (lengths != usual) | (lengths == 0)
    cells = pd.Series("", index=values.index, dtype="str", name=values.name)
    if bad.any() or not len(lengths):
        lines = values.index[known][bad]
        message = Said("{n} cell{|s} {holds|hold} no vector of finite numbers", n=len(lines))
        if usual:
            message = Said(
                "{n} cell{|s} {is|are} not {usual} finite number{|s}, as the others are",
                n=len(lines),
                usual=usual,
            )
        column = str(values.name)
        return cells, np.zeros((0, 0)), [finder.in_rows("error", lines, message, _REMEDY, column)]
    cells[known] = np.arange(len(parts)).astype(str)
    return cells, np.stack([part for part in parts if part is not None]), []


def _from_file(
    path: Path, name: str, frame: pd.DataFrame, items_file: str
) -> tuple[Float[np.ndarray, "row dim"], list[Problem]]:
    """The array in the file, and what is wrong with it."""
    finder, none = Finder(path.name), np.zeros((0, 0), dtype=np.float32)
    try:
        array = np.load(path, allow_pickle=False)
    except FileNotFoundError:
        return none, [finder.error(Said("there is no such file"), Said("Check the path"))]
    except (OSError, ValueError, EOFError) as error:
        why = str(error).splitlines()[0].rstrip(".")
        message = Said("this is no array that can be read: {why}", why=why)
        return none, [finder.error(message, Said("Save it with numpy.save, as numbers"))]
    if not isinstance(array, np.ndarray) or array.ndim != 2 or array.dtype.kind not in "fiu":
        message = Said("a table of numbers is wanted, one row an item")
        return none, [finder.error(message, Said("Save one array of two axes with numpy.save"))]
    if name in frame:
        message = Said("{file} has a column {column!r} already", file=items_file, column=name)
        return none, [finder.error(message, Said("Choose another name for the vectors"))]
    if len(array) != len(frame):
        message = Said(
            "it has {n} row{|s}, and {file} has {rows}",
            n=len(array),
            file=items_file,
            rows=len(frame),
        )
        return none, [finder.error(message, Said("Save one row for each row of the items file"))]
    array = array.astype(np.float32)
    bad = np.flatnonzero(~np.isfinite(array).all(1))
    if len(bad):
        message = Said(
            "{n} row{|s} {has|have} numbers that are not finite, such as row {example}",
            n=len(bad),
            example=str(bad[0] + 1),
        )
        return none, [finder.error(message, _REMEDY)]
    return array, []


def encode_vectors(values: pd.Series, vectors: Float[np.ndarray, "row dim"]) -> Feature:
    """The feature of a column whose cells are rows of `vectors`, or blank."""
    table = read_vectors(values, vectors, vectors.shape[1])
    assert table is not None
    return dense_feature(str(values.name), "vector", table, digest_of(table))


def read_vectors(
    values: pd.Series, vectors: Float[np.ndarray, "row dim"] | None, size: int
) -> Float[np.ndarray, "row dim"] | None:
    """The vector of each row, zeros where it has none; None where one is not of this size.

    The cells are rows of `vectors` or, without these, hold the numbers themselves.
    """
    told = ~values.isin(MISSING).to_numpy()
    if vectors is None:
        parts = [_numbers(cell) for cell in values[told]]
        if any(part is None or len(part) != size for part in parts):
            return None
        found = np.array(parts, dtype=np.float32).reshape(len(parts), size)
    else:
        found = vectors[values[told].astype(np.int64)]
    if found.shape[1] != size:
        return None
    table = np.zeros((len(values), size), dtype=np.float32)
    table[told] = found
    return table


def digest_of(table: Float[np.ndarray, "row dim"]) -> str:
    """What tells these numbers from others (16 hex digits)."""
    return hashlib.sha256(table.astype("<f4").tobytes()).hexdigest()[:16]


def dense_feature(
    name: str,
    kind: FeatureKind,
    table: Float[np.ndarray, "row dim"],
    source: str,
    like: Feature | None = None,
) -> Feature:
    """A feature of vectors; `source` tells those of one origin from those of another.

    They are centred as those of `like` were, or else as these ask for.
    """
    codes = np.zeros((len(table), 0), dtype=np.int32)
    centring = like.reading if like else centring_of(table)
    assert isinstance(centring, Centring)
    vectors = compact(table, centring) if table.any() else None
    if vectors is None and like is not None and like.vectors is not None:
        vectors = np.zeros((len(table), like.vectors.shape[1]), dtype=np.float32)
    return Feature(name, kind, (), codes, vectors, source, centring)


def centring_of(table: Float[np.ndarray, "row dim"]) -> Centring:
    """The mean of the rows that are not zero and, where they are wide, their main directions."""
    rows = table[table.any(1)].astype(np.float64)
    mean = (rows.mean(0) if len(rows) else np.zeros(rows.shape[1])).astype(np.float32)
    if rows.shape[1] <= MAX_DIMENSIONS:
        return Centring(mean)
    rows -= mean
    _, axes = np.linalg.eigh(rows.T @ rows)
    axes = axes[:, : -MAX_DIMENSIONS - 1 : -1]
    # An axis may point either way: its largest part is positive.
    axes = axes * np.sign(np.take_along_axis(axes, np.abs(axes).argmax(0)[None], 0))
    return Centring(mean, np.ascontiguousarray(axes, dtype=np.float32))


def compact(
    table: Float[np.ndarray, "row dim"], centring: Centring | None = None
) -> Float[np.ndarray, "row size"] | None:
    """The rows centred, reduced where they are wide, and of length one; rows of zeros stay.

    Embeddings of one encoder share a large mean that tells nothing apart. `centring` is by default
    what these rows ask for. None where all known rows are alike.
    """
    centring = centring or centring_of(table)
    told = table.any(1)
    rows = table[told].astype(np.float64) - centring.mean
    if centring.axes is not None:
        rows = rows @ centring.axes.astype(np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not (lengths > _ALIKE).any():
        return None
    out = np.zeros((len(table), rows.shape[1]), dtype=np.float32)
    out[told] = rows / np.where(lengths > _ALIKE, lengths, np.inf)
    return out
