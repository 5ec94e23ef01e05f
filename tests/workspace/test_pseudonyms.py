"""Names that stand in for ids: always the same, and made with a secret of the workspace."""

from __future__ import annotations

import base64
import hashlib
import os
import stat
from pathlib import Path

import numpy as np
import pytest

from recommender.workspace.backup import back_up
from recommender.workspace.places import SECRET
from recommender.workspace.pseudonyms import Pseudonyms, canonical, pseudonym, secret
from recommender.workspace.store import StoreError

KEY = bytes(range(32))


def test_a_pseudonym_is_the_first_sixty_bits_of_the_keyed_hash() -> None:
    hashed = hashlib.blake2b(b"ann", key=KEY, digest_size=8).digest()
    letters = base64.b32encode(hashed).decode()
    assert pseudonym("ann", KEY) == f"{letters[:4]}-{letters[4:8]}-{letters[8:12]}"


def test_another_key_or_id_has_another_pseudonym() -> None:
    assert len({pseudonym("ann", KEY), pseudonym("ann", KEY[::-1]), pseudonym("bob", KEY)}) == 3


def test_a_hundred_thousand_ids_have_as_many_pseudonyms() -> None:
    found = Pseudonyms.of(map(str, range(100_000)), KEY)
    assert len(np.unique(found.numbers)) == 100_000


def test_a_pseudonym_leads_to_its_user_whatever_stands_beside() -> None:
    found = Pseudonyms.of(["bob", "ann", "cat"], KEY)
    assert found[1] == pseudonym("ann", KEY)
    assert found.user(pseudonym("ann", KEY)) == 1
    assert found.user(pseudonym("dan", KEY)) is None
    assert Pseudonyms.of([], KEY).user(pseudonym("ann", KEY)) is None


def test_two_users_of_one_pseudonym_are_not_taken_for_one_another() -> None:
    assert Pseudonyms.of(["ann", "ann"], KEY).user(pseudonym("ann", KEY)) is None


def test_users_are_in_the_order_of_their_pseudonyms() -> None:
    ids = [f"u{n}" for n in range(50)]
    found = Pseudonyms.of(ids, KEY)
    # A to Z come before 2 to 7 in this alphabet.
    rank = {letter: n for n, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}
    spelled = [pseudonym(one, KEY).replace("-", "") for one in ids]
    ordered = sorted(range(50), key=lambda user: [rank[letter] for letter in spelled[user]])
    assert found.order.tolist() == ordered


def test_a_pseudonym_may_be_typed_in_small_letters_and_without_marks() -> None:
    for typed in ("K7F2-M5QD-X4TB", "k7f2m5qdx4tb", "k7f2-m5qd-x4tb"):
        assert canonical(typed) == "K7F2-M5QD-X4TB"
    for other in ("8", "K7F2", "K7F2-M5QD-X4T1", "K7F2-M5QD-X4TB-AAAA", "", "K7F2 M5QD X4TB"):
        assert canonical(other) is None


def test_the_secret_is_made_once_and_for_its_owner_alone(home: Path) -> None:
    made = secret()
    assert len(made) == 32
    assert secret() == made == (home / SECRET).read_bytes()
    assert [path.name for path in home.iterdir()] == [SECRET]
    if os.name == "posix":
        assert stat.S_IMODE((home / SECRET).stat().st_mode) == 0o600


def test_workspaces_have_secrets_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = secret()
    monkeypatch.setenv("RECLENS_HOME", str(tmp_path / "other"))
    assert secret() != first


def test_no_secret_is_made_up_where_it_cannot_be_kept(home: Path) -> None:
    home.mkdir(parents=True)
    (home / SECRET).write_bytes(b"short")
    with pytest.raises(StoreError, match="is damaged"):
        secret()
    (home / SECRET).unlink()
    (home / SECRET).mkdir()
    with pytest.raises(StoreError, match="cannot be read or written"):
        secret()


def test_a_backup_has_the_secret(home: Path, tmp_path: Path) -> None:
    made = secret()
    back_up(tmp_path / "aside")
    assert (tmp_path / "aside" / SECRET).read_bytes() == made
