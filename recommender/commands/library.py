"""Commands about the workspace: library, feedback, backup, restore, audit."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from recommender.commands.app import AsJson, Workspace, app, example, in_workspace
from recommender.commands.speech import print_json, results, say
from recommender.commands.tables import check_ending, write_table
from recommender.owner_only import mend
from recommender.said import counted
from recommender.workspace.visitors import OPERATOR


@app.command(epilog=example("library --json"))
def library(as_json: AsJson = False) -> None:
    """List what the workspace holds (RECLENS_HOME): data sets, runs, trainings, opinions.

    Folders that were put there by hand are adopted, names of folders that are gone are marked so,
    and what a killed process left is put right: nothing is half replaced, drafts are deleted, and
    so is what was kept for its days. Files become their owner's alone.
    """
    from recommender.workspace import feedback, jobs, library, records, retention

    mend(library.home())
    adopted, gone = records.reconcile()
    ended = retention.expire()
    swept = records.sweep()
    every = library.entries(library.OPERATOR)
    listed = [asdict(one) | {"path": str(one.path)} for one in every]
    for told in listed:
        del told["key"]  # holds as long as the folder stays as it is, so it is of no use in a file
    queue = [
        {name: getattr(job, name) for name in ("id", "name", "state", "message")}
        | {"out": str(job.out)}
        for job in jobs.jobs(library.OPERATOR)
    ]
    n_opinions = len(feedback.opinions(library.OPERATOR))
    if as_json:
        print_json({"entries": listed, "trainings": queue, "opinions": n_opinions})
        return
    table = Table(title="Data sets and runs")
    for column in ("name", "kind", "fingerprint", "folder", "note"):
        table.add_column(column)
    for one in every:
        table.add_row(
            Text(one.name), one.kind, one.fingerprint, Text(str(one.path)), Text(one.note)
        )
    results.print(table)
    say.print(f"{len(queue)} trainings, {n_opinions} opinions.")
    say.print(f"{adopted} folders adopted, {gone} gone, {swept} left drafts deleted.")
    if ended:
        say.print(f"{ended} data sets and runs were kept long enough and are deleted.")


@app.command(epilog=example("feedback --out feedback.csv"))
def feedback(
    out: Annotated[Path, typer.Option(help="File to write: .csv or .parquet.")],
) -> None:
    """Export what people said of recommendations and explanations, with what they saw.

    `train --feedback FILE` learns from what they liked.
    """
    from recommender.workspace import audit
    from recommender.workspace.feedback import opinions

    check_ending(out)
    found = opinions(OPERATOR)
    audit.note(OPERATOR, "export", "feedback")
    write_table(found, out)
    say.print(f"{len(found):,} opinions written to {out}")


@app.command("audit", epilog=example("audit --out audit.csv"))
def audit_(
    workspace: Workspace = None,
    out: Annotated[Path | None, typer.Option(help="File to write: .csv or .parquet.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show who deleted, exported, erased, trained and shared what, and when (UTC), newest first."""
    import pandas as pd

    from recommender.workspace.audit import COLUMNS, deeds

    if out is not None:
        check_ending(out)
    in_workspace(workspace)
    found = deeds(OPERATOR)
    if out is not None:
        write_table(pd.DataFrame(found, columns=list(COLUMNS)), out)
        say.print(f"{len(found):,} deeds written to {out}")
    elif as_json:
        print_json({"deeds": found})
    else:
        table = Table(title="What was done")
        for column in COLUMNS:
            table.add_column(column)
        for deed in found:
            table.add_row(*(Text(str(deed[column])) for column in COLUMNS))
        results.print(table)


@app.command(epilog=example("backup /backups/monday"))
def backup(
    out: Annotated[Path, typer.Argument(help="Folder to write; it must not exist yet.")],
) -> None:
    """Put the whole workspace aside while it is used: data sets, runs, trainings, the library.

    Copying the folder by hand can lose what the library's log holds; this does not. On the same
    disk it takes hardly any room.
    """
    from recommender.workspace import audit
    from recommender.workspace.backup import back_up

    made = back_up(out)
    audit.note(OPERATOR, "backup", str(out))
    say.print(f"{len(made.folders):,} data sets and runs put aside in {out}")
    if not made.database:
        say.print("The library is in PostgreSQL: put it aside with pg_dump.")


@app.command(epilog=example("restore /backups/monday"))
def restore(
    backup: Annotated[Path, typer.Argument(help="Folder that `backup` wrote.")],
) -> None:
    """Make the workspace what it was; what stands there now is moved aside, and where is said.

    A server that runs goes on with it. Not while a training runs.
    """
    from recommender.workspace import audit
    from recommender.workspace.backup import take_back
    from recommender.workspace.receipts import receipts

    found, before = take_back(backup)
    audit.note(OPERATOR, "restore", str(backup))
    back = receipts(before).keys() - receipts().keys() if before else ()
    say.print(f"{len(found.folders):,} data sets and runs are back from {backup}")
    if before is not None:
        say.print(f"What stood there before is in {before}")
    if back:
        told = counted("{n} customer{|s} {was|were} erased after this backup", len(back))
        say.print(f"{told}: erase them again. The receipts are in {before}")
    if not found.database:
        say.print("The library is in PostgreSQL: take it back with pg_restore.")
