"""What all commands share: the app they register with, how errors end, and their options."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.text import Text

from recommender.commands.speech import say
from recommender.said import StatedError

if TYPE_CHECKING:
    from recommender.workspace.audit import Action

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Train a recommender whose explanations can be checked, and ask it why.",
)

RunPath = Annotated[Path, typer.Argument(help="Folder of a run, such as sample_data/run.")]
Out = Annotated[Path, typer.Option("--out", help="Folder to write; it must not exist yet.")]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document on standard output, nothing else.")
]
Replace = Annotated[bool, typer.Option("--replace", help="Replace what is at --out.")]
Workspace = Annotated[
    Path | None, typer.Argument(help="Its folder, or a backup's. Default: RECLENS_HOME.")
]
Candidates = Annotated[
    Literal["all", "new"] | None,
    typer.Option(help="All items, or only those new to the user. Default: as the data set says."),
]


def example(text: str) -> str:
    """The line under a command's help that shows how it is typed."""
    return f"[dim]Example:[/dim] [bold]python -m recommender {text}[/bold]"


def in_workspace(folder: Path | None) -> None:
    """Work in this workspace from now on; in that of the surroundings if none is named.

    Raises StatedError if there is no such folder, or its library cannot be told.
    """
    from recommender.workspace.places import HOME, home
    from recommender.workspace.store import DATABASE

    if folder is None or folder.resolve() == home().resolve():
        return
    if not folder.is_dir():
        raise StatedError("there is no workspace at {home}", home=folder)
    if os.environ.get(DATABASE):
        raise StatedError(
            "{setting} names the library of {home}: without it, {folder} has its own",
            setting=DATABASE,
            home=home(),
            folder=folder,
        )
    os.environ[HOME] = str(folder)


def note_here(action: Action, path: Path) -> None:
    """Write into the audit log what was done to a folder, if that is in the workspace."""
    from recommender.workspace.places import home

    if not path.resolve().is_relative_to(home().resolve()):
        return
    from recommender.workspace.audit import note  # what most commands need not wait for
    from recommender.workspace.visitors import OPERATOR

    note(OPERATOR, action, path)


def main(
    run: Callable[[], None] = app, complain: Callable[[Exception], None] | None = None
) -> None:
    """Run the command line: errors are said in one paragraph on standard error, exit code 1."""
    try:
        run()
    except (ValueError, OSError) as error:
        (complain or _in_a_paragraph)(error)
        raise SystemExit(1) from None


def _in_a_paragraph(error: Exception) -> None:
    lines = (str(error) or type(error).__name__).splitlines()
    message = "\n".join(line for line in lines if line.strip())
    say.print(Text.assemble(("Error: ", "bold red"), message), soft_wrap=True)
