"""The only door to the URL and to what a session remembers.

The URL is the one place where the state of a view lives: widgets are set from it before they are
drawn and write to it when they change, so a copied link shows a colleague the same picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, TypeAlias, TypeVar
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

from dashboard.identities import hidden_params
from recommender.data.vocabulary import Vocabulary
from recommender.workspace.pseudonyms import IN_ADDRESS
from recommender.workspace.store import StoreError

T = TypeVar("T")
Params: TypeAlias = dict[str, list[str]]
"""URL parameters, each with all its values."""

_HIDING: ContextVar[bool | None] = ContextVar("hiding", default=None)
_DIGITS = 9
"""Longest whole number that is read."""

RUN: Final = "run"
LANGUAGE: Final = "lang"
SEEN: Final = "seen"
USER: Final = "user"
ITEM: Final = "item"
MOMENT: Final = "moment"
K: Final = "k"
CANDIDATES: Final = "show"
CATEGORY: Final = "category"
PRICE: Final = "price"
LOGIT: Final = "logit"
ORDER: Final = "order"
EVENTS: Final = "events"
STAGE: Final = "stage"
LAYER: Final = "layer"
HEAD: Final = "head"
LEAST: Final = "least"
CELL: Final = "cell"
BACK: Final = "back"
NEWEST: Final = "newest"
OTHERS: Final = "others"
FEATURE: Final = "feature"
SCOPE: Final = "scope"
AMONG: Final = "among"
METHODS: Final = "methods"
METRIC: Final = "metric"
MASK: Final = "mask"
JOB: Final = "job"
WAY: Final = "way"
ENTRY: Final = "entry"
EDITS: Final = "edit"
EVENT: Final = "event"
STEP: Final = "step"
DATES: Final = "dates"
COUNTING: Final = "counting"
PREDICTED: Final = "predicted"
RATINGS: Final = "ratings"
LEAST_RATING: Final = "least_rating"
KIND: Final = "kind"
ENCODING: Final = "encoding"
PURPOSE: Final = "do"
SCORE_WITH: Final = "score_with"
NAME: Final = "name"
REPEATS: Final = "repeats"
FEWEST: Final = "fewest"
PASSES: Final = "passes"
DAYS: Final = "days"
VOCABULARY: Final = "words"
VIEW: Final = "view"
CURVE: Final = "curve"
GROUPING: Final = "group"
PLANE: Final = "plane"
FIND: Final = "find"
WHAT: Final = "compare"
TAG: Final = "tag"
WHY_NOT: Final = "why_not"
WITH: Final = "with"
WITH_ITEM: Final = "with_item"
WITH_RUN: Final = "with_run"
AUDIENCE: Final = "audience"
EVIDENCE: Final = "evidence"
FLOW: Final = "flow"
PART: Final = "part"
MORE: Final = "more"
SIZE: Final = "size"
SEGMENT: Final = "segment"
GUIDE: Final = "guide"
OF_ONE: Final = (ITEM, CATEGORY, PRICE, TAG, EDITS, EVENT, CELL, PART)
"""What belongs to one customer and goes when another is chosen."""


def read(name: str, default: str = "") -> str:
    """The value of one URL parameter; while user ids are hidden none of them."""
    if name in IN_ADDRESS:
        return (_params().get(name) or [default])[-1]
    kept = (recall("settled") or {}).get(name)
    return str(kept[-1] if kept else st.query_params.get(name, default))


def write(**changes: str | Sequence[str] | None) -> None:
    """Change URL parameters; None takes one away. However many change, Back takes back all."""
    after = _hidden(_changed(_params(), changes))
    if after != _params():
        remember("settled", {})
        st.query_params.from_dict(after)


def settle(**values: str) -> None:
    """Give the URL what it should name though nobody chose it: no step that Back would meet.

    Streamlit adds a step with whatever it changes. So these values go along with the visitor's
    next step, and until then the browser is told by `settled`.
    """
    told = {name: [value] for name, value in values.items()}
    remember("settled", (recall("settled") or {}) | told)


def settled() -> tuple[str, str] | None:
    """The URL's parameters as the browser has them and as they should be; None if they are.

    While user ids are hidden nothing stands for those that the browser has.
    """
    before, after = _sent(), _params()
    if before == after:
        return None
    ids = {name for name in IN_ADDRESS if masked() and before.get(name) != after.get(name)}
    told = {name: [""] if name in ids else values for name, values in before.items()}
    return urlencode(told, True), urlencode(after, True)


def link(**changes: str | None) -> dict[str, str | list[str]]:
    """All parameters of this view, changed as said, for a link to another page."""
    return dict(_hidden(_changed(_params(), changes)))


def _sent() -> Params:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _params() -> Params:
    return _hidden(_sent() | (recall("settled") or {}))


def _hidden(params: Params) -> Params:
    """The same; where it says that user ids are hidden, without any."""
    if params.get(MASK, [])[-1:] != ["1"]:
        return params
    try:
        return hidden_params(params)
    except StoreError:  # The page says so; an id is not shown for that.
        return {name: values for name, values in params.items() if name not in IN_ADDRESS}


def _changed(params: Params, changes: Mapping[str, str | Sequence[str] | None]) -> Params:
    told = {
        name: [value] if isinstance(value, str) else list(value or ())
        for name, value in changes.items()
    }
    return {name: values for name, values in (params | told).items() if values}


def anew(**params: str) -> dict[str, str]:
    """Parameters of a link to something else altogether: what is of the reader alone stays."""
    return {name: read(name) for name in (LANGUAGE, GUIDE, MASK) if read(name)} | params


def read_all(name: str) -> tuple[str, ...]:
    """Every value of one URL parameter, in their order."""
    return tuple(_params().get(name, ()))


def masked() -> bool:
    """Whether user ids are hidden; not where nobody is drawn for, unless `hiding` says so."""
    held = _HIDING.get()
    if held is not None:
        return held
    return get_script_run_ctx(suppress_warning=True) is not None and read(MASK) == "1"


@contextmanager
def hiding(ids: bool) -> Iterator[None]:
    """Inside, ids of users are hidden or are not, whatever is drawn."""
    token = _HIDING.set(ids)
    try:
        yield
    finally:
        _HIDING.reset(token)


def theme() -> str | None:
    """`light` or `dark`, as the reader's browser shows the page."""
    return st.context.theme.type


