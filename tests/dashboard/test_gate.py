"""Only by its own names is the server asked, no other page gets anything done, and who was not let
in sends no file."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import gate
from dashboard.gate import HOSTS, FilesOfAdmitted, KnownHosts, known_hosts

NAMES = ("shop.example.org", "recommend")
OURS = (
    "localhost", "localhost:8501", "LOCALHOST:8501", "app.localhost:1", "127.0.0.1:8501",
    "[::1]:8501", "192.168.1.7", "shop.example.org", "Shop.Example.org:443", "recommend:8501",
)  # fmt: skip
OTHERS = (
    "evil.example", "evil.example:8501", "127.0.0.1.evil.example", "localhost.evil.example",
    "evilshop.example.org", "shop.example.org.evil.example", "x.shop.example.org", "", "[::1",
    "a b", "user@evil.example", "localhost@evil.example", "2130706433.evil",
    "evil.example@localhost", "localhost#@evil.example", "//localhost", "evil://localhost",
)  # fmt: skip


def answered(kind: str, *headers: tuple[str, str], method: str = "GET") -> int:
    """The status that is sent to whoever asks so; 200 where the app was reached."""
    scope = {"type": kind, "method": method} if kind == "http" else {"type": kind}
    told = [(name.encode(), value.encode()) for name, value in headers]
    return reached(lambda app: KnownHosts(app, NAMES), scope | {"path": "/", "headers": told})


def reached(middleware: Callable[[ASGIApp], ASGIApp], asked: Scope) -> int:
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        sent.append({"status": 200})

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    with ThreadPoolExecutor(
        1
    ) as elsewhere:  # a browser's tests leave a loop running in this thread
        elsewhere.submit(asyncio.run, middleware(app)(asked, receive, send)).result()
    return sent[0].get("status", sent[0].get("code"))


@pytest.mark.parametrize("host", OURS)
def test_who_asks_by_our_name_or_by_number_is_answered(host: str) -> None:
    assert answered("http", ("host", host)) == 200
    assert answered("websocket", ("host", host), ("origin", f"http://{host}")) == 200


@pytest.mark.parametrize("host", OTHERS)
def test_who_asks_by_another_name_is_refused(host: str) -> None:
    assert answered("http", ("host", host)) == 421
    assert answered("websocket", ("host", host)) == 1008


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://localhost.evil",
        "",
        "http://6.6.6.6",
        "http://127.0.0.1:9",
        "http://other.localhost:8501",
        "capacitor://localhost",
        "http://evil.example\\@localhost",
    ],
)
def test_the_page_of_another_gets_nothing_done_here(origin: str) -> None:
    asked = (("host", "localhost:8501"), ("origin", origin))
    assert answered("websocket", *asked) == 1008
    assert [answered("http", *asked, method=way) for way in ("POST", "PUT", "DELETE")] == [421] * 3
    assert answered("http", *asked) == 200  # what is only looked at has no more than its page


def test_without_a_host_or_with_two_nobody_is_answered() -> None:
    assert answered("http") == 421
    assert answered("http", ("host", "localhost"), ("host", "evil.example")) == 421


def test_names_come_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOSTS, "Shop.example.org, recommend:8501,,https://other.example/path")
    assert {"shop.example.org", "recommend", "other.example"} <= known_hosts()
    assert "" not in known_hosts()


UPLOADS = "/reclens/_stcore/upload_file"


@pytest.mark.parametrize(
    ("login", "session", "status"),
    [(True, "in", 200), (True, "out", 403), (True, "", 403), (False, "out", 200)],
)
def test_files_come_only_from_who_was_let_in(
    monkeypatch: pytest.MonkeyPatch, login: bool, session: str, status: int
) -> None:
    monkeypatch.setattr(gate, "needs_login", lambda: login)
    monkeypatch.setattr(gate, "_LET_IN", {"in": time.time() + 60, "out": time.time() - 1})
    asked = {"type": "http", "method": "PUT", "path": f"{UPLOADS}/{session}/f", "headers": []}
    assert reached(FilesOfAdmitted, asked) == status


def test_where_nobody_can_be_let_in_no_file_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable() -> bool:
        raise gate.NotAdmittedError

    monkeypatch.setattr(gate, "needs_login", unreadable)
    asked = {"type": "http", "method": "PUT", "path": f"{UPLOADS}/s/f", "headers": []}
    assert reached(FilesOfAdmitted, asked) == 403
