"""Which role a column probably has, and how sure that is: by its name and by what stands in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd

from recommender.data.cleaning.events import MAX_EVENT_TYPES
from recommender.data.cleaning.mapping import (
    ROLES,
    called_so,
    with_sessions_as_users,
)
from recommender.data.cleaning.synonyms import BARE_NAMES, COLUMN_NAMES, plain
from recommender.data.column_facts import BLOCK, SAMPLE, Facts, share_agreeing, share_constant
from recommender.data.columns import (
    BASKET,
    EVENT,
    IMAGE,
    ITEM,
    OUTCOME,
    PRICE,
    QUANTITY,
    RATING,
    TIME,
    TITLE,
    USER,
    TableName,
)
from recommender.data.outcomes import looks_like_outcomes
from recommender.data.problems import Finder, Problem
from recommender.data.when import most_likely_time
from recommender.said import Said

Why = Literal["name", "values", "loose name", "contents"]

_VAGUE: Final = """id 编号 date day dat ts name label no score number created starttime status state
    cover stars account business place target pieces copies type activity interaction"""
_LOOSE: Final = frozenset(_VAGUE.split())
"""Names that say little by themselves."""
_TITLES: Final = "title headline description desc displayname artistname 标题 名称 描述"
_OF_ANYTHING: Final = frozenset(_TITLES.split())
"""Titles, but perhaps of something else than the items."""
_STATES: Final = ("status", "state", "状态")
"""Of an order, or of a customer or a product, which stay the same."""
_FEW_ITEMS: Final = 2
_LEAST_FIT: Final = 0.5
"""Share of cells that must fit, or the column is not what it is called."""
_CONSTANT: Final = 0.95
_REWORDED: Final = 0.8
"""Share of rows that agree with most of their item's, from which others are a change of words."""
_CONTRADICTED: Final = (TITLE, PRICE, QUANTITY, RATING, TIME)
"""Roles of which it is told where a column is only called like them."""
_REVIEW: Final = "text review reviewtext comment comments content body"
_WORDS_BESIDE: Final = frozenset(_REVIEW.split())
"""Columns beside which a title is the headline of somebody's review."""


@dataclass(frozen=True)
class Guess:
    """The proposed role of one column."""

    column: str
    role: str | None
    """None: at most a feature."""
    confidence: float
    """From 0 to 1: how much the name says, times the share of cells that fit the role."""
    why: Why
    """What it rests on, or what lowers it: the `values` do not all fit, it is a `loose name`, the
    `contents` alone say so; else `name`."""
    called: str | None = None
    """The role that its name says, where what stands in it says otherwise."""


@dataclass(frozen=True, eq=False)
class _Table:
    """What is looked at of one file."""

    name: TableName
    facts: Mapping[str, Facts]
    block: pd.DataFrame

    def constant(self, column: str, within: str | None) -> float | None:
        """Of the ids that come back in the block, the share with one value in this column."""
        if within is None or within == column:
            return None
        return share_constant(self.block[within], self.block[column])

    def changes(self, column: str, *within: str | None) -> bool:
        """Whether it is not the same throughout each user's rows, nor each item's."""
        shares = [self.constant(column, one) for one in within]
        return all(share is None or share < _CONSTANT for share in shares)


def guess_roles(frame: pd.DataFrame, table: TableName) -> tuple[Guess, ...]:
    """The proposed role of each column and how sure that is; a sample of the rows is looked at."""
    names = [str(name) for name in frame.columns]
    rows = np.arange(len(frame))
    if len(frame) > SAMPLE:
        rows = np.sort(np.random.default_rng(0).choice(len(frame), SAMPLE, replace=False))
    sample = frame.iloc[rows]
    looked = _Table(table, {name: Facts(sample[name]) for name in names}, frame.head(BLOCK))
    chosen: dict[str, Guess] = {}
    for role in ROLES[table]:
        free = [name for name in names if name not in chosen]
        holders = {guess.role: name for name, guess in chosen.items()}
        found = _chosen(role, free, holders, looked)
        if found is not None:
            chosen[found.column] = found
    holders = {guess.role: name for name, guess in chosen.items()}
    guesses = tuple(chosen.get(name) or _feature(name, holders, looked) for name in names)
    return _sessions_for_users(guesses) if table == "interactions" else guesses


