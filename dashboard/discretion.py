"""What messages and logs of `recommender` hold that is not for everybody to see.

Where something stands on this machine is for its operators, others are told the last name alone.
While user ids are hidden, no cell of a file that a message gives as an example is said, and nothing
that an error nobody foresaw says in a log.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from dashboard import access, state
from recommender.said import Said
from recommender.workspace.places import home, start_run

_CELL: Final = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
"""A value as Python writes it."""
_EXAMPLE: Final = re.compile(rf"(?<=such as )(?:{_CELL}(?: and {_CELL})?|\d+\.0\b)")
_MESSAGE: Final = re.compile(r"^([\w.]*\w(?:Error|Exception)): .+$", re.MULTILINE)
"""How a traceback ends."""
_CELLS: Final = ("example", "other", "values")
"""What a sentence in its parts calls such values."""
_PART: Final = r"[^\s/\\:;,'\"()<>|]+"
_ABSOLUTE: Final = re.compile(rf"(?<![\w.:/\\])(?:[A-Za-z]:)?(?:[/\\]{_PART}){{2,}}")


def discreet(text: str) -> str:
    """The text as the visitor may see it."""
    if state.masked():
        text = _MESSAGE.sub(r"\1: …", _EXAMPLE.sub("…", text))
    return text if _is_operator() else without_places(text, (home(), start_run()))


def without_cells(said: Said) -> Said:
    """The sentence without the cells that it gives as examples, while user ids are hidden."""
    if not state.masked():
        return said
    return said.with_each(lambda name, text: "…" if name in _CELLS else text)


def shown_place(path: Path) -> str:
    """A folder of this machine as the visitor may see it: where it is, or what it is called."""
    return str(path) if _is_operator() else path.name


def _is_operator() -> bool:
    try:
        return access.visitor().admin
    except access.NotAdmittedError:
        return False


def without_places(text: str, known: Iterable[Path]) -> str:
    """Every path is left its last name: absolute ones, and those below the known folders."""
    for folder in known:
        for spelled in {str(folder), str(folder.resolve())}:
            below = rf"(?<![\w.-]){re.escape(spelled)}(?:[/\\]{_PART})*"
            text = re.sub(below, _last, text)
    return _ABSOLUTE.sub(_last, text)


def _last(found: re.Match[str]) -> str:
    return re.split(r"[/\\]", found[0])[-1]


def note_failure(log: logging.Logger, what: str, error: BaseException) -> None:
    """Log what nobody foresaw; while user ids are hidden, where it was and of what kind, but no
    message, which may hold one."""
    if state.masked():
        log.error("%s\n%s", what, "\n".join(_without_messages(error)))
    else:
        log.error(what, exc_info=error)


def _without_messages(error: BaseException | None) -> list[str]:
    """From the first cause on; what an error was raised in the handling of comes before it."""
    if error is None:
        return []
    before = error.__cause__ or error.__context__
    frames = "".join(traceback.format_tb(error.__traceback__))
    return [*_without_messages(before), f"{frames}{type(error).__name__}"]
