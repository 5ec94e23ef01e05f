"""Commands that make data sets: sample, fetch, import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from recommender.commands.app import Out, Replace, app, example, note_here
from recommender.commands.speech import say
from recommender.confined import READING
from recommender.said import StatedError


@app.command(epilog=example("sample --out sample_data --seed 7"))
def sample(
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("sample_data"),
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 7,
) -> None:
    """Write the sample shop: events with known causes, items, users, pictures."""
    from recommender.sample import write_sample

    with say.status("Generating the sample shop"):
        shop = write_sample(out, seed)
    say.print(f"{len(shop.interactions):,} events written to {out}")


@app.command(epilog=example("fetch complete-journey --out data/complete-journey"))
def fetch(
    name: Annotated[str, typer.Argument(help="complete-journey or movielens-100k.")],
    out: Out,
    min_item_events: Annotated[
        int | None,
        typer.Option(help="Keep items with this many events. Default: as suits the collection."),
    ] = None,
    replace: Replace = False,
) -> None:
    """Build a data set from a known collection that a Python package brings along."""
    from recommender.data import KNOWN, save_dataset

    known = KNOWN.get(name)
    if known is None:
        raise typer.BadParameter(
            f"there is no known data set {name!r}: try one of {', '.join(KNOWN)}"
        )
    with say.status(f"Reading {name}"):
        least = known.min_item_events if min_item_events is None else min_item_events
        dataset = known.build(least)
        save_dataset(dataset, out, replace=replace)
    note_here("import", out)
    _show_dataset(dataset, out)


@app.command(
    "import",
    epilog=example("import --interactions shop.csv --map user_id=CustomerID --out data/shop"),
)
def import_(
    out: Out,
    interactions: Annotated[
        Path | None, typer.Option(help="Events: user, item, time and more. Or --sql and --query.")
    ] = None,
    items: Annotated[Path | None, typer.Option(help="Items and their features.")] = None,
    users: Annotated[Path | None, typer.Option(help="Users and their features.")] = None,
    sql: Annotated[
        str | None,
        typer.Option(
            help="Address of a database, such as sqlite:///shop.db, or env:NAME: the environment "
            "variable that holds it, so that no password stands here. It is only read."
        ),
    ] = None,
    query: Annotated[
        str | None, typer.Option(help="One SELECT to --sql, in place of --interactions.")
    ] = None,
    items_query: Annotated[str | None, typer.Option(help="The same for --items.")] = None,
    users_query: Annotated[str | None, typer.Option(help="The same for --users.")] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            help="role=column, such as user_id=CustomerID; time= takes the role away. Repeatable.",
        ),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(help="feature=kind, such as zip=categorical; ignore leaves out. Repeatable."),
    ] = None,
    rating_rule: Annotated[
        Literal["user_mean", "threshold", "all"] | None,
        typer.Option(
            help="Which ratings are interest: not below the user's mean, … Default: user_mean."
        ),
    ] = None,
    rating_threshold: Annotated[
        float | None,
        typer.Option(help="Least rating that is interest, for --rating-rule threshold."),
    ] = None,
    counts: Annotated[
        list[str] | None,
        typer.Option(
            help="Value of the column with the outcome (clicked, order status) whose rows are "
            "interest, such as delivered. Repeatable."
        ),
    ] = None,
    predict: Annotated[
        list[str] | None,
        typer.Option(help="Type of event that is predicted, such as 4. Repeatable."),
    ] = None,
    day_first: Annotated[
        bool | None,
        typer.Option("--day-first/--month-first", help="How to read 03/04/2024."),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option(help="Encoding of all files, such as cp1251. Default: found out for each."),
    ] = None,
    refuse: Annotated[
        list[str] | None,
        typer.Option(
            help="What is not to be put right, such as services (postage and fees are products "
            "after all) or copies. Repeatable."
        ),
    ] = None,
    sheet: Annotated[
        list[str] | None,
        typer.Option(help="table=sheet of a workbook, such as items=Products. Repeatable."),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(
            help="File of --save-answers, or of the Data page: columns, kinds and rules of a file "
            "of this kind. What is also said here wins."
        ),
    ] = None,
    save_answers: Annotated[
        Path | None,
        typer.Option(help="Write what this file was read by, for --answers (TOML)."),
    ] = None,
    min_item_events: Annotated[int, typer.Option(help="Leave rarer items out.")] = 1,
    min_user_events: Annotated[int, typer.Option(help="Leave rarer users out.")] = 1,
    repeats: Annotated[
        bool | None,
        typer.Option("--repeats/--no-repeats", help="May items be recommended again?"),
    ] = None,
    text_encoder: Annotated[
        str | None,
        typer.Option(help="Sentence encoder for texts: a folder, or a name on Hugging Face."),
    ] = None,
    vectors: Annotated[
        list[str] | None,
        typer.Option(help="feature=FILE.npy: a vector for each row of --items. Repeatable."),
    ] = None,
    vocabulary: Annotated[
        str | None,
        typer.Option(
            help="What is done in it: watched, or rated,book,reader with the words for an item and "
            "for a person. Default: as columns and events suggest."
        ),
    ] = None,
    name: Annotated[str, typer.Option(help="Name of the data set. Default: the folder's.")] = "",
    keep_days: Annotated[
        int | None,
        typer.Option(
            help="Delete it, and runs that hold a copy, after so many days. Only in the workspace; "
            "default: RECLENS_KEEP_DAYS."
        ),
    ] = None,
    replace: Replace = False,
) -> None:
    """Build a data set from your own files: CSV, TSV, Excel or Parquet, plain, gzip or zip.

    Or from a database: SQLite, DuckDB, PostgreSQL, and others that SQLAlchemy has a driver for.
    """
    asked = {"interactions": query, "items": items_query, "users": users_query}
    files = {"interactions": interactions, "items": items, "users": users}
    sources = sources_of(files, sql, asked)
    READING.start()  # while this process loads its libraries, so does that one
    from recommender.data import (
        ReadOptions,
        TextEncoder,
        build_dataset,
        read_tables,
        save_dataset,
    )
    from recommender.data.saved_answers import laid_over, read_answers, write_answers
    from recommender.data.vocabulary import vocabulary_of

    words = None if vocabulary is None else vocabulary_of(vocabulary)
    if keep_days is not None:
        _check_days(out, keep_days)
    if save_answers is not None:
        _check_free(save_answers, replace)
    options = laid_over(
        read_answers(answers) if answers else ReadOptions(),
        columns=as_roles(map_),
        kinds=as_pairs(kind, "--kind"),
        vectors={n: Path(file) for n, file in as_pairs(vectors, "--vectors").items()},
        rating_rule=rating_rule,
        rating_threshold=rating_threshold,
        counting=tuple(counts) if counts else None,
        predicted=tuple(predict or ()),
        day_first=day_first,
        encoding=encoding,
        refused=as_fixes(refuse),
        sheets=as_pairs(sheet, "--sheet"),
    )
    with say.status("Reading, checking and building"):
        tables = read_tables(*sources, options)
        dataset = build_dataset(
            tables,
            name or out.name,
            min_item_events=min_item_events,
            min_user_events=min_user_events,
            repeats=repeats,
            text_encoder=TextEncoder(text_encoder) if text_encoder else None,
            vocabulary=words,
        )
        save_dataset(dataset, out, replace=replace)
        if save_answers is not None:
            write_answers(options, tables, save_answers)
    note_here("import", out)
    if keep_days is not None:
        _keep(out, keep_days)
    _show_dataset(dataset, out)


def _check_free(path: Path, replace: bool) -> None:
    if path.exists() and not replace:
        raise StatedError(
            "there is already a file at {path}: name another, or --replace", path=path
        )


def _check_days(out: Path, days: int) -> None:
    from recommender.workspace.retention import check_days, check_place

    check_days(days)
    check_place(out)


def _keep(out: Path, days: int) -> None:
    from recommender.workspace.retention import keep
    from recommender.workspace.visitors import OPERATOR

    keep(out, days, OPERATOR)


def sources_of(
    files: dict[str, Path | None], address: str | None, queries: dict[str, str | None]
) -> tuple[Any, Any, Any]:
    """Where interactions, items and users come from. Raises BadParameter."""
    from recommender.data.queries import Query, from_environment

    asked = {name: sql for name, sql in queries.items() if sql is not None}
    if bool(asked) != (address is not None):
        raise typer.BadParameter("--sql says where, --query what is asked there: give both")
    for name in asked:
        if files[name] is not None:
            option = "--query" if name == "interactions" else f"--{name}-query"
            raise typer.BadParameter(f"give --{name} or {option}, not both")
    url = from_environment(address or "")
    found = files | {name: Query(url, sql) for name, sql in asked.items()}
    if found["interactions"] is None:
        raise typer.BadParameter("give --interactions FILE, or --sql ADDRESS with --query SELECT")
    return found["interactions"], found["items"], found["users"]


def as_roles(texts: list[str] | None) -> dict[str, str | None]:
    """What was said as role=column; without a column, no column has the role."""
    for text in texts or []:
        if "=" not in text:
            raise typer.BadParameter(f"--map wants role=column, not {text!r}")
    pairs = as_pairs([text for text in texts or [] if not text.endswith("=")], "--map")
    return pairs | {text[:-1]: None for text in texts or [] if text.endswith("=")}


def as_pairs(texts: list[str] | None, option: str) -> dict[str, Any]:
    """What was said as name=value. Raises BadParameter."""
    pairs = dict(text.partition("=")[::2] for text in texts or [])
    for key, value in pairs.items():
        if not key or not value:
            raise typer.BadParameter(f"{option} wants name=value, not {key!r}")
    return pairs


def as_fixes(names: list[str] | None) -> Any:
    """The names of fixes that are refused. Raises BadParameter."""
    from recommender.data.fixes import FIXES

    for name in names or []:
        if name not in FIXES:
            raise typer.BadParameter(f"--refuse wants one of {', '.join(FIXES)}, not {name!r}")
    return frozenset(names or [])


def _show_dataset(dataset: Any, out: Path) -> None:
    say.print(
        f"{dataset.name}: {len(dataset.interactions):,} events of "
        f"{len(dataset.users):,} users with {len(dataset.items):,} items, in {out}"
    )
    for what, features in (("Item", dataset.item_features), ("User", dataset.user_features)):
        listed = ", ".join(f"{feature.name} ({feature.kind})" for feature in features)
        say.print(f"{what} features: {listed or 'none'}")
    say.print(f"Vocabulary: {dataset.vocabulary}")
    again = "may" if dataset.repeats else "may not"
    say.print(f"Items {again} be recommended again to those who have them.")
    for note in dataset.notes:
        say.print(f"- {note}")
