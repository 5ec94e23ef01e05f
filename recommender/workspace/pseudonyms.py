"""Names that stand in for the ids of users: the same for the same id, and nothing to be read off.

A pseudonym is a keyed hash of the id in twelve letters: BLAKE2b with a key (RFC 7693), which does
what HMAC does in a quarter of its time. The key is a secret of the workspace: without it nobody can
try ids until one fits. Twelve letters are 60 bits, so that among ten million users the chance that
any two share one is 1 in 20,000.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from jaxtyping import Int

from recommender.atomic import make_folder, write_first
from recommender.workspace.places import SECRET, home
from recommender.workspace.store import StoreError

IN_ADDRESS: Final = ("user", "with")
"""Parameters of a page's address that name a customer: by id or, after a mark, by pseudonym."""
MARK: Final = "~"
"""In an address: before a pseudonym. An id that begins with it has one more."""
_BYTES: Final = 32
_BITS: Final = 60
_LETTERS: Final = re.compile(r"([A-Z2-7]{4})-?([A-Z2-7]{4})-?([A-Z2-7]{4})")


def secret() -> bytes:
    """The workspace's key for pseudonyms, made when it is first asked for.

    Raises StoreError where it can be neither read nor made: pseudonyms of another key would lead
    nowhere later.
    """
    place = home() / SECRET
    try:
        if not place.exists():
            make_folder(place.parent)
            write_first(place, secrets.token_bytes(_BYTES))
        found = place.read_bytes()
    except OSError as error:
        raise StoreError(
            "{file} cannot be read or written: {why}", file=place, why=str(error.strerror)
        ) from error
    if len(found) != _BYTES:
        raise StoreError("{file} is damaged: take it from a backup, or delete it", file=place)
    return found


def pseudonym(user_id: str, key: bytes) -> str:
    """What stands in for the id, as `K7F2-M9QD-X4TB`: letters and digits, without 0, 1, 8 and 9."""
    return Pseudonyms.of([user_id], key)[0]


def canonical(text: str) -> str | None:
    """A pseudonym as it is spelled here, whatever its case and with its marks or without; None for
    anything else."""
    found = _LETTERS.fullmatch(text.upper())
    return "-".join(found.groups()) if found else None


def pseudonym_in(told: str) -> str | None:
    """The pseudonym that an address names; None where it names an id."""
    return canonical(told[1:]) if told.startswith(MARK) else None


def id_in(told: str) -> str:
    """The id that it names otherwise; one that begins with the mark has one more."""
    return told[1:] if told.startswith(2 * MARK) else told


@dataclass(frozen=True, eq=False)
class Pseudonyms:
    """Those of all users of a data set."""

    numbers: Int[np.ndarray, " user"]
    """Each pseudonym as a number below 2^60."""

    @classmethod
    def of(cls, user_ids: Iterable[str], key: bytes) -> Pseudonyms:
        """In the order of the ids: two seconds for a million."""
        plain = (user_id.encode("utf-8", "surrogatepass") for user_id in user_ids)
        hashed = [hashlib.blake2b(one, key=key, digest_size=8).digest() for one in plain]
        numbers = np.frombuffer(b"".join(hashed), dtype=">u8") >> np.uint64(64 - _BITS)
        return cls(numbers.astype(np.int64))

    @cached_property
    def order(self) -> Int[np.ndarray, " user"]:
        """Users in the order of their pseudonyms, which tells nothing of their rows."""
        return np.argsort(self.numbers, kind="stable")

    def user(self, spelled: str) -> int | None:
        """Whose it is; None where nobody's or, which hardly ever is, several users'."""
        found = np.flatnonzero(self.numbers == _read(spelled))
        return int(found[0]) if len(found) == 1 else None

    def __getitem__(self, user: int) -> str:
        return _spelled(int(self.numbers[user]))


def _spelled(number: int) -> str:
    letters = base64.b32encode((number << (64 - _BITS)).to_bytes(8, "big")).decode()
    return "-".join((letters[:4], letters[4:8], letters[8:12]))


def _read(spelled: str) -> int:
    letters = spelled.replace("-", "") + "A==="
    return int.from_bytes(base64.b32decode(letters), "big") >> (64 - _BITS)
