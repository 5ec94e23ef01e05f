"""Shapes are checked while tests run; files are dealt out to processes, the browser's to one."""

from __future__ import annotations

from typing import Any

import pytest
from jaxtyping import install_import_hook
from xdist.scheduler import LoadFileScheduling

with install_import_hook(
    ["recommender.metrics", "recommender.model", "recommender.explain"], "beartype.beartype"
):
    import recommender.explain
    import recommender.metrics
    import recommender.model  # noqa: F401


class OneBrowser(LoadFileScheduling):
    """A file stays in one process; so does all that needs a browser, which takes a core."""

    def _split_scope(self, nodeid: str) -> str:
        with_browser = nodeid.startswith(("tests/browser/", "tests/servers/"))
        return "browser" if with_browser else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneBrowser:
    """How the tests are dealt out where there are several processes."""
    return OneBrowser(config, log)
