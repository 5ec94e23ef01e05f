"""What must last is written here: beside its place, synced to the disk, then put there at once.

The order is what makes it last: the files, the folders they are in, the rename, the folder that it
is in; what was replaced goes only then. A rename alone is whole for whoever looks on, but a power
cut may keep the rename and lose what was in the file.

Each write has a hidden folder of its own beside what it writes, with nothing of anybody's words in
its name, and a lock in it that tells whether its writer lives. Whoever writes beside it next, or
looks at the library, puts right what a killed writer left.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import shutil
import stat
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import IO, Final

try:
    import fcntl
except ImportError:  # Windows: nobody can tell which writers live, so nothing of theirs is cleared
    fcntl = None  # type: ignore[assignment]

DRAFT: Final = re.compile(r"\.draft-[0-9a-f]{32}")
"""What the hidden folders are called."""
_NEW, _OLD, _LOCK = "new", "old", "lock"
_HERE: Final = -100
"""`AT_FDCWD`: paths are as they stand."""
_EXCHANGE: Final = 2
"""`RENAME_EXCHANGE`."""
_CANNOT: Final = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP)
"""What a system or a disk says that knows no exchange."""


@contextmanager
def new_file(to: Path) -> Iterator[Path]:
    """A path to write a file at, which takes the place of `to` when the block has ended well.

    It ends as `to` does. Raises OSError; then `to` is as it was.
    """
    with _draft(to.parent) as draft:
        new = draft / f"{_NEW}{to.suffix}"
        yield new
        _sync(new)
        new.replace(to)
        _sync_folder(to.parent)


def write_bytes(to: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises OSError."""
    with new_file(to) as new:
        new.write_bytes(content)


def write_text(to: Path, text: str) -> None:
    """Write a file in UTF-8 whole or not at all, its line ends as they are. Raises OSError."""
    write_bytes(to, text.encode())


def write_first(to: Path, content: bytes) -> None:
    """Write a file for its owner alone unless there is one: of several writers one is the first.

    Raises OSError.
    """
    with _draft(to.parent) as draft:
        new = draft / _NEW
        new.touch(0o600)
        new.write_bytes(content)
        _sync(new)
        with suppress(FileExistsError):
            os.link(new, to)
        _sync_folder(to.parent)


@contextmanager
def new_folder(
    to: Path, *, replace: bool = False, aside: Path | None = None, mode: int = 0o777
) -> Iterator[Path]:
    """A folder to fill, which takes the place of `to` when the block has ended well.

    What stands at `to` is an empty folder, or is replaced as a whole if it may be: it is deleted,
    or becomes `aside` beside it. Folders above are made. Raises OSError, also if something stands
    there that may not be replaced; then `to` is as it was.
    """
    make_folder(to.parent)
    with _draft(to.parent) as draft:
        new = draft / _NEW
        new.mkdir(mode)
        yield new
        _sync_all(new)
        if (replace or aside) and to.is_dir() and any(to.iterdir()):
            _put_instead(draft, to, aside)
        else:
            new.rename(to)
        _sync_folder(to.parent)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, so that they last."""
    if not folder.is_dir():
        make_folder(folder.parent)
        clear(folder.parent)  # a killed writer may have been about to put it there
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)


def remove(folder: Path) -> None:
    """Delete a folder: from one moment to the next all of it is gone. Raises OSError."""
    with _draft(folder.parent) as draft:
        folder.rename(draft / "gone")
        _sync_folder(folder.parent)


def put_back(folder: Path, to: Path) -> None:
    """Move a folder to where it was, if nothing stands there. Raises OSError."""
    if not to.exists():
        folder.rename(to)
        _sync_folder(to.parent)


def clear(parent: Path) -> int:
    """Put right what killed writers left in a folder: nothing is half replaced, drafts are deleted.

    Returns how many there were. Drafts of writers that live are theirs.
    """
    cleared = 0
    for draft in _drafts(parent):
        with suppress(OSError):
            lock = _lock(draft)
            if lock is None:
                continue
            with lock:
                _sync_folder(parent)  # whether it was put in place is certain before it goes
                _settle(draft)
                cleared += 1
    return cleared


def clear_below(folder: Path) -> int:
    """`clear` for a folder and all those in it."""
    places = [Path(place) for place, _, _ in os.walk(folder)]
    return sum(clear(place) for place in places if place.is_dir())


def _drafts(parent: Path) -> list[Path]:
    try:
        with os.scandir(parent) as listed:
            found = [one for one in listed if DRAFT.fullmatch(one.name)]
            return [Path(one.path) for one in found if one.is_dir(follow_symlinks=False)]
    except OSError:
        return []


@contextmanager
def _draft(parent: Path) -> Iterator[Path]:
    """A hidden folder of one's own in `parent`, gone in the end with all that is still in it."""
    clear(parent)
    draft, lock = _begun(parent)
    with lock:
        try:
            yield draft
        finally:
            _settle(draft)


