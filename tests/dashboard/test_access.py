"""Who is an administrator."""

from __future__ import annotations

import pytest

from dashboard.access import NotAdmittedError, visitor_of

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
