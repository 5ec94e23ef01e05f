"""While user ids are hidden none leaves the server: no page, address, file or log has one.

The ids of this shop are like nothing else, and all that is sent to the browser is looked through.
"""

from __future__ import annotations

import ast
import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard import identities, resources, state
from recommender.data import build_dataset, read_tables, save_dataset
from recommender.workspace import jobs, library, places, processes, store
from recommender.workspace.feedback import Opinion, keep
from recommender.workspace.library import HOME, OPERATOR, START_RUN
from recommender.workspace.pseudonyms import IN_ADDRESS, pseudonym, secret
from tests.cli.calling import call
from tests.dashboard import shop
from tests.dashboard.test_pages import APP, words

ROOT = Path(__file__).parents[2]
TOKEN = "SECRETUSER"
WHO = f"{TOKEN}0007"


def renamed(text: str) -> str:
    return re.sub(r"\bu(\d\d),", rf"{TOKEN}00\1,", text)


def regions() -> str:
    """Thirty-seven of the North, nineteen of the South, three of the Islands; one is not in the
    file, which reading notes with the id as an example."""
    rows = ["user_id,age_band,region"]
    for user in range(59):
        region = "Islands" if user < 3 else "North" if user % 3 else "South"
        rows.append(f"u{user:02d},{'18-34' if user % 2 else '35-64'},{region}")
    return renamed("\n".join(rows) + "\n")


@pytest.fixture(scope="module")
def secret_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("secret")
    tables = read_tables(
        ("interactions.csv", renamed(shop.interactions()).encode()),
        ("items.csv", shop.items().encode()),
        ("users.csv", regions().encode()),
    )
    data = build_dataset(tables, "Secret shop")
    assert any(f"{TOKEN}0059" in note for note in data.notes)
    save_dataset(data, folder / "data")
    short = ("--width", "32", "--window", "20", "--epochs", "2")
    answer = call("train", folder / "data", "--out", folder / "run", *short)
    assert answer.code == 0, answer.err
    return folder / "run"


@pytest.fixture(autouse=True)
def _workspace(secret_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(START_RUN, str(secret_run))
    monkeypatch.setenv(HOME, str(tmp_path))
    monkeypatch.setattr(processes, "start_supervisor", lambda home: None)
    store.close_store()


class Sent:
    """Everything that the browser is sent, and every file that it could ask for."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.files: dict[str, str] = {}

    def __contains__(self, token: str) -> bool:
        found = token.lower().encode()
        return any(found in one.lower() for one in self.messages) or any(
            token.lower() in text.lower() for text in self.files.values()
        )


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sent]:
    found, enqueue, button = Sent(), ScriptRunContext.enqueue, st.download_button

    def noting(self: ScriptRunContext, msg: Any) -> None:
        found.messages.append(msg.SerializeToString())
        enqueue(self, msg)

    def offering(label: str, data: Any, file_name: str, **more: Any) -> bool:
        if not more.get("disabled") and more.get("mime") != "image/png":
            found.files[file_name] = read_as_text(beside(data) if callable(data) else data)
        return bool(button(label, data, file_name, **more))

    monkeypatch.setattr(ScriptRunContext, "enqueue", noting)
    monkeypatch.setattr(st, "download_button", offering)
    yield found


def beside(make: Callable[[], bytes | str]) -> bytes | str:
    """A file as Streamlit makes it when it is asked for: where no page is drawn."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(make).result()


def read_as_text(content: bytes | str) -> str:
    """What a file says, unpacked."""
    if isinstance(content, str):
        return content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(read_as_text(archive.read(name)) for name in archive.namelist())
    if content.startswith(b"PAR1"):
        return str(pd.read_parquet(io.BytesIO(content)).to_csv())
    return content.decode("utf-8", "surrogateescape")


def visit(page: str, *menus: str, hidden: bool = True, **params: str | list[str]) -> AppTest:
    """The page, with these menus open."""
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.query_params |= {"user": WHO} | params | ({"mask": "1"} if hidden else {})
    app._page_hash = calc_hash("" if page == "overview" else page)
    app.run()
    if menus:
        for menu in menus:
            app.session_state[menu] = True
        app.run()
    assert not app.exception
    return app


def opine() -> None:
    """An opinion on a customer, given while ids were shown."""
    address = f"user={WHO}&with={TOKEN}0008&k=5"
    what = ("recommendation", 1, "run", "f", "Secret shop", "d", WHO, "i01", address)
    keep(Opinion(*what), OPERATOR)


VISITS: dict[str, tuple[str, tuple[str, ...], dict[str, str]]] = {
    "overview": ("overview", (), {}),
    "recommendations": ("recommendations", ("picker", "save", "more_timeline"), {}),
    "recommendations now": ("recommendations", (), {"moment": "now", "show": "all"}),
    "what if": ("whatif", (), {"edit": "-i01"}),
    "product": ("item", (), {"item": "i01", "show": "all"}),
    "product, segment": ("item", (), {"item": "i01", "more": "segment"}),
    "attention": ("attention", (), {}),
    "features": ("features", (), {}),
    "whole model": ("features", ("more_whole_sources",), {"scope": "whole"}),
    "two customers": ("compare", (), {"with": f"{TOKEN}0008"}),
    "two products": ("compare", (), {"compare": "products"}),
    "model": ("model", (), {}),
    "trust": ("trust", (), {}),
    "data": ("data", (), {}),
    "nobody": ("recommendations", (), {"user": f"{TOKEN}9999"}),
    "compared with nobody": ("compare", (), {"with": f"{TOKEN}9999"}),
    "present 1": ("present", (), {"step": "1"}),
    "present 2": ("present", (), {"step": "2"}),
    "present 3": ("present", (), {"step": "3"}),
    "present 4": ("present", (), {"step": "4"}),
    "present nobody": ("present", (), {"user": f"{TOKEN}9999"}),
}


@pytest.mark.parametrize("name", VISITS)
def test_no_id_leaves_the_server_while_they_are_hidden(
    name: str, sent: Sent, caplog: pytest.LogCaptureFixture
) -> None:
    opine()
    caplog.set_level(logging.DEBUG)
    page, menus, params = VISITS[name]
    app = visit(page, *menus, **params)
    assert "could not be drawn" not in words(app)
    assert sent.messages
    assert TOKEN not in sent
    assert TOKEN not in str(app.query_params)
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    "name", ["overview", "recommendations", "product", "two customers", "data", "present 1"]
)
def test_the_same_pages_have_ids_where_they_are_not_hidden(name: str, sent: Sent) -> None:
    opine()
    page, menus, params = VISITS[name]
    visit(page, *menus, hidden=False, **params)
    assert TOKEN in sent


