"""What there is of a customer beside data sets and runs: opinions, likes that a training reads,
logs, and what a training that did not end has learned."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlencode

import pandas as pd
from sqlalchemy import ColumnElement, and_, func, or_, select, true, update

from recommender.atomic import new_file, write_text
from recommender.data.columns import USER
from recommender.data.leaving import ERASED
from recommender.said import read_back, written
from recommender.workspace.leftovers import can_go_on, clear_leftovers
from recommender.workspace.places import LIKES, home, job_folder, owners, place_of
from recommender.workspace.progress import OUTPUT, PROGRESS
from recommender.workspace.pseudonyms import (
    IN_ADDRESS,
    MARK,
    id_in,
    pseudonym,
    pseudonym_in,
    secret,
)
from recommender.workspace.schema import entries, feedback, jobs
from recommender.workspace.store import reading, writing
from recommender.workspace.visitors import Visitor

_TELLING: Final = 6
"""Digits from which on a number that stands by itself is an id, and no count."""


@dataclass(frozen=True)
class Scope:
    """Of whom, and where it is looked for."""

    user_id: str
    visitor: Visitor
    folders: frozenset[str] | None
    """Keys of the data sets and runs that were chosen; None: everything of the visitor."""
    contents: frozenset[str] | None
    """Fingerprints of the data sets in them."""
    holders: frozenset[str] = frozenset()
    """Keys of those that have the customer."""

    def opinions(self) -> ColumnElement[bool]:
        """Rows of feedback about the customer."""
        return and_(feedback.c.user_id == self.user_id, self.given())

    def given(self) -> ColumnElement[bool]:
        """Rows of feedback on what was chosen."""
        own = true() if self.visitor.admin else feedback.c.owner == self.visitor.key
        if self.contents is None:
            return own
        return and_(own, feedback.c.dataset_fingerprint.in_(self.contents))

    def trainings(self) -> list[Training]:
        """Trainings on what was chosen."""
        query = select(
            jobs.c.id, jobs.c.state, jobs.c.out, jobs.c.dataset, jobs.c.options, jobs.c.message
        )
        if not self.visitor.admin:
            query = query.where(jobs.c.owner == self.visitor.key)
        with reading() as connection:
            found = [Training(*row) for row in connection.execute(query)]
        return [one for one in found if self.folders is None or one.origins & self.folders]


@dataclass(frozen=True)
class Training:
    """A row of the queue."""

    id: str
    state: str
    out: str
    dataset: str
    options: Sequence[str]
    message: str
    """Why it failed, as `said.written` has it: the last line of its log, perhaps."""

    @property
    def origins(self) -> set[str]:
        """Keys of what it is trained on and of what it writes."""
        return {self.out, self.dataset, self.dataset.removesuffix("/dataset")}


@dataclass(frozen=True)
class Traces:
    """How much there is."""

    opinions: int = 0
    addresses: int = 0
    """Of pages, kept with opinions on others, that name the customer."""
    likes: int = 0
    log_lines: int = 0
    """With the reasons that were kept of them."""
    checkpoints: int = 0
    """Of trainings that did not end and may have learned from the customer."""
    notes: int = 0
    """Of people, that name the customer: only people can change these."""


def traces(scope: Scope) -> Traces:
    """What there is. Raises StoreError."""
    with reading() as connection:
        opinions = connection.execute(
            select(func.count()).select_from(feedback).where(scope.opinions())
        ).scalar_one()
    return Traces(
        opinions=opinions,
        addresses=len(_addresses(scope)),
        likes=sum(len(rows) - len(left) for _, rows, left in _likes(scope)),
        log_lines=sum(len(lines) - len(left) for _, lines, left in _logs(scope))
        + len(_reasons(scope)),
        checkpoints=len(_unfinished(scope)),
        notes=_notes(scope),
    )


def remove(scope: Scope) -> None:
    """Take all that out but for people's notes. The same again does no harm.

    Raises StoreError, OSError.
    """
    with writing() as connection:
        connection.execute(feedback.delete().where(scope.opinions()))
        for row, address in _addresses(scope).items():
            query = update(feedback).where(feedback.c.id == row)
            connection.execute(query.values(state=address))
        for job, reason in _reasons(scope).items():
            connection.execute(update(jobs).where(jobs.c.id == job).values(message=reason))
    for path, _, rows in _likes(scope):
        with new_file(path) as new:
            rows.to_parquet(new, index=False)
    for path, _, left in _logs(scope):
        write_text(path, "".join(left))
    for out in _unfinished(scope):
        clear_leftovers(out, checkpoints=True)


def names(text: str, user_id: str) -> bool:
    """Whether a text names the id: in quotes, or by itself unless it may be a count.

    It may be spelled as Python or JSON does it, or as JSON does what Python spelled.
    """
    python = repr(user_id)[1:-1]
    spelled = {user_id, python, *(json.dumps(one)[1:-1] for one in (user_id, python))}
    plain = "|".join(map(re.escape, sorted(spelled)))
    if re.search(rf"(['\"])(?:{plain})\1", text):
        return True
    is_count = user_id.isdecimal() and len(user_id) < _TELLING
    return not is_count and bool(re.search(rf"(?<!\w)(?:{plain})(?!\w)", text))


def _addresses(scope: Scope) -> dict[str, str]:
    """Addresses of pages that name the customer beside another, and what is left of each."""
    part = urlencode({"": scope.user_id}).removeprefix("=")
    state, hidden = feedback.c.state, pseudonym(scope.user_id, secret())
    query = select(feedback.c.id, state).where(
        feedback.c.user_id != scope.user_id,
        scope.given(),
        or_(state.contains(part, autoescape=True), state.contains(MARK)),
    )
    with reading() as connection:
        rows = connection.execute(query).all()
    left = {row.id: _without(row.state, scope.user_id, hidden) for row in rows}
    return {row.id: left[row.id] for row in rows if left[row.id] != row.state}


def _without(address: str, user_id: str, hidden: str) -> str:
    """An address without what names the customer, as it is where nothing does."""
    pairs = parse_qsl(address, keep_blank_values=True)
    kept = [
        (name, value)
        for name, value in pairs
        if not (
            hidden == pseudonym_in(value.strip()) or id_in(value.strip()) == user_id
            if name in IN_ADDRESS
            else names(value, user_id)
        )
    ]
    return address if len(kept) == len(pairs) else urlencode(kept)


def _likes(scope: Scope) -> Iterator[tuple[Path, pd.DataFrame, pd.DataFrame]]:
    """Files of likes that have the customer: all rows, and those that stay."""
    of_others = {
        word
        for training in Scope(scope.user_id, scope.visitor, None, None).trainings()
        if scope.folders is not None and not training.origins & scope.folders
        for word in training.options
    }
    places = owners() if scope.visitor.admin else (scope.visitor.key,)
    for path in sorted(path for owner in places for path in _files_of_likes(owner)):
        rows = pd.read_parquet(path)
        left = rows[rows[USER].astype(str) != scope.user_id]
        if len(left) < len(rows) and str(path) not in of_others:
            yield path, rows, left


def _files_of_likes(owner: str) -> list[Path]:
    return list((place_of(owner) / LIKES).glob("*.parquet"))


def _logs(scope: Scope) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Logs that name the customer; those of trainings that run are still written to."""
    for training in scope.trainings():
        if training.state != "running":
            yield from logs_naming(scope.user_id, training.id)


