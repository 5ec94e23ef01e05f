"""The only door to who is looking: everybody is the operator, or each logs in and has their own.

With an `[auth]` section in the secrets the app asks for a login by OpenID Connect. Whatever a page
takes from the workspace it asks for here, in the name of the visitor.
"""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import streamlit as st

from dashboard import state
from dashboard.words import _, later
from recommender.workspace import audit, jobs, library
from recommender.workspace.library import OPERATOR, Entry, Kind
from recommender.workspace.lineage import content_of
from recommender.workspace.quotas import check_space
from recommender.workspace.records import greet
from recommender.workspace.retention import expire
from recommender.workspace.store import StoreError
from recommender.workspace.visitors import Visitor

T = TypeVar("T")
NO_LOGIN: Final = "no login"
"""What the audit log calls whoever uses a workspace without one."""
ADMINS: Final = "RECLENS_ADMINS"
LOGIN_MINUTES: Final = "RECLENS_LOGIN_MINUTES"
_LOGIN_MINUTES: Final = 60
"""How long a login counts: Streamlit's cookie outlives by weeks what the provider takes back."""
_CLOCKS_DIFFER: Final = 300.0
"""Seconds by which a provider's clock may be ahead."""
_LAST_SECOND: Final = 2**53
"""Up to which a number tells seconds exactly; no clock says as much."""
P = ParamSpec("P")
_log = logging.getLogger("dashboard")


class NotAdmittedError(PermissionError):
    """Nobody is logged in where a login is asked for."""


def needs_login() -> bool:
    """Whether the secrets have an `[auth]` section.

    Raises NotAdmittedError if there are secrets that cannot be read: they may ask for a login.
    """
    if st.secrets.load_if_toml_exists():
        return "auth" in st.secrets
    if any(Path(path).exists() for path in st.get_option("secrets.files")):
        raise NotAdmittedError(_("The secrets of this server cannot be read, so nobody is let in."))
    return False


def login_address() -> str:
    """Where a login leads back to; nothing where none is asked for."""
    try:
        return str(st.secrets["auth"]["redirect_uri"])
    except (KeyError, OSError, ValueError):
        return ""


def visitor() -> Visitor:
    """Who is looking. Raises NotAdmittedError."""
    if not needs_login():
        return replace(OPERATOR, identity=NO_LOGIN)
    claims = dict(st.user)
    if not claims.get("is_logged_in") or not claims.get("sub"):
        raise NotAdmittedError(_("Log in to see this page."))
    if not still_counts(claims, time.time(), _login_minutes()):
        raise NotAdmittedError(
            _("Log in again: after a while your provider is asked whether you still may.")
        )
    return visitor_of(claims, _admins())


def still_counts(claims: Mapping[str, Any], now: float, minutes: float) -> bool:
    """Whether a provider told of a visitor lately: `iat` is the second when (OpenID Connect).

    A login without one, or of a time to come, counts no more: nobody knows how old it is.
    """
    told = claims.get("iat")
    if isinstance(told, bool) or not isinstance(told, (int, float)) or not abs(told) < _LAST_SECOND:
        return False
    return told - _CLOCKS_DIFFER <= now <= told + 60 * minutes


def until() -> float:
    """The second (Unix) until which the login of who is looking counts."""
    if not needs_login():
        return float("inf")
    claims: dict[str, Any] = dict(st.user)
    return float(claims["iat"]) + 60 * _login_minutes()


def _login_minutes() -> float:
    """Minutes for which a login counts. Raises NotAdmittedError if what is set is no number."""
    said = settings((LOGIN_MINUTES,)).get(LOGIN_MINUTES, str(_LOGIN_MINUTES))
    try:
        minutes = float(said)
    except ValueError:
        minutes = 0.0
    if not 0 < minutes < float("inf"):
        raise NotAdmittedError(
            _("{name} is no number of minutes, so nobody is let in.").format(name=LOGIN_MINUTES)
        )
    return minutes


