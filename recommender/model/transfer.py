"""A trained run on other people's histories: the same network, new users, and new items as far as
their features are known."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import torch
from jaxtyping import Bool, Int
from safetensors.torch import load_file, save_file

from recommender.atomic import new_folder
from recommender.data.building import coded_events
from recommender.data.cleaning.ids import among
from recommender.data.cleaning.kinds import known as cells_known
from recommender.data.cleaning.tables import Tables
from recommender.data.columns import EVENT, ITEM, PRICE, TITLE, USER
from recommender.data.dataset import Dataset
from recommender.data.encoding import Unread, encode_again, unknown
from recommender.data.event_types import is_purchase, targets_among
from recommender.data.features import Feature
from recommender.data.fingerprints import dataset_fingerprint
from recommender.data.splits import SplitName, propose_split
from recommender.data.storage import write_dataset
from recommender.data.text_encoder import TextEncoder
from recommender.data.uncounted import coded_rows, gathered, left_out
from recommender.model.run import FORMAT, Run, RunError, open_run
from recommender.model.scored import ScoredWith, own_metrics

NEVER: Final = 20.0
"""How far below every other item's bias an item that the run does not know stands: in histories it
counts through its features, and it is not recommended."""


@dataclass(frozen=True)
class Carried:
    """What was new to the run in the uploaded histories."""

    users: int
    unknown_users: tuple[str, ...] | None
    """Whom the run was not trained on; their histories are read all the same. None where that is
    not known: the run itself only scored histories."""
    events: int
    """That were used."""
    through_features: tuple[str, ...]
    """Items that the run does not know, read through features that it knows."""
    unknown_items: tuple[str, ...]
    """Items of which the run knows nothing; their events were left out."""
    events_left_out: int
    unknown_events: tuple[str, ...]
    """Types of events that the run does not know; left out."""
    read_as: tuple[tuple[str, str], ...]
    """Types of events that are called otherwise here than in the run: here, there."""
    unknown_values: tuple[str, ...]
    """Values that the run does not know, of users and of items read through features, as
    `feature: value`."""
    unread: tuple[tuple[str, Unread], ...]
    """Features that the files have and the run could not read, and why."""


def carry_over(
    run: Run, tables: Tables, name: str, out: Path, text_encoder: TextEncoder | None = None
) -> Carried:
    """Write a run to `out` with the network of `run` and the users of the tables.

    It opens like any other: recommendations are of the items of `run`. Features are read by what
    reading the run's own data decided; where that took a text encoder, it is needed again.
    Raises RunError where no event is left that the run can read, or `out` exists.
    """
    if out.exists():
        raise RunError("{folder} exists already: choose another folder", folder=out)
    known = run.dataset
    called, events = _events(known, tables)
    strange = _strange_items(known, tables, events)
    items = _encoded(known.item_features, strange, tables.vectors, text_encoder)
    said = _is_known(items.features, len(strange))
    new, nothing = strange[said].reset_index(drop=True), strange[ITEM][~said]
    left = events[~events[ITEM].astype("str").isin(set(nothing))]
    if left.empty:
        raise RunError(
            "none of these histories has an item or an event that the run knows: check the columns "
            "of items and events; its items are, for example, {examples}",
            examples=_some(known.items[ITEM]),
        )
    users = _encoded(known.user_features, tables.users, {}, None)
    profiles, new_features = _profiles(known, tables.users, users), items.of(said)
    dataset = _dataset(known, tables, left, new, new_features, profiles, name)
    dataset = _with_uncounted(dataset, tables, events)
    origin = _origin(run, tables.users[USER])
    _write(run, dataset, len(new), origin, out)
    values = _strange_values(users.features, tables.users) + _strange_values(new_features, new)
    return Carried(
        users=len(tables.users),
        unknown_users=_unknown_users(run, tables.users[USER]),
        events=len(left),
        through_features=tuple(new[ITEM]),
        unknown_items=tuple(nothing),
        events_left_out=len(tables.interactions) - len(left),
        unknown_events=tuple(sorted(set(tables.interactions[EVENT].unique()) - set(called))),
        read_as=tuple(
            (told, name) for told, name in called.items() if told.casefold() != name.casefold()
        ),
        unknown_values=tuple(values),
        unread=items.unread + users.unread,
    )


def _unknown_users(run: Run, users: pd.Series) -> tuple[str, ...] | None:
    """Whom the run was not trained on."""
    if run.scored_with is not None:
        return None
    return tuple(users[~among(users, run.dataset.users[USER])])


def _strange_items(known: Dataset, tables: Tables, events: pd.DataFrame) -> pd.DataFrame:
    """The items of the histories that the run does not know."""
    in_use = tables.items[among(tables.items[ITEM], pd.Index(events[ITEM].unique()))]
    return in_use[~among(in_use[ITEM], known.items[ITEM])].reset_index(drop=True)


def _origin(run: Run, users: pd.Series) -> ScoredWith:
    """The run that was trained, from which all this comes."""
    if run.scored_with is not None:
        return replace(run.scored_with, known_users=None)
    n_known = int(among(users, run.dataset.users[USER]).sum())
    return ScoredWith(run.fingerprint, run.name, n_known)


def _some(ids: pd.Series) -> str:
    return ", ".join(ids.iloc[:3])


def names_in_run(known: Dataset, told: Sequence[str]) -> dict[str, str]:
    """What each type of events is called in the run, as far as it knows it.

    A file that says nothing of types holds what is to be predicted, and so do purchases.
    """
    types = {name.casefold(): name for name in known.event_types}
    asked = known.asked_events
    bought = targets_among(asked) or asked
    unnamed = ("purchase", "interaction", "rating") if len(told) == 1 else ()
    called = {}
    for name in told:
        if name.casefold() in types:
            called[name] = types[name.casefold()]
        elif name in unnamed or is_purchase(name):
            called[name] = bought[-1]
    return called


def _events(known: Dataset, tables: Tables) -> tuple[dict[str, str], pd.DataFrame]:
    """The events whose type the run knows, called as the run calls it."""
    called = names_in_run(known, [str(name) for name in tables.interactions[EVENT].cat.categories])
    kept = tables.interactions[tables.interactions[EVENT].isin(list(called))]
    renamed = kept[EVENT].astype("str").map(called)
    return called, kept.assign(**{EVENT: pd.Categorical(renamed, categories=known.event_types)})


@dataclass(frozen=True, eq=False)
class _Encoded:
    """Rows of a file as the run reads them."""

    features: tuple[Feature, ...]
    unread: tuple[tuple[str, Unread], ...]

    def of(self, rows: np.ndarray) -> tuple[Feature, ...]:
        """The features of some of the rows."""
        return tuple(
            replace(
                feature,
                codes=feature.codes[rows],
                vectors=None if feature.vectors is None else feature.vectors[rows],
            )
            for feature in self.features
        )


def _encoded(
    known: tuple[Feature, ...],
    frame: pd.DataFrame,
    vectors: Mapping[str, np.ndarray],
    encoder: TextEncoder | None,
) -> _Encoded:
    found = [(feature, encode_again(feature, frame, vectors, encoder)) for feature in known]
    return _Encoded(
        tuple(
            unknown(feature, len(frame)) if isinstance(one, str) else one for feature, one in found
        ),
        tuple((feature.name, one) for feature, one in found if isinstance(one, str)),
    )


def _is_known(features: tuple[Feature, ...], rows: int) -> Bool[np.ndarray, " row"]:
    """Of which rows any feature says something."""
    said = np.zeros(rows, dtype=bool)
    for feature in features:
        dense = feature.vectors is not None
        said |= (feature.vectors if dense else feature.codes).any(axis=1)  # type: ignore[union-attr]
    return said


def _strange_values(features: Sequence[Feature], frame: pd.DataFrame) -> list[str]:
    """What the cells of features say that the run does not know, as `feature: value`."""
    values = []
    for feature in features:
        if feature.vectors is None and feature.name in frame:
            told = cells_known(frame[feature.name].reset_index(drop=True))
            blank = (feature.codes == 0).all(axis=1)
            missed = told[blank[told.index]].unique()
            values += [f"{feature.name}: {value}" for value in missed]
    return values


def _profiles(known: Dataset, users: pd.DataFrame, own: _Encoded) -> tuple[Feature, ...]:
    """The features of these users, from the file or else from the run."""
    row = pd.Index(known.users[USER]).get_indexer(users[USER])
    return tuple(
        _filled(feature, one, row)
        for feature, one in zip(known.user_features, own.features, strict=True)
    )


def _filled(known: Feature, own: Feature, row: Int[np.ndarray, " user"]) -> Feature:
    """The users' own codes, or those of their rows in the run where they say nothing."""
    width = max(known.codes.shape[1], own.codes.shape[1])
    codes = _widened(own.codes, width)
    blank = ~codes.any(axis=1) & (row >= 0)
    codes[blank] = _widened(known.codes, width)[row[blank]]
    return replace(known, codes=codes)


