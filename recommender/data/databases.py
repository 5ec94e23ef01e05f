"""The answer of a database as a frame of text: asked without the right to write, read in parts."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pandas as pd
import pyarrow as pa

from recommender.confined import Limits
from recommender.data.answer_cells import cells_of
from recommender.data.limits import MAX_CELLS, MAX_COLUMNS
from recommender.data.problems import Finder, Problem
from recommender.data.queries import WRITE_IT_SO, Query, one_statement, secrets_of, url_of
from recommender.data.reading.files import Form, Opened, RawTable, tamed
from recommender.data.reading.headers import one_line, unique_names
from recommender.said import Said, StatedError, said_by

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine import URL

ROWS_AT_ONCE: Final = 10_000
_CONNECT_SECONDS: Final = 10
_LONGEST: Final = 400
"""Letters of what a database says that are said again."""
_FEWER: Final = Said("Ask for fewer rows or columns")
_ASK_SO: Final = Said("Ask for one table, such as SELECT user_id, item_id, time FROM orders")
T = TypeVar("T")
_AS_WRITTEN: Final = (
    *("numeric", "float4", "float8", "date", "time", "timetz", "timestamp", "timestamptz"),
    *("interval", "uuid", "json", "jsonb"),
)
"""Types of PostgreSQL that are taken as it writes them: Python has no date that is infinite."""
_READING: Final = {
    sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE,
}  # fmt: skip
"""All that a question may do in SQLite; attaching another file is not in it."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What a database answers, as it comes."""

    names: list[str]
    parts: Iterable[list[pa.Array | None]]
    """Some rows each: a column of text for each name; None for one that is no text."""
    notes: tuple[Problem, ...] = ()


class _RefusedError(StatedError):
    """The database was not asked, or does not answer; the message says why."""

    def __init__(self, template: str, /, *, remedy: Said, **values: object) -> None:
        super().__init__(template, **values)
        self.remedy = remedy


def read_query(source: Opened) -> RawTable:
    """The answer to the query of the source. Problems are returned, never raised."""
    assert source.query is not None
    assert source.limits is not None
    finder = Finder(source.name)
    try:
        with _asked(source.query, source.limits, finder) as answer:
            frame, size, problems = _as_frame(answer, source.most, finder)
    except _RefusedError as error:
        problem = finder.error(said_by(error), error.remedy)
        return RawTable(source.name, None, pd.DataFrame(), (problem,))
    frame, more = tamed(frame, finder)
    if frame.empty:
        message, remedy = Said("the query gives no rows"), Said("Check its conditions")
        more = [*more, finder.error(message, remedy)]
    form = Form("database", size=size)
    return RawTable(source.name, None, frame, (*answer.notes, *problems, *more), form)


def _as_frame(answer: Answer, most: int, finder: Finder) -> tuple[pd.DataFrame, int, list[Problem]]:
    """The rows, numbered from 1, how many bytes they are, and what is wrong with them."""
    width = len(answer.names)
    if width > MAX_COLUMNS:
        _too_much(Said("{n} columns; at most {most} are read", n=width, most=MAX_COLUMNS))
    kept: list[list[pa.Array] | None] = [[] for _ in answer.names]
    rows = size = 0
    for part in answer.parts:
        for i, cells in enumerate(part):
            column = kept[i]
            if cells is None or column is None:
                kept[i] = None
                continue
            column.append(cells)
            size += cells.nbytes
        rows += max((len(cells) for cells in part if cells is not None), default=0)
        if size > most or rows * width > MAX_CELLS:
            _too_much(Said("more than {n} rows, more than can be read", n=rows))
    names, problems = unique_names([one_line(name) for name in answer.names], finder)
    columns = {
        name: pa.chunked_array(column, pa.large_string())
        for name, column in zip(names, kept, strict=True)
        if column is not None
    }
    problems += [_no_text(name, finder) for name in names if name not in columns]
    frame = pa.table(columns).to_pandas()
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return frame, size, problems


def _too_much(what: Said) -> None:
    raise _RefusedError("the answer has {what}", remedy=_FEWER, what=what)


def _no_text(name: str, finder: Finder) -> Problem:
    remedy = Said("Turn them into text in the query if they are needed")
    return finder.note(Said("it holds bytes, which are no text, and is not used"), remedy, name)


@contextmanager
def _asked(query: Query, limits: Limits, finder: Finder) -> Iterator[Answer]:
    """The answer, while the database gives it. Raises _RefusedError, whatever a driver raises."""
    statement = _or_refused(one_statement, query.sql, _ASK_SO)
    url = _or_refused(url_of, query.url, WRITE_IT_SO)
    systems = {"sqlite": _sqlite, "duckdb": _duckdb, "postgresql": _postgresql}
    with _in_words(url), systems.get(url.get_backend_name(), _any)(url, statement, limits) as got:
        yield got


def _or_refused(parse: Callable[[str], T], text: str, remedy: Said) -> T:
    try:
        return parse(text)
    except StatedError as error:
        raise _RefusedError("{why}", remedy=remedy, why=error.said) from None


@contextmanager
def _in_words(url: URL) -> Iterator[None]:
    """What goes wrong inside is said in words, without what nobody is told."""
    try:
        yield
    except (_RefusedError, MemoryError):
        raise
    except ModuleNotFoundError:
        raise _no_driver(url) from None
    except Exception as error:  # every driver has its own
        raise _told(error, url) from None


