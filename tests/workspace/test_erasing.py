"""A customer who was erased is nowhere in the workspace, and all else is as it was."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from recommender.data import load_dataset, save_dataset
from recommender.data.fingerprints import dataset_fingerprint
from recommender.data.leaving import without_user
from recommender.model.run import open_run
from recommender.said import Said, StatedError, written
from recommender.workspace import (
    audit,
    erasing,
    feedback,
    jobs,
    library,
    lineage,
    processes,
    receipts,
    records,
    store,
    traces,
)  # fmt: skip
from recommender.workspace.backup import back_up
from recommender.workspace.erasing import EraseError, Found, erase, find_customer
from recommender.workspace.feedback import Opinion
from recommender.workspace.library import OPERATOR
from recommender.workspace.pseudonyms import pseudonym, secret
from recommender.workspace.schema import jobs as table
from recommender.workspace.visitors import Visitor
from tests.cli.calling import assert_one_paragraph, call
from tests.dashboard.shop import train_shop

ANN = Visitor("ann", "Ann", admin=False, identity="https://id.example.org#1")
GONE, STAYS = "u07", "u08"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_shop(tmp_path_factory.mktemp("shop")).parent


@pytest.fixture
def used(home: Path, made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ann's workspace with whatever can hold a customer."""
    monkeypatch.setattr(processes, "start_supervisor", lambda home: None)
    monkeypatch.delenv(library.START_RUN)
    monkeypatch.setattr("recommender.workspace.places.SAMPLE_RUN", home / "none")
    place = home / "people" / "ann"
    shutil.copytree(made / "data", place / "datasets" / "shop")
    shutil.copytree(made / "run", place / "runs" / "first")
    (place / "runs" / "first" / "measured").mkdir()
    (place / "runs" / "first" / "measured" / "starts.json.gz").write_text(GONE)
    (place / "runs" / "first" / "trust.json").write_text("{}")
    records.reconcile()
    records.annotate(place / "datasets" / "shop", "of May")
    for user in (GONE, STAYS):
        feedback.keep(opinion(user), ANN)
    feedback.keep(opinion(STAYS, item="i07", state=f"user={STAYS}&with={GONE}&k=10"), ANN)
    path = feedback.write_likes(feedback.likes(feedback.opinions(ANN)), ANN)
    job = jobs.enqueue(
        place / "datasets" / "shop", place / "runs" / "next", ANN, ("--feedback", str(path))
    )
    jobs.cancel(job.id, ANN)
    folder = home / "jobs" / job.id
    folder.mkdir(parents=True)
    (folder / "output.txt").write_text(f"begun\nthere is no user '{GONE}'\nended\n")
    with store.writing() as connection:
        connection.execute(table.update().values(message=f"KeyError: '{GONE}'"))
    (place / "runs" / ".next-unfinished").mkdir()
    (place / "runs" / ".next-unfinished" / "state.safetensors").write_text("learned")
    return home


def opinion(user: str, item: str = "i05", state: str = "") -> Opinion:
    run = open_run(library.home() / "people" / "ann" / "runs" / "first")
    known = ("first", run.fingerprint, run.dataset.name, run.dataset.fingerprint)
    address = state or f"user={user}&k=10"
    return Opinion("recommendation", 1, *known, user, item, address, {"top": [item]})


def where(home: Path) -> list[str]:
    """Every file that has the customer: tables by their rows, all else by its bytes."""
    store.close_store()
    found = []
    for path in sorted(path for path in home.rglob("*") if path.is_file()):
        if path.suffix == ".parquet":
            table_ = pd.read_parquet(path)
            texts = table_.select_dtypes(["object", "string"]).astype(str)
            held = bool((texts == GONE).to_numpy().any())
        else:
            held = GONE.encode() in path.read_bytes()
        if held:
            found.append(path.relative_to(home).as_posix())
    return found


