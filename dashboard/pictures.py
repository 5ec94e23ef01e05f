"""Product pictures: addresses on the web as they are, files beside the run put into the page."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Final

_TYPES: Final = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}
_LARGEST: Final = 100_000
_READY: Final = ("https://", "http://", "data:image/")


def picture(address: object, folder: Path) -> str | None:
    """The picture as a browser can draw it; None if it is blank, missing, too large or elsewhere.

    A relative address is a file under `folder`; one that leads out of it is not followed.
    """
    if not isinstance(address, str) or not address.strip():
        return None
    if address.startswith(_READY):
        return address
    try:
        return _from_file((folder / address).resolve(), folder.resolve())
    except (OSError, RuntimeError, ValueError):  # no place: too long, a circle of links, a NUL
        return None


def _from_file(path: Path, folder: Path) -> str | None:
    kind = _TYPES.get(path.suffix.lower())
    if kind is None or not path.is_relative_to(folder) or not path.is_file():
        return None
    if path.stat().st_size > _LARGEST:
        return None
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