def _no_driver(url: URL) -> _RefusedError:
    remedy = Said("Install reclens[databases] for DuckDB and PostgreSQL, else a driver for it")
    return _RefusedError("no driver of {kind} is installed", remedy=remedy, kind=url.drivername)


def _told(error: Exception, url: URL) -> _RefusedError:
    from sqlalchemy.exc import NoSuchModuleError

    if isinstance(error, NoSuchModuleError):
        return _no_driver(url)
    raised = getattr(error, "orig", None) or error
    lines = str(raised).strip().splitlines() or [type(raised).__name__]
    text = one_line(lines[0])[:_LONGEST]
    if any(secret in text for secret in secrets_of(url)):
        text = type(raised).__name__
    if any(kind.__name__ == "DataError" for kind in type(raised).__mro__):  # it may say a cell
        remedy = Said("Leave it out, or turn it into text in the query")
        return _RefusedError("a value cannot be read: {example}", remedy=remedy, example=text)
    remedy = Said("Check the address, the rights and the query, which may only read")
    return _RefusedError("the database refuses: {why}", remedy=remedy, why=text)


def _file_of(url: URL) -> Path:
    path = Path(url.database or "").expanduser()
    if not path.is_file():
        raise _RefusedError("there is no such file", remedy=WRITE_IT_SO)
    return path.resolve()


@contextmanager
def _sqlite(url: URL, statement: str, limits: Limits) -> Iterator[Answer]:
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    path = _file_of(url)

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=limits.seconds)

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA query_only=ON")
        raw.text_factory = _text_or_bytes
        raw.set_authorizer(_only_reading)
        yield _streamed(connection, statement)


def _text_or_bytes(written: bytes) -> str | bytes:
    try:
        return written.decode()
    except UnicodeDecodeError:
        return written


def _only_reading(action: int, _one: object, name: object, *_where: object) -> int:
    reads = action in _READING and name != "load_extension"
    return sqlite3.SQLITE_OK if reads else sqlite3.SQLITE_DENY


@contextmanager
def _postgresql(url: URL, statement: str, limits: Limits) -> Iterator[Answer]:
    from psycopg.types.string import TextLoader
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={"connect_timeout": _CONNECT_SECONDS},
    )
    with engine.connect() as connection:
        for setting in (
            "SET TRANSACTION READ ONLY",
            "SET LOCAL default_transaction_read_only = on",
            f"SET LOCAL statement_timeout = {1000 * limits.seconds}",
            "SET LOCAL timezone = 'UTC'",
            "SET LOCAL datestyle = 'ISO, YMD'",
        ):
            connection.exec_driver_sql(setting)
        raw: Any = connection.connection.driver_connection
        for name in _AS_WRITTEN:
            raw.adapters.register_loader(name, TextLoader)
        yield _streamed(connection, statement)


@contextmanager
def _any(url: URL, statement: str, limits: Limits) -> Iterator[Answer]:
    """Of a system that is not told here to refuse what writes: the account has to."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    note = Finder(url.database or "database").note(
        Said("this kind of database is not told to refuse what writes"),
        Said("Use an account that may only read"),
    )
    with engine.connect() as connection:
        answer = _streamed(connection, statement)
        yield Answer(answer.names, answer.parts, (note,))


def _streamed(connection: Connection, statement: str) -> Answer:
    """Some rows at a time, as far as the driver can; what the question changed is not kept."""
    options: dict[str, Any] = {"yield_per": ROWS_AT_ONCE, "no_parameters": True}
    result = connection.execution_options(**options).exec_driver_sql(statement)
    parts = (
        list(map(cells_of, zip(*rows, strict=True))) for rows in result.partitions(ROWS_AT_ONCE)
    )
    return Answer(list(result.keys()), parts)


@contextmanager
def _duckdb(url: URL, statement: str, limits: Limits) -> Iterator[Answer]:
    """DuckDB writes each cell as text itself: by way of Arrow its widest numbers would be wrong."""
    import duckdb

    settings: dict[str, Any] = {
        "enable_external_access": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "memory_limit": f"{limits.megabytes // 2}MB",
        "temp_directory": "",
        "threads": "2",
    }
    path = str(_file_of(url))
    with closing(duckdb.connect(path, read_only=True, config=settings)) as connection:
        connection.execute("SET TimeZone='UTC'")
        connection.execute("SET lock_configuration=true")
        if len(connection.extract_statements(statement)) != 1:
            raise _RefusedError("these are several statements", remedy=_ASK_SO)
        asked = connection.sql(statement)
        types = [str(kind) for kind in asked.types]
        texts = asked.project(", ".join(map(_as_text, range(1, len(types) + 1), types)))
        parts = (
            [None if types[i] == "BLOB" else _blank(batch.column(i)) for i in range(len(types))]
            for batch in texts.to_arrow_reader(ROWS_AT_ONCE)
        )
        yield Answer(asked.columns, parts)


def _as_text(number: int, kind: str) -> str:
    if kind.endswith("]"):
        return f"array_to_string(CAST(#{number} AS VARCHAR[]), '|')"
    return f"CAST(#{number} AS VARCHAR)"


def _blank(cells: pa.Array) -> pa.Array:
    return cells.cast(pa.large_string()).fill_null("")