@pytest.mark.parametrize("hidden", [True, False])
def test_every_file_names_customers_as_the_page_does(hidden: bool, sent: Sent) -> None:
    opine()
    visit("recommendations", "save", "more_timeline", hidden=hidden)
    visit("data", hidden=hidden)
    name = pseudonym(WHO, secret()) if hidden else WHO
    told = ("reclens-explanation.json", "reclens-explanation.html", "reclens-feedback.csv")
    for file in (*told, "reclens-explanation.live.html", "reclens-feedback.parquet"):
        assert name in sent.files[file], file
    assert ("run.zip" in sent.files) is not hidden  # it holds the data set as it is


def test_the_address_names_the_pseudonym_from_the_first_page_on() -> None:
    app = visit("model", **{"with": f"{TOKEN}0008"})
    assert app.query_params["user"] == f"~{pseudonym(WHO, secret())}"
    assert app.query_params["with"] == f"~{pseudonym(f'{TOKEN}0008', secret())}"


def test_hiding_takes_the_ids_out_of_the_address(sent: Sent) -> None:
    app = visit("recommendations", hidden=False)
    sent.messages.clear()
    app.toggle(key="w_mask").set_value(True).run()
    assert app.query_params["user"] == f"~{pseudonym(WHO, secret())}"
    assert TOKEN not in sent
    app.toggle(key="w_mask").set_value(False).run()
    assert app.query_params["user"] == WHO


def test_an_id_that_is_typed_is_found_and_not_said(sent: Sent) -> None:
    app = visit("compare")
    app.text_input(key="w_with").set_value(f"{TOKEN}0008").run()
    name = pseudonym(f"{TOKEN}0008", secret())
    assert app.text_input(key="w_with").value == f"~{name}"
    assert f"Customer {name}" in words(app)
    assert TOKEN not in sent


def test_a_search_finds_by_pseudonym_and_not_by_id() -> None:
    app = visit("recommendations", "picker")
    name = pseudonym(f"{TOKEN}0008", secret())
    app.text_input(key="query").set_value(f"{TOKEN}0008").run()
    assert "Nobody matches" in words(app)
    app.text_input(key="query").set_value(name.lower()).run()
    table = next(frame.value for frame in app.dataframe if "Customer" in frame.value.columns)
    assert table["Customer"].tolist() == [f"Customer {name}"]


def test_a_pseudonym_leads_to_its_customer_whether_ids_are_hidden_or_not() -> None:
    told = f"~{pseudonym(WHO, secret())}"
    of_id, of_name = (visit("recommendations", user=user) for user in (WHO, told))
    assert words(of_id) == words(of_name)
    shown = visit("recommendations", hidden=False, user=told)
    assert shown.query_params["user"] == WHO


def test_no_number_leads_to_a_row() -> None:
    for user in ("~8", "~1"):
        assert "There is no customer" in words(visit("recommendations", user=user))


def test_customers_stand_in_the_order_of_their_pseudonyms(secret_run: Path) -> None:
    letters = {letter: n for n, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}
    names = [pseudonym(f"{TOKEN}{n:04d}", secret()) for n in range(60)]
    ordered = sorted(names, key=lambda name: [letters[one] for one in name.replace("-", "")])
    app = visit("recommendations", "picker", user=f"~{ordered[30]}")
    table = next(frame.value for frame in app.dataframe if "Customer" in frame.value.columns)
    assert table["Customer"].tolist() == [f"Customer {name}" for name in ordered[:50]]
    app.button(key="customer_next").click().run()
    assert app.query_params["user"] == f"~{ordered[31]}"
    app = visit("compare", user=f"~{ordered[59]}")
    assert app.text_input(key="w_with").value == f"~{ordered[0]}"


