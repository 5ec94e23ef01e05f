"""From files to clean tables, with everything that was found on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd
from jaxtyping import Float

from recommender.data.cleaning.contract import check_tables
from recommender.data.cleaning.denormalised import Lifted, lift_columns
from recommender.data.cleaning.entities import clean_entities, complete_items, with_seen
from recommender.data.cleaning.events import Typed, type_events
from recommender.data.cleaning.feature_kinds import settle_kinds
from recommender.data.cleaning.ids import pruned
from recommender.data.cleaning.kinds import Kind
from recommender.data.cleaning.mapping import rename_by_role, resolve_mapping
from recommender.data.cleaning.repairs import (
    keep_interest,
    merge_rows,
    not_kept,
    take_back,
    without_nothing,
)
from recommender.data.cleaning.role_confidence import guess_roles, guessed_notes, proposed
from recommender.data.cleaning.spellings import (
    merge_spellings,
    merge_users,
    spelled_like,
    without_services,
)
from recommender.data.cleaning.vectors import Taken, by_item_column, no_vectors, take_vectors
from recommender.data.columns import (
    BASKET,
    EVENT,
    IMAGE,
    ITEM,
    OUTCOME,
    QUANTITY,
    RATING,
    TIME,
    TITLE,
    USER,
    TableName,
)
from recommender.data.conventions import in_plain_numbers
from recommender.data.date_parts import dates_put_together
from recommender.data.histories import SECONDS_A_DAY
from recommender.data.lists import unrolled, without_brackets
from recommender.data.options import ReadOptions
from recommender.data.order_lines import filled_down
from recommender.data.outcomes import (
    ask_of_two_values,
    check_predicted,
    keep_outcomes,
    no_outcome,
    without_removals,
)
from recommender.data.problems import Finder, Problem, TableError
from recommender.data.reading.files import RawTable, Source
from recommender.data.reading.sources import gather
from recommender.data.row_numbers import without_row_numbers
from recommender.data.uncounted import gathered, left_out
from recommender.said import Said

_KEYS: Final[dict[TableName, str]] = {"items": ITEM, "users": USER}


@dataclass(frozen=True, eq=False)
class Tables:
    """Clean tables: ids are text and never blank, every row has its place in time."""

    interactions: pd.DataFrame
    """`user_id`, `item_id`, `event` (categories of text), `time` (int64 seconds since
    1970-01-01), and where the files have them `basket_id` (categories of text), `quantity`,
    `price` (float64); `undated` (bool) where some rows have the time of the row before them. In the
    order of the file."""
    items: pd.DataFrame
    """Every item, each once: `item_id`, `title`, `image_url` and `price` (float64) where known,
    and feature columns as text."""
    users: pd.DataFrame
    """Every user, each once: `user_id` and feature columns as text."""
    mapping: dict[TableName, dict[str, str | None]]
    """For each table the role of each column in its file; None for features."""
    kinds: dict[TableName, dict[str, Kind]]
    """For `items` and `users` the kind of each feature column."""
    problems: tuple[Problem, ...]
    """What was repaired or is worth knowing; errors are raised."""
    has_time: bool
    """False where the order of rows stands in for time: an event a day for each user."""
    vectors: Mapping[str, Float[np.ndarray, "row dim"]] = field(default_factory=dict)
    """By column of `items` whose kind is vector: what its cells, rows of the array, point into."""
    uncounted: pd.DataFrame = field(default_factory=lambda: gathered((), pd.DataFrame(), True))
    """Rows of the interactions that were left out although the user did something with the item,
    in the order of the file: `user_id`, `item_id`, `event`, `reason` (text), `time` and `rating`
    (float64, NaN where unknown). Without times, `time` stands between those of the interactions."""

    predicted: tuple[str, ...] = ()
    """The types of events that are predicted, as their owner said; empty where nobody did."""

    @property
    def notes(self) -> tuple[str, ...]:
        """The problems, one sentence each."""
        return tuple(problem.sentence for problem in self.problems)


def read_tables(
    interactions: Source,
    items: Source | None = None,
    users: Source | None = None,
    options: ReadOptions | None = None,
) -> Tables:
    """Read one to three files; a zip as `interactions` may hold the others too.

    Raises TableError with every problem found in all of them.
    """
    options = options or ReadOptions()
    sources: dict[TableName, Source] = {"interactions": interactions}
    if items is not None:
        sources["items"] = items
    if users is not None:
        sources["users"] = users
    return clean_tables(gather(sources, options), options)


def clean_tables(raw: Mapping[TableName, RawTable], options: ReadOptions) -> Tables:
    """Clean files that are read already (so that an option can be changed and tried again).

    Raises TableError with every problem found in all of them.
    """
    finders = {table: Finder(file.file, options.refused) for table, file in raw.items()}
    columns = {table: list(file.frame.columns) for table, file in raw.items()}
    guesses = {table: guess_roles(file.frame, table) for table, file in raw.items()}
    guessed_roles = {table: proposed(guessed) for table, guessed in guesses.items()}
    mapping, mapping_problems = resolve_mapping(columns, options.columns, finders, guessed_roles)
    for table, guessed in guesses.items():
        mapping_problems += guessed_notes(guessed, mapping[table], finders[table])
    events, roles, dated = dates_put_together(
        raw["interactions"],
        mapping["interactions"],
        finders["interactions"],
        not {TIME, f"interactions.{TIME}"}.isdisjoint(options.columns),
    )
    events, roles, of_orders = filled_down(events, roles, finders["interactions"])
    events, of_lists = unrolled(events, roles, finders["interactions"])
    finders["interactions"], events = _by_row(finders["interactions"], events)
    raw, mapping = {**raw, "interactions": events}, mapping | {"interactions": roles}
    raw, taken = _without_vectors(raw, mapping, options)
    raw, numbering = without_row_numbers(raw, mapping, frozenset(options.kinds))
    mapping = {
        table: {name: role for name, role in roles.items() if name in raw[table].frame}
        for table, roles in mapping.items()
    }
    raw, mapping, found = _features_read(raw, mapping, taken, finders)
    columns = {table: list(file.frame.columns) for table, file in raw.items()}
    names = {table: rename_by_role(columns[table], mapping[table], table) for table in raw}
    problems = [problem for file in raw.values() for problem in file.problems]
    problems += [*mapping_problems, *dated, *of_orders, *of_lists, *numbering, *found]
    problems += taken.problems
    typed = None
    if {USER, ITEM} <= set(names["interactions"].values()):
        typed = _typed(
            raw["interactions"], names["interactions"], options, finders["interactions"], problems
        )
    entities = {}
    for table, key in _KEYS.items():
        if table in raw and key in names[table].values():
            entities[table], found = clean_entities(raw[table], key, names[table], finders[table])
            problems += found
    _stop_on_errors(problems)
    assert typed is not None
    tables = _joined(raw, names, mapping, typed, entities, options, finders, problems)
    vectors = {names["items"][column]: array for column, array in taken.vectors.items()}
    kinds = tables.kinds["items"] | dict.fromkeys(vectors, "vector")
    return replace(tables, kinds=tables.kinds | {"items": kinds}, vectors=vectors)


def _by_row(finder: Finder, table: RawTable) -> tuple[Finder, RawTable]:
    """Rows by numbers of their own where several come of one line, which the finder knows."""
    lines = table.frame.index
    if lines.is_unique:
        return finder, table
    frame = table.frame.set_axis(pd.RangeIndex(len(lines)))
    return replace(finder, lines=lines.to_numpy()), replace(table, frame=frame)


def _features_read(
    raw: Mapping[TableName, RawTable],
    mapping: Mapping[TableName, dict[str, str | None]],
    taken: Taken,
    finders: Mapping[TableName, Finder],
) -> tuple[dict[TableName, RawTable], dict[TableName, dict[str, str | None]], list[Problem]]:
    """The tables and their roles with numbers and lists as they are read from here on."""
    read, problems, mapping = {}, list[Problem](), dict(mapping)
    for table, file in raw.items():
        vectors = set(taken.vectors) if table == "items" else set()
        roles = {name: role for name, role in mapping[table].items() if name not in vectors}
        file, lists = without_brackets(file, roles, finders[table])
        read[table], numbers = in_plain_numbers(file, roles, finders[table])
        problems += [*lists, *numbers]
    return read, mapping, problems


def _without_vectors(
    raw: Mapping[TableName, RawTable],
    mapping: dict[TableName, dict[str, str | None]],
    options: ReadOptions,
) -> tuple[dict[TableName, RawTable], Taken]:
    """The tables with the vectors of the items taken out; what holds them has no role.

    A column called `image` may hold links or vectors; if its kind is told, it is a feature.
    """
    if "items" not in raw:
        return dict(raw), no_vectors(options.kinds, options.vectors)
    roles = mapping["items"]
    free = [name for name, role in roles.items() if role in (None, IMAGE)]
    taken = take_vectors(raw["items"], free, options.kinds, options.vectors)
    told = [name for name in by_item_column(options.kinds) if roles.get(name) == IMAGE]
    roles |= dict.fromkeys([*told, *taken.vectors])
    return {**raw, "items": taken.table or raw["items"]}, taken


def _stop_on_errors(problems: list[Problem]) -> None:
    if any(problem.severity == "error" for problem in problems):
        raise TableError(problems)


def _typed(
    file: RawTable,
    names: dict[str, str],
    options: ReadOptions,
    finder: Finder,
    problems: list[Problem],
) -> Typed:
    in_file = {role: name for name, role in names.items()}
    typed = type_events(file.frame.rename(columns=names), in_file, finder, options.day_first)
    problems += typed.problems
    if typed.events.empty and not any(p.severity == "error" for p in typed.problems):
        message = Said("no row is left that has a user, an item and a readable time")
        problems.append(finder.error(message, Said("See what was left out, and mend it")))
    return typed


def _joined(
    raw: Mapping[TableName, RawTable],
    names: dict[TableName, dict[str, str]],
    mapping: dict[TableName, dict[str, str | None]],
    typed: Typed,
    entities: Mapping[TableName, pd.DataFrame],
    options: ReadOptions,
    finders: Mapping[TableName, Finder],
    problems: list[Problem],
) -> Tables:
    """What takes all files at once: features from the interactions, odd ids, repairs, kinds."""
    finder = finders["interactions"]
    frame = raw["interactions"].frame.rename(columns=names["interactions"])
    in_file = {role: name for name, role in names["interactions"].items()}
    lifted = _lifted(frame, typed.events, mapping["interactions"], names["interactions"])
    if lifted.left:
        left = ", ".join(in_file[name] for name in lifted.left)
        message = Said("columns that change from row to row are not used: {columns}", columns=left)
        problems.append(finder.note(message))
        problems += ask_of_two_values(frame, [(in_file[n], n) for n in lifted.left], finder)
    events = typed.events
    items = with_seen(entities.get("items"), lifted.items, ITEM, finders.get("items"), problems)
    users = with_seen(entities.get("users"), lifted.users, USER, finders.get("users"), problems)
    events, items = merge_spellings(events, items, finder, problems)
    events, users, found = merge_users(events, users, finder)
    problems += found
    unusable = spelled_like(typed.left_out, typed.events, events)
    folder = raw["items" if "items" in raw else "interactions"].folder
    items = complete_items(items, events, folder, finder, problems)
    events, items = without_services(events, items, finder, problems)
    events, *parts = _repaired(events, frame, typed.has_time, in_file, options, finder, problems)
    problems += check_predicted(events, options.predicted, in_file.get(EVENT), finder)
    kinds = settle_kinds(items, users, options.kinds, lifted.left, finder, problems)
    _stop_on_errors(problems)
    uncounted = gathered([unusable, *parts], events, typed.has_time)
    events = _final(events, typed.has_time)
    check_tables(events, items, users)
    return Tables(
        interactions=events,
        items=items,
        users=users,
        mapping=mapping,
        kinds=kinds,
        problems=tuple(problems),
        has_time=typed.has_time,
        uncounted=uncounted,
        predicted=options.predicted,
    )


def _lifted(
    frame: pd.DataFrame,
    events: pd.DataFrame,
    mapping: dict[str, str | None],
    names: dict[str, str],
) -> Lifted:
    wanted = [names[c] for c, role in mapping.items() if role is None and c in names]
    about_items = [name for name in (TITLE, IMAGE) if name in frame]
    return lift_columns(frame, events, about_items + wanted)


def _repaired(
    events: pd.DataFrame,
    frame: pd.DataFrame,
    has_time: bool,
    in_file: dict[str, str],
    options: ReadOptions,
    finder: Finder,
    problems: list[Problem],
) -> tuple[pd.DataFrame, ...]:
    """The events that count, then the others by what left them out."""
    low = nothing = undone = events[:0]
    if OUTCOME in events:
        events, undone, found = keep_outcomes(events, options.counting, in_file[OUTCOME], finder)
        problems += found
    else:
        problems += no_outcome(options.counting, finder)
    events, removed, found = without_removals(events, in_file.get(EVENT), finder)
    problems += found
    if RATING in events:
        rated = events
        events, found = keep_interest(
            events, options.rating_rule, options.rating_threshold, in_file[RATING], finder
        )
        problems += found
        low = left_out(rated, events, "rated_low")
    if QUANTITY in events:
        bought = events
        events, found = without_nothing(events, in_file[QUANTITY], finder)
        problems += found
        nothing = left_out(bought, events, "nothing_bought")
    events, found = merge_rows(events, frame, has_time, finder)
    problems += found
    merged = events
    events, found = take_back(events, finder)
    problems += found
    if events.empty:
        message = Said("no interaction is left")
        problems.append(finder.error(message, Said("See what was left out")))
    return events, low, nothing, undone, removed, *not_kept(merged, events)


def _final(events: pd.DataFrame, has_time: bool) -> pd.DataFrame:
    events = events.drop(columns=[RATING, OUTCOME], errors="ignore").reset_index(drop=True)
    if not has_time:
        events[TIME] = events.groupby(USER, observed=True).cumcount() * SECONDS_A_DAY
    events[TIME] = events[TIME].astype(np.int64)
    for name in (USER, ITEM, EVENT, BASKET):
        if name in events:
            events[name] = pruned(events[name])
    return events
