"""Commands that ask a run: recommend, explain, bundle, newcomer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from recommender.commands.app import AsJson, Candidates, RunPath, app, example
from recommender.commands.lists import write_lists
from recommender.commands.speech import print_json, results, say
from recommender.commands.tables import check_ending
from recommender.words import Audience, Language

if TYPE_CHECKING:
    from recommender.words import Words
    from recommender.words.model_settings import ModelSettings


@app.command(epilog=example("recommend sample_data/run --user U0001 --k 5 --json"))
def recommend(
    run: RunPath,
    user: Annotated[str | None, typer.Option(help="Id of the user.")] = None,
    k: Annotated[int, typer.Option(min=1, help="How many.")] = 10,
    candidates: Candidates = None,
    everyone: Annotated[bool, typer.Option("--all", help="For every user; needs --out.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="With --all: the file to write, .csv or .parquet."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Recommend items to a user, or to everyone with the strongest reasons, to a file."""
    if everyone == (user is not None) or everyone != (out is not None):
        raise typer.BadParameter("say either --user U, or --all with --out FILE")
    if out is not None:
        check_ending(out)
    opened = _open(run)
    view = candidates or opened.default_view
    if out is not None:
        write_lists(opened, k, view, out)
        return
    from recommender.commands.explained import as_of
    from recommender.explain import recommend as top
    from recommender.explain.documents import iso

    assert user is not None
    history = opened.history(opened.user(user))
    found = top(opened, history, k, view)
    if not found:
        say.print(f"Nothing is left to recommend to {user}: they have every item.")
    if as_json:
        rows = [
            {
                "rank": one.rank,
                "item_id": one.item_id,
                "title": one.title,
                "logit": one.logit,
                "percentile": one.percentile,
            }
            for one in found
        ]
        head = {"user": user, "k": k, "as_of": iso(history.asked.time), "candidates": view}
        print_json(head | {"recommendations": rows})
        return
    table = Table(title=Text(f"For {user}, {as_of(history.asked)}"))
    for column in ("rank", "item", "title", "logit", "percentile"):
        table.add_column(column)
    for one in found:
        logit, percentile = f"{one.logit:.3f}", f"{one.percentile:.1f}"
        table.add_row(str(one.rank), one.item_id, one.title, logit, percentile)
    results.print(table)


