"""Everything that writes what must last does it in the one order, and by the one file."""

from __future__ import annotations

import ast
import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from babel.messages.pofile import read_po

from dashboard.locale import catalogue
from recommender.commands.tables import write_table
from recommender.data import ReadOptions, load_dataset, read_tables, save_dataset
from recommender.data.saved_answers import write_answers
from recommender.data.text_encoder import _write as keep_vectors
from recommender.evaluate import save_trust
from recommender.evaluate.kept import keep
from recommender.model.learning import TrainConfig
from recommender.model.network import ModelConfig
from recommender.model.recipe import Recipe
from recommender.model.run import open_run, train_run
from recommender.model.transfer import carry_over
from recommender.model.tuning import tune
from recommender.sample import files as sample
from recommender.words.answers import Answer, AnswerCache
from recommender.workspace import (
    bundles,
    feedback,
    jobs,
    library,
    places,
    processes,
    pseudonyms,
    records,
    store,
)
from recommender.workspace.backup import back_up, take_back
from recommender.workspace.erasing import erase, find_customer
from recommender.workspace.library import OPERATOR
from tests.dashboard import shop
from tests.dashboard.test_trust_page import trust
from tests.recorded import Recorder, tree

ROOT = Path(__file__).parents[1]
DOOR = {"new_file", "new_folder", "write_bytes", "write_first", "write_text", "remove"}
MODEL = ModelConfig(width=32, n_heads=2, window=12)
TRAINING = TrainConfig(max_epochs=1)
OTHERS = ("library.sqlite", "trials.jsonl", "erasing.lock")
"""Files whose libraries sync them, SQLite's and the journal of the search for recipes; and one
that holds nothing."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    train_run(shop.dataset(), folder / "run", MODEL, TRAINING)
    return folder / "run"


@pytest.fixture
def top(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a workspace in it, which holds a run and a data set."""
    monkeypatch.setenv(places.HOME, str(tmp_path / "home"))
    monkeypatch.setenv(places.START_RUN, str(tmp_path / "none"))
    monkeypatch.delenv(store.DATABASE, raising=False)
    monkeypatch.setattr(processes, "start_supervisor", lambda home: None)
    shutil.copytree(run, tmp_path / "home" / "runs" / "run")
    shutil.copytree(run / "dataset", tmp_path / "home" / "datasets" / "shop")
    shutil.copytree(run / "dataset", tmp_path / "outside")
    records.reconcile()
    library.add_link(tmp_path / "outside", OPERATOR)
    yield tmp_path
    store.close_store()


def train(top: Path) -> None:
    train_run(shop.dataset(), top / "home/runs/run", MODEL, TRAINING, replace=True)


def write_saved_answers(top: Path) -> None:
    options = ReadOptions()
    tables = read_tables(("shop.csv", shop.interactions().encode()), options=options)
    write_answers(options, tables, top / "answers.toml")


def carry(top: Path) -> None:
    files = {"interactions": shop.interactions(), "items": shop.items(), "users": shop.users()}
    tables = read_tables(**{name: (f"{name}.csv", one.encode()) for name, one in files.items()})
    carry_over(open_run(top / "home/runs/run"), tables, "new", top / "home/runs/new")


def search(top: Path) -> None:
    tune(shop.dataset(), top / "search", 1, Recipe(MODEL, TRAINING))


def restore(top: Path) -> None:
    take_back(back_up(top / "monday").path)


def take_in(top: Path) -> None:
    sent = io.BytesIO()
    bundles.write_bundle(top / "home/datasets/shop", sent)
    bundles.take_in(sent, top / "home/datasets/sent", OPERATOR)


def likes(top: Path) -> None:
    feedback.write_likes(pd.DataFrame({"user_id": ["u"], "item_id": ["i"]}), OPERATOR)


def erase_customer(top: Path) -> None:
    likes = pd.DataFrame({"user_id": ["u07", "u08"], "item_id": ["i", "i"]})
    read = feedback.write_likes(likes, OPERATOR)
    data, out = top / "home/datasets/shop", top / "home/runs/next"
    job = jobs.enqueue(data, out, OPERATOR, ("--feedback", str(read)))
    jobs.cancel(job.id, OPERATOR)
    (top / "home/jobs" / job.id).mkdir(parents=True)
    (top / "home/jobs" / job.id / "output.txt").write_text("there is no user 'u07'\n")
    erase(find_customer("u07", OPERATOR))


