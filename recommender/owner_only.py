"""Files for their owner alone: what is kept here are customers' lives and people's work."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

_OTHERS: Final = 0o077
"""All that the group and everybody else may do."""


def owner_only() -> None:
    """Let this process, and those that it starts, make files and folders for their owner alone."""
    os.umask(_OTHERS)


def mend(folder: Path) -> int:
    """Take from others what they may do below a folder that was made before; how much there was.

    Links are not followed, and what belongs to somebody else stays as it is.
    """
    return sum(map(_mended, [folder, *folder.rglob("*")]))


def _mended(path: Path) -> bool:
    with suppress(OSError):  # gone meanwhile, or another's
        if not path.is_symlink() and (mode := path.stat().st_mode) & _OTHERS:
            path.chmod(mode & 0o7777 & ~_OTHERS)
            return True
    return False
