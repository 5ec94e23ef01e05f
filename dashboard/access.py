"""The only door to who is looking: everybody is the operator, or each logs in and has their own.

With an `[auth]` section in the secrets the app asks for a login by OpenID Connect. Whatever a page
takes from the workspace it asks for here, in the name of the visitor.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import streamlit as st

from dashboard.words import _
from recommender.workspace import jobs, library
from recommender.workspace.library import OPERATOR, Entry, Kind
from recommender.workspace.quotas import check_space
from recommender.workspace.records import greet
from recommender.workspace.store import StoreError
from recommender.workspace.visitors import Visitor

ADMINS: Final = "RECLENS_ADMINS"


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


def visitor() -> Visitor:
    """Who is looking. Raises NotAdmittedError."""
    if not needs_login():
        return OPERATOR
    claims = dict(st.user)
    if not claims.get("is_logged_in") or not claims.get("sub"):
        raise NotAdmittedError(_("Log in to see this page."))
    return visitor_of(claims, _admins())


def visitor_of(claims: Mapping[str, Any], admins: frozenset[str]) -> Visitor:
    """The visitor whom an identity provider tells of.

    An address makes an administrator only where the provider says that it was verified: elsewhere
    people may write any address into their profile.
    """
    subject = f"{claims.get('iss', '')}\0{claims['sub']}"
    address = str(claims.get("email") or "").casefold()
    trusted = {str(claims["sub"]), address if claims.get("email_verified") is True else ""} - {""}
    return Visitor(
        key=hashlib.sha256(subject.encode()).hexdigest()[:20],
        name=str(claims.get("name") or address or claims["sub"])[:80],
        admin=bool(trusted & admins),
    )


def _admins() -> frozenset[str]:
    listed = [*os.environ.get(ADMINS, "").split(","), *st.secrets.get("reclens_admins", [])]
    return frozenset(one.strip() if "@" not in one else one.strip().casefold() for one in listed)


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
    except (StoreError, OSError):
        return  # Pages that show the queue say so.


_GREETED: Final[set[str]] = set()
_TENDED: Final[dict[str, float]] = {}
_TEND_SECONDS: Final = 10.0


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


def new_path(kind: Kind, name: str) -> Path:
    """A folder for something new of the visitor's. Raises QuotaError if they have no room."""
    who = visitor()
    check_space(who)
    return library.new_path(kind, name, who)
