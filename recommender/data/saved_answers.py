"""What was answered about a file, kept as a file of its own for the next of its kind."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, fields, replace
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from recommender.atomic import write_text
from recommender.data.cleaning.synonyms import ROLE_NAMES, plain
from recommender.data.cleaning.tables import Tables
from recommender.data.options import ReadOptions
from recommender.said import StatedError, said_by

_HEADING: Final = """\
# What was answered about a file, for the next of its kind:
#   python -m recommender import --answers FILE --interactions NEXT --out FOLDER
# A column of false: none has that role. What is not said here is found out anew.
"""


def settled(options: ReadOptions, tables: Tables) -> ReadOptions:
    """The options with all that was agreed on: each role's column and each feature's kind, those
    too that were proposed and kept.

    Columns that tell nothing apart are left to be judged anew.
    """
    columns: dict[str, str | None] = {
        f"{table}.{role}": column
        for table, roles in tables.mapping.items()
        for column, role in roles.items()
        if role
    }
    kinds = {
        f"{table}.{name}": kind
        for table, named in tables.kinds.items()
        for name, kind in named.items()
        if kind not in ("ignore", "vector")
    }
    none = {key: None for key, column in options.columns.items() if column is None}
    told = {key: kind for key, kind in options.kinds.items() if kind in ("ignore", "vector")}
    return replace(options, columns=none | columns, kinds=kinds | told)


def write_answers(options: ReadOptions, tables: Tables, path: Path) -> None:
    """Write the options with all that was agreed on into a file. Raises OSError."""
    write_text(path, as_toml(settled(options, tables)))


def as_toml(options: ReadOptions) -> str:
    """The options that are not as they are by default, as TOML that people can read and change."""
    said = {
        field.name: value
        for field in fields(options)
        if (value := getattr(options, field.name)) != _default(field)
    }
    plain_ones = {name: value for name, value in said.items() if not isinstance(value, Mapping)}
    lines = [f"{name} = {_written(value)}" for name, value in plain_ones.items()]
    for name in said.keys() - plain_ones.keys():
        lines += ["", f"[{name}]"]
        lines += [f"{_written(key)} = {_written(value)}" for key, value in said[name].items()]
    return "\n".join([_HEADING, *lines]) + "\n"


def read_answers(path: Path) -> ReadOptions:
    """The options in a file of `as_toml`. Raises StatedError, which names the file, for any other,
    and OSError."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise StatedError("{file} is no file of answers: {why}", file=path, why=error) from None
    hints = get_type_hints(ReadOptions)
    for name in told.keys() - hints.keys():
        known = ", ".join(hints)
        raise StatedError(
            "{file}: nothing is called {name!r} that can be answered; use {known}",
            file=path,
            name=name,
            known=known,
        )
    try:
        return ReadOptions(**{name: _fitted(name, told[name], hints[name]) for name in told})
    except ValueError as error:
        raise StatedError("{file}: {why}", file=path, why=said_by(error)) from None


def laid_over(answers: ReadOptions, **said: Any) -> ReadOptions:
    """The answers, and over them what is said now; None and what is empty says nothing."""
    told = {name: value for name, value in said.items() if value not in (None, {}, frozenset())}
    if "rating_rule" in told:
        told.setdefault("rating_threshold", None)
    for name, value in told.items():
        before = getattr(answers, name)
        if isinstance(value, Mapping):
            told[name] = _merged(before, value, _role if name == "columns" else str)
        elif isinstance(value, frozenset):
            told[name] = before | value
    return replace(answers, **told)


def _merged(
    before: Mapping[str, Any], now: Mapping[str, Any], called: Callable[[str], str]
) -> dict[str, Any]:
    """`title` takes the place of `items.title` too."""
    names = {called(key) for key in now}
    kept = {
        key: value
        for key, value in before.items()
        if names.isdisjoint((called(key), called(key).partition(".")[2]))
    }
    return kept | dict(now)


def _role(key: str) -> str:
    table, point, name = key.rpartition(".")
    return f"{table}{point}{ROLE_NAMES.get(plain(name), name)}"


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _written(value: Any) -> str:
    if value is None or value is False:
        return "false"
    if value is True:
        return "true"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return f"[{', '.join(sorted(map(_written, value)))}]"
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _fitted(name: str, value: Any, kind: Any) -> Any:
    """The value as a field of this type holds it. Raises StatedError if it does not fit."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        for one in inner[:-1]:
            try:
                return _fitted(name, value, one)
            except StatedError:
                continue
        return _fitted(name, value, inner[-1])
    if origin is Literal and value in inner:
        return value
    if origin is frozenset and isinstance(value, list):
        return frozenset(_fitted(name, one, inner[0]) for one in value)
    if origin is tuple and isinstance(value, list):
        return tuple(_fitted(name, one, inner[0]) for one in value)
    if origin is Mapping and isinstance(value, dict):
        return {
            _fitted(name, key, inner[0]): _fitted(name, one, inner[1]) for key, one in value.items()
        }
    return _plain(name, value, kind)


def _plain(name: str, value: Any, kind: Any) -> Any:
    if kind is NoneType and value is False:
        return None
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if kind is Path and isinstance(value, str):
        return Path(value)
    if isinstance(kind, type) and kind is not NoneType and type(value) is kind:
        return value
    raise StatedError("{value!r} is no answer for {name}", value=value, name=name)