def test_the_customer_is_nowhere_and_others_are_as_they_were(used: Path) -> None:
    place = used / "people" / "ann"
    assert len(where(used)) >= 6
    found = find_customer(GONE, ANN)
    assert [(one.entry.name, one.events, one.trained) for one in found.places] == [
        ("first", 16, True), ("shop", 16, False),
    ]  # fmt: skip
    receipt, _ = erase(found)
    assert where(used) == []
    assert receipt.complete
    assert (receipt.opinions, receipt.addresses, receipt.likes) == (1, 1, 1)
    assert (receipt.log_lines, receipt.checkpoints, receipt.retrain) == (2, 1, ("first",))
    data, run = load_dataset(place / "datasets" / "shop"), open_run(place / "runs" / "first")
    assert data.fingerprint == run.dataset.fingerprint
    assert len(data.users) == 59
    # Opinions on others are of the run and data that stand there now, and can be learned from.
    said = feedback.opinion_of(ANN, "recommendation", run.fingerprint, STAYS, "i05")
    assert said[0] == 1
    assert len(feedback.likes_for(place / "datasets" / "shop", ANN)) == 2
    assert sorted(feedback.opinions(ANN)["state"]) == [f"user={STAYS}&k=10"] * 2
    (job,) = jobs.jobs(ANN)
    assert not job.can_resume
    assert jobs.log(job.id, ANN) == "begun\nended"
    assert job.message == "(erased)"
    entry = library.find("shop", ANN)
    assert entry is not None
    assert (entry.note, entry.fingerprint) == ("of May", data.fingerprint)
    assert records.reconcile() == (0, 0)


def test_the_receipt_and_the_audit_log_say_who_when_and_what_but_not_whom(used: Path) -> None:
    receipt, path = erase(find_customer(GONE, ANN))
    told = json.loads(path.read_text())
    assert told["customer"] == pseudonym(GONE, secret())
    assert told["by"] == "https://id.example.org#1"
    assert [(one["name"], one["kind"], one["events"]) for one in told["changed"]] == [
        ("first", "run", 16), ("shop", "dataset", 16),
    ]  # fmt: skip
    assert told["stays"][:2] == ["weights", "measured"]
    assert GONE not in path.read_text()
    assert receipt.customer in receipts.receipts().values()
    (row,) = [row for row in audit.deeds(OPERATOR) if row["action"] == "erase"]
    assert (row["actor"], row["name"]) == ("https://id.example.org#1", receipt.customer)


STEPS = (
    ("remove", 1), ("_rewritten", 1), ("_rewritten", 2), ("_clear_drafts", 1), ("wipe", 1),
    ("keep_receipt", 1),
)  # fmt: skip