def _begun(parent: Path) -> tuple[Path, AbstractContextManager[object]]:
    """A new draft, and what holds its lock; where the disk has none, nobody clears drafts."""
    if not parent.is_dir():
        raise FileNotFoundError(f"there is no folder {parent}")
    while True:
        draft = parent / f".draft-{uuid.uuid4().hex}"
        draft.mkdir(0o700)
        try:
            lock = _lock(draft)
        except OSError:
            return draft, nullcontext()
        if lock is not None:
            return draft, lock


def _lock(draft: Path) -> IO[bytes] | None:
    """A draft's lock, held until it is closed; None if another has it, or cleared the draft.

    Raises OSError where the disk has no locks.
    """
    if fcntl is None:
        raise OSError(errno.ENOTSUP, "there are no locks")
    path = draft / _LOCK
    with ExitStack() as opened, suppress(BlockingIOError, FileNotFoundError):
        lock = opened.enter_context(path.open("ab"))
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(lock.fileno()), path.stat()):
            opened.pop_all()
            return lock
    return None


def _settle(draft: Path) -> None:
    """Delete a draft. What it had taken away without putting the new in its place gets it first."""
    with suppress(OSError):  # it stays then, and is settled later
        for taken in (draft / _OLD).glob("*"):
            to = draft.parent / taken.name
            if (draft / _NEW).exists():
                put_back(draft / _NEW, to)
        shutil.rmtree(draft, ignore_errors=True)


def _put_instead(draft: Path, to: Path, aside: Path | None) -> None:
    new = draft / _NEW
    if aside is None:
        if not _exchanged(new, to):
            _put_in_two_steps(draft, to, None)
        return
    # What is whole may have a name for a moment; what is to be kept may be in no draft.
    new.rename(aside)
    exchanged = False
    try:
        exchanged = _exchanged(aside, to)
    finally:
        if not exchanged:
            aside.rename(new)
    if not exchanged:
        _put_in_two_steps(draft, to, aside)


def _put_in_two_steps(draft: Path, to: Path, aside: Path | None) -> None:
    """Where the system cannot exchange; a mark tells `_settle` what was killed between the two."""
    mark = draft / _OLD / to.name
    mark.mkdir(parents=True)
    for folder in (mark.parent, draft, draft.parent):
        _sync_folder(folder)
    old = to.rename(aside or mark)
    try:
        (draft / _NEW).rename(to)
    except BaseException:
        if not to.exists():
            old.rename(to)
        raise


def _exchanged(one: Path, other: Path) -> bool:
    """Let two folders take each other's place at once; False where the system cannot."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if call(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    why = ctypes.get_errno()
    if why in _CANNOT:
        return False
    raise OSError(why, os.strerror(why), str(one), None, str(other))


def _sync_all(folder: Path) -> None:
    """Sync all files below a folder, then the folders, the innermost first."""
    for place, _, names in os.walk(folder, topdown=False, onerror=_say):
        for path in (Path(place, name) for name in names):
            if stat.S_ISREG(path.lstat().st_mode):
                _sync(path)
        _sync_folder(Path(place))


def _say(error: OSError) -> None:
    raise error


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _sync_folder(folder: Path) -> None:
    try:
        _sync(folder)
    except OSError as error:
        # Some disks of other machines sync no folder, and Windows opens none.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP) and os.name == "posix":
            raise
