"""A customer's data taken out of the workspace: found first, then removed, with a receipt.

The customer leaves data sets, the copies of them in runs, what runs hold beside their weights,
opinions, likes, logs and caches. Each step may be done twice, and what tells where the customer
is goes last: an erasing that was interrupted is run again and ends complete.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, update

from recommender.atomic import DRAFT, write_text
from recommender.data.fingerprints import run_fingerprint
from recommender.data.leaving import rows_of
from recommender.said import Said, StatedError
from recommender.workspace import processes
from recommender.workspace.bundles import not_ours
from recommender.workspace.leftovers import data_in, drafts_in
from recommender.workspace.library import Entry, called, entries
from recommender.workspace.lineage import content_of, copies_of
from recommender.workspace.places import ERASED, ERASING, SAMPLE_RUN, folder_key, home
from recommender.workspace.pseudonyms import pseudonym, secret
from recommender.workspace.receipts import Changed, Receipt, keep_receipt
from recommender.workspace.records import last_touched, sweep
from recommender.workspace.schema import entries as rows
from recommender.workspace.schema import feedback
from recommender.workspace.store import wipe, writing
from recommender.workspace.traces import Scope, Traces, logs_naming, remove, traces
from recommender.workspace.visitors import Visitor

if TYPE_CHECKING:
    from recommender.model.leaving import Trace

_AT_REST: Final = 60
"""Seconds after which a draft that nobody writes to is nobody's."""


class EraseError(StatedError):
    """A customer cannot be erased now; the message says why and what to do."""


@dataclass(frozen=True)
class Place:
    """A data set or run that has something of the customer."""

    entry: Entry
    events: int
    """Of the customer in its data set, the uncounted ones too."""
    others: int
    """Events of everybody else."""
    trained: bool
    """Whether its model was trained on the customer; else it is a data set, or only scored."""


@dataclass(frozen=True)
class Found:
    """Where a customer is."""

    user_id: str
    places: tuple[Place, ...]
    traces: Traces
    scope: Scope
    unreadable: tuple[str, ...] = ()
    """Data sets and runs that could not be looked through, and why."""

    def __bool__(self) -> bool:
        """Whether there is anything to remove."""
        removable = asdict(self.traces) | {"notes": 0, "checkpoints": 0}
        return bool(self.places or self.unreadable) or any(removable.values())


def find_customer(user_id: str, visitor: Visitor, chosen: Sequence[str] | None = None) -> Found:
    """Where in what the visitor may change the customer is; in all of it, or in what is chosen.

    With a data set the runs are chosen that hold a copy of it. Blanks around an id count where
    somebody is called so. Raises EraseError for a name that there is not and for what can be no id,
    StoreError, OSError.
    """
    _check_id(user_id)
    found = _find(user_id, visitor, chosen)
    trimmed = user_id.strip()
    return found if found.places or trimmed == user_id else _find(trimmed, visitor, chosen)


def _check_id(user_id: str) -> None:
    try:
        user_id.encode()
    except UnicodeEncodeError:
        raise EraseError("the id of the customer is no text: it has damaged letters") from None
    if not user_id.strip():
        raise EraseError("no customer was named")


def _find(user_id: str, visitor: Visitor, chosen: Sequence[str] | None) -> Found:
    every = [entry for entry in entries(visitor) if may_change(entry, visitor)]
    places = every if chosen is None else _chosen(every, chosen)
    folders = None if chosen is None else frozenset(folder_key(one.path) for one in places)
    contents = None if chosen is None else frozenset(content_of(one.path) for one in places)
    found: list[Place] = []
    unreadable = []
    for entry in places:
        try:
            found += _found(entry, user_id)
        except (ValueError, OSError, KeyError) as error:
            unreadable.append(Said("{name}: {why}", name=entry.name, why=error))
    holders = frozenset(folder_key(place.entry.path) for place in found)
    scope = Scope(user_id, visitor, folders, contents, holders)
    return Found(user_id, tuple(found), traces(scope), scope, tuple(unreadable))


def may_change(entry: Entry, visitor: Visitor) -> bool:
    """Whether it is the visitor's; the run that opens first is the operator's unless it is the
    sample's, whose customers are made up."""
    opens_first = entry.shared and entry.path.resolve() != SAMPLE_RUN.resolve()
    return entry.kept_by(visitor) or (opens_first and visitor.admin)


