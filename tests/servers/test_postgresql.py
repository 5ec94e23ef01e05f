"""The library in a real PostgreSQL: the same tables, the same words, gone and back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from recommender.workspace import (
    audit,
    feedback,
    jobs,
    library,
    places,
    processes,
    quotas,
    records,
    schema,
    store,
)
from recommender.workspace.feedback import Opinion
from recommender.workspace.library import OPERATOR
from tests.servers.postgresql import Cluster, cluster
from tests.workspace.test_jobs import ANN
from tests.workspace.test_migrations import JOBS, write_old

UP = Opinion("recommendation", 1, "run", "f1", "Tiny", "d1", "u00", "i05", "user=u00", {"top": []})


@pytest.fixture(scope="module")
def postgres() -> Iterator[Cluster]:
    with cluster() as started:
        yield started


@pytest.fixture(autouse=True)
def _settings(postgres: Cluster, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(places.HOME, str(home))
    monkeypatch.setenv(places.START_RUN, str(home / "none"))
    monkeypatch.setenv(store.DATABASE, postgres.url)
    monkeypatch.setattr(processes, "start_supervisor", lambda home: None)
    yield
    store.close_store()


def test_several_that_start_at_once_make_the_tables_once(home: Path) -> None:
    code = "from recommender.workspace import records; records.names_of_people()"
    started = [
        subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(3)
    ]
    for process in started:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_a_database_of_before_opens_with_all_that_was_in_it(
    postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = create_engine(store.database_url(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE old"))
    engine.dispose()
    monkeypatch.setenv(store.DATABASE, postgres.url.removesuffix("postgres") + "old")
    write_old(store.database_url())
    assert {job.id for job in jobs.jobs(OPERATOR)} == {row[0] for row in JOBS}
    assert feedback.opinions(OPERATOR)["id"].tolist() == ["b"]
    assert quotas.space_used(ANN) == 2 * (500 + 36) + 2 * 4_096
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_the_library_the_queue_and_feedback_work_there(home: Path) -> None:
    folder = home / "runs" / "mine"
    folder.mkdir(parents=True)
    (folder / library.RUN_MARK).write_text("{}")
    records.rename(folder, "店 spring")
    assert library.find("店 spring", OPERATOR) is not None
    job = jobs.enqueue(folder, library.new_path("run", "next", OPERATOR), OPERATOR)
    assert jobs.cancel(job.id, OPERATOR).state == "cancelled"
    jobs.forget(job.id, OPERATOR)
    feedback.keep(UP, OPERATOR)
    assert feedback.opinions(OPERATOR)["item_id"].tolist() == ["i05"]


def test_gone_is_said_in_words_and_back_is_found_without_a_restart(postgres: Cluster) -> None:
    feedback.keep(UP, OPERATOR)
    before = len(feedback.opinions(OPERATOR))
    postgres.stop()
    try:
        with pytest.raises(store.StoreError, match="does not answer"):
            feedback.keep(UP, OPERATOR)
        assert library.entries(OPERATOR) == ()
    finally:
        postgres.start()
    assert len(feedback.opinions(OPERATOR)) == before
    feedback.keep(UP, OPERATOR)


def test_no_deed_is_changed_or_taken_out_and_the_log_keeps_the_order() -> None:
    for name in ("first", "second"):
        audit.note(ANN, "delete", name)
    for change in ("UPDATE audit SET actor = 'eve'", "DELETE FROM audit", "TRUNCATE audit"):
        with pytest.raises(store.StoreError, match="only added to"), store.writing() as connection:
            connection.execute(text(change))
    assert [row["object"] for row in audit.deeds(OPERATOR)][:2] == ["second", "first"]


def test_what_was_deleted_is_wiped() -> None:
    feedback.keep(UP, ANN)
    with store.writing() as connection:
        connection.execute(schema.feedback.delete())
    assert store.wipe()
