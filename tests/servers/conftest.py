"""The app as people deploy it: processes of its own on free loopback ports, a real browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from recommender.workspace.places import HOME, START_RUN
from tests.browser.conftest import ROOT, _wait, end

Serve = Callable[..., str]
expect.set_options(timeout=60_000)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def serve(tmp_path: Path, home: Path) -> Iterator[Serve]:
    """Starts the app with options and settings; its log is `tmp_path / "server.txt"`."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*options: str, port: int = 0, base: str = "", **settings: str) -> str:
        port = port or free_port()
        told = {HOME: str(home), START_RUN: str(ROOT / "sample_data" / "run")} | settings
        command = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py"]
        with (tmp_path / "server.txt").open("ab") as output:
            started.append(
                subprocess.Popen(
                    [*command, "--server.port", str(port), *options],
                    cwd=ROOT,
                    env=os.environ | told,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )
            )
        _wait(f"http://127.0.0.1:{port}{base}/_stcore/health")
        return f"http://127.0.0.1:{port}{base}"

    yield start
    for process in started:
        end(process)


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page of somebody who is logged in nowhere."""
    context.clear_cookies()
    opened = context.new_page()
    yield opened
    opened.close()


def settle(page: Page) -> None:
    """Wait until the script has run and everything is drawn."""
    page.wait_for_timeout(300)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_timeout(400)
