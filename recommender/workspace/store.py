"""The door to the library's database: SQLite in the workspace, or PostgreSQL by setting a URL.

What is in it is metadata and opinions; the folders stay the truth for data sets and runs, so pages
that only read them go on while the database is away.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, Connection, Engine, create_engine, event, func, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError

from recommender.atomic import make_folder
from recommender.said import Said, StatedError
from recommender.workspace.places import home

DATABASE: Final = "RECLENS_DATABASE_URL"
FILE: Final = "library.sqlite"
"""The database of a workspace, where no other is named."""
_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_BUSY_SECONDS: Final = 20
_SETTINGS: Final = (
    f"busy_timeout={_BUSY_SECONDS * 1000}",
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",  # what is deleted is written over, and does not stay in the file
)
_CONNECT_SECONDS: Final = 3
_SLOW_SECONDS, _AWAY_SECONDS = 1.0, 3.0
_TRIES, _PATIENCE = 20, 0.1
"""To empty the library's log, and seconds between."""
_AWAY: Final[dict[str, Any]] = {"until": 0.0, "said": ""}
_LOCK: Final = 0x5EC1E45
"""Number of the advisory lock under which PostgreSQL's tables are made."""
_NUMBERS: Final = 0x5EC1E46
"""The one under which it hands out numbers."""


class StoreError(StatedError):
    """The database cannot be used now; the message says why and what to do."""


def database_url() -> URL:
    """Where the database is. Raises StoreError if `RECLENS_DATABASE_URL` is no URL of one."""
    told = os.environ.get(DATABASE, "")
    if not told:
        return URL.create("sqlite", database=str(home().resolve() / FILE))
    try:
        url = make_url(told)
    except (ArgumentError, ValueError) as error:
        # The value may hold a password, so it is not repeated.
        raise StoreError("{setting} is not the URL of a database", setting=DATABASE) from error
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreError(
            "{setting} names {kind}: use postgresql or sqlite",
            setting=DATABASE,
            kind=url.get_backend_name(),
        )
    return url


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection that only reads. Raises StoreError."""
    with _words(), _engine().connect() as connection:
        yield connection


@contextmanager
def writing() -> Iterator[Connection]:
    """One transaction: on disk as a whole when the block has ended, or not at all.

    Raises StoreError.
    """
    with (
        _words(),
        _engine().connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        yield connection


def next_number(column: Column[int], connection: Connection) -> int:
    """One more than any number in the column, within a transaction of `writing`.

    Whoever asks waits for those who asked before: in SQLite by the lock of a writer.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _NUMBERS})
    return int(connection.execute(select(func.max(column))).scalar() or 0) + 1


def close_store() -> None:
    """Let go of all connections; the next use opens anew."""
    with _OPENING:
        for engine in _ENGINES.values():
            engine.dispose()
        _ENGINES.clear()
        _AWAY["until"] = 0.0


def copy_database(to: Path) -> bool:
    """Write the library as it is at this moment to a file, while others write on; False where
    PostgreSQL has it. Raises StoreError."""
    if database_url().get_backend_name() != "sqlite":
        return False
    with _words(), _engine().connect() as connection, closing(sqlite3.connect(to)) as copy:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.backup(copy)
    return True


def copy_library(source: Path, to: Path) -> None:
    """Write what a workspace's library of SQLite's holds to a file, with what is in its log.

    Raises StoreError.
    """
    with (
        _words(),
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as opened,
        closing(sqlite3.connect(to)) as copy,
    ):
        opened.backup(copy)


def wipe() -> bool:
    """Leave nothing in the library's files of rows that were deleted; whether that is so.

    It is not where somebody reads or writes just now: ask again when they have done. Raises
    StoreError.
    """
    with _words(), _engine().connect() as connection:
        driver = connection.connection.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM")
            return True
        driver.execute("PRAGMA temp_store=MEMORY")
        try:
            driver.execute("VACUUM")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname.startswith("SQLITE_BUSY"):
                return False
            raise
        for _ in range(_TRIES):
            (busy, _pages, _written) = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                return True
            time.sleep(_PATIENCE)
        return False


def is_sound(path: Path) -> bool:
    """Whether a file is a database of SQLite's without damage."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            return opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except sqlite3.Error:
        return False


_ENGINES: Final[dict[str, Engine]] = {}
_FILES: Final[dict[str, tuple[int, int] | None]] = {}
"""Which file each engine of SQLite's has open: a backup that is taken back brings another."""
_OPENING: Final = threading.Lock()


@contextmanager
def _words() -> Iterator[None]:
    """Errors of the database and of its folder as one that says what to do."""
    started = time.monotonic()
    if started < _AWAY["until"]:
        raise StoreError("{why}", why=_AWAY["said"])
    try:
        yield
    except OperationalError as error:
        # A database that hangs is not waited for again by everything that a page asks it.
        if time.monotonic() - started > _SLOW_SECONDS:
            _AWAY.update(until=time.monotonic() + _AWAY_SECONDS, said=_said(error))
        raise StoreError("{why}", why=_said(error)) from None
    except (SQLAlchemyError, sqlite3.Error) as error:  # the latter where the driver is asked itself
        raise StoreError("{why}", why=_said(error)) from None
    except OSError as error:
        why = error.strerror or error
        raise StoreError("{folder} cannot be written: {why}", folder=home(), why=why) from None


def _said(error: Exception) -> Said:
    cause = getattr(error, "orig", None) or error
    first = (str(cause).strip().splitlines() or [type(cause).__name__])[0]
    where = database_url()
    if where.get_backend_name() == "sqlite":
        return Said(
            "the library in {folder} cannot be used ({why}): see that there is room on the disk "
            "and that it may be written, then try again",
            folder=home(),
            why=first,
        )
    return Said(
        "the library's database at {host} does not answer ({why}): what is open stays, and it is "
        "tried again with the next step",
        host=where.host or Said("its socket"),
        why=first,
    )


def _engine() -> Engine:
    """The engine of the database, its tables brought up to date when it is first opened."""
    url = database_url()
    key = url.render_as_string(hide_password=False)
    with _OPENING:
        if key in _ENGINES and _FILES.get(key) != _file(url):
            _ENGINES.pop(key).dispose()
        if key not in _ENGINES:
            engine = _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url)
            _migrate(engine)
            _ENGINES[key], _FILES[key] = engine, _file(url)
        return _ENGINES[key]


def _file(url: URL) -> tuple[int, int] | None:
    """What tells a database's file from any other; None for a server or where there is none."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    try:
        found = Path(url.database).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _postgresql(url: URL) -> Engine:
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_recycle=300,
        hide_parameters=True,
        connect_args={"connect_timeout": _CONNECT_SECONDS},
    )


def _sqlite(url: URL) -> Engine:
    if url.database:
        make_folder(Path(url.database).parent)
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _: object) -> None:
    connection.isolation_level = None  # Transactions begin where `_begin` says so.
    for setting in _SETTINGS:
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    # A writer takes its lock at once: two that first read and then write would refuse each other.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrate(engine: Engine) -> None:
    """Bring the tables up to date; of several that start at once, one does and the others wait."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with (
        _alone(engine),
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StoreError(
                "the library's database was written by a newer version of RecLens ({why})",
                why=error,
            ) from None


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path:
        with nullcontext():
            yield
        return
    with Path(f"{path}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
