"""The audit log has every deed, in order, and nothing takes one out of it."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, update

from recommender.workspace import audit, jobs, library, processes, records, schema, store
from recommender.workspace.visitors import OPERATOR, Visitor
from tests.cli.calling import call

ISSUER = "https://id.example.org"
ANN = Visitor("ann", "Ann", admin=False, identity=f"{ISSUER}#1")


def done() -> list[tuple[str, str, str]]:
    """Actor, action and name of all deeds, the first first."""
    told = audit.deeds(OPERATOR)[::-1]
    return [(row["actor"], row["action"], row["name"]) for row in told]


@pytest.fixture
def _no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "start_supervisor", lambda home: None)


@pytest.mark.usefixtures("_no_queue")
def test_trainings_and_deletions_are_noted_with_who_did_them(data: Path, home: Path) -> None:
    mine = library.new_path("dataset", "shop", ANN)
    shutil.copytree(data, mine)
    job = jobs.enqueue(mine, library.new_path("run", "first", ANN), ANN)
    jobs.cancel(job.id, ANN)
    jobs.resume(job.id, ANN)
    jobs.cancel(job.id, ANN)
    jobs.forget(job.id, ANN)
    records.rename(mine, "Spring")
    records.delete(mine, ANN)
    who = f"{ISSUER}#1"
    assert done() == [
        (who, "train", "first"),
        (who, "train", "first"),
        (who, "delete", "first"),
        (who, "delete", "Spring"),
    ]
    assert [row["object"] for row in audit.deeds(OPERATOR)] == [
        "people/ann/datasets/shop", job.id, job.id, job.id,
    ]  # fmt: skip


def test_deeds_come_in_their_order_whatever_the_clock_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for seconds in (2_000_000_000.0, 1_000_000_000.0):
        monkeypatch.setattr(audit.time, "time", lambda told=seconds: told)
        audit.note(ANN, "export", "feedback")
    told = [(row["sequence"], row["time"]) for row in audit.deeds(OPERATOR)]
    assert told == [(2, "2001-09-09 01:46:40"), (1, "2033-05-18 03:33:20")]


FORGED = {"sequence": 1, "created": 1.0, "actor": "eve", "action": "x", "object": "", "name": ""}
REPLACED = insert(schema.audit).prefix_with("OR REPLACE", dialect="sqlite").values(**FORGED)


@pytest.mark.parametrize(
    "change", [update(schema.audit).values(actor="eve"), delete(schema.audit), REPLACED]
)
def test_no_deed_is_changed_or_taken_out(change: object) -> None:
    audit.note(ANN, "delete", "x")
    with pytest.raises(store.StoreError, match="only added to"), store.writing() as connection:
        connection.execute(change)  # type: ignore[call-overload]
    assert done() == [(f"{ISSUER}#1", "delete", "")]


def test_only_administrators_read_it() -> None:
    with pytest.raises(PermissionError):
        audit.deeds(ANN)


def test_a_deed_that_fails_is_not_noted(home: Path) -> None:
    with pytest.raises(RuntimeError), store.writing() as connection:
        audit.note_in(connection, ANN, "delete", "x")
        raise RuntimeError
    assert done() == []


def test_the_command_line_notes_what_it_does_in_the_workspace_and_shows_it(
    data: Path, home: Path, tmp_path: Path
) -> None:
    events = tmp_path / "events.csv"
    events.write_text("user_id,item_id,timestamp\n" + "a,x,2024-01-01\nb,y,2024-01-02\n" * 3)
    for out in (home / "datasets" / "shop", tmp_path / "elsewhere"):
        answer = call("import", "--interactions", events, "--out", out)
        assert answer.code == 0, answer.err
    assert call("feedback", "--out", tmp_path / "said.csv").code == 0
    assert call("backup", tmp_path / "kept").code == 0
    assert call("restore", tmp_path / "kept").code == 0
    shown = call("audit", home, "--json").document["deeds"]
    # What came after the backup is in the log of the workspace that was moved aside.
    assert [(row["action"], row["actor"]) for row in shown] == [
        ("restore", "operator on this machine"),
        ("export", "operator on this machine"),
        ("import", "operator on this machine"),
    ]
    assert "datasets/shop" in call("audit").out
    assert call("audit", "--out", tmp_path / "audit.csv").code == 0
    assert (tmp_path / "audit.csv").read_text(encoding="utf-8-sig").count("\n") == 4


def test_whatever_is_downloaded_is_noted() -> None:
    """Every button that hands out a file makes it through `access.exported`."""
    wrong = []
    for path in sorted((Path(__file__).parents[2] / "dashboard").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.download_button":
                (made,) = (word.value for word in node.keywords if word.arg == "data")
                if not ast.unparse(made).startswith("access.exported("):
                    wrong.append(f"{path.name}:{node.lineno}")
    assert wrong == []


def test_what_is_brought_in_from_this_machine_is_noted(data: Path) -> None:
    library.add_link(data, OPERATOR)
    assert done() == [("operator on this machine", "admin", "data")]
