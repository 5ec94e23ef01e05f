"""A trained run on other people's histories: the same network, new users, and new items as far as
their features are known."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import torch
from safetensors.torch import load_file, save_file

from recommender.data.building import coded_events
from recommender.data.columns import EVENT, ITEM, PRICE, TITLE, USER
from recommender.data.dataset import Dataset
from recommender.data.features import Feature
from recommender.data.fingerprints import dataset_fingerprint
from recommender.data.ids import among
from recommender.data.kinds import MISSING
from recommender.data.numerals import parse_numbers
from recommender.data.storage import save_dataset
from recommender.data.synonyms import PURCHASES
from recommender.data.tables import Tables
from recommender.data.uncounted import coded_rows, gathered, left_out
from recommender.model.run import Run, RunError, open_run

NEVER: Final = 20.0
"""How far below every other item's bias an item that the run does not know stands: in histories it
counts through its features, and it is not recommended."""


@dataclass(frozen=True)
class Carried:
    """What was new to the run in the uploaded histories."""

    users: int
    unknown_users: tuple[str, ...]
    """Whom the run was not trained on; their histories are read all the same."""
    events: int
    """That were used."""
    through_features: tuple[str, ...]
    """Items that the run does not know, read through features that it knows."""
    unknown_items: tuple[str, ...]
    """Items of which the run knows nothing; their events were left out."""
    events_left_out: int
    unknown_events: tuple[str, ...]
    """Types of events that the run does not know; left out."""
    unknown_values: tuple[str, ...]
    """Values of user features that the run does not know, as `feature: value`."""


def carry_over(run: Run, tables: Tables, name: str, out: Path) -> Carried:
    """Write a run to `out` with the network of `run` and the users of the tables.

    It opens like any other: recommendations are of the items of `run`. Raises RunError where no
    event is left that the run can read, or `out` exists.
    """
    if out.exists():
        raise RunError(f"{out} exists already: choose another folder")
    known_types, events = _events(run.dataset, tables)
    new, nothing = _new_items(run.dataset, tables, events)
    left = events[~events[ITEM].astype("str").isin(set(nothing))]
    if left.empty:
        raise RunError(
            "none of these histories has an item or an event that the run knows: check the columns "
            f"of items and events; its items are, for example, {_some(run.dataset.items[ITEM])}"
        )
    features, values = _profiles(run.dataset, tables.users)
    dataset = _dataset(run.dataset, tables, left, new, features, name)
    dataset = _with_uncounted(dataset, tables, events)
    _write(run, dataset, len(new), out)
    seen = set(run.dataset.users[USER])
    return Carried(
        users=len(tables.users),
        unknown_users=tuple(user for user in tables.users[USER] if user not in seen),
        events=len(left),
        through_features=tuple(new[ITEM]),
        unknown_items=tuple(nothing),
        events_left_out=len(tables.interactions) - len(left),
        unknown_events=tuple(sorted(set(tables.interactions[EVENT].unique()) - set(known_types))),
        unknown_values=values,
    )


def _some(ids: pd.Series) -> str:
    return ", ".join(ids.iloc[:3])


def _events(known: Dataset, tables: Tables) -> tuple[dict[str, str], pd.DataFrame]:
    """The events whose type the run knows, called as the run calls it."""
    types = {name.casefold(): name for name in known.event_types}
    told = [str(name) for name in tables.interactions[EVENT].cat.categories]
    called = {name: types[name.casefold()] for name in told if name.casefold() in types}
    for name in told:
        # A file that says nothing of types holds what is to be predicted, and so do purchases.
        unnamed = len(told) == 1 and name in ("purchase", "interaction", "rating")
        if name not in called and (unnamed or name.casefold() in PURCHASES):
            called[name] = known.target_events[-1]
    kept = tables.interactions[tables.interactions[EVENT].isin(list(called))]
    renamed = kept[EVENT].astype("str").map(called)
    return called, kept.assign(**{EVENT: pd.Categorical(renamed, categories=known.event_types)})


def _new_items(
    known: Dataset, tables: Tables, events: pd.DataFrame
) -> tuple[pd.DataFrame, list[str]]:
    """Items of the histories that the run does not know: those with known features, the rest."""
    in_use = tables.items[among(tables.items[ITEM], pd.Index(events[ITEM].unique()))]
    strange = in_use[~among(in_use[ITEM], known.items[ITEM])].reset_index(drop=True)
    said = np.zeros(len(strange), dtype=bool)
    for feature in known.item_features:
        said |= (_codes(feature, strange) > 0).any(axis=1)
    return strange[said].reset_index(drop=True), strange[ITEM][~said].tolist()


def _codes(feature: Feature, frame: pd.DataFrame) -> np.ndarray:
    """The codes of a feature's values in other rows; 0 for what was never seen."""
    codes = np.zeros((len(frame), max(feature.codes.shape[1], 0)), dtype=np.int32)
    if feature.name not in frame or not codes.shape[1] or feature.kind == "date":
        return codes
    if feature.kind == "numeric":
        codes[:, 0] = _bins(feature, frame[feature.name])
        return codes
    values = frame[feature.name].astype("str").str.strip()
    index = pd.Index(feature.values)
    if feature.kind != "multi":
        codes[:, 0] = index.get_indexer(values) + 1
        return codes
    for row, cell in enumerate(values):
        parts = [part.strip(" '\"[]") for part in _parts(cell)]
        found = [code + 1 for code in index.get_indexer(parts) if code >= 0]
        codes[row, : len(found)] = found[: codes.shape[1]]
    return codes


def _parts(cell: str) -> list[str]:
    for mark in ("|", ";", ","):
        if mark in cell:
            return cell.split(mark)
    return [cell]


