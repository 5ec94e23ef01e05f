"""The command that scores new histories with a run that exists."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from recommender.commands.app import Candidates, RunPath, app, example, note_here
from recommender.commands.data import as_fixes, as_pairs, as_roles
from recommender.commands.lists import write_lists
from recommender.commands.speech import say
from recommender.commands.tables import check_ending
from recommender.confined import READING


@app.command(epilog=example("score sample_data/run --interactions new.csv --out recs.csv"))
def score(
    run: RunPath,
    interactions: Annotated[Path, typer.Option(help="Events: user, item, time and more.")],
    out: Annotated[Path, typer.Option(help="The file to write, .csv or .parquet.")],
    items: Annotated[Path | None, typer.Option(help="Items and their features.")] = None,
    users: Annotated[Path | None, typer.Option(help="Users and their features.")] = None,
    k: Annotated[int, typer.Option(min=1, help="How many for each user.")] = 10,
    candidates: Candidates = None,
    map_: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            help="role=column, such as user_id=CustomerID; time= takes the role away. Repeatable.",
        ),
    ] = None,
    refuse: Annotated[
        list[str] | None,
        typer.Option(help="What is not to be put right, such as services or copies. Repeatable."),
    ] = None,
    text_encoder: Annotated[
        str | None,
        typer.Option(help="The sentence encoder that the run's texts went through, if one did."),
    ] = None,
    vectors: Annotated[
        list[str] | None,
        typer.Option(help="feature=FILE.npy: a vector for each row of --items. Repeatable."),
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(help="A folder that keeps run and histories, to open in the dashboard."),
    ] = None,
) -> None:
    """Recommend to the users of your files, with reasons, by a run that exists."""
    check_ending(out)
    READING.start()  # while this process loads its libraries, so does that one
    from recommender.data import ReadOptions, TextEncoder, read_tables
    from recommender.model.run import open_run
    from recommender.model.transfer import carry_over

    options = ReadOptions(
        columns=as_roles(map_),
        vectors={n: Path(file) for n, file in as_pairs(vectors, "--vectors").items()},
        refused=as_fixes(refuse),
    )
    encoder = TextEncoder(text_encoder) if text_encoder else None
    opened = open_run(run)
    with say.status("Reading and checking"):
        tables = read_tables(interactions, items, users, options)
    with tempfile.TemporaryDirectory() as draft:
        folder = keep or Path(draft) / "scored"
        carried = carry_over(opened, tables, interactions.name, folder, encoder)
        if keep:
            note_here("score", keep)
        _say(carried)
        scored = open_run(folder)
        write_lists(scored, k, candidates or scored.default_view, out)


def _say(carried: Any) -> None:
    from recommender.said import counted

    events, users = (
        counted(f"{{n}} {what}{{|s}}", n)
        for what, n in (("event", carried.events), ("user", carried.users))
    )
    say.print(f"{events} of {users}{_strangers(carried)}")
    for what, names in (
        (
            "{n} unknown item{|s} {is|are} read through {its|their} features",
            carried.through_features,
        ),
        ("{n} item{|s} of which the run knows nothing {was|were} left out", carried.unknown_items),
        ("{n} type{|s} of events {is|are} unknown and {was|were} left out", carried.unknown_events),
        ("{n} type{|s} of events {is|are} called otherwise in the run", _pairs(carried.read_as)),
        ("{n} value{|s} of users and of new items {is|are} unknown", carried.unknown_values),
        *((why, _unread(carried, reason)) for reason, why in _WHY.items()),
    ):
        if names:
            say.print(f"{counted(what, len(names))}{_some(names)}")
    if carried.events_left_out:
        say.print(counted("{n} event{|s} {was|were} left out", carried.events_left_out))


def _strangers(carried: Any) -> str:
    """Of how many users the run learned nothing, where that is known."""
    strange = carried.unknown_users
    if strange is None:
        return ""
    return f"; the run was not trained on {len(strange):,} of them{_some(strange)}"


_WHY: Final = {
    "not kept": "{n} feature{|s} {is|are} unknown of new users and items: how {it was|they were} "
    "read is not saved with the run, which an older version made. Import its data and train again",
    "encoder": "{n} feature{|s} {is|are} unknown of new items: texts went through a sentence "
    "encoder; give it with --text-encoder",
    "kind": "{n} feature{|s} {is|are} unknown of new items: there are vectors here and none in the "
    "run, or of another length",
}


def _unread(carried: Any, reason: str) -> tuple[str, ...]:
    return tuple(name for name, why in carried.unread if why == reason)


def _pairs(read_as: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    return tuple(f"{here} (as {there})" for here, there in read_as)


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:5])
    return f": {shown}{', …' if len(names) > 5 else ''}" if names else ""
