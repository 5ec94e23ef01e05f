"""A data set as a folder of Parquet and one `schema.json`: written whole or not at all."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from recommender.atomic import new_folder
from recommender.data.dataset import Dataset, DatasetError
from recommender.data.encoding import worked_out
from recommender.data.features import Feature
from recommender.data.fingerprints import dataset_fingerprint
from recommender.data.likes import LIKED
from recommender.data.readings import as_json, as_table, parts_of, reading_of
from recommender.data.uncounted import no_rows
from recommender.data.vocabulary import Vocabulary
from recommender.said import Said, heard, parts

SCHEMA_FILE: Final = "schema.json"
FORMAT: Final = 2
OLDER: Final = (1,)
"""Formats that are read too: they lack what reading decided, and which events are added likes."""
TABLE_FILES: Final = ("interactions", "items", "users", "item_features", "user_features")
UNCOUNTED: Final = "uncounted"
_NOT_KEPT: Final = Said(
    "This data set does not say which rows reading left out, so what a user rated low may come "
    "back as new to them; import the data again to have it."
)
READINGS: Final = "readings"
"""A table of what reading decided, which data sets had not always."""


def save_dataset(dataset: Dataset, folder: str | Path, *, replace: bool = False) -> Path:
    """Write the data set to a folder that is new or empty, or replace the data set in it.

    Raises DatasetError if the folder holds something else, or a data set and `replace` is not
    set. Whatever happens, the folder holds the old content or the new one, never a part.
    """
    folder = Path(folder)
    _refuse_to_destroy(folder, replace)
    with new_folder(folder, replace=replace) as draft:
        write_dataset(dataset, draft)
        _refuse_to_destroy(folder, replace)  # something may have come there meanwhile
    return folder


def _refuse_to_destroy(folder: Path, replace: bool) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise DatasetError(
            "{folder} is a file; choose a folder that is new or empty", folder=folder
        )
    if not any(folder.iterdir()):
        return
    if not (folder / SCHEMA_FILE).is_file():
        raise DatasetError(
            "{folder} holds other files; choose a folder that is new or empty", folder=folder
        )
    if not replace:
        raise DatasetError(
            "{folder} holds a data set already; choose another or replace it", folder=folder
        )


def write_dataset(dataset: Dataset, folder: Path) -> None:
    """Write the files of a data set into a draft of more; `save_dataset` is for all else."""
    folder.mkdir(exist_ok=True)
    tables = {
        "interactions": pa.Table.from_pandas(dataset.interactions, preserve_index=False),
        "items": pa.Table.from_pandas(dataset.items, preserve_index=False),
        "users": pa.Table.from_pandas(dataset.users, preserve_index=False),
        "item_features": _feature_table(dataset.item_features, len(dataset.items)),
        "user_features": _feature_table(dataset.user_features, len(dataset.users)),
        UNCOUNTED: pa.Table.from_pandas(dataset.uncounted, preserve_index=False),
        READINGS: as_table({"items": dataset.item_features, "users": dataset.user_features}),
    }
    for name, table in tables.items():
        repeats = name != READINGS  # no number of those comes twice
        path = folder / f"{name}.parquet"
        pq.write_table(table, path, compression="zstd", use_dictionary=repeats)
    schema = {
        "format": FORMAT,
        "name": dataset.name,
        "fingerprint": dataset.fingerprint,
        "event_types": dataset.event_types,
        "target_events": dataset.target_events,
        "liked_event": dataset.liked_event,
        "vocabulary": dataclasses.asdict(dataset.vocabulary),
        "repeats": dataset.repeats,
        "has_time": dataset.has_time,
        "notes": [parts(note) for note in dataset.notes],
        "item_features": [_described(feature) for feature in dataset.item_features],
        "user_features": [_described(feature) for feature in dataset.user_features],
        "files": {name: _checksum(folder / f"{name}.parquet") for name in tables},
    }
    text = json.dumps(schema, ensure_ascii=False, indent=1)
    (folder / SCHEMA_FILE).write_text(text + "\n", encoding="utf-8")


def _described(feature: Feature) -> dict[str, Any]:
    told = {"name": feature.name, "kind": feature.kind, "values": feature.values}
    reading = as_json(feature.reading)
    return (
        told
        | ({"source": feature.source} if feature.source else {})
        | ({"reading": reading} if reading else {})
    )


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _feature_table(features: Sequence[Feature], rows: int) -> pa.Table:
    """One column a feature: lists of codes, or vectors."""
    columns = {
        f"{i}": _lists(feature.codes if feature.vectors is None else feature.vectors)
        for i, feature in enumerate(features)
    }
    # A table without columns would forget how many rows it has.
    return pa.table({"row": pa.array(np.arange(rows, dtype=np.int32)), **columns})


def _lists(array: np.ndarray) -> pa.Array:
    kind = pa.float32() if array.dtype.kind == "f" else pa.int32()
    flat = pa.array(np.ascontiguousarray(array).reshape(-1), type=kind)
    return pa.FixedSizeListArray.from_arrays(flat, array.shape[1])


def load_dataset(folder: str | Path) -> Dataset:
    """Read a saved data set. Raises DatasetError if it is missing, incomplete or damaged."""
    folder = Path(folder)
    schema = _read_schema(folder)
    try:
        tables = {name: _read(folder, name, schema["files"][name]) for name in TABLE_FILES}
        items, users = tables["items"].to_pandas(), tables["users"].to_pandas()
        kept, notes = _readings(folder, schema), tuple(map(heard, schema["notes"]))
        dataset = Dataset(
            name=schema["name"],
            interactions=tables["interactions"].to_pandas(),
            items=items,
            users=users,
            item_features=_features(tables, "item", schema, kept, items),
            user_features=_features(tables, "user", schema, kept, users),
            event_types=tuple(schema["event_types"]),
            target_events=tuple(schema["target_events"]),
            repeats=bool(schema["repeats"]),
            has_time=bool(schema["has_time"]),
            notes=notes + (() if UNCOUNTED in schema["files"] else (_NOT_KEPT,)),
            fingerprint=str(schema["fingerprint"]),
            uncounted=_uncounted(folder, schema["files"]),
            liked_event=schema.get("liked_event", _liked_before(notes)),
            vocabulary=Vocabulary(**schema.get("vocabulary", {})),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise DatasetError(
            "{path} is damaged: {what} is missing", path=folder / SCHEMA_FILE, what=error
        ) from error
    except DatasetError:
        raise
    except ValueError as error:
        raise DatasetError(
            "{path} is damaged: {why}. Import the data again", path=folder, why=error
        ) from error
    if dataset_fingerprint(dataset) != dataset.fingerprint:
        raise DatasetError(
            "the content of {folder} does not match its fingerprint {fingerprint}: it was changed "
            "after it was saved. Import the data again",
            folder=folder,
            fingerprint=dataset.fingerprint,
        )
    return dataset


def _notes(schema: dict[str, Any]) -> tuple[Said, ...]:
    kept = tuple(map(heard, schema["notes"]))
    return kept if UNCOUNTED in schema["files"] else (*kept, _NOT_KEPT)


def _liked_before(notes: Sequence[str]) -> str:
    """The event type of added likes in data sets that were saved without naming it."""
    told = any(" liked recommendation" in note and " added as " in note for note in notes)
    return LIKED if told else ""


def _read_schema(folder: Path) -> dict[str, Any]:
    path = folder / SCHEMA_FILE
    if not path.is_file():
        raise DatasetError(
            "{folder} is no data set: it has no {file}", folder=folder, file=SCHEMA_FILE
        )
    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DatasetError(
            "{path} is damaged: {why}. Import the data again", path=path, why=error
        ) from error
    if not isinstance(schema, dict) or schema.get("format") not in (FORMAT, *OLDER):
        raise DatasetError(
            "{path} is of another version of RecLens. Import the data again", path=path
        )
    return schema


def _read(folder: Path, name: str, checksum: str) -> pa.Table:
    path = folder / f"{name}.parquet"
    if not path.is_file():
        raise DatasetError(
            "{folder} is incomplete: {file} is missing. Import the data again",
            folder=folder,
            file=path.name,
        )
    if _checksum(path) != checksum:
        raise DatasetError("{path} is damaged or was changed. Import the data again", path=path)
    return pq.read_table(path)


def _uncounted(folder: Path, checksums: dict[str, str]) -> pd.DataFrame:
    if UNCOUNTED not in checksums:
        return no_rows()
    frame: pd.DataFrame = _read(folder, UNCOUNTED, checksums[UNCOUNTED]).to_pandas()
    return frame


def _readings(folder: Path, schema: dict[str, Any]) -> dict[str, Any] | None:
    """The parts of what reading decided; None in data sets that did not keep it."""
    if schema["format"] in OLDER:
        return None
    return parts_of(_read(folder, READINGS, schema["files"][READINGS]))


def _features(
    tables: dict[str, pa.Table],
    table: str,
    schema: dict[str, Any],
    parts: dict[str, Any] | None,
    frame: pd.DataFrame,
) -> tuple[Feature, ...]:
    features = []
    for i, described in enumerate(schema[f"{table}_features"]):
        feature = _feature(tables[f"{table}_features"].column(f"{i}"), described)
        if parts is None:
            features.append(worked_out(feature, frame))
            continue
        prefix = f"{table}s.{i}."
        own = {
            name.removeprefix(prefix): part
            for name, part in parts.items()
            if name.startswith(prefix)
        }
        reading = reading_of(feature, described.get("reading", {}), own)
        features.append(dataclasses.replace(feature, reading=reading))
    return tuple(features)


def _feature(column: pa.ChunkedArray, described: dict[str, Any]) -> Feature:
    whole = column.combine_chunks()
    array = whole.flatten().to_numpy().reshape(len(whole), whole.type.list_size)
    is_dense = described["kind"] in ("text", "vector")
    return Feature(
        name=described["name"],
        kind=described["kind"],
        values=tuple(described["values"]),
        codes=np.zeros((len(whole), 0), dtype=np.int32) if is_dense else array,
        vectors=array if is_dense else None,
        source=described.get("source", ""),
    )