@pytest.mark.parametrize(("step", "times"), STEPS)
def test_an_erasing_that_was_interrupted_is_run_again_and_ends_complete(
    used: Path, step: str, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, calls = getattr(erasing, step), []

    def interrupted(*given: object, **named: object) -> object:
        calls.append(step)
        if len(calls) == times:
            raise KeyboardInterrupt
        return done(*given, **named)

    with monkeypatch.context() as only_now:
        only_now.setattr(erasing, step, interrupted)
        with pytest.raises(KeyboardInterrupt):
            erase(find_customer(GONE, ANN))
    again = find_customer(GONE, ANN)
    if again:
        receipt, _ = erase(again)
        assert receipt.complete
    assert where(used) == []
    place = used / "people" / "ann"
    run = open_run(place / "runs" / "first")
    assert run.dataset.fingerprint == load_dataset(place / "datasets" / "shop").fingerprint
    assert feedback.opinion_of(ANN, "recommendation", run.fingerprint, STAYS, "i05")[0] == 1
    assert [entry.name for entry in library.entries(ANN)] == ["first", "shop"]


def test_an_interruption_between_row_and_folder_comes_to_the_same(
    used: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as only_now:
        only_now.setattr("recommender.atomic._put_instead", killed)
        with pytest.raises(KeyboardInterrupt):
            erase(find_customer(GONE, ANN))
    erase(find_customer(GONE, ANN))
    run = open_run(used / "people" / "ann" / "runs" / "first")
    assert feedback.opinion_of(ANN, "recommendation", run.fingerprint, STAYS, "i05")[0] == 1


def test_what_a_killed_writer_left_of_the_customer_goes_when_it_is_at_rest(used: Path) -> None:
    place = used / "people" / "ann" / "datasets"
    shutil.copytree(place / "shop", place / ".shop.old.12345678" / "data")
    receipt, _ = erase(find_customer(GONE, ANN))
    assert not receipt.complete
    assert "drafts" in receipt.stays
    for path in (place / ".shop.old.12345678").rglob("*"):
        os.utime(path, (1, 1))
    os.utime(place / ".shop.old.12345678", (1, 1))
    records.sweep()
    assert where(used) == []


def test_a_training_on_other_data_can_still_go_on(used: Path, made: Path) -> None:
    other = used / "people" / "ann" / "datasets" / "other"
    save_dataset(without_user(load_dataset(made / "data"), GONE), other)
    job = jobs.enqueue(other, used / "people" / "ann" / "runs" / "theirs", ANN)
    jobs.cancel(job.id, ANN)
    state = used / "people" / "ann" / "runs" / ".theirs-unfinished" / "state.safetensors"
    state.parent.mkdir()
    state.write_text("learned")
    receipt, _ = erase(find_customer(GONE, ANN))
    assert receipt.checkpoints == 1
    assert state.is_file()


def test_a_training_that_has_read_the_data_is_in_the_way(used: Path) -> None:
    with store.writing() as connection:
        connection.execute(table.update().values(state="running"))
    with pytest.raises(EraseError, match="training next has read"):
        erase(find_customer(GONE, ANN))
    assert len(load_dataset(used / "people" / "ann" / "datasets" / "shop").users) == 60


def test_nobody_erases_in_what_is_anothers(used: Path) -> None:
    bob = Visitor("bob", "Bob", admin=False)
    assert not find_customer(GONE, bob)
    with pytest.raises(EraseError, match="no data set or run called shop"):
        find_customer(GONE, bob, ["shop"])
    erase(find_customer(GONE, bob))
    assert len(load_dataset(used / "people" / "ann" / "datasets" / "shop").users) == 60
    assert len(feedback.opinions(ANN)) == 3


def test_only_what_is_chosen_is_changed_with_the_runs_that_hold_a_copy(
    used: Path, made: Path
) -> None:
    other = used / "people" / "ann" / "datasets" / "other"
    data = load_dataset(made / "data")
    grown = replace(data, repeats=not data.repeats)
    save_dataset(replace(grown, fingerprint=dataset_fingerprint(grown)), other)
    assert [one.entry.name for one in find_customer(GONE, ANN, ["shop"]).places] == [
        "first", "shop",
    ]  # fmt: skip
    assert [one.entry.name for one in find_customer(GONE, ANN, ["other"]).places] == ["other"]
    erase(find_customer(GONE, ANN, ["other"]))
    assert len(load_dataset(other).users) == 59
    assert len(load_dataset(used / "people" / "ann" / "datasets" / "shop").users) == 60
    assert len(feedback.opinions(ANN)) == 3


def test_a_data_set_that_cannot_be_read_is_said_and_keeps_nobody_elsewhere(used: Path) -> None:
    broken = used / "people" / "ann" / "datasets" / "broken"
    shutil.copytree(used / "people" / "ann" / "datasets" / "shop", broken)
    (broken / "users.parquet").write_bytes(b"PAR1 and then nothing")
    receipt, _ = erase(find_customer(GONE, ANN))
    assert not receipt.complete
    assert [line.split(":")[0] for line in receipt.not_changed] == ["broken"]
    assert len(load_dataset(used / "people" / "ann" / "datasets" / "shop").users) == 59


@pytest.mark.parametrize("user_id", ["Jürgen", "o'hara", 'say "x"', "a\\b", "李"])
def test_an_id_is_found_in_a_log_however_it_is_written_there(user_id: str) -> None:
    error = StatedError("there is no user {key!r}", key=user_id)
    for line in (str(error), written(error.said), json.dumps({"message": user_id}), f"<{user_id}>"):
        assert traces.names(line, user_id), line
        assert not traces.names(line, f"{user_id}n"), line


def test_no_address_that_is_kept_leads_to_the_customer(used: Path) -> None:
    """By pseudonym neither, which whoever has the id can tell, nor as one of several values."""
    hidden = f"~{pseudonym(GONE, secret())}"
    others = (hidden, hidden.lower(), f"{GONE}&with={STAYS}", f"{STAYS}&find={GONE}")
    for n, named in enumerate(others):
        feedback.keep(opinion(STAYS, f"i{n + 10}", f"user={STAYS}&with={named}&k=10"), ANN)
    receipt, _ = erase(find_customer(GONE, ANN))
    assert receipt.addresses == 5
    assert set(feedback.opinions(ANN)["state"]) == {
        f"user={STAYS}&k=10", f"user={STAYS}&with={STAYS}&k=10",
    }  # fmt: skip


def test_an_id_that_is_a_number_takes_no_other_number_out_of_an_address(home: Path) -> None:
    hidden = pseudonym("10", secret())
    left = traces._without("user=9&with=10&k=10&find=10", "10", hidden)
    assert left == "user=9&k=10&find=10"
    assert traces._without("user=9&k=10&q=a+b", "10", hidden) == "user=9&k=10&q=a+b"


def test_addresses_on_other_data_than_the_chosen_stay(used: Path) -> None:
    elsewhere = replace(opinion(STAYS, "i20", f"user={STAYS}&with={GONE}"), dataset_fingerprint="x")
    feedback.keep(elsewhere, ANN)
    receipt, _ = erase(find_customer(GONE, ANN, ["shop"]))
    assert receipt.addresses == 1
    assert f"user={STAYS}&with={GONE}" in set(feedback.opinions(ANN)["state"])


def test_a_training_that_runs_and_names_the_customer_is_in_the_way(used: Path, made: Path) -> None:
    """It writes on into its log: one that was put in its place would not have the rest."""
    other = used / "people" / "ann" / "datasets" / "other"
    save_dataset(without_user(load_dataset(made / "data"), GONE), other)
    job = jobs.enqueue(other, used / "people" / "ann" / "runs" / "theirs", ANN)
    with store.writing() as connection:
        connection.execute(table.update().where(table.c.id == job.id).values(state="running"))
    log = used / "jobs" / job.id / "output.txt"
    log.parent.mkdir()
    log.write_text("begun\n")
    erase(find_customer(GONE, ANN, ["first"]))
    with log.open("a") as written:
        written.write(f"there is no user '{GONE}'\n")
        written.flush()
        with pytest.raises(EraseError, match="training theirs has read"):
            erase(find_customer(GONE, ANN))
        written.write("ended\n")
    assert log.read_text().endswith("ended\n")


def test_what_is_damaged_keeps_nobody_elsewhere_and_is_said(used: Path) -> None:
    place = used / "people" / "ann"
    for name in ("described", "listed"):
        shutil.copytree(place / "runs" / "first", place / "runs" / name)
    (place / "runs" / "described" / "config.json").write_text("{")
    (place / "runs" / "listed" / "config.json").write_text("[]")
    (place / "runs" / "first" / "weights.safetensors").write_bytes(b"half of them")
    receipt, _ = erase(find_customer(GONE, ANN))
    assert not receipt.complete
    assert sorted(line.split(":")[0] for line in receipt.not_changed) == [
        "described", "first", "listed",
    ]  # fmt: skip
    assert [one.name for one in receipt.changed] == ["shop"]
    assert len(load_dataset(place / "datasets" / "shop").users) == 59


def test_a_hidden_folder_beside_a_linked_one_is_not_ours(used: Path, tmp_path: Path) -> None:
    """Where somebody links a folder, hidden ones beside it are theirs: settings, other copies."""
    shop = used / "people" / "ann" / "datasets" / "shop"
    linked = Path(shutil.copytree(shop, tmp_path / "mine" / "shop"))
    theirs = (".cache/shop", ".vscode-insiders/data/shop", ".shop-unfinished")
    for name in theirs:
        shutil.copytree(shop, tmp_path / "mine" / name)
    library.add_link(linked, OPERATOR)
    for path in (tmp_path / "mine").rglob("*"):
        os.utime(path, (1, 1))
    for name in (".cache", ".vscode-insiders", ".shop-unfinished"):
        os.utime(tmp_path / "mine" / name, (1, 1))
    erase(find_customer(GONE, OPERATOR))
    assert len(load_dataset(linked).users) == 59
    for name in theirs:
        assert len(load_dataset(tmp_path / "mine" / name).users) == 60


def test_what_people_keep_in_a_linked_folder_is_not_lost(used: Path, tmp_path: Path) -> None:
    place = used / "people" / "ann"
    data = Path(shutil.copytree(place / "datasets" / "shop", tmp_path / "mine" / "data"))
    run = Path(shutil.copytree(place / "runs" / "first", tmp_path / "mine" / "run"))
    (data / "interactions.csv").write_text("theirs")
    for folder in (data, run):
        library.add_link(folder, OPERATOR)
    receipt, _ = erase(find_customer(GONE, OPERATOR))
    assert (data / "interactions.csv").read_text() == "theirs"
    assert len(load_dataset(data).users) == 60
    (said,) = receipt.not_changed
    assert "interactions.csv is not of RecLens" in said
    assert not receipt.complete
    (data / "interactions.csv").unlink()
    receipt, _ = erase(find_customer(GONE, OPERATOR))
    assert receipt.complete
    assert {len(load_dataset(one).users) for one in (data, run / "dataset")} == {59}


def test_the_same_data_of_somebody_else_stay_with_their_opinions(used: Path) -> None:
    bob = Visitor("bob", "Bob", admin=False)
    shutil.copytree(used / "people" / "ann" / "datasets", used / "people" / "bob" / "datasets")
    feedback.keep(opinion(STAYS), bob)
    records.reconcile()
    erase(find_customer(GONE, OPERATOR, ["first", "shop"]))
    assert len(load_dataset(used / "people" / "bob" / "datasets" / "shop").users) == 60
    assert len(feedback.likes_for(used / "people" / "bob" / "datasets" / "shop", bob)) == 1
    assert len(feedback.likes_for(used / "people" / "ann" / "datasets" / "shop", ANN)) == 2


def test_who_is_all_there_is_of_a_data_set_is_not_erased_from_it(used: Path) -> None:
    found = find_customer(GONE, ANN)
    alone = tuple(replace(place, others=0) for place in found.places)
    with pytest.raises(EraseError, match="delete it instead"):
        erase(Found(GONE, alone, found.traces, found.scope))


def test_what_people_wrote_is_named_and_not_changed(used: Path) -> None:
    records.annotate(used / "people" / "ann" / "datasets" / "shop", f"ask {GONE} in May")
    receipt, _ = erase(find_customer(GONE, ANN))
    assert "notes" in receipt.stays
    entry = library.find("shop", ANN)
    assert entry is not None
    assert entry.note == f"ask {GONE} in May"


ADDRESSES = (
    # id, address, what is left of it
    ("~abc", "user=u08&with=~~abc&k=10", "user=u08&k=10"),
    ("abc", "user=u08&with=~~abc&k=10", "user=u08&with=~~abc&k=10"),
    ("10", "user=u08&with=10&k=10&page=10", "user=u08&k=10&page=10"),
    ("a&b=c", "user=u08&with=a%26b%3Dc&k=10", "user=u08&k=10"),
    ("two", "with=two&with=u08&user=u08", "with=u08&user=u08"),
)


@pytest.mark.parametrize(("user", "address", "left"), ADDRESSES)
def test_addresses_lose_who_is_erased_however_an_id_is_spelled_there(
    home: Path, user: str, address: str, left: str
) -> None:
    known = ("first", "f", "shop", "d")
    feedback.keep(Opinion("recommendation", 1, *known, STAYS, "i1", address, {}), ANN)
    erase(find_customer(user, ANN))
    assert list(feedback.opinions(ANN)["state"]) == [left]


def test_addresses_lose_the_pseudonym_too_and_keep_those_of_others(home: Path) -> None:
    known, key = ("first", "f", "shop", "d"), secret()
    address = f"user=~{pseudonym(STAYS, key)}&with=~{pseudonym(GONE, key).lower()}"
    feedback.keep(Opinion("recommendation", 1, *known, STAYS, "i1", address, {}), ANN)
    receipt, _ = erase(find_customer(GONE, ANN))
    assert receipt.addresses == 1
    assert list(feedback.opinions(ANN)["state"]) == [f"user=~{pseudonym(STAYS, key)}"]


def queued(used: Path, state: str, said: Said | None = None) -> Path:
    """The folder of the one training, which is in this state and failed because of that."""
    message = written(said) if said else ""
    with store.writing() as connection:
        connection.execute(table.update().values(state=state, message=message))
    return used / "jobs" / jobs.jobs(ANN)[0].id


def test_why_a_training_failed_names_nobody_who_is_erased(used: Path) -> None:
    queued(used, "failed", Said("{name} is no customer, {row}", name=f"'{GONE}'", row=8))
    receipt, _ = erase(find_customer(GONE, ANN))
    assert receipt.log_lines == 2
    assert jobs.jobs(ANN)[0].message == "(erased) is no customer, 8"
    assert where(used) == []


ODD = ("café", "O'Br\"ien", "back\\slash", "北京", "tab\tbed")


@pytest.mark.parametrize("user", ODD)
def test_lines_of_logs_name_an_id_however_they_spell_it(used: Path, user: str) -> None:
    folder = queued(used, "failed")
    said = f"there is no user {user!r}"
    lines = [json.dumps({"message": said}), json.dumps({"of": user}), said, "begun"]
    (folder / "progress.jsonl").write_text("".join(f"{line}\n" for line in lines))
    erase(find_customer(user, ANN))
    assert (folder / "progress.jsonl").read_text() == "begun\n"


def test_what_a_training_is_writing_is_not_replaced_under_it(used: Path, made: Path) -> None:
    """It is in the way, also where its words may only look like the id."""
    folder = queued(used, "running")
    shutil.rmtree(used / "people" / "ann" / "runs" / "first")
    shutil.rmtree(used / "people" / "ann" / "datasets" / "shop")
    progress = folder / "progress.jsonl"
    with progress.open("a") as open_still:
        open_still.write('{"step": 1}\n')
        open_still.flush()
        with pytest.raises(EraseError, match="training next has read"):
            erase(find_customer("step", ANN))
        open_still.write('{"step": 2}\n')
    assert progress.read_text() == '{"step": 1}\n{"step": 2}\n'


def test_blanks_around_an_id_do_not_hide_the_customer(used: Path) -> None:
    assert [one.entry.name for one in find_customer(f" {GONE}\n", ANN).places] == ["first", "shop"]
    answer = call("erase", used, "--user", f"{GONE} ", "--yes")
    assert answer.code == 0, answer.err
    assert where(used) == []


@pytest.mark.parametrize("user", ["", "  ", "\udcff"])
def test_what_can_be_no_id_is_said_and_finds_nobody(used: Path, user: str) -> None:
    with pytest.raises(EraseError):
        find_customer(user, ANN)
    assert_one_paragraph(call("erase", used, "--user", user, "--yes"))


def test_an_id_from_standard_input_is_read_to_its_end(
    used: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{GONE}\nof Monday\n"))
    answer = call("erase", used, "--user", "-", "--yes")
    assert "nothing of this customer" in answer.err
    assert len(load_dataset(used / "people" / "ann" / "datasets" / "shop").users) == 60


def test_the_library_keeps_nothing_of_rows_that_were_deleted(home: Path) -> None:
    known = ("first", "f", "shop", "d")
    feedback.keep(Opinion("recommendation", 1, *known, GONE, "i1", f"user={GONE}", {}), ANN)
    with store.writing() as connection:
        connection.execute(feedback.table.delete())
    assert store.wipe()
    left = b"".join(path.read_bytes() for path in home.glob("library.sqlite*"))
    assert GONE.encode() not in left


def test_where_somebody_writes_into_the_library_its_log_is_said_to_stay(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = ("busy_timeout=50", *store._SETTINGS[1:])
    monkeypatch.setattr(store, "_SETTINGS", soon)
    with store.writing():
        assert not store.wipe()
    assert store.wipe()


def test_a_backup_made_before_still_has_the_customer_and_is_erased_by_the_same_command(
    used: Path, tmp_path: Path
) -> None:
    back_up(tmp_path / "kept")
    erase(find_customer(GONE, ANN))
    assert where(used) == []
    assert where(tmp_path / "kept") != []
    answer = call("restore", tmp_path / "kept")
    assert "1 customer was erased after this backup" in answer.err
    answer = call("erase", used, "--user", GONE, "--yes")
    assert answer.code == 0, answer.err
    assert where(used) == []


def test_the_command_says_what_it_found_and_changes_nothing_until_it_is_told(used: Path) -> None:
    for words in (("--dry-run",), ()):
        answer = call("erase", used, "--user", GONE, *words)
        assert "first" in answer.out
        assert len(load_dataset(used / "people" / "ann" / "datasets" / "shop").users) == 60
    assert answer.code == 1
    assert "--yes" in answer.err
    answer = call("erase", used, "--user", GONE, "--yes")
    assert answer.code == 0, answer.err
    assert "To train anew: first" in answer.err
    assert where(used) == []
    (row,) = [row for row in audit.deeds(OPERATOR) if row["action"] == "erase"]
    assert row["actor"] == "operator on this machine"


def test_nobody_and_nowhere_are_errors_or_said(used: Path, tmp_path: Path) -> None:
    assert "nothing of this customer" in call("erase", used, "--user", "nobody", "--yes").err
    assert_one_paragraph(call("erase", tmp_path / "nowhere", "--user", GONE))
    assert_one_paragraph(call("erase", used, "--user", GONE, "--data", "nothing", "--yes"))


def test_copies_are_found_by_content_and_by_the_queue(used: Path) -> None:
    place = used / "people" / "ann"
    assert lineage.copies_of(place / "datasets" / "shop") == [place / "runs" / "first"]