def _feature(name: str, holders: Mapping[str | None, str], looked: _Table) -> Guess:
    """A column that is at most a feature, with the role that it is only called like."""
    for role in _CONTRADICTED:
        called = role in ROLES[looked.name] and called_so(role, [name], looked.name)
        if called and not _fits(role, name, holders, looked):
            return Guess(name, None, 0.9, "values", role)
    return Guess(name, None, 0.9, "name")


def proposed(guesses: Sequence[Guess]) -> dict[str, str | None]:
    """The role of each column, as `resolve_mapping` takes it."""
    return {guess.column: guess.role for guess in guesses}


def guessed_notes(
    guesses: Sequence[Guess], mapping: Mapping[str, str | None], finder: Finder
) -> list[Problem]:
    """What was decided against the name of a column, or without one, for its owner to see."""
    problems = []
    for guess in guesses:
        role = mapping[guess.column]
        if role is not None and guess.why == "contents" and role == guess.role:
            message = Said("it is taken for the {role}, by what stands in it", role=role)
            remedy = Said("Name another column if that is wrong, or none ({role}=)", role=role)
            problems.append(finder.note(message, remedy, column=guess.column))
        elif guess.called and role is None:
            remedy = Said("Say so if it is all the same ({role}=COLUMN)", role=guess.called)
            problems.append(finder.note(_against_its_name(guess.called), remedy, guess.column))
    return problems


def _against_its_name(role: str) -> Said:
    if role == TITLE:
        return Said("it changes within most items or holds no names, so it does not name them")
    if role == TIME:
        return Said("its cells are no dates, so it is not the time")
    if role == RATING:
        return Said("its cells are no ratings by users, so it is at most a feature")
    return Said("its cells are no numbers, so it is a category and not the {role}", role=role)


def _sessions_for_users(guesses: tuple[Guess, ...]) -> tuple[Guess, ...]:
    roles = with_sessions_as_users(proposed(guesses))
    return tuple(
        guess if roles[guess.column] == guess.role
        else replace(guess, role=roles[guess.column], confidence=min(guess.confidence, 0.7))
        for guess in guesses
    )  # fmt: skip


def _chosen(
    role: str, free: Sequence[str], holders: Mapping[str | None, str], looked: _Table
) -> Guess | None:
    """The column among those that are free that has the role, if one has."""
    called = called_so(role, free, looked.name)
    if role == ITEM:
        called = _codes_first(called, looked) or _names_for_codes(free, looked)
    if fitting := [name for name in called if _fits(role, name, holders, looked)]:
        found = _named(role, fitting, looked.facts)
        stands_in = not called_so(role, [found.column], looked.name)
        return replace(found, confidence=0.8, why="contents") if stands_in else found
    if role == TIME and (likely := _likely_time(free, holders, looked)) is not None:
        return Guess(likely, TIME, 0.85, "contents")
    if called and role in (USER, ITEM, TIME, EVENT) and not _is_misnomer(role, called[0]):
        return _named(role, called, looked.facts)  # what is wrong with it is said when it is read
    if role == TITLE and looked.name == "interactions":
        return _name_beside_the_code(free, holders.get(ITEM), looked)
    return None


def _likely_time(
    free: Sequence[str], holders: Mapping[str | None, str], looked: _Table
) -> str | None:
    user, item = holders.get(USER), holders.get(ITEM)
    return most_likely_time(free, looked.facts, lambda name: looked.changes(name, user, item))


def _is_misnomer(role: str, name: str) -> bool:
    """Whether the name alone is too little where the cells say otherwise."""
    return role in (TIME, EVENT) and plain(name) in _LOOSE


def _codes_first(called: list[str], looked: _Table) -> list[str]:
    """Where one column holds codes and another what the things are called, the code is the id."""
    facts = looked.facts
    words = [name for name in called if plain(name) in BARE_NAMES and facts[name].are_names]
    few = [name for name in called if len(facts[name].distinct) <= _FEW_ITEMS]
    last = words if len(few) == len(called) else [*words, *few]
    return [*(name for name in called if name not in last), *dict.fromkeys(last)]


