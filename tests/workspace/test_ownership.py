"""One person's names, words and haste touch nothing of another's."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from recommender.workspace import feedback, jobs, library, processes, quotas, records, supervisor
from recommender.workspace.library import OPERATOR
from recommender.workspace.quotas import QuotaError
from recommender.workspace.visitors import Visitor
from tests.workspace.test_feedback import UP
from tests.workspace.test_jobs import ANN, BOB, _sleeper, idle, state
from tests.workspace.test_library import make

__all__ = ["idle"]

CAT = Visitor("cat", "Cat", admin=False)
ROOT = Visitor("root", "Root", admin=True)
LONG = "a-file-name-as-exports-have-it-with-a-date-and-more-" + "x" * 40


def ask(data: Path, visitor: Visitor, name: str = "shop") -> jobs.Job:
    return jobs.enqueue(data, library.new_path("run", name, visitor), visitor)


def start(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start as many as there is room for, up to n that run at once."""
    monkeypatch.setattr(processes, "launch", _sleeper)
    monkeypatch.setenv(supervisor.LIMIT, str(n))
    supervisor._round(supervisor._Children())


@pytest.mark.usefixtures("idle")
def test_two_trainings_of_one_long_name_are_two(
    data: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = ask(data, ANN, LONG), ask(data, BOB, LONG), ask(data, BOB, LONG)
    start(3, monkeypatch)
    own = [home / "jobs" / job.id for job in (first, second, third)]
    (own[0] / "output.txt").write_text("what Ann's says")
    assert [jobs.log(job.id, BOB) for job in (second, third)] == ["", ""]
    jobs.cancel(second.id, BOB)
    assert [processes.is_alive(folder) for folder in own] == [True, False, True]
    jobs.forget(second.id, BOB)
    assert [folder.exists() for folder in own] == [True, False, True]
    assert jobs.log(first.id, ANN) == "what Ann's says"


@pytest.mark.usefixtures("idle")
@pytest.mark.parametrize("name", ["lock", "supervisor.txt", "../jobs"])
def test_no_name_of_a_training_stops_the_queue(data: Path, home: Path, name: str) -> None:
    ask(data, BOB, name)
    held = processes.lock(home / "jobs" / "lock")
    assert held is not None
    os.close(held)
    assert not (home / "jobs" / "supervisor.txt").exists()


@pytest.mark.usefixtures("idle")
def test_the_name_of_a_training_tells_nothing_of_anothers(data: Path) -> None:
    assert [ask(data, who).name for who in (ANN, BOB, BOB)] == ["shop", "shop", "shop-2"]


@pytest.mark.usefixtures("idle")
def test_the_folder_that_a_training_will_write_is_given_to_nothing_else(data: Path) -> None:
    assert ask(data, ANN).out.name == "shop"
    assert library.new_path("run", "shop", ANN).name == "shop-2"
    assert library.new_path("run", "shop", BOB).name == "shop"


def order(home: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of all that wait, in the order in which they are started one at a time."""
    monkeypatch.setattr(processes, "launch", lambda folder, command: None)
    started: list[str] = []
    while found := supervisor._next(1):
        assert supervisor._claim(found[0])
        started.append(found[0]["id"])
    return started


@pytest.mark.usefixtures("idle")
def test_ten_trainings_of_one_person_let_anothers_run_second(
    data: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(quotas.WAITING, "10")
    tens = [ask(data, ANN).id for _ in range(10)]
    one = ask(data, BOB).id
    expected = [tens[0], one, *tens[1:]]
    before = {job: jobs.poll(job, OPERATOR).before for job in expected}
    assert [before[job] for job in expected] == list(range(11))
    assert order(home, monkeypatch) == expected


@pytest.mark.usefixtures("idle")
def test_who_has_had_a_turn_waits_for_the_others_whatever_is_discarded(
    data: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = ask(data, ANN), ask(data, ANN)
    start(1, monkeypatch)
    jobs.cancel(first.id, ANN)
    jobs.forget(first.id, ANN)
    anothers, third = ask(data, BOB), ask(data, CAT)
    again = ask(data, BOB)
    # Ann's first was started, Bob's and Cat's never: Bob asked before Cat, and twice.
    assert order(home, monkeypatch) == [anothers.id, third.id, second.id, again.id]


@pytest.mark.usefixtures("idle")
def test_a_clock_that_is_set_back_lets_nobody_ahead(
    data: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ask(data, ANN)
    monkeypatch.setattr(jobs.time, "time", lambda: 1.0)
    second = ask(data, ANN)
    assert [job.id for job in jobs.jobs(ANN)] == [second.id, first.id]
    assert order(home, monkeypatch) == [first.id, second.id]


@pytest.mark.usefixtures("idle")
def test_going_on_is_asked_for_as_a_new_training_is(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(quotas.WAITING, "2")
    ended = []
    for _ in range(4):
        ended.append(ask(data, ANN).id)
        jobs.cancel(ended[-1], ANN)
    for job in ended[:2]:
        assert jobs.resume(job, ANN).state == "queued"
    with pytest.raises(QuotaError, match="2 of your trainings"):
        jobs.resume(ended[2], ANN)
    assert [state(job) for job in ended] == ["queued", "queued", "cancelled", "cancelled"]
    assert jobs.resume(ended[0], ANN).state == "queued"  # it waits already
    jobs.resume(ended[2], OPERATOR)


@pytest.mark.usefixtures("idle")
def test_going_on_needs_room_too(data: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(quotas.SPACE, "1")
    job = ask(data, ANN)
    jobs.cancel(job.id, ANN)
    make(home / "people" / "ann" / "runs" / "large", library.RUN_MARK)
    (home / "people" / "ann" / "runs" / "large" / "weights").write_bytes(bytes(2**20))
    with pytest.raises(QuotaError, match="1 MB"):
        jobs.resume(job.id, ANN)


@pytest.mark.usefixtures("idle")
def test_logs_count_for_the_room_that_somebody_takes(
    data: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(quotas.SPACE, "1")
    job = ask(data, ANN)
    (home / "jobs" / job.id).mkdir(parents=True)
    (home / "jobs" / job.id / "output.txt").write_bytes(bytes(2**20))
    assert 2**20 < quotas.space_used(ANN) < 2**20 + 10_000
    with pytest.raises(QuotaError, match="1 MB"):
        ask(data, ANN)
    ask(data, BOB)


def test_opinions_count_for_the_room_that_somebody_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(quotas.SPACE, "1")
    long = replace(UP, state="user=" + "u" * 40_000)
    for n in range(25):  # 25 times 40,350 bytes are a little less than a MB
        feedback.keep(replace(long, item_id=f"i{n:02d}"), ANN)
    assert 25 * 40_000 < quotas.space_used(ANN) < 25 * 40_400
    with pytest.raises(QuotaError, match="1 MB"):
        feedback.keep(replace(long, item_id="i25"), ANN)
    feedback.keep(replace(long, item_id="i00", thumb=0), ANN)
    assert "i00" not in set(feedback.opinions(ANN)["item_id"])
    feedback.keep(long, BOB)


def test_an_opinion_has_a_limit_of_its_own() -> None:
    for much in (
        {"state": "u" * 64_000},
        {"seen": {"top": ["i" * 64_000]}},
        {"user_id": "u" * 64_000},
    ):
        with pytest.raises(ValueError, match="at most 64,000 are kept"):
            feedback.keep(replace(UP, **much), OPERATOR)
    assert feedback.opinions(OPERATOR).empty


def test_what_is_called_so_now_is_not_what_was_shown(home: Path) -> None:
    anns = make(home / "people" / "ann" / "runs" / "shop", library.RUN_MARK)
    bobs = make(home / "people" / "bob" / "runs" / "other", library.RUN_MARK)
    shown = library.find("shop", ROOT)
    assert shown is not None
    records.rename(anns, "spring")
    records.rename(bobs, "shop")
    now = library.find("shop", ROOT)
    assert now is not None
    assert (now.path, now.key == shown.key) == (bobs, False)
    still = library.still(shown, ROOT)
    assert (still.path, still.name) == (anns, "spring")
    with pytest.raises(ValueError, match="no longer what was shown"):
        library.still(shown, BOB)


def test_what_stands_in_its_folder_now_is_not_what_was_shown(home: Path) -> None:
    folder = make(home / "runs" / "shop", library.RUN_MARK)
    shown = library.find("shop", OPERATOR)
    assert shown is not None
    folder.rename(home / "aside")  # so that no file system gives its number again
    make(folder, library.RUN_MARK)
    with pytest.raises(ValueError, match="no longer what was shown"):
        library.still(shown, OPERATOR)
    assert folder.is_dir()


def test_an_administrators_own_are_called_as_they_are_whatever_others_call_theirs(
    home: Path,
) -> None:
    own = make(home / "people" / "root" / "runs" / "shop", library.RUN_MARK)
    make(home / "people" / "ann" / "runs" / "shop", library.RUN_MARK)
    found = library.find("shop", ROOT)
    assert found is not None
    assert found.path == own


def test_what_follows_a_deleted_run_has_neither_its_name_nor_its_note(home: Path) -> None:
    folder = make(home / "runs" / "shop", library.RUN_MARK)
    records.rename(folder, "spring")
    records.annotate(folder, "the good one")
    records.delete(folder)
    make(folder, library.RUN_MARK)
    records.reconcile()
    assert [(one.name, one.note) for one in library.entries(OPERATOR)] == [("shop", "")]


def test_another_data_set_in_the_folder_of_one_that_is_gone_has_not_its_name(
    home: Path,
) -> None:
    folder = make(home / "datasets" / "shop", library.DATASET_MARK)
    (folder / library.DATASET_MARK).write_text('{"fingerprint": "one"}')
    records.rename(folder, "spring")
    folder.rename(home / "aside")
    records.reconcile()
    make(folder, library.DATASET_MARK)
    (folder / library.DATASET_MARK).write_text('{"fingerprint": "other"}')
    records.reconcile()
    assert [one.name for one in library.entries(OPERATOR)] == ["shop"]


def test_the_later_word_counts_though_the_clock_was_set_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    feedback.keep(UP, ANN)
    monkeypatch.setattr(feedback.time, "time", lambda: 1.0)
    feedback.keep(replace(UP, thumb=-1, note="no"), ANN)
    assert feedback.opinions(ANN)["thumb"].tolist() == [-1]
    assert feedback.opinion_of(ANN, "recommendation", "f1", "u00", "i05") == (-1, "", "no")


def test_what_is_exported_does_not_say_how_much_others_say() -> None:
    feedback.keep(UP, BOB)
    feedback.keep(UP, ANN)
    assert not {"sequence", "bytes"} & set(feedback.opinions(ANN).columns)
