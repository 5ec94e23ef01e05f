"""Shapes are checked while tests run; each process of them has one browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings
from jaxtyping import install_import_hook
from playwright.sync_api import Browser, BrowserContext, Playwright, ViewportSize, sync_playwright

with install_import_hook(
    ["recommender.metrics", "recommender.model", "recommender.explain"], "beartype.beartype"
):
    import recommender.explain
    import recommender.metrics
    import recommender.model  # noqa: F401
from tests.install import found

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


DESK: ViewportSize = {"width": 1440, "height": 1000}


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One that remembers nothing, for who opens a link for the first time."""
    opened = playwright.chromium.launch(executable_path=found("chromium"), args=FLAGS)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def context(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """One for all visits, with a profile on disk and little motion.

    Chromium keeps compiled scripts in a profile alone: without, each page costs two seconds more.
    """
    opened = playwright.chromium.launch_persistent_context(
        tmp_path_factory.mktemp("profile"),
        executable_path=found("chromium"),
        args=FLAGS,
        viewport=DESK,
        reduced_motion="reduce",
    )
    opened.set_default_timeout(60_000)
    yield opened
    opened.close()
