"""Results that are kept in a run's folder: one file a result, read only by the run it is of."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from recommender.atomic import make_folder, write_bytes
from recommender.model.run import Run
from recommender.said import StatedError

FOLDER: Final = "measured"
VERSION: Final = 2
"""Of what is measured and how it is written; results of another version are not read. Whoever
changes what a measurement is, or what it is beside, raises it."""
_BYTES: Final = 16 * 2**20
_BYTES_OF_EACH: Final = 2_000


def keep(run: Run, name: str, value: Any) -> None:
    """Keep a result for next time; a folder that cannot be written is left as it is.

    A result is a dataclass, table or array, or a tuple or dictionary of them, numbers and words.
    """
    about = {"version": VERSION, "run": run.fingerprint, "value": _plain(value)}
    text = json.dumps(about, default=_number)
    path = _path(run, name)
    if _is_elsewhere(path) or not _is_still(run):
        return
    try:
        make_folder(path.parent)
        write_bytes(path, gzip.compress(text.encode(), mtime=0))
    except OSError:
        return


def kept(run: Run, name: str, classes: Sequence[type] = ()) -> Any | None:
    """The result of this name, or None where there is none of this run; `classes` are those of
    the dataclasses in it."""
    path = _path(run, name)
    if _is_elsewhere(path) or not path.is_file():
        return None
    try:
        with gzip.open(path) as file:
            text = file.read(_most(run) + 1)
        about = json.loads(text) if len(text) <= _most(run) else {}
        if (about["version"], about["run"]) != (VERSION, run.fingerprint):
            return None
        return _meant(about["value"], {one.__name__: one for one in classes})
    except Exception:  # whatever is wrong with the file, what it should say is measured anew
        return None


def _is_still(run: Run) -> bool:
    """Whether the folder holds the data that were measured: another run may stand there by now, of
    which somebody was left out who is in the result."""
    try:
        told = json.loads((run.path / "config.json").read_text(encoding="utf-8"))
        return bool(told["dataset"] == run.dataset.fingerprint)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _most(run: Run) -> int:
    """Bytes of a result, unpacked. Of each user the most that is kept are some numbers."""
    return _BYTES + _BYTES_OF_EACH * (len(run.dataset.users) + len(run.dataset.items))


def _is_elsewhere(path: Path) -> bool:
    """Whether the file is not the run's own: a link may lead to any place."""
    return path.is_symlink() or path.parent.is_symlink()


def _path(run: Run, name: str) -> Path:
    return run.path / FOLDER / f"{name}.json.gz"


def _plain(value: Any) -> Any:
    """The value as JSON has it; what JSON has no word for is an object with the one key that names
    its kind."""
    if isinstance(value, pd.DataFrame):
        columns = {name: [str(value[name].dtype), value[name].tolist()] for name in value}
        return {"table": columns}
    if isinstance(value, np.ndarray):
        return {"array": [str(value.dtype), value.tolist()]}
    if isinstance(value, tuple):
        return {"tuple": [_plain(one) for one in value]}
    if isinstance(value, dict):
        return {"dict": {key: _plain(one) for key, one in value.items()}}
    if is_dataclass(value):
        members = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {type(value).__name__: members}
    return value


def _meant(plain: Any, classes: dict[str, type]) -> Any:
    """`_plain` undone. Raises KeyError where a dataclass is not among the classes."""
    if not isinstance(plain, dict):
        return plain
    ((kind, held),) = plain.items()
    if kind == "table":
        return pd.DataFrame(
            {name: pd.Series(of, dtype=_known(dtype)) for name, (dtype, of) in held.items()}
        )
    if kind == "array":
        dtype, values = held
        return np.array(values, dtype=_known(dtype))
    if kind == "tuple":
        return tuple(_meant(one, classes) for one in held)
    members = {key: _meant(one, classes) for key, one in held.items()}
    return members if kind == "dict" else classes[kind](**members)


def _known(dtype: str) -> str:
    """The type, if it is one that results have: a number or a letter of others can take a GB."""
    if dtype not in ("str", "object") and np.dtype(dtype).kind not in "biuf":
        raise StatedError("no result holds a {kind}", kind=dtype)
    return dtype


def _number(value: Any) -> Any:
    """A number of numpy's as Python's."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"a result holds a {type(value).__name__}")
