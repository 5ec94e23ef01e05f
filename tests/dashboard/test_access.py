"""Who is an administrator, and for how long a login counts."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import access
from dashboard.access import NotAdmittedError, still_counts, visitor, visitor_of

ISSUER = "https://id.example.org"


def admin(listed: str, **claims: object) -> bool:
    return visitor_of({"iss": ISSUER, "sub": "1"} | claims, {listed}).admin


def test_a_subject_that_looks_like_an_address_makes_no_administrator() -> None:
    assert not admin("ada@example.org", sub="ada@example.org")
    assert not admin("ada@example.org", sub="ada@example.org", iss="")
    assert not admin(
        "ada@example.org", sub="ada@example.org", email="x@example.org", email_verified=True
    )


def test_a_subject_makes_an_administrator_at_its_issuer_alone() -> None:
    assert admin(f"{ISSUER}#root", sub="root")
    assert not admin(f"{ISSUER}#root", sub="root", iss="https://other.example.org")
    assert not admin(f"{ISSUER}#root", sub=f"{ISSUER}#root")
    assert not admin(f"{ISSUER}#a#b", sub="b", iss=f"{ISSUER}#a")
    assert admin(f"{ISSUER}#a#b", sub="a#b")
    assert not admin(f"{ISSUER}#ada@example.org", email="ada@example.org", email_verified=True)


def test_a_list_that_means_nobody_certain_lets_nobody_in() -> None:
    for listed in ("root", "#root", f"{ISSUER}#", ISSUER):
        with pytest.raises(NotAdmittedError, match="neither an address nor issuer#subject"):
            visitor_of({"iss": ISSUER, "sub": "root"}, {listed, f"{ISSUER}#root"})


def test_letters_that_only_look_alike_make_no_administrator() -> None:
    for address in ("wei\u00df@example.org", "\u212aate@example.org"):
        plain = address.casefold()
        assert plain.isascii()
        assert not admin(plain, email=address, email_verified=True)
    assert admin("ADA@example.org", email="ada@Example.ORG", email_verified=True)


@pytest.mark.parametrize(
    ("claims", "counts"),
    [
        ({"iat": 1_000_000}, True),
        ({"iat": 1_000_000 - 3_600}, True),
        ({"iat": 1_000_000 - 3_601}, False),
        ({"iat": 1_000_000 + 200}, True),
        ({"iat": 1_000_000 + 3_600}, False),
        ({"iat": "1000000"}, False),
        ({"iat": True}, False),
        ({"iat": float("nan")}, False),
        ({"iat": 10**400}, False),
        ({"iat": -(10**400)}, False),
        ({"exp": 2_000_000, "auth_time": 1_000_000}, False),
    ],
)
def test_a_login_counts_for_an_hour_after_it_was_issued(
    claims: dict[str, object], counts: bool
) -> None:
    assert still_counts(claims, now=1_000_000, minutes=60) is counts


@pytest.mark.parametrize("said", ["an hour", "0", "-5", "nan", "inf"])
def test_minutes_that_are_no_number_let_nobody_in(
    monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    log_in(monkeypatch, time.time())
    monkeypatch.setenv(access.LOGIN_MINUTES, said)
    with pytest.raises(NotAdmittedError, match="no number of minutes"):
        visitor()


def log_in(monkeypatch: pytest.MonkeyPatch, issued: float) -> None:
    claims = {"is_logged_in": True, "iss": ISSUER, "sub": "1", "iat": issued}
    monkeypatch.setattr(access, "needs_login", lambda: True)
    monkeypatch.setattr(access, "_admins", frozenset)
    monkeypatch.setattr(access.st, "user", claims)


def script() -> None:
    import streamlit as st

    from dashboard.access import NotAdmittedError, fragment, visitor

    @fragment
    def part() -> None:
        st.button("more", key="more")
        st.text("what the part shows")

    try:
        visitor()
        part()
    except NotAdmittedError:
        st.text("the door")


def test_a_part_of_an_open_page_is_not_drawn_for_who_was_shut_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log_in(monkeypatch, time.time())
    app = AppTest.from_function(script).run()
    assert [one.value for one in app.text] == ["what the part shows"]
    log_in(monkeypatch, time.time() - 3_700)
    app.button("more").click().run()
    assert [one.value for one in app.text] == ["the door"]


def test_a_file_that_an_open_page_offers_is_not_made_for_who_was_shut_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [1_000_000.0]
    monkeypatch.setattr(access, "time", SimpleNamespace(time=lambda: now[0]))
    monkeypatch.setattr(access.state, "read", lambda name: "")
    monkeypatch.setattr(access.audit, "note", lambda *what: None)
    log_in(monkeypatch, now[0])
    make = access.exported("table", lambda: b"rows")
    now[0] += 3_600
    assert make() == b"rows"
    now[0] += 1
    with pytest.raises(NotAdmittedError, match="counts no more"):
        make()
