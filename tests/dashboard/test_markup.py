"""A shop whose every name is markup: no page makes a link, a picture or bold type of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

from dashboard.words import literal
from recommender.data import build_dataset, read_tables, save_dataset
from recommender.workspace.library import HOME, START_RUN
from tests.cli.calling import call
from tests.dashboard.test_language import _elements
from tests.dashboard.test_pages import opened

NAMES = (
    "<b>bold</b>",
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "[link](https://evil.example)",
    "![picture](https://evil.example/i.png)",
    "https://evil.example/a_b_c",
    "www.evil.example",
    "me@evil.example",
    "**bold** *leaning* ~~gone~~",
    "`code` and $x^2$",
    ":red[coloured] :smile: :material/home:",
    "# heading | table |",
    "&lt;b&gt; &#36; -> --",
    "\\[x](y) \\",
)
SIGN = "QX"
"""Stands before and after each name, so that it is found again wherever it comes."""
MARKDOWN = ("body", "label", "help", "caption", "captions", "content", "text")
"""Fields of Streamlit's elements that a browser reads as Markdown."""
NOT_MARKDOWN = {"text", "code", "html", "iframe", "json", "arrow_data_frame", "vega_lite_chart"}
LIVE = re.compile(r"(?i)[\\`*_{}\[\]<>$~|!#:&]|https?:|www\.|\w@")
ADDRESSES = (
    "",
    "recommendations?show=all",
    "attention?stage=routing",
    "attention?stage=heads",
    "features",
    "features?scope=whole",
    "whatif?event=2",
    "whatif?edit=x3",
    "item",
    "compare",
    "compare?compare=products",
    "model",
    "trust",
    "data",
    "library",
    "present",
)


def name(n: int, of: str) -> str:
    return f"{SIGN}{NAMES[n % len(NAMES)]}{SIGN} {of}{n}"


def _csv(table: dict[str, list[Any]]) -> bytes:
    return pd.DataFrame(table).to_csv(index=False).encode()


def train(folder: Path) -> Path:
    """A run on a shop where customers, products, features, values and kinds of events are so."""
    rows = [
        (name(user, "u"), name((user % 3) + 3 * ((user + step * step) % 8), "i"), step, kind)
        for user in range(42)
        for step in range(6)
        for kind in (name(0, "e"), "purchase")
    ]
    users, items, steps, kinds = zip(*rows, strict=True)
    days = [f"2024-0{step + 1}-15" for step in steps]
    events = {"user_id": users, "item_id": items, "timestamp": days, "event": kinds}
    products = {
        "item_id": [name(i, "i") for i in range(24)],
        "title": [name(i, "t") for i in range(24)],
        "category": [name(i % 7, "c") for i in range(24)],
        name(3, "f"): [name(i % 5, "v") for i in range(24)],
    }
    people = {
        "user_id": [name(u, "u") for u in range(42)],
        name(9, "f"): [name(u % 4, "p") for u in range(42)],
    }
    tables = read_tables(
        ("interactions.csv", _csv(events)),
        ("items.csv", _csv(products)),
        ("users.csv", _csv(people)),
    )
    save_dataset(build_dataset(tables, name(5, "d")), folder / "data")
    short = ("--width", "32", "--window", "20", "--epochs", "1")
    answer = call("train", folder / "data", "--out", folder / "run", *short)
    assert answer.code == 0, answer.err
    assert call("measure", folder / "run").code == 0
    return folder / "run"


@pytest.fixture(scope="module")
def marked_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(tmp_path_factory.mktemp("marked"))


@pytest.fixture(autouse=True)
def _workspace(marked_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(START_RUN, str(marked_run))
    monkeypatch.setenv(HOME, str(tmp_path))


def strings(message: Message) -> Iterator[tuple[str, str]]:
    """Every text of an element, with its field's name."""
    for field, value in message.ListFields():
        for one in value if field.is_repeated else [value]:
            if isinstance(one, Message):
                yield from strings(one)
            elif isinstance(one, str):
                yield field.name, one


def names_in(text: str) -> list[str]:
    """What stands between two signs; of a name that was cut, what is left of it."""
    return re.findall(rf"(?is){SIGN}(.*?)(?:{SIGN}|…|$)", text)


def live(text: str) -> list[str]:
    """Names in a text of Markdown that would be markup."""
    bare = [re.sub(r"\\[^A-Za-z0-9\s]", "", one) for one in names_in(text)]
    return [one for one in bare if LIVE.search(one)]


def markdown_of(app: AppTest) -> Iterator[tuple[str, str]]:
    """Each text that a browser reads as Markdown, after the kind of its element."""
    for element in _elements(app.main):
        if element.type in NOT_MARKDOWN:
            continue
        for field, text in strings(element.proto):
            if field in MARKDOWN:
                yield f"{element.type}.{field}", text


def test_the_check_finds_names_that_are_markup_and_no_others() -> None:
    assert all(live(f"Why {SIGN}{one}{SIGN}?") for one in NAMES)
    assert not any(live(f"**Why** {literal(f'{SIGN}{one}{SIGN}')}?") for one in NAMES)


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_name_is_markup_on_any_page(address: str) -> None:
    page, _, asked = address.partition("?")
    params = dict(one.split("=") for one in asked.split("&") if one)
    app = opened(page or "overview", **params)
    assert not app.exception
    said = list(markdown_of(app))
    assert said
    assert sorted({f"{place}: {one}" for place, text in said for one in live(text)}) == []
