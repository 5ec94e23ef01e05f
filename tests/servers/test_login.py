"""Login by OpenID Connect at a real provider, over real HTTP, in a real browser."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard.access import visitor_of
from recommender.data import save_dataset
from tests.browser.conftest import _wait
from tests.dashboard.shop import dataset
from tests.servers.conftest import Serve, free_port, settle

PEOPLE = {
    "ann": {"email": "ann@example.org", "email_verified": True, "name": "Ann Example"},
    "eve": {"email": "ada@example.org", "email_verified": False, "name": "Eve Example"},
    "ada": {"email": "ada@example.org", "email_verified": True, "name": "Ada Example"},
}
SECRET = "a-secret-that-no-log-may-hold-1234567890"


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    for subject, claims in PEOPLE.items():
        command += ["--user-claims", json.dumps({"sub": subject} | claims)]
    with (tmp_path / "provider.txt").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}"
    _wait(f"{url}/.well-known/openid-configuration")
    yield url
    process.terminate()
    process.wait(20)


def secrets(folder: Path, provider: str, port: int) -> Path:
    path = folder / "secrets.toml"
    path.write_text(
        f"""reclens_admins = ["ada@example.org"]
[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "{SECRET}"
client_id = "reclens"
client_secret = "{SECRET}"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""
    )
    return path


def key(provider: str, subject: str) -> str:
    return hashlib.sha256(f"{provider}\0{subject}".encode()).hexdigest()[:20]


def log_in(page: Page, url: str, subject: str) -> None:
    page.goto(f"{url}/data")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name=subject, exact=True).first.click()
    page.wait_for_url(f"{url}/**")
    expect(page.get_by_role("link", name="Data", exact=True)).to_be_visible()


def names(page: Page, url: str) -> set[str]:
    page.goto(f"{url}/data")
    settle(page)
    page.locator(".st-key-library [role=gridcell]").first.wait_for(state="attached")
    return {
        text.strip() for text in page.locator(".st-key-library [role=gridcell]").all_inner_texts()
    }


def log_out(page: Page) -> None:
    page.locator(".st-key-account button").first.click()
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("button", name="End session").click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible()


SESSION = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SEND = """async session => {
    const form = new FormData(), token = document.cookie.match(/_streamlit_xsrf=([^;]+)/);
    form.append('file', new Blob(['a']), 'a.csv');
    const headers = {'X-Xsrftoken': token ? token[1] : ''};
    const sent = {method: 'PUT', body: form, headers};
    return (await fetch(`/_stcore/upload_file/${session}/f`, sent)).status;
}"""
"""Send a file as the page would."""


def sessions_of(page: Page) -> list[str]:
    """Fills with whatever the server calls the sessions of a page."""
    found: list[str] = []

    def hear(frame: bytes | str) -> None:
        told = frame if isinstance(frame, bytes) else frame.encode()
        found.extend(one.decode() for one in SESSION.findall(told))

    page.on("websocket", lambda socket: socket.on("framereceived", hear))
    return found


def test_each_sees_their_own_and_the_administrator_all(
    tmp_path: Path, home: Path, provider: str, serve: Serve, page: Page
) -> None:
    for owner in ("ann", "eve"):
        place = home / "people" / key(provider, owner) / "datasets"
        save_dataset(dataset(), place / f"shop-of-{owner}")
    save_dataset(dataset(), home / "datasets" / "shop-of-the-house")
    port = free_port()
    url = serve("--secrets.files", str(secrets(tmp_path, provider, port)), port=port)

    sessions = sessions_of(page)
    page.goto(f"{url}/overview")
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    expect(page.get_by_text("Sample shop")).to_have_count(0)
    assert sessions
    assert {page.evaluate(SEND, session) for session in sessions} == {403}

    expected = {
        "ann": {"shop-of-ann"},
        "eve": {"shop-of-eve"},
        "ada": {"shop-of-ann", "shop-of-eve", "shop-of-the-house"},
    }
    every = set().union(*expected.values())
    for subject, own in expected.items():
        log_in(page, url, subject)
        seen = names(page, url)
        assert "run" in seen  # The sample is everybody's.
        assert seen & every == own, subject
        assert 204 in {page.evaluate(SEND, session) for session in sessions}
        if subject == "eve":
            page.goto(f"{url}/overview?run=shop-of-ann")
            expect(page.get_by_text("There is no run called shop-of-ann here.")).to_be_visible()
            page.goto(f"{url}/data")
            settle(page)
            expect(page.get_by_text("Add a folder of this machine")).to_have_count(0)
        log_out(page)

    log = (tmp_path / "server.txt").read_text()
    for private in (SECRET, "example.org", "Example", "Traceback"):
        assert private not in log


def test_secrets_that_cannot_be_read_let_nobody_in(
    tmp_path: Path, serve: Serve, page: Page
) -> None:
    (tmp_path / "secrets.toml").write_text("[auth\nbroken")
    url = serve("--secrets.files", str(tmp_path / "secrets.toml"))
    page.goto(url)
    expect(page.get_by_text("nobody is let in")).to_be_visible()
    expect(page.get_by_text("Sample shop")).to_have_count(0)


def test_an_address_that_nobody_verified_makes_no_administrator() -> None:
    admins = frozenset({"ada@example.org", "https://id#subject-of-root"})
    claims = {"iss": "https://id", "sub": "1", "email": "ADA@example.org"}
    assert not visitor_of(claims, admins).admin
    assert not visitor_of(claims | {"email_verified": "true"}, admins).admin
    assert visitor_of(claims | {"email_verified": True}, admins).admin
    assert visitor_of({"iss": "https://id", "sub": "subject-of-root"}, admins).admin


def test_the_same_number_at_two_providers_is_two_people() -> None:
    keys = {visitor_of({"iss": iss, "sub": "1"}, frozenset()).key for iss in ("a", "b")}
    assert len(keys) == 2
