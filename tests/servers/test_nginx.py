"""The example configuration in a real nginx without rights of root, and the app behind it."""

from __future__ import annotations

import http.client
import shutil
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, _wait, end
from tests.install import needed, unprivileged
from tests.servers.conftest import Serve, free_port, settle

EXAMPLE = ROOT / "docs" / "deployment" / "nginx.conf"
HEADERS = {
    "content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy",
    "permissions-policy", "cross-origin-opener-policy",
}  # fmt: skip


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that an unprivileged user may write to, on a path that it may walk."""
    made = Path(tempfile.mkdtemp(prefix="reclens-nginx-"))
    made.chmod(0o777)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def proxied(folder: Path, serve: Serve) -> Iterator[str]:
    nginx = needed("nginx")
    app = serve("--server.baseUrlPath", "reclens", base="/reclens")
    port = free_port()
    server = EXAMPLE.read_text().replace("LISTEN;", f"127.0.0.1:{port};")
    server = server.replace("http://APP", app.removesuffix("/reclens"))
    temporary = "\n".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"pid {folder}/pid; error_log {folder}/error.log; daemon off; events {{}}\n"
        f"http {{ {temporary}\n{server} }}\n"
    )
    (folder / "nginx.conf").chmod(0o644)
    command = [*unprivileged(), nginx, "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/reclens/_stcore/health")
        yield f"http://127.0.0.1:{port}"
        assert "[emerg]" not in (folder / "error.log").read_text()
    finally:
        end(process)


def test_the_app_works_below_a_path_behind_nginx(proxied: str, page: Page) -> None:
    refused: list[str] = []
    page.on(
        "console",
        lambda said: refused.append(said.text) if "Content Security" in said.text else None,
    )
    page.goto(f"{proxied}/")
    page.wait_for_url(f"{proxied}/reclens/**")
    expect(page.get_by_text("Sample shop").first).to_be_visible()
    page.get_by_role("link", name="Recommendations").first.click()
    page.wait_for_url("**/reclens/recommendations**")
    settle(page)
    expect(page.locator(".st-key-explanation")).to_be_visible()
    page.locator(".st-key-chart_lenses").wait_for()
    expect(
        page.locator(".st-key-chart_lenses canvas, .st-key-chart_lenses svg").first
    ).to_be_visible()
    assert refused == []


def test_every_answer_carries_the_headers(proxied: str) -> None:
    for path in ("/reclens/", "/reclens/_stcore/health"):
        with urllib.request.urlopen(proxied + path) as answer:
            assert {name.lower() for name in answer.headers} >= HEADERS, path
            assert "nginx/" not in answer.headers["Server"]


def asked(url: str, method: str = "GET", body: bytes = b"", length: int | None = None) -> int:
    """The status of the answer; `length` tells of a longer body than is sent."""
    there = urlsplit(url)
    connection = http.client.HTTPConnection(there.netloc, timeout=30)
    headers = {"Content-Length": str(len(body) if length is None else length)}
    connection.request(method, f"{there.path}?{there.query}", body, headers)
    status = connection.getresponse().status
    connection.close()
    return status


def test_the_proxy_holds_what_it_alone_can(proxied: str, folder: Path) -> None:
    core = f"{proxied}/reclens/_stcore"
    assert asked(f"{core}/metrics") == 404
    assert asked(f"{proxied}/reclens/?user=of-a-customer", "POST", length=2 * 2**20) == 413
    file = f"{core}/upload_file/nobody/file"
    assert asked(file, "PUT", length=201 * 2**20) == 413
    found = [asked(f"{file}?user=of-a-customer", "PUT", b"a") for _ in range(40)]
    assert 429 in found
    assert 429 not in found[:10]
    log = (folder / "error.log").read_text()
    assert "of-a-customer" not in log
    assert "127.0.0.1" not in log