def languages() -> tuple[str, ...]:
    """What the visitor reads, first what the URL asks for; nothing where nobody is drawn for."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return ()
    return (read(LANGUAGE), st.context.locale or "")


def vocabulary() -> Vocabulary | None:
    """The words of what the page shows; none before `router.py` says, or where nobody is drawn
    for."""
    drawn_for = get_script_run_ctx(suppress_warning=True) is not None
    told: Vocabulary | None = recall("vocabulary") if drawn_for else None
    return told


def chosen(name: str, options: Sequence[str], default: str) -> str:
    """The one of the options that the URL names."""
    value = read(name, default)
    return value if value in options else default


def choice(name: str, options: Sequence[str], default: str) -> dict[str, Any]:
    """Arguments that tie a widget with one choice to the URL."""
    return _tied(name, chosen(name, options, default), default)


def option(name: str, options: Sequence[str]) -> dict[str, Any]:
    """Arguments that tie a widget with one choice or none to the URL."""
    value = read(name)
    return _tied(name, value if value in options else None, None)


def all_chosen(name: str, options: Sequence[str]) -> list[str]:
    """Those of the options that the URL names."""
    return [value for value in read_all(name) if value in options]


def choices(name: str, options: Sequence[str], default: Sequence[str] = ()) -> dict[str, Any]:
    """Arguments that tie a widget with several choices to the URL; none unless there is a default,
    which stands in for none."""
    return _tied(name, all_chosen(name, options) or list(default), list(default))


def whole(name: str, low: int, high: int, default: int) -> int:
    """The whole number in the URL, within its limits."""
    value = read(name)
    told = value.isdecimal() and len(value) <= _DIGITS
    return min(max(int(value) if told else default, low), high)


def number(name: str, low: int, high: int, default: int) -> dict[str, Any]:
    """Arguments that tie a slider to the URL."""
    return _tied(name, whole(name, low, high, default), default, (low, high))


def ends(name: str, low: float, high: float) -> tuple[float, float]:
    """The two ends that the URL names, within their limits; everything by default."""
    try:
        start, end = (float(part) for part in read(name).split("~"))
    except ValueError:
        start, end = low, high
    start, end = max(low, min(start, high)), max(low, min(end, high))
    return (start, end) if start <= end else (low, high)


def span(name: str, low: float, high: float) -> dict[str, Any]:
    """Arguments that tie a slider with two ends to the URL; everything by default."""
    return _tied(name, ends(name, low, high), (low, high), (low, high))


def switch(name: str) -> dict[str, Any]:
    """Arguments that tie a switch to the URL; off by default."""
    return _tied(name, read(name) == "1", False)


def amount(name: str, default: float) -> dict[str, Any]:
    """Arguments that tie a field for any number to the URL."""
    try:
        value = float(read(name))
    except ValueError:
        value = default
    return _tied(name, value if math.isfinite(value) else default, default)


def words(name: str, default: str) -> dict[str, Any]:
    """Arguments that tie a field for text to the URL."""
    return _tied(name, read(name, default), default)


def _tied(
    name: str, value: object, default: object, limits: tuple[float, float] | None = None
) -> dict[str, Any]:
    key = f"w_{name}"
    _stands_as(key, value, limits)
    return {"key": key, "on_change": _commit, "args": (name, default)}


def _stands_as(key: str, value: object, limits: tuple[float, float] | None = None) -> None:
    """Tell a widget its value, unless it is there and has it.

    What the session remembers of the key may be of another widget: of the page before, or with
    other limits. Streamlit forgets it once this one is drawn.
    """
    other = recall("telling") or key not in st.session_state or recall(f"limits_{key}") != limits
    if other or st.session_state[key] != value:
        st.session_state[key] = value
        remember(f"limits_{key}", limits)
        if drawn_alone():
            # Whatever interrupts this part draws the whole page, and the browser may not have
            # shown the part.
            remember("undrawn", True)


def _commit(name: str, default: object) -> None:
    value = st.session_state[f"w_{name}"]
    write(**{name: None if value == default else _spelled(value)})


def _spelled(value: object) -> str | list[str]:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return [str(part) for part in value]
    if isinstance(value, tuple):
        return "~".join(f"{part:g}" for part in value)
    return str(value)


def row_choice(
    name: str, ids: Sequence[str], default: str = "", drop: Sequence[str] = ()
) -> dict[str, Any]:
    """Arguments that tie the selected row of a table to the URL.

    A click on a cell chooses its row. The key holds the rows, so a selection never outlives them;
    `drop` names parameters that a new choice makes meaningless.
    """
    key = f"t_{name}_{hash(tuple(ids)):x}"
    chosen = read(name, default)
    rows = [list(ids).index(chosen)] if chosen in ids else []
    remembered = st.session_state.get(key)
    if remembered is not None and (
        list(remembered["selection"]["rows"]) != rows or remembered["selection"]["cells"]
    ):
        st.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}

    def pick() -> None:
        selection = st.session_state[key]["selection"]
        picked = [cell[0] for cell in selection["cells"]] or list(selection["rows"])
        if picked and picked[0] < len(ids) and ids[picked[0]] != chosen:
            write(**{name: ids[picked[0]]}, **dict.fromkeys(drop))
            remember(f"picked_{name}", True)

    return {
        "key": key,
        "on_select": pick,
        "selection_mode": ["single-row", "single-cell"],
        "selection_default": {"selection": {"rows": rows}},
    }


def opening(name: str) -> dict[str, Any]:
    """Arguments of a popover that is open where the URL has something to show in it.

    Closing it takes that away.
    """
    key = f"o_{name}"
    if key not in st.session_state or (read(name) and not st.session_state[key]):
        st.session_state[key] = bool(read(name))

    def close() -> None:
        if not st.session_state[key]:
            write(**{name: None})

    return {"key": key, "on_change": close}


def chart_choice(key: str, name: str) -> None:
    """Write what was clicked in a chart to the URL; clicking beside everything takes it away."""
    clicked = st.session_state[key]["selection"].get(name) or []
    write(**{name: str(clicked[0][name]) if clicked else None})


def cell_click(key: str, name: str, rows: Sequence[str], columns: Sequence[str]) -> None:
    """Write the row and column of a clicked heatmap cell to the URL by their names."""
    points = st.session_state[key]["selection"]["points"]
    if not points:
        write(**{name: None})
        return
    write(**{name: f"{rows[int(points[0]['y'])]}~{columns[int(points[0]['x'])]}"})


def spot_click(key: str, name: str, keys: Sequence[str]) -> None:
    """Write what a clicked spot of a drawing chooses to the URL; what chooses nothing clears it."""
    points = st.session_state[key]["selection"]["points"]
    spot = int(points[0]["point_index"]) if points else len(keys)
    write(**{name: keys[spot] if spot < len(keys) else None})


def cell(name: str, rows: Sequence[str], columns: Sequence[str]) -> tuple[int, int] | None:
    """The place of the row and column that the URL names, if the heatmap has them."""
    row, _, column = read(name).partition("~")
    if row not in rows or column not in columns:
        return None
    return list(rows).index(row), list(columns).index(column)


def cell_half(name: str, side: int, options: Sequence[str]) -> dict[str, Any]:
    """Arguments that tie a field for the row (`side` 0) or column (1) of a cell to the URL."""
    value = read(name).partition("~")[::2][side]
    key = f"w_{name}_{side}"
    _stands_as(key, value if value in options else None)

    def commit() -> None:
        halves = [*read(name).partition("~")[::2]]
        halves[side] = st.session_state[key] or ""
        write(**{name: "~".join(halves) if any(halves) else None})

    return {"key": key, "on_change": commit}


def drawing(page: str) -> None:
    """The whole of a page begins to be drawn.

    Its widgets are told their values where the page before was another, or was not drawn to its
    end: the browser may have shown none of it.
    """
    remember("telling", bool(recall("undrawn")) or recall("page") != page)
    remember("undrawn", True)
    remember("page", page)
    remember("settled", {})


def draw_unasked() -> None:
    """Draw the whole page anew though the visitor did nothing."""
    remember("undrawn", True)
    st.rerun()


def drawn() -> None:
    """The whole page is drawn."""
    remember("telling", False)
    remember("undrawn", False)
    context = get_script_run_ctx()
    if context is not None:
        context.query_string = urlencode(_params(), True)


def drawn_alone() -> bool:
    """Whether a fragment is being drawn by itself, and not the whole page."""
    context = get_script_run_ctx()
    return context is not None and bool(context.fragment_ids_this_run)


def edit(*edits: str) -> None:
    """Add edits of the history to the URL."""
    write(**{EDITS: [*read_all(EDITS), *edits]})


def undo() -> None:
    """Take the last edit away; `redo` brings it back."""
    edits = read_all(EDITS)
    remember("undone", (edits[:-1], (*_undone(), *edits[-1:])))
    write(**{EDITS: list(edits[:-1]) or None})


def redo() -> None:
    """Make the edit again that was undone last."""
    edits, undone = read_all(EDITS), _undone()
    if undone:
        edit(undone[-1])
        remember("undone", ((*edits, undone[-1]), undone[:-1]))


def reset() -> None:
    """Take every edit away; `redo` brings them back one by one."""
    remember("undone", ((), read_all(EDITS)[::-1]))
    write(**{EDITS: None, EVENT: None})


def can_redo() -> bool:
    """Whether something was undone and nothing else done since."""
    return bool(_undone())


def _undone() -> tuple[str, ...]:
    edits, undone = recall("undone") or ((), ())
    return undone if edits == read_all(EDITS) else ()


def row_action(name: str, ids: Sequence[str], act: Callable[[str], None]) -> dict[str, Any]:
    """Arguments of a table whose rows are done something with: a click acts and selects nothing."""
    key = f"a_{name}_{hash(tuple(ids)):x}"

    def pick() -> None:
        selection = st.session_state[key]["selection"]
        picked = [cell[0] for cell in selection["cells"]] or list(selection["rows"])
        if picked and picked[0] < len(ids):
            act(ids[picked[0]])
            remember(f"picked_{name}", True)

    return {"key": key, "on_select": pick, "selection_mode": ["single-row", "single-cell"]}


def cell_choice(
    name: str, column: str, shown: object, change: Callable[[int, object], None]
) -> dict[str, Any]:
    """Arguments of a table with one column to edit; `change` takes the row and its new value.

    The key holds what is shown, so that a table whose change went to the URL starts anew.
    """
    key = f"e_{name}_{hash(shown):x}"

    def commit() -> None:
        for row, cells in st.session_state[key]["edited_rows"].items():
            if column in cells:
                change(int(row), cells[column])

    return {"key": key, "on_change": commit}


def picked(name: str) -> bool:
    """Whether a row was just chosen in a fragment, so that the page around it has to follow."""
    return bool(st.session_state.pop(f"m_picked_{name}", False))


def remember(name: str, value: object) -> None:
    """Keep something for this session that no link should carry, such as an upload."""
    st.session_state[f"m_{name}"] = value


def recall(name: str) -> Any:
    """What was kept, or None."""
    return st.session_state.get(f"m_{name}")


def forget(*names: str) -> None:
    """Keep it no longer."""
    for name in names:
        st.session_state.pop(f"m_{name}", None)


def once(name: str, key: object, make: Callable[[], T]) -> T:
    """What `make` gave for this key, made again only when the key changes."""
    kept = recall(name)
    if kept is None or kept[0] != key:
        kept = (key, make())
        remember(name, kept)
    made: T = kept[1]
    return made


def wished_anew() -> bool:
    """Whether the visitor has moved something since this part of the page began to be drawn.

    Streamlit has no public way to tell: within a fragment it keeps the wish until all is drawn.
    """
    context = get_script_run_ctx(suppress_warning=True)
    requests = getattr(context, "script_requests", None)
    return getattr(requests, "_state", None) is ScriptRequestType.RERUN