def fragment(view: Callable[P, None], run_every: float | None = None) -> Callable[P, None]:
    """Streamlit's, for who may still look: it is drawn again without the page around it, and so
    without the page's question who is looking."""

    @wraps(view)
    def asked(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            visitor()
        except NotAdmittedError:
            st.rerun()
        view(*args, **kwargs)

    return st.fragment(asked, run_every=run_every)


def visitor_of(claims: Mapping[str, Any], admins: Iterable[str]) -> Visitor:
    """The visitor whom an identity provider tells of.

    An administrator is listed by an address, which counts only where the provider says that it was
    verified, since elsewhere people may write any into their profile; or by `issuer#subject`: what
    one provider calls a subject may be somebody else at another, and may look like an address.
    Raises NotAdmittedError if the list holds anything else.
    """
    issuer, subject = str(claims.get("iss", "")), str(claims["sub"])
    address = str(claims.get("email") or "")
    listed = {_admin(one) for one in admins}
    trusted = {(issuer, subject)} if issuer else set()
    if address and claims.get("email_verified") is True:
        trusted.add(("", _lowered(address)))
    return Visitor(
        key=hashlib.sha256(f"{issuer}\0{subject}".encode()).hexdigest()[:20],
        name=str(claims.get("name") or address or subject)[:80],
        admin=not trusted.isdisjoint(listed),
        identity=f"{issuer}#{subject}",
    )


def _admin(listed: str) -> tuple[str, str]:
    """Issuer and subject, or nothing and an address. No issuer has a `#` in it (OpenID Connect)."""
    issuer, mark, subject = listed.partition("#")
    if issuer.startswith(("https://", "http://")) and mark and subject:
        return issuer, subject
    if "@" not in listed:
        raise NotAdmittedError(
            _(
                "The server's list of administrators holds something that is neither an address "
                "nor issuer#subject, so nobody is let in."
            )
        )
    return "", _lowered(listed)


def _lowered(address: str) -> str:
    """In small letters as far as ASCII goes: beyond it, other letters become the same."""
    return address.encode().lower().decode()


def _admins() -> frozenset[str]:
    listed = [*os.environ.get(ADMINS, "").split(","), *st.secrets.get("reclens_admins", [])]
    return frozenset(one.strip() for one in listed) - {""}


def settings(names: Iterable[str]) -> dict[str, str]:
    """What the server's secrets, or else its environment, say of these."""
    given = {name: os.environ[name] for name in names if name in os.environ}
    if st.secrets.load_if_toml_exists():
        given |= {name: str(st.secrets[name]) for name in names if name in st.secrets}
    return given


def admitted() -> bool:
    """Whether the page may be drawn; draws the way to log in if not."""
    try:
        who = visitor()
    except NotAdmittedError as reason:
        _door(str(reason))
        return False
    if who.key and who.key not in _GREETED:
        try:
            greet(who)
            _GREETED.add(who.key)
        except StoreError:
            pass  # The page says so where it needs the store.
    _tend()
    return True


def _tend() -> None:
    """Whoever opens any page sees to it that trainings go on, also after a restart."""
    if time.monotonic() - _TENDED.get("last", -_TEND_SECONDS) < _TEND_SECONDS:
        return
    _TENDED["last"] = time.monotonic()
    try:
        jobs.tend()
        if time.monotonic() - _TENDED.get("days", -_SWEEP_SECONDS) >= _SWEEP_SECONDS:
            _TENDED["days"] = time.monotonic()
            expire()
    except (StoreError, OSError):
        return  # Pages that show the queue say so.


_GREETED: Final[set[str]] = set()
_TENDED: Final[dict[str, float]] = {}
_TEND_SECONDS: Final = 10.0
_SWEEP_SECONDS: Final = 600.0
"""Between two looks for what was kept long enough."""


def _door(reason: str) -> None:
    with st.container(key="door", width=420):
        st.title("RecLens", anchor=False)
        st.text(reason)
        if st.secrets.load_if_toml_exists():
            st.button(_("Log in"), type="primary", on_click=st.login, key="log_in")


def account() -> None:
    """Who is logged in, and the way out; nothing where nobody needs to log in."""
    if not needs_login():
        return
    who = visitor()
    with st.popover("", icon=":material/account_circle:", type="tertiary", key="account"):
        st.text(who.name)
        if who.admin:
            st.caption(_("administrator: sees what belongs to others too"))
        st.button(_("Log out"), on_click=st.logout, key="log_out")


def entries() -> tuple[Entry, ...]:
    """Data sets and runs of the visitor."""
    return library.entries(visitor())


def find(name: str) -> Entry | None:
    """The visitor's entry of this name; the one to start with if the name is empty."""
    return library.find(name, visitor())


def still(entry: Entry) -> Entry:
    """The entry as it is called now. Raises ValueError if it is not there, or not the visitor's."""
    return library.still(entry, visitor())


def with_data(fingerprint: str) -> tuple[Entry, ...]:
    """The visitor's own data sets with this content, and the runs that hold a copy of it."""
    own = [entry for entry in entries() if not entry.shared and entry.owner == visitor().key]
    return tuple(entry for entry in own if content_of(entry.path) == fingerprint)


def new_path(kind: Kind, name: str) -> Path:
    """A folder for something new of the visitor's. Raises QuotaError if they have no room."""
    who = visitor()
    check_space(who)
    return library.new_path(kind, name, who)


def note(action: audit.Action, thing: Path | str) -> None:
    """Write into the audit log what the visitor did. Raises StoreError."""
    audit.note(visitor(), action, thing)


def exported(
    thing: Path | str, make: Callable[[], T], action: audit.Action = "export"
) -> Callable[[], T]:
    """What makes a file for a download, and writes into the audit log that the visitor took it.

    The file is as the page is now: in its language, with ids hidden where they are. While the
    library is away it is handed out all the same, and the server's log says so. When it is asked
    for, NotAdmittedError is raised if the login counts no more.
    """
    who, end, shown = visitor(), until(), state.read(state.RUN)
    now = later(make)

    def made() -> T:
        if time.time() > end:
            raise NotAdmittedError("the login counts no more")
        try:
            audit.note(who, action, thing, shown if isinstance(thing, str) else "")
        except StoreError:
            _log.exception("a download is not in the audit log: %s", action)
        return now()

    return made
