"""Everything that says how to train, in one value that a TOML file can hold."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from functools import reduce
from pathlib import Path
from types import UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from recommender.data.splits import SPLITS, SplitName
from recommender.model.learning import TrainConfig
from recommender.model.network import ModelConfig
from recommender.said import Said, StatedError


class RecipeError(StatedError):
    """A recipe that cannot be read; the message names the file, the setting and what it may be."""


@dataclass(frozen=True)
class Recipe:
    """How to train; in TOML the tables `[model]` and `[training]`, and `split` above them."""

    model: ModelConfig = field(default_factory=ModelConfig)
    training: TrainConfig = field(default_factory=TrainConfig)
    split: SplitName | None = None
    """What is held out; None: proposed from the data."""

    def changed(
        self,
        model: Mapping[str, Any] | None = None,
        training: Mapping[str, Any] | None = None,
        split: SplitName | None = None,
    ) -> Recipe:
        """The recipe with these settings instead of its own."""
        return Recipe(
            model=replace(self.model, **(model or {})),
            training=replace(self.training, **(training or {})),
            split=split or self.split,
        )

    def as_toml(self) -> str:
        """The recipe as `read_recipe` reads it, every setting told."""
        lines = [f"split = {_literal(self.split)}", ""] if self.split else []
        for name, config in (("model", self.model), ("training", self.training)):
            settings = {key: value for key, value in asdict(config).items() if value is not None}
            lines += [f"[{name}]", *(f"{key} = {_literal(settings[key])}" for key in settings), ""]
        return "\n".join(lines)


def _literal(value: Any) -> str:
    """A flag, number or text as TOML writes it."""
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return str(value).lower()


def read_recipe(path: Path) -> Recipe:
    """The recipe in a TOML file, or the one by which a run was trained, in its `config.json`.

    What it does not set is as by default. Raises RecipeError.
    """
    told = _of_run(path) if path.suffix == ".json" else _of_toml(path)
    unknown = set(told) - {"model", "training", "split"}
    if unknown:
        raise RecipeError(
            "{path} has {names}: a recipe has the tables [model] and [training], and `split` above "
            "them",
            path=path,
            names=", ".join(sorted(unknown)),
        )
    split = told.get("split")
    if split is not None and split not in SPLITS:
        raise _other(path, "split", Said("one of {values}", values=", ".join(SPLITS)), split)
    try:
        return Recipe().changed(
            model=_settings(path, "model", told, ModelConfig),
            training=_settings(path, "training", told, TrainConfig),
            split=split,
        )
    except RecipeError:
        raise
    except ValueError as error:
        raise RecipeError("{path}: {why}", path=path, why=error) from error


def _of_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError("{path} is not TOML: {why}", path=path, why=error) from error


def _of_run(path: Path) -> dict[str, Any]:
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        return {name: whole[name] for name in ("model", "training", "split")}
    except (ValueError, KeyError, TypeError) as error:
        raise RecipeError("{path} is not the config.json of a run", path=path) from error


def _settings(path: Path, table: str, told: Mapping[str, Any], config: type) -> dict[str, Any]:
    """The settings of one table, each known and of the right kind."""
    settings = told.get(table, {})
    if not isinstance(settings, dict):
        raise RecipeError(
            "{path}: {name} is a table, {table}, not {value}",
            path=path,
            name=table,
            table=f"[{table}]",
            value=repr(settings),
        )
    known = {one.name for one in fields(config)}
    for name in settings:
        if name not in known:
            listed = ", ".join(sorted(known))
            raise RecipeError(
                "{path}: [{table}] has no setting {name!r}; it has {known}",
                path=path,
                table=table,
                name=name,
                known=listed,
            )
    hints = get_type_hints(config)
    return {name: _of_kind(path, name, value, hints[name]) for name, value in settings.items()}


def _of_kind(path: Path, name: str, value: Any, hint: Any) -> Any:
    """The value as the setting's type wants it: a whole number is a number too."""
    if get_origin(hint) is Literal:
        if value in get_args(hint):
            return value
        raise _other(path, name, _either([str(one) for one in get_args(hint)]), value)
    kinds = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    if float in kinds and isinstance(value, int) and not isinstance(value, bool):
        return value if int in kinds else float(value)
    if type(value) not in kinds:
        wanted = _either([_KINDS[kind] for kind in kinds if kind in _KINDS])
        raise _other(path, name, wanted, value)
    return value


_KINDS: Final = {
    bool: Said("true or false"),
    int: Said("a whole number"),
    float: Said("a number"),
    str: Said("a text"),
}


def _either(words: Sequence[str]) -> str:
    return reduce(lambda one, other: Said("{one} or {other}", one=one, other=other), words)


def _other(path: Path, name: str, wanted: str, value: Any) -> RecipeError:
    return RecipeError(
        "{path}: {name} must be {wanted}, not {value}",
        path=path,
        name=name,
        wanted=wanted,
        value=repr(value),
    )