def write_sample(top: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sample, "generate_sample", lambda seed: None)
        patch.setattr(sample, "sample_files", lambda *_: {"a.csv": "a", "images/a.svg": "<svg/>"})
        sample.write_sample(top / "sample_data")


def update_catalogue(top: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "place", lambda language, name: top / f"{language}.po")
        (top / "zh.po").touch()
        catalogue.update("zh")
    with (top / "zh.po").open("rb") as file:
        assert len(read_po(file)) > 100


def write_tables(top: Path) -> None:
    for ending in ("csv", "parquet"):
        write_table(pd.DataFrame({"user_id": ["u"]}), top / f"lists.{ending}")


WRITERS: dict[str, Callable[[Path], object]] = {
    "commands/tables.write_table": write_tables,
    "sample/files.write_sample": write_sample,
    "data/saved_answers.write_answers": write_saved_answers,
    "data/storage.save_dataset": lambda top: save_dataset(
        load_dataset(top / "home/datasets/shop"), top / "home/datasets/shop", replace=True
    ),
    "data/text_encoder._write": lambda top: keep_vectors(
        top / "cache" / "texts.npy", np.zeros((1, 2), np.float32)
    ),
    "evaluate/kept.keep": lambda top: keep(open_run(top / "home/runs/run"), "starts", (1, 2)),
    "evaluate/trust_report.save_trust": lambda top: save_trust(trust(), top / "home/runs/run"),
    "locale/catalogue.update": update_catalogue,
    "model/run._write, model/checkpoints.save_checkpoint": train,
    "model/transfer._write": carry,
    "model/tuning.tune, model/tuning._study": search,
    "words/answers.put": lambda top: AnswerCache(top / "answers").put("why", Answer("so")),
    "workspace/backup.back_up": lambda top: back_up(top / "monday"),
    "workspace/backup.take_back": restore,
    "workspace/bundles.take_in": take_in,
    "workspace/erasing.erase, workspace/traces.remove, workspace/receipts.keep_receipt, "
    "model/leaving.run_without": erase_customer,
    "workspace/feedback.write_likes": likes,
    "workspace/library.add_link": lambda top: library.add_link(run_beside(top), OPERATOR),
    "workspace/pseudonyms.secret": lambda top: pseudonyms.secret(),
    "workspace/records._unlink": lambda top: records.delete(top / "outside"),
    "workspace/records.delete": lambda top: records.delete(top / "home/runs/run"),
}
"""By the functions that it is to see at work."""


def run_beside(top: Path) -> Path:
    """A run outside the workspace."""
    return shutil.copytree(top / "home/runs/run", top.parent / f"{top.name}-beside")


@pytest.mark.parametrize("writer", WRITERS)
def test_everything_is_synced_before_it_is_put_in_its_place_and_after(
    top: Path, writer: str
) -> None:
    before = tree(top)
    with Recorder(top, unwatched=OTHERS).watching() as recorder:
        WRITERS[writer](top)
    assert recorder.faults == []
    placed = {path.relative_to(top).as_posix() for path in recorder.placed}
    assert placed or writer == "workspace/records.delete"
    for name, held in tree(top).items():
        is_other = held is None or Path(name).name.startswith(OTHERS)
        if not is_other and before.get(name) != held:
            ways = {name, *(str(one) for one in Path(name).parents)}
            assert ways & placed, f"{name} was written by another way"


def test_whoever_writes_what_must_last_is_in_the_test_before_this() -> None:
    calling = set()
    for path in [*(ROOT / "recommender").rglob("*.py"), *(ROOT / "dashboard").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        if "recommender.atomic import" not in text and "recommender import atomic" not in text:
            continue
        for function in ast.walk(ast.parse(text)):
            if isinstance(function, ast.FunctionDef) and calls_of(function) & DOOR:
                place = path.relative_to(ROOT).with_suffix("").parts[1:]
                calling.add(f"{'/'.join(place)}.{function.name}")
    assert calling == {name for names in WRITERS for name in names.split(", ")}


def calls_of(function: ast.FunctionDef) -> set[str]:
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {ast.unparse(call.func).removeprefix("atomic.") for call in calls}
