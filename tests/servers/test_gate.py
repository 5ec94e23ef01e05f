"""The app as it is served refuses what another host's page would send."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest

from dashboard.gate import HOSTS
from tests.servers.conftest import Serve

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def status(address: str, path: str, method: str = "GET", **headers: str) -> int:
    """What the server answers to these headers."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    connection.request(method, path, headers=headers)
    found = connection.getresponse().status
    connection.close()
    return found


def test_a_page_of_another_host_reaches_nothing(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = serve(**{HOSTS: "shop.example.org"})
    stream, ours = "/_stcore/stream", urlsplit(address).netloc
    assert status(address, "/") == status(address, "/", Host="shop.example.org") == 200
    assert status(address, stream, Host=ours, Origin=address, **UPGRADE) == 101
    for path in ("/", "/_stcore/health", "/_stcore/metrics", "/media/x.png"):
        assert status(address, path, Host="evil.example") == 421
    assert status(address, "/_stcore/upload_file/a/b", "PUT", Host="evil.example") == 421
    assert (
        status(address, stream, Host="evil.example", Origin="http://evil.example", **UPGRADE) == 403
    )
    assert status(address, stream, Host=ours, Origin="http://evil.example", **UPGRADE) == 403