def _names_for_codes(free: Sequence[str], looked: _Table) -> list[str]:
    """Where there are no codes of items at all, what they are called stands in."""
    if looked.name != "interactions":
        return []
    called = [name for name in called_so(TITLE, free, looked.name) if not _says_little(name)]
    return [name for name in called if looked.facts[name].are_names][:1]


def _says_little(name: str) -> bool:
    return plain(name) in _LOOSE | _OF_ANYTHING


def _name_beside_the_code(free: Sequence[str], item: str | None, looked: _Table) -> Guess | None:
    if item is None:
        return None
    for name in called_so(ITEM, free, "interactions"):
        share = looked.constant(name, item)
        named = plain(name) in BARE_NAMES and looked.facts[name].are_names
        if named and (share is None or share >= _LEAST_FIT):
            return Guess(name, TITLE, 0.85, "contents")
    return None


def _named(role: str, fitting: Sequence[str], facts: Mapping[str, Facts]) -> Guess:
    column, known = fitting[0], COLUMN_NAMES[role]
    name = plain(column)
    rank = known.index(name) / len(known) if name in known else 1.0
    said = 0.7 if name in _LOOSE or rank == 1.0 else 1.0 if rank == 0.0 else 0.97
    if len([one for one in fitting if plain(one) not in _LOOSE]) > 1 and role not in (USER, TITLE):
        said = min(said, 0.9)  # it may be one of the others
    fit = _fit(role, facts[column])
    why: Why = "values" if fit < 0.9 else "loose name" if said < 0.8 else "name"
    return Guess(column, role, round(said * fit, 2), why)


def _fits(role: str, name: str, holders: Mapping[str | None, str], looked: _Table) -> bool:
    """Whether the cells may be what the name says."""
    facts, user, item = looked.facts[name], holders.get(USER), holders.get(ITEM)
    if role in (USER, ITEM):
        return True
    if role == TITLE:
        return _may_be_title(name, item, looked)
    if role == OUTCOME:
        about_owner = plain(name) in _STATES and not looked.changes(name, user, item)
        return looks_like_outcomes(facts.trimmed, name) and not about_owner
    if role == RATING and looked.constant(name, item) == 1.0 and len(facts.distinct) > 2:
        return False  # what others thought of the item
    if role == BASKET and (share := looked.constant(user, name) if user else None) is not None:
        return share >= _LEAST_FIT
    if not len(facts.filled):
        return role != OUTCOME
    if role == EVENT and plain(name) in _LOOSE and not looked.changes(name, item):
        return False  # the type of the item
    return _fit(role, facts) >= _LEAST_FIT


def _may_be_title(name: str, item: str | None, looked: _Table) -> bool:
    """Names of items are words and hardly change within an item."""
    facts = looked.facts[name]
    loose = plain(name) in _LOOSE
    if loose and (facts.share_numbers > 0.5 or len(facts.distinct) <= 2 < len(facts.filled)):
        return False
    if looked.name != "interactions":
        return True
    if item is not None:
        of_items = looked.block[item], looked.block[name]
        share, agreeing = share_constant(*of_items), share_agreeing(*of_items)
        if share is not None and agreeing is not None:
            return share > 1 - _LEAST_FIT or agreeing >= _REWORDED
    beside = {plain(column) for column in looked.facts}
    return not (plain(name) in ("title", "headline") and beside & _WORDS_BESIDE)


def _fit(role: str, facts: Facts) -> float:
    """Share of the cells that are what the role wants."""
    if not len(facts.filled):
        return 0.0
    if role in (USER, ITEM):
        return facts.share_filled
    if role == TIME:
        return 1.0 if facts.are_clocks else facts.share_times
    if role in (QUANTITY, PRICE, RATING):
        return facts.share_numbers
    if role == EVENT:
        return 1.0 if len(facts.distinct) <= MAX_EVENT_TYPES else 0.0
    if role == IMAGE:
        return float(facts.filled.str.contains(r"[/.]", regex=True).mean())
    assert role in (BASKET, TITLE, OUTCOME)
    return 1.0