def logs_naming(user_id: str, job: str) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Logs of a training that name a customer: all lines, and those that stay."""
    for name in (OUTPUT, PROGRESS):
        path = job_folder(job) / name
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            lines = text.splitlines(keepends=True)
            left = [line for line in lines if not names(line, user_id)]
            if len(left) < len(lines):
                yield path, lines, left


def _reasons(scope: Scope) -> dict[str, str]:
    """Why trainings failed, where that names the customer, and what is left of it, by their ids."""
    found = {}
    for training in scope.trainings():
        kept = read_back(training.message)
        left = kept.with_each(lambda _, text: ERASED if names(text, scope.user_id) else text)
        if left != kept:
            found[training.id] = written(left)
    return found


def _unfinished(scope: Scope) -> list[Path]:
    return [
        home() / training.out
        for training in scope.trainings()
        if training.state != "running"
        and training.origins & scope.holders
        and can_go_on(home() / training.out)
    ]


def _notes(scope: Scope) -> int:
    said = select(feedback.c.note).where(feedback.c.user_id != scope.user_id, feedback.c.note != "")
    kept = select(entries.c.note, entries.c.name, entries.c.folder).where(
        or_(entries.c.note != "", entries.c.name != "")
    )
    if not scope.visitor.admin:
        said = said.where(feedback.c.owner == scope.visitor.key)
        kept = kept.where(entries.c.owner == scope.visitor.key)
    with reading() as connection:
        texts = [row.note for row in connection.execute(said)]
        texts += [f"{row.note}\n{row.name}" for row in connection.execute(kept)]
    return sum(names(text, scope.user_id) for text in texts)
