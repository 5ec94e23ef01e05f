"""Tables as CSV that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import re
from typing import Final

import pandas as pd

_STARTS: Final = "=+\\-@\t\r＝＋－＠"
"""What a formula begins with; full-width signs are taken for the others in East Asian locales."""
_ENDS: Final = ";\t\r\n"
"""What ends a cell where another locale or program opens the file: a quote within a line that is
split by them is none."""
_FORMULA: Final = re.compile(f"(?:^|[{_ENDS}])'*[{_STARTS}]")
_WITHIN: Final = re.compile(f"(?<=[{_ENDS}])(?='*[{_STARTS}])")
_WRITTEN_WITHIN: Final = re.compile(f"(?<=[{_ENDS}])'(?='*[{_STARTS}])")
ESCAPED: Final = f"(?s)^'(?:'*[{_STARTS}]|.*[{_ENDS}]'+[{_STARTS}])"
"""A cell that `escaped` wrote, in the syntax that Python and RE2 share."""


def escaped(cell: str) -> str:
    """The cell so that no spreadsheet takes it, or what it would split off it, for a formula.

    An apostrophe then stands before the cell and before each place within it where a formula would
    begin (OWASP, CSV injection); `unescaped` takes exactly these away.
    """
    return "'" + _WITHIN.sub("'", cell) if _FORMULA.search(cell) else cell


def unescaped(cell: str) -> str:
    """A cell as it was before `escaped`; any other as it is."""
    return _WRITTEN_WITHIN.sub("", cell[1:]) if re.search(ESCAPED, cell) else cell


def to_csv(table: pd.DataFrame) -> bytes:
    """UTF-8 with a byte order mark, without the index, every cell quoted; text that looks like a
    formula is escaped."""
    safe = table.rename(columns=_safe)
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = safe[column].map(_safe)
    text: str = safe.to_csv(index=False, quoting=csv.QUOTE_ALL)
    return text.encode("utf-8-sig")


def _safe(cell: object) -> object:
    return escaped(cell) if isinstance(cell, str) else cell