def test_a_place_in_a_list_tells_no_row_and_ranks_keep_their_order() -> None:
    users = [f"u{n // 2:02d}" for n in range(40)]
    lists = pd.DataFrame({"user_id": users, "rank": [1, 2] * 20})
    shown = identities.exported(lists, True)
    assert list(shown["user_id"]) == sorted(pseudonym(one, secret()) for one in users)
    assert list(shown["rank"]) == [1, 2] * 20
    assert identities.exported(lists, False) is lists


def test_no_key_of_a_page_tells_a_row() -> None:
    """Streamlit hands keys to the browser, as classes."""
    for path in sorted((ROOT / "dashboard/views").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "key":
                assert not re.search(r"\buser\b", ast.unparse(node.value)), path.name


def test_ids_of_users_are_read_in_one_place() -> None:
    for path in sorted((ROOT / "dashboard").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            read = isinstance(node, ast.Subscript) and ast.unparse(node.slice) in (
                "USER",
                "'user_id'",
            )
            if read and ast.unparse(node.value).endswith("users"):
                assert path.name == "identities.py", f"{path.name}: {ast.unparse(node)}"


def test_every_parameter_that_names_a_customer_is_known() -> None:
    assert IN_ADDRESS == (state.USER, state.WITH)


def upload(app: AppTest) -> AppTest:
    events = f"{renamed(shop.interactions())}{TOKEN}9999,i01,2024-03-01 10:00:00,view\n"
    app.file_uploader(key="file_interactions").upload("shop.csv", events.encode(), "text/csv")
    app.file_uploader(key="file_users").upload("users.csv", regions().encode(), "text/csv")
    return app.run()


@pytest.mark.parametrize("hidden", [True, False])
def test_uploaded_files_are_read_and_scored_without_an_id(
    hidden: bool, sent: Sent, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    app = upload(visit("data", hidden=hidden, way="upload", do="score"))
    assert "is missing here" in words(app) or "are missing here" in str(sent.files)
    app.button(key="score").click().run()
    assert "1 customer is new to the run" in words(app)
    assert {"clean-csv.zip", "problems.csv", "recommendations.csv"} <= set(sent.files)
    assert (TOKEN in sent) is not hidden
    assert TOKEN not in caplog.text
    name = pseudonym(WHO, secret())
    for file in ("clean-csv.zip", "clean-parquet.zip", "recommendations.csv"):
        assert (name in sent.files[file]) is hidden, file


def test_a_log_of_a_training_names_nobody(secret_run: Path, sent: Sent) -> None:
    data = secret_run.parent / "data"
    job = jobs.enqueue(data, library.new_path("run", "again", OPERATOR), OPERATOR)
    folder = places.job_folder(job.id)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "output.txt").write_text(f"1 of 60 ids is missing here, such as '{WHO}'; it is kept")
    visit("data", job=job.id)
    assert "is missing here" in sent
    assert TOKEN not in sent


def test_a_page_that_fails_logs_no_id(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(question: object) -> None:
        raise KeyError(WHO)

    monkeypatch.setattr(resources, "history", fail)
    app = visit("recommendations")
    assert "could not be drawn" in words(app)
    assert "a view failed" in caplog.text
    assert "KeyError" in caplog.text
    assert TOKEN not in caplog.text


def test_small_groups_are_not_shown_apart_while_ids_are_hidden(sent: Sent) -> None:
    """Three of the Islands could be told from all and the rest, so the next smallest goes too."""
    visit("features", scope="whole", hidden=False)
    assert "Islands" in sent
    sent.messages.clear()
    sent.files.clear()
    app = visit("features", scope="whole")
    assert "groups of fewer than 10 customers are not shown apart" in words(app)
    visit("model", group="region")
    for k in ("5", "50"):
        visit("item", item="i01", show="all", k=k, more="segment")
    assert "Islands" not in sent
    assert "North" in sent
    asked = visit("features", scope="whole", among="region=Islands")
    assert "of 60 customers" in words(asked)
    assert "fewer than 10" not in words(visit("features", scope="whole", hidden=False))


def test_groups_that_leave_few_beside_are_not_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of thirty aged 35-64 nineteen are of the North: what is said of both tells of eleven."""
    both = ["region=North", "age_band=35-64"]
    assert "too small" not in words(visit("features", scope="whole", among=both))
    monkeypatch.setenv("RECLENS_SMALLEST_GROUP", "12")
    narrow = visit("features", scope="whole", among=both)
    assert "too small to be shown apart" in words(narrow)


def test_the_operator_may_set_another_floor(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECLENS_SMALLEST_GROUP", "1")
    visit("features", scope="whole")
    assert "Islands" in sent


def test_without_a_secret_no_id_is_shown_in_its_place(tmp_path: Path, sent: Sent) -> None:
    (tmp_path / places.SECRET).write_bytes(b"damaged")
    app = visit("recommendations")
    assert "is damaged" in words(app)
    assert TOKEN not in sent
    assert TOKEN not in str(app.query_params)
