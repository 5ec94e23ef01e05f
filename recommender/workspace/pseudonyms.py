"""Names that stand in for the ids of users: the same for the same id, and nothing to be read off.

A pseudonym is a keyed hash: ids are short and often numbers, and of a plain digest anybody finds
the id by trying all. The key is a secret of the workspace.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from recommender.workspace.places import SECRET, home

_BYTES: Final = 32


def secret() -> bytes:
    """The workspace's key for pseudonyms, made when it is first asked for. Raises OSError."""
    place = home() / SECRET
    if not place.exists():
        _make(place)
    return place.read_bytes()


def _make(place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f".{place.name}-{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(_BYTES))
    with suppress(FileExistsError):  # another was quicker
        os.link(draft, place)
    draft.unlink()


def pseudonym(user_id: str, key: bytes) -> str:
    """What stands in for the id, as `K7F2-M9QD-X4TB`."""
    plain = user_id.encode("utf-8", "surrogatepass")
    hashed = hashlib.blake2b(plain, key=key, digest_size=8).digest()
    letters = base64.b32encode(hashed).decode()
    return "-".join((letters[:4], letters[4:8], letters[8:12]))
