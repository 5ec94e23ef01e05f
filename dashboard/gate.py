"""What is refused before a page is drawn: other hosts, and files of whoever was not let in.

A page of somebody else may have a name that leads to this server (DNS rebinding), and its script
could then do in the visitor's browser whatever the visitor may do here. And Streamlit keeps files
for every open session, also for one that stands before the login.
"""

from __future__ import annotations

import ipaddress
import os
import re
import time
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.access import NotAdmittedError, login_address, needs_login

HOSTS: Final = "RECLENS_HOSTS"
"""Further names, with commas between them."""
_CHANGES: Final = ("POST", "PUT", "PATCH", "DELETE")
_POLICY_VIOLATION: Final = 1008
_REFUSED: Final = (
    "This server does not answer by that name. Whoever runs it can add the name to "
    f"{HOSTS}, for example {HOSTS}=recommendations.example.org.\n"
)


_HOST: Final = re.compile(r"[\w.-]+(?::\d+)?|\[[\da-fA-F:.]+\](?::\d+)?")
"""What stands in `Host`: a name or a number, nothing that could be read in two ways."""
_ORIGIN: Final = re.compile(rf"https?://({_HOST.pattern})")
"""Of the web: an app on a phone calls its pages `capacitor://localhost`."""


def known_hosts() -> frozenset[str]:
    """Names that the settings tell: `RECLENS_HOSTS`, the server's addresses, where a login leads
    back to, and the origins that may ask from elsewhere."""
    told = os.environ.get(HOSTS, "").split(",")
    told += [st.get_option("server.address") or "", st.get_option("browser.serverAddress") or ""]
    told += [*st.get_option("server.corsAllowedOrigins"), login_address()]
    return frozenset(_name(one.strip()) for one in told) - {""}


def _name(told: str) -> str:
    """The host of `host`, `host:port` or an address of the web, in small letters; else nothing."""
    try:
        return urlsplit(told if "//" in told else f"//{told}").hostname or ""
    except ValueError:
        return ""


class KnownHosts:
    """Answers nobody who asks for another host, nor for the page of another to change anything.

    Known are the given names, `localhost`, and every number: a name that leads elsewhere than it
    should is what such an attack needs. A page is of another host unless it is of the one that is
    asked, or of a given name: anybody's page may stand at a number.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str] = ()) -> None:
        self.app = app
        self.names = frozenset(names) - {""}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may be answered (ASGI 3)."""
        if scope["type"] not in ("http", "websocket") or self._admits(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(_POLICY_VIOLATION)(scope, receive, send)
        else:
            await PlainTextResponse(_REFUSED, status_code=421)(scope, receive, send)

    def _admits(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        hosts = [_name(told) if _HOST.fullmatch(told) else "" for told in headers.getlist("host")]
        if len(hosts) != 1 or not self._knows(hosts[0]):
            return False
        changes = scope["type"] == "websocket" or scope["method"] in _CHANGES
        origins = [_ORIGIN.fullmatch(told) for told in headers.getlist("origin")]
        asking = {_name(found[1]) if found else "" for found in origins}
        return not changes or asking <= {hosts[0], *self.names}

    def _knows(self, name: str) -> bool:
        local = name == "localhost" or name.endswith(".localhost")
        return name in self.names or local or _is_number(name)


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


_UPLOAD: Final = re.compile(r"/_stcore/upload_file/([^/]*)")
_MOST_SESSIONS: Final = 10_000
_LET_IN: Final[dict[str, float]] = {}
"""Sessions whose pages are drawn with the second until which that counts; the one seen last is at
the end."""


def let_in(until: float) -> None:
    """Note that the pages of this session are drawn: it may send files, until then (Unix)."""
    context = get_script_run_ctx()
    if context is None:
        return
    _LET_IN.pop(context.session_id, None)
    _LET_IN[context.session_id] = until
    while len(_LET_IN) > _MOST_SESSIONS:
        _LET_IN.pop(next(iter(_LET_IN)), None)


class FilesOfAdmitted:
    """Takes no file from a session that was not let in, where a login is asked for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may be answered (ASGI 3)."""
        asked = _UPLOAD.search(scope["path"]) if scope["type"] == "http" else None
        if asked and _LET_IN.get(asked[1], 0.0) < time.time() and _asks_for_login():
            await PlainTextResponse("Log in first.\n", status_code=403)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _asks_for_login() -> bool:
    try:
        return needs_login()
    except NotAdmittedError:
        return True