def _chosen(every: list[Entry], addresses: Sequence[str]) -> list[Entry]:
    folders: set[Path] = set()
    for address in addresses:
        entry = called(address, every)
        if entry is None:
            raise EraseError(
                "there is no data set or run called {name} that you may change", name=address
            )
        folders.add(entry.path.resolve())
        if entry.kind == "dataset":
            folders |= {run.resolve() for run in copies_of(entry.path)}
    return [entry for entry in every if entry.path.resolve() in folders]


def _found(entry: Entry, user_id: str) -> list[Place]:
    found, trained = rows_of(_data(entry), user_id), _was_trained(entry)
    return [] if found is None else [Place(entry, *found, trained=trained)]


def _data(entry: Entry) -> Path:
    return entry.path / "dataset" if entry.kind == "run" else entry.path


def _was_trained(entry: Entry) -> bool:
    return entry.kind == "run" and not _config(entry).get("scored_with")


def _config(entry: Entry) -> dict[str, object]:
    told = json.loads((entry.path / "config.json").read_text(encoding="utf-8"))
    if not isinstance(told, dict):
        raise StatedError("{file} is not what training writes", file=entry.path / "config.json")
    return told


def erase(
    found: Found, tell: Callable[[int, int], None] = lambda done, of: None
) -> tuple[Receipt, Path]:
    """Remove what was found, and say what was removed and what cannot be; the receipt and its file.

    Raises EraseError before anything is changed; StoreError, OSError, after which it can be run
    again. What could not be changed is said by the receipt.
    """
    _check(found)
    mark = pseudonym(found.user_id, secret())
    with _alone():
        try:
            remove(found.scope)
            changed, left = _rewrite(found, mark, tell)
            drafts = _clear_drafts(found)
            emptied = wipe()
        finally:
            write_text(home() / ERASED, f"{time.time_ns()}\n")
        late = _running(found)
        receipt = Receipt.of(found.scope, mark, changed, found.traces, left, drafts, emptied, late)
        return receipt, keep_receipt(receipt, found.scope.visitor)


def _check(found: Found) -> None:
    if running := _running(found):
        raise EraseError(
            "the training {name} has read the data: cancel it or wait for its end first",
            name=running[0],
        )
    for place in found.places:
        if not place.others:
            raise EraseError(
                "{name} has no events but those of this customer: delete it instead",
                name=place.entry.name,
            )


def _running(found: Found) -> list[str]:
    """Trainings that have read the data and will write it into their runs, or name the customer in
    a log that they write to."""
    return [
        Path(one.out).name
        for one in found.scope.trainings()
        if one.state == "running"
        and (one.origins & found.scope.holders or any(logs_naming(found.user_id, one.id)))
    ]


@contextmanager
def _alone() -> Iterator[None]:
    held = processes.lock(home() / ERASING)
    if held is None:
        raise EraseError("somebody else is being erased just now: try again in a minute")
    try:
        yield
    finally:
        os.close(held)


def _rewrite(
    found: Found, mark: str, tell: Callable[[int, int], None]
) -> tuple[list[Changed], list[str]]:
    """Take the customer out of runs and data sets; what was changed, and what could not be.

    Runs that only score come first: the trained ones tell what is to go from their weights.
    """
    every = _in_order(found)
    known = _traces_of_trained(found)
    changed: list[Changed] = []
    left = list(found.unreadable)
    for done, entry in enumerate(every):
        tell(done, len(every))
        try:
            changed.append(_rewritten(entry, found, mark, known))
        except (ValueError, OSError) as error:
            left.append(Said("{name}: {why}", name=entry.name, why=error))
        except Exception as error:  # whatever is wrong with one keeps nobody in the others
            left.append(Said("{name}: {why}", name=entry.name, why=type(error).__name__))
    tell(len(every), len(every))
    return changed, left


def _in_order(found: Found) -> list[Entry]:
    """Also the runs without the customer that score with a run that was trained on them."""
    own = {place.entry.address: place for place in found.places}
    trained = {name for one in found.places if one.trained for name in _names(one.entry)}
    scoring = [
        entry
        for entry in entries(found.scope.visitor)
        if entry.kind == "run"
        and entry.address not in own
        and may_change(entry, found.scope.visitor)
        and _scores_with(entry) in trained
    ]
    data = [place.entry for place in own.values() if place.entry.kind == "dataset"]
    scored = [one.entry for one in own.values() if one.entry.kind == "run" and not one.trained]
    return [*scoring, *scored, *(one.entry for one in own.values() if one.trained), *data]


def _scores_with(entry: Entry) -> str:
    """The run whose network it has; empty if that is its own, or the run cannot be read."""
    from recommender.model.scored import scored_with

    with suppress(ValueError, OSError, LookupError, TypeError):
        told = scored_with(_config(entry))
        return told.fingerprint if told else ""
    return ""