def _bins(feature: Feature, values: pd.Series) -> np.ndarray:
    """The bin of each number: the last whose least value is not above it."""
    numeric = pd.api.types.is_numeric_dtype(values)
    numbers = values.to_numpy(dtype=np.float64) if numeric else parse_numbers(values)
    least = np.array([_least(label) for label in feature.values])
    place = np.searchsorted(least, numbers, side="right")
    return np.where(np.isnan(numbers), 0, np.clip(place, 1, len(least))).astype(np.int32)


def _least(label: str) -> float:
    return float(label.split("–")[0].replace("−", "-").replace(",", ""))


def _profiles(known: Dataset, users: pd.DataFrame) -> tuple[tuple[Feature, ...], tuple[str, ...]]:
    """The user features of the run for these users, from the file or else from the run."""
    row = pd.Index(known.users[USER]).get_indexer(users[USER])
    features, values = [], []
    for feature in known.user_features:
        codes = _codes(feature, users)
        if feature.name in users and feature.kind in ("categorical", "numeric"):
            told = users[feature.name].astype("str").str.strip()
            missed = told[(codes[:, 0] == 0) & ~told.isin(MISSING).to_numpy()].unique()
            values += [f"{feature.name}: {value}" for value in missed]
        blank = (codes == 0).all(axis=1) & (row >= 0)
        codes[blank] = feature.codes[row[blank]]
        features.append(replace(feature, codes=codes))
    return tuple(features), tuple(values)


def _dataset(
    known: Dataset,
    tables: Tables,
    events: pd.DataFrame,
    new: pd.DataFrame,
    user_features: tuple[Feature, ...],
    name: str,
) -> Dataset:
    """The run's items and then the new ones, with the users and events of the tables."""
    items = _stacked(known.items, new)
    users = tables.users.reset_index(drop=True)
    events = events.assign(
        **{column: events[column].cat.remove_unused_categories() for column in (USER, ITEM)}
    )
    dataset = Dataset(
        name=name,
        interactions=coded_events(events, items, users, known.event_types),
        items=items,
        users=users,
        item_features=tuple(_longer(feature, new) for feature in known.item_features),
        user_features=user_features,
        event_types=known.event_types,
        target_events=known.target_events,
        repeats=known.repeats,
        has_time=tables.has_time,
        notes=tables.notes,
        fingerprint="",
    )
    return replace(dataset, fingerprint=dataset_fingerprint(dataset))


def _with_uncounted(dataset: Dataset, tables: Tables, events: pd.DataFrame) -> Dataset:
    """The data set with what does not count: what reading left out, and types that are unknown."""
    strange = gathered([left_out(tables.interactions, events, "unknown_event")], events, True)
    rows = pd.concat([tables.uncounted, strange], ignore_index=True)
    coded = coded_rows(rows, dataset.interactions, dataset.items, dataset.users, dataset.has_time)
    dataset = replace(dataset, uncounted=coded)
    return replace(dataset, fingerprint=dataset_fingerprint(dataset))


def _stacked(known: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """The new items below the known ones, with the columns of these."""
    columns = {}
    for name in known:
        if name == PRICE:
            below = new[PRICE] if PRICE in new else pd.Series(np.nan, index=new.index)
        else:
            blank = new[ITEM] if name == TITLE else pd.Series("", index=new.index, dtype="str")
            below = new[name].astype("str") if name in new else blank
        columns[name] = pd.concat([known[name], below], ignore_index=True)
    return pd.DataFrame(columns)


def _longer(feature: Feature, new: pd.DataFrame) -> Feature:
    codes = np.concatenate([feature.codes, _codes(feature, new).astype(feature.codes.dtype)])
    if feature.vectors is None:
        return replace(feature, codes=codes)
    nothing = np.zeros((len(new), feature.vectors.shape[1]), dtype=feature.vectors.dtype)
    return replace(feature, codes=codes, vectors=np.concatenate([feature.vectors, nothing]))


def _write(run: Run, dataset: Dataset, n_new: int, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    save_file(_grown(load_file(run.path / "weights.safetensors"), n_new), work / _WEIGHTS)
    (work / _WEIGHTS).chmod(0o644)
    config = json.loads((run.path / "config.json").read_text(encoding="utf-8"))
    config |= {"dataset": dataset.fingerprint, "scored_with": run.fingerprint}
    for name, value in (
        ("config", config),
        ("metrics", run.metrics),
        ("curve", run.curve),
    ):
        text = json.dumps(value, indent=1) + "\n"
        (work / f"{name}.json").write_text(text, encoding="utf-8")
    save_dataset(dataset, work / "dataset")
    work.chmod(0o755)
    work.rename(out)
    open_run(out)


_WEIGHTS: Final = "weights.safetensors"
_OF_ITEMS: Final = tuple(
    f"{stream}.ids" for stream in ("routing_items", "value_items", "candidate_items")
)


def _grown(weights: dict[str, torch.Tensor], n_new: int) -> dict[str, torch.Tensor]:
    """The weights with so many more items, of which nothing is known but their features."""
    grown = dict(weights)
    for name in (*_OF_ITEMS, "again_item"):
        grown[name] = _with_rows(weights[name], n_new)
    low = weights["bias"].min() - NEVER
    grown["bias"] = torch.cat([weights["bias"], low.expand(n_new)])
    ends = weights["neighbours.indptr"]
    grown["neighbours.indptr"] = torch.cat([ends, ends[-1:].expand(n_new)])
    return {name: tensor.contiguous() for name, tensor in grown.items()}


def _with_rows(table: torch.Tensor, n_new: int) -> torch.Tensor:
    return torch.cat([table, table.new_zeros((n_new, *table.shape[1:]))])