@app.command(epilog=example("explain sample_data/run --user U0001 --lang zh --audience shopper"))
def explain(
    run: RunPath,
    user: Annotated[str, typer.Option(help="Id of the user.")],
    item: Annotated[
        str | None,
        typer.Option(help="Id of the item. Default: the user's first recommendation."),
    ] = None,
    candidates: Candidates = None,
    lang: Annotated[Language, typer.Option(help="Language of words and table.")] = "en",
    audience: Annotated[Audience, typer.Option(help="For whom the words are.")] = "analyst",
    by_model: Annotated[
        bool,
        typer.Option(
            "--by-model",
            help="Let the language model that RECLENS_LLM_BASE_URL and RECLENS_LLM_MODEL name say "
            "it in other words; what the numbers do not back is said as usual.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say why an item is recommended to a user: three lenses on every event, and words."""
    from recommender.commands.explained import events_table, left_out, other_shares, places
    from recommender.explain import claims_of, try_out
    from recommender.explain import explain as why
    from recommender.explain import recommend as top
    from recommender.explain.documents import as_document
    from recommender.words import in_words
    from recommender.words.documents import with_words

    if by_model and as_json:
        raise typer.BadParameter("--by-model says words, so it goes without --json")
    model = _language_model() if by_model else None
    opened = _open(run)
    history = opened.history(opened.user(user))
    if item is None:
        first = top(opened, history, 1, candidates or opened.default_view)
        if not first:
            raise ValueError(f"nothing is left to recommend to {user}: they have every item")
        code = first[0].item
    else:
        code = opened.item(item)
    explanation = why(opened, history, code)
    findings = try_out(opened, history, code, candidates=candidates)
    if as_json:
        document = as_document(user, explanation, findings)
        print_json(with_words(document, explanation, findings, lang))
        return
    said = findings.vocabulary
    results.print(events_table(user, explanation, lang, said))
    assert findings.standing is not None
    ranks = places(findings.standing, lang, said)
    shares = other_shares(explanation, lang, said)
    for line in (*ranks, *shares, *left_out(explanation, lang)):
        results.print(line)
    words = in_words(claims_of(explanation, findings), lang, audience, said)
    results.print(_by_model(words, model) if model else words.text, soft_wrap=True)


def _language_model() -> ModelSettings:
    from recommender.words.model_settings import ModelSettings

    settings = ModelSettings.read()
    if settings is None:
        raise ValueError("no language model is set: set RECLENS_LLM_BASE_URL and RECLENS_LLM_MODEL")
    return settings


def _by_model(words: Words, settings: ModelSettings) -> str:
    """The words of the language model as far as they hold; what became of it goes to stderr."""
    from recommender.words.llm import rephrase

    said = rephrase(words, settings)
    if said.checked:
        kept = sum(one.backed for one in said.checked)
        say.print(f"{settings.model} said {len(said.checked)} sentences; {kept} are backed.")
    if said.cost:
        price = "" if said.cost.price is None else f", {said.cost.price:.6f} by the prices set"
        say.print(f"It took {said.cost.tokens_in} + {said.cost.tokens_out} tokens{price}.")
    if said.problem:
        say.print(f"These are the templates' words: {said.problem}.")
    return said.words.text


def _open(path: Path) -> Any:
    from recommender.model.run import open_run

    return open_run(path)


@app.command(epilog=example("bundle sample_data/run --item P0001 --lang zh"))
def bundle(
    run: RunPath,
    item: Annotated[str, typer.Option(help="Id of the item that all bundles hold.")],
    size: Annotated[int, typer.Option(min=2, max=4, help="Items in a bundle.")] = 3,
    lang: Annotated[Language, typer.Option(help="Language of the words.")] = "en",
    as_json: AsJson = False,
) -> None:
    """Items that go together with one: by what the model counts, beside plain lift."""
    from dataclasses import asdict

    from recommender.explain.bundles import bundles, by_lift
    from recommender.words.drafts import bundle_reason, lift_baseline, no_bundle

    opened = _open(run)
    found = bundles(opened, opened.item(item), size)
    words = opened.dataset.vocabulary
    ids = opened.dataset.items["item_id"]
    title = str(opened.dataset.items["title"].iloc[opened.item(item)])
    baseline = [str(ids.iloc[one]) for one in by_lift(opened, opened.item(item))]
    if as_json:
        said = [
            asdict(one)
            | {
                "items": [str(ids.iloc[i]) for i in one.items],
                "words": bundle_reason(one, lang, words),
            }
            for one in found
        ]
        print_json({"item_id": item, "bundles": said, "by_lift": baseline})
        return
    for one in found:
        results.print(bundle_reason(one, lang, words), soft_wrap=True)
    if not found:
        results.print(no_bundle(title, lang, words), soft_wrap=True)
    results.print(lift_baseline(title, baseline, lang, words), soft_wrap=True)


@app.command(epilog=example("newcomer sample_data/run --item P0067"))
def newcomer(
    run: RunPath,
    item: Annotated[str, typer.Option(help="Id of an item, sold or not yet.")],
    lang: Annotated[Language, typer.Option(help="Language of the words.")] = "en",
    as_json: AsJson = False,
) -> None:
    """Whom an item without sales would suit by its features, with drafts of what to say."""
    from dataclasses import asdict

    from recommender.evaluate.newcomers import newcomer as suited
    from recommender.words.drafts import blurb, suits

    opened = _open(run)
    found = suited(opened, opened.item(item))
    if as_json:
        ids = opened.dataset.users["user_id"]
        document = asdict(found) | {
            "item_id": item,
            "users": [str(ids.iloc[user]) for user in found.users],
            "blurb": blurb(found, lang),
            "reasons": suits(found, lang, opened.dataset.vocabulary),
        }
        print_json(document)
        return
    reasons = suits(found, lang, opened.dataset.vocabulary)
    for text in (blurb(found, lang), *reasons):
        results.print(text, soft_wrap=True)
