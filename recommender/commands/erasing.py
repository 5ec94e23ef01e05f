"""The command that takes a customer's data out of the workspace."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from recommender.commands.app import Workspace, app, example, in_workspace
from recommender.commands.speech import results, say

if TYPE_CHECKING:
    from recommender.workspace.erasing import Found
    from recommender.workspace.receipts import Receipt


@app.command(epilog=example("erase workspace --user u1007 --dry-run"))
def erase(
    workspace: Workspace = None,
    user: Annotated[
        str, typer.Option(help="Id of the customer; - reads it from standard input.")
    ] = "-",
    data: Annotated[
        list[str] | None,
        typer.Option(help="Only this data set with its runs, or this run. Repeatable."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what there is, and change nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take a customer out of data sets, runs, opinions, likes and logs, and leave a receipt.

    First it says what it found. Ids of several shops may be alike: --data says which is meant. What
    cannot be removed is said; runs that learned from the customer are named, to be trained anew.
    """
    from recommender.workspace.erasing import erase as remove
    from recommender.workspace.erasing import find_customer
    from recommender.workspace.visitors import OPERATOR

    in_workspace(workspace)
    user_id = _typed() if user == "-" else user
    if not user_id:
        raise ValueError("no customer was named: give the id with --user")
    found = find_customer(user_id, OPERATOR, data or None)
    _show(found)
    if dry_run or not found:
        return
    if not yes and not _agreed():
        raise ValueError("nothing was erased: --yes does it without asking")
    with say.status("Erasing"):
        receipt, path = remove(found)
    _tell(receipt, path)
    if not receipt.complete:
        raise ValueError("not everything could be erased: see above, and erase again")


def _typed() -> str:
    if sys.stdin.isatty():
        say.print("Id of the customer:")
        return sys.stdin.readline().strip()
    return sys.stdin.read().strip()  # an id may have several lines


def _agreed() -> bool:
    return sys.stdin.isatty() and typer.confirm("Erase all this for good?", err=True)


def _show(found: Found) -> None:
    table = Table(title="Found")
    for column in ("name", "kind", "events", "what"):
        table.add_column(column)
    for place in found.places:
        what = "model learned from them" if place.trained else ""
        entry = place.entry
        table.add_row(Text(entry.name), entry.kind, f"{place.events:,}", what)
    traces = found.traces
    for name, n in (
        ("opinions", traces.opinions),
        ("addresses of pages with other opinions", traces.addresses),
        ("likes that trainings read", traces.likes),
        ("lines of logs", traces.log_lines),
        ("unfinished trainings", traces.checkpoints),
        ("notes of people (not changed)", traces.notes),
    ):
        if n:
            table.add_row(name, "", "", f"{n:,}")
    results.print(table)
    for problem in found.unreadable:
        say.print(f"Not looked through: {problem}")
    if not found:
        say.print("There is nothing of this customer here.")


def _tell(receipt: Receipt, path: Path) -> None:
    say.print(f"{len(receipt.changed):,} data sets and runs are without {receipt.customer} now.")
    for problem in receipt.not_changed:
        say.print(f"Not changed: {problem}")
    say.print("What stays:")
    for sentence in receipt.what_stays:
        say.print(f"- {sentence}")
    for name in receipt.retrain:
        say.print(f"To train anew: {name}")
    say.print(f"Receipt: {path}")
