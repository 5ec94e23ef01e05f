"""A workspace of before opens, with everything that was in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import URL, create_engine, text

from recommender.workspace import feedback, jobs, quotas, store, supervisor
from recommender.workspace.library import OPERATOR
from tests.workspace.test_jobs import ANN, BOB

LONG = "x" * 60
JOBS = (
    # name, owner, state, queued, started
    (LONG, "ann", "done", 1.0, "5.0"),
    (f"{LONG}-2", "bob", "cancelled", 2.0, "6.0"),
    ("shop", "ann", "queued", 4.0, "NULL"),
    ("shop-2", "bob", "queued", 3.0, "NULL"),
    ("first", "", "queued", 9.0, "NULL"),
)
OPINIONS = (
    # id, created, thumb: the clock was set back before the second
    ("b", 20.0, 1),
    ("a", 10.0, -1),
)


def write_old(url: URL) -> None:
    """A database of the first version, with rows as it wrote them."""
    config = Config()
    config.set_main_option("script_location", str(store._MIGRATIONS))
    engine = create_engine(url)
    with engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for row in JOBS:
            connection.execute(text(f"INSERT INTO jobs VALUES ({_job(*row)})"))
        for row in OPINIONS:
            connection.execute(text(f"INSERT INTO feedback VALUES ({_opinion(*row)})"))
    engine.dispose()


def _job(name: str, owner: str, state: str, queued: float, started: str) -> str:
    out = f"people/{owner}/runs/{name}" if owner else f"runs/{name}"
    told = f"'{name}', '{owner}', 'data', '{out}', '[]', '{state}'"
    return f"{told}, {queued}, {started}, NULL, 1, ''"


def _opinion(key: str, created: float, thumb: int) -> str:
    told = f"'{key}', 'ann', {created}, 'recommendation', {thumb}, '', 'note', 'run', 'f1'"
    # A text with a colon in it is a parameter to SQLAlchemy unless it is escaped.
    return f"{told}, 'Tiny', 'd1', 'u00', 'i05', 'user=u00', '{{\"top\"\\: []}}'"


@pytest.fixture
def old(home: Path) -> Path:
    """A workspace with that database and the log of a training."""
    home.mkdir()
    write_old(store.database_url())
    (home / "jobs" / f"{LONG}-2").mkdir(parents=True)
    (home / "jobs" / f"{LONG}-2" / "output.txt").write_text("what Bob's said")
    return home


@pytest.mark.usefixtures("old")
def test_trainings_of_before_are_found_by_their_names_with_their_logs() -> None:
    assert {job.id for job in jobs.jobs(OPERATOR)} == {row[0] for row in JOBS}
    assert [job.id for job in jobs.jobs(ANN)] == ["shop", LONG]
    assert jobs.log(f"{LONG}-2", BOB) == "what Bob's said"
    assert jobs.log(LONG, ANN) == ""


@pytest.mark.usefixtures("old")
def test_a_process_of_before_that_works_off_the_queue_still_reads_it() -> None:
    jobs.jobs(OPERATOR)
    with store.writing() as connection:
        columns = "name, owner, dataset, out, options, state, queued, started, ended, attempts"
        query = text(f"SELECT {columns}, message FROM jobs ORDER BY queued")
        assert {row.name for row in connection.execute(query)} == {row[0] for row in JOBS}
        connection.execute(text("UPDATE jobs SET state = 'running' WHERE name = 'first'"))
    assert jobs.poll("first", OPERATOR).state == "running"


@pytest.mark.usefixtures("old")
def test_those_that_waited_start_in_turn() -> None:
    # Of Ann's and Bob's one was started, Ann's first; of the operator's none yet.
    waiting = ["first", "shop", "shop-2"]
    assert [row["id"] for row in supervisor._next(9)] == waiting
    assert [jobs.poll(job, OPERATOR).before for job in waiting] == [0, 1, 2]


@pytest.mark.usefixtures("old")
def test_opinions_of_before_keep_the_order_in_which_they_came_and_count() -> None:
    found = feedback.opinions(ANN)
    assert (found["id"].tolist(), found["thumb"].tolist()) == (["a"], [-1])
    # Twice 500 for the row and 4 + 3 + 4 + 3 + 3 + 8 + 11 bytes of words; two trainings of 4,096.
    assert quotas.space_used(ANN) == 2 * (500 + 36) + 2 * 4_096