def _widened(codes: Int[np.ndarray, "row bag"], width: int) -> Int[np.ndarray, "row width"]:
    return np.pad(codes, ((0, 0), (0, width - codes.shape[1])))


def _dataset(
    known: Dataset,
    tables: Tables,
    events: pd.DataFrame,
    new: pd.DataFrame,
    item_features: tuple[Feature, ...],
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
        item_features=tuple(
            _longer(feature, below)
            for feature, below in zip(known.item_features, item_features, strict=True)
        ),
        user_features=user_features,
        event_types=known.event_types,
        target_events=known.target_events,
        repeats=known.repeats,
        has_time=tables.has_time,
        notes=tables.notes,
        fingerprint="",
        liked_event=known.liked_event,
        vocabulary=known.vocabulary,
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


def _longer(feature: Feature, new: Feature) -> Feature:
    """The feature of the run's items and then of the new ones."""
    width = max(feature.codes.shape[1], new.codes.shape[1])
    stacked = [_widened(one.codes.astype(np.int32), width) for one in (feature, new)]
    longer = replace(feature, codes=np.concatenate(stacked))
    if feature.vectors is None or new.vectors is None:
        return longer
    source = feature.source
    if feature.kind == "vector" and new.vectors.any():
        source = hashlib.sha256(f"{source} {new.source}".encode()).hexdigest()[:16]
    dense = np.concatenate([feature.vectors, new.vectors])
    return replace(longer, vectors=dense, source=source)


def _write(run: Run, dataset: Dataset, n_new: int, origin: ScoredWith, out: Path) -> None:
    with new_folder(out) as work:
        _fill(run, dataset, n_new, origin, work)
        open_run(work)


def _fill(run: Run, dataset: Dataset, n_new: int, origin: ScoredWith, work: Path) -> None:
    save_file(_grown(load_file(run.path / "weights.safetensors"), n_new), work / _WEIGHTS)
    config = json.loads((run.path / "config.json").read_text(encoding="utf-8"))
    for name in ("held_out_from", "formerly"):  # of that run alone
        config.pop(name, None)
    config |= {
        "format": FORMAT,
        "dataset": dataset.fingerprint,
        "split": _split_of(dataset, config["split"]),
        "scored_with": asdict(origin),
    }
    for name, value in (
        ("config", config),
        ("metrics", own_metrics(config, run.metrics)),
        ("curve", run.curve),
    ):
        text = json.dumps(value, indent=1) + "\n"
        (work / f"{name}.json").write_text(text, encoding="utf-8")
    write_dataset(dataset, work / "dataset")


def _split_of(dataset: Dataset, own: SplitName) -> SplitName:
    """What the run holds out; of histories without times, what it cannot find, what is proposed."""
    return propose_split(dataset) if own == "by-time" and not dataset.has_time else own


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