def _names(entry: Entry) -> set[str]:
    """The fingerprints that a run has and had; none if it cannot be read."""
    from recommender.model.leaving import names_of

    with suppress(ValueError, OSError, LookupError, TypeError):
        return names_of(entry.path)
    return set()


def _traces_of_trained(found: Found) -> dict[str, Trace]:
    """What each run was taught of the customer, by the run's fingerprints; nothing of those that
    are damaged, which say so when they are rewritten."""
    from recommender.model.leaving import trace_of

    known: dict[str, Trace] = {}
    for entry in (place.entry for place in found.places if place.trained):
        with suppress(ValueError, OSError, LookupError, TypeError):
            if (trace := trace_of(entry.path, found.user_id)) is not None:
                known |= dict.fromkeys(_names(entry), trace)
    return known


def _rewritten(entry: Entry, found: Found, mark: str, known: dict[str, Trace]) -> Changed:
    _check_replaceable(entry.path)
    before = content_of(entry.path)
    events = next((place.events for place in found.places if place.entry == entry), 0)
    if entry.kind == "dataset":
        after = _leave_dataset(entry.path, found)
        return Changed(entry.name, "dataset", before, after, events)
    from recommender.model.leaving import run_without

    old, origin = run_fingerprint(entry.path, before), _scores_with(entry)
    trace = known.get(origin or old)
    with run_without(entry.path, found.user_id, mark, trace) as new:
        _rename_content(entry, found, (old, new.run), (before, new.dataset))
    sold = bool(origin and trace is None and _config(entry).get("trend"))
    return Changed(entry.name, "run", old, new.run, events, trained=not origin, sales_unknown=sold)


def _check_replaceable(path: Path) -> None:
    """The folder is replaced as a whole, and outside the workspace people may keep more in it."""
    if path.resolve().is_relative_to(home().resolve()):
        return
    if others := not_ours(path):
        raise EraseError(
            "{file} is not of RecLens and would be lost: move it out of {folder}",
            file=others[0],
            folder=path,
        )


def _leave_dataset(path: Path, found: Found) -> str:
    from recommender.data.leaving import without_user
    from recommender.data.storage import load_dataset, save_dataset

    before = load_dataset(path)
    after = without_user(before, found.user_id)
    _rename_content(path, found, None, (before.fingerprint, after.fingerprint))
    save_dataset(after, path.resolve(), replace=True)
    return after.fingerprint


def _rename_content(
    place: Entry | Path, found: Found, run: tuple[str, str] | None, data: tuple[str, str]
) -> None:
    """Let opinions on others, and the row of the folder, go with the new content.

    Before the folder does: if this is interrupted, the same content comes of it the next time.
    """
    path = place if isinstance(place, Path) else place.path
    own = _whose_opinions(found, data[0])
    with writing() as connection:
        for column, pair in (("run_fingerprint", run), ("dataset_fingerprint", data)):
            if pair is not None:
                query = update(feedback).where(own, feedback.c[column] == pair[0])
                connection.execute(query.values({column: pair[1]}))
        query = update(rows).where(rows.c.folder == folder_key(path))
        connection.execute(query.values(fingerprint=(run or data)[1]))


def _whose_opinions(found: Found, content: str) -> ColumnElement[bool]:
    """Whose opinions go with the content: not of those who keep the same of their own as it is."""
    visitor = found.scope.visitor
    if not visitor.admin:
        return feedback.c.owner == visitor.key
    mine = {place.entry.owner for place in found.places}
    keeping = {
        entry.owner
        for entry in entries(visitor)
        if entry.owner not in mine and content_of(entry.path) == content
    }
    return feedback.c.owner.not_in(keeping)


def _clear_drafts(found: Found) -> int:
    """Delete what killed processes left of the customer beside what was rewritten; how many drafts
    are left that somebody may be writing."""
    sweep()
    left = 0
    for parent in {place.entry.path.resolve().parent for place in found.places}:
        for draft in drafts_in(parent):
            if not any(_holds(data, found.user_id) for data in data_in(draft)):
                continue
            is_older = not DRAFT.fullmatch(draft.name)  # of those of now, these have a writer
            if is_older and time.time() - last_touched(draft) > _AT_REST:
                shutil.rmtree(draft, ignore_errors=True)
            left += draft.exists()
    return left


def _holds(data: Path, user_id: str) -> bool:
    try:
        return rows_of(data, user_id) is not None
    except (OSError, ValueError):
        return False
