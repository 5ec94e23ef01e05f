from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, select, text

from recommender.workspace import library, records, schema, store
from recommender.workspace.library import OPERATOR

ROW = {"key": "ann", "name": "Ann", "seen": 1.0}


def test_the_migrations_make_the_tables_of_the_schema() -> None:
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_what_was_written_is_there_for_another_process(home: Path) -> None:
    with store.writing() as connection:
        connection.execute(insert(schema.people), ROW)
    code = "from recommender.workspace import records; print(records.names_of_people())"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "{'ann': 'Ann'}"


def test_several_that_start_at_once_make_the_tables_once(home: Path) -> None:
    code = (
        "from recommender.workspace import store, schema\n"
        "from sqlalchemy import insert\nimport sys\n"
        "with store.writing() as c:\n"
        "    c.execute(insert(schema.people), {'key': sys.argv[1], 'name': 'x', 'seen': 1.0})\n"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(n)], stderr=subprocess.PIPE)
        for n in range(4)
    ]
    for process in started:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()
    assert set(records.names_of_people()) == {"0", "1", "2", "3"}


def test_a_block_that_fails_leaves_nothing() -> None:
    with pytest.raises(RuntimeError), store.writing() as connection:
        connection.execute(insert(schema.people), ROW)
        raise RuntimeError
    with store.reading() as connection:
        assert connection.execute(select(schema.people)).all() == []


def test_a_database_of_a_newer_version_is_refused() -> None:
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close_store()
    with pytest.raises(store.StoreError, match="newer version"), store.reading():
        pass


@pytest.mark.parametrize("url", ["nonsense", "mysql://me:secret@host/db", "://secret"])
def test_a_url_of_nothing_is_refused_without_saying_it(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv(store.DATABASE, url)
    with pytest.raises(store.StoreError) as error, store.reading():
        pass
    assert store.DATABASE in str(error.value)
    assert "secret" not in str(error.value)


def test_without_its_database_the_library_goes_by_folders(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "runs" / "mine").mkdir(parents=True)
    (home / "runs" / "mine" / library.RUN_MARK).write_text("{}")
    monkeypatch.setenv(store.DATABASE, "postgresql://ann:secret@127.0.0.1:1/none")
    assert [entry.name for entry in library.entries(OPERATOR)] == ["mine"]
    with pytest.raises(store.StoreError) as error:
        records.rename(home / "runs" / "mine", "other")
    assert "127.0.0.1" in str(error.value)
    assert "secret" not in str(error.value)


def test_a_damaged_database_is_said_in_words(home: Path) -> None:
    home.mkdir()
    (home / "library.sqlite").write_bytes(b"this is no database at all" * 100)
    with pytest.raises(store.StoreError, match="not a database"), store.reading():
        pass
