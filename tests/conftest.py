"""Shapes are checked while tests run; files are dealt out to processes, the browser's to one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings
from jaxtyping import install_import_hook
from playwright.sync_api import Browser, sync_playwright
from xdist.scheduler import LoadFileScheduling

with install_import_hook(
    ["recommender.metrics", "recommender.model", "recommender.explain"], "beartype.beartype"
):
    import recommender.explain
    import recommender.metrics
    import recommender.model  # noqa: F401


settings.register_profile("reclens", deadline=None)  # a busy machine makes no example wrong
settings.load_profile("reclens")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium if there is one, else Playwright's own; one for all tests."""
    system = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=system, args=FLAGS)
        yield opened
        opened.close()


class OneBrowser(LoadFileScheduling):
    """A file stays in one process; so does all that needs a browser, which takes a core."""

    def _split_scope(self, nodeid: str) -> str:
        with_browser = nodeid.startswith(("tests/browser/", "tests/servers/"))
        return "browser" if with_browser else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneBrowser:
    """How the tests are dealt out where there are several processes."""
    return OneBrowser(config, log)
