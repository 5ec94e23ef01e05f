"""Bytes to UTF-8, whatever a spreadsheet or an old database wrote."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

from recommender.data.problems import Finder, Problem
from recommender.said import Said

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE: Final = 100_000
_CONTROLS: Final = bytes(code for code in (*range(32), 127) if code not in b"\t\n\r")
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BINARY: Final = 0.05
"""Share of control characters from which a file is no text."""
_WHOLE: Final = 3
"""How many whole signs beyond ASCII a file has for each broken one that is still UTF-8."""
_DAMAGED_LINES: Final = 0.01
"""Share of lines with broken UTF-8 up to which a file is still taken for UTF-8."""


@dataclass(frozen=True)
class Decoded:
    """A file's text, encoded as UTF-8, and what had to be done for it."""

    content: bytes
    problems: tuple[Problem, ...]
    encoding: str
    """What it was written in."""


def to_utf8(content: bytes, finder: Finder, encoding: str | None = None) -> Decoded:
    """The content in UTF-8 without byte order mark and control characters."""
    decoded = _decoded(content, finder, encoding)
    sample = decoded.content[:_SAMPLE]
    if len(sample) - len(sample.translate(None, _CONTROLS)) > _BINARY * len(sample):
        remedy = Said("Save it as CSV (UTF-8) or Parquet")
        problem = finder.error(Said("this is no table of text"), remedy)
        return Decoded(b"", (problem,), decoded.encoding)
    clean = decoded.content.translate(None, _CONTROLS)
    if len(clean) == len(decoded.content):
        return decoded
    lines = [i for i, line in enumerate(decoded.content.split(b"\n"), 1) if _CONTROL.search(line)]
    problem = finder.in_rows(
        "repaired",
        lines,
        Said(
            "control characters (NUL bytes and the like) in {n} line{|s} were removed", n=len(lines)
        ),
        Said("Export the file again"),
    )
    return Decoded(clean, (*decoded.problems, problem), decoded.encoding)


def _decoded(content: bytes, finder: Finder, encoding: str | None) -> Decoded:
    for mark, name in _MARKS:
        if encoding is None and content.startswith(mark):
            content = content[len(mark) :]
            if name == "utf-8":
                break
            return _wide(content, name, finder)
    if encoding is not None:
        return _as_told(content, finder, encoding)
    if (wide := wide_encoding(content)) is not None:
        return _wide(content, wide, finder)
    if content.isascii():  # twenty times as fast as to decode it
        return Decoded(content, (), "utf-8")
    try:
        content.decode("utf-8")
        return Decoded(content, (), "utf-8")
    except UnicodeDecodeError:
        return _not_utf8(content, finder)


def _wide(content: bytes, encoding: str, finder: Finder) -> Decoded:
    try:
        return Decoded(content.decode(encoding).encode(), (), encoding)
    except UnicodeDecodeError:
        text = content.decode(encoding, errors="replace")
    broken = [i for i, line in enumerate(text.split("\n"), start=1) if "\ufffd" in line]
    return Decoded(text.encode(), (_replaced(encoding, broken, finder),), encoding)


def _replaced(encoding: str, broken: list[int], finder: Finder) -> Problem:
    message = Said(
        "bytes that are no {encoding} were replaced by \ufffd in {n} line{|s}",
        encoding=encoding,
        n=len(broken),
    )
    return finder.in_rows("repaired", broken, message, Said("Export the file again as UTF-8"))


def _as_told(content: bytes, finder: Finder, encoding: str) -> Decoded:
    try:
        return Decoded(content.decode(encoding).removeprefix("\ufeff").encode(), (), encoding)
    except (LookupError, ValueError) as error:
        problem = finder.error(
            Said("the text cannot be read as {encoding}: {why}", encoding=encoding, why=error),
            Said("Name another encoding, or none to have it found"),
        )
        return Decoded(b"", (problem,), encoding)


def wide_encoding(content: bytes) -> str | None:
    """UTF-16 without a mark has a zero in every other byte of Western text."""
    sample = content[:1000]
    half = len(sample) // 2
    if half and sample[1::2].count(0) > 0.7 * half and sample[::2].count(0) == 0:
        return "utf-16-le"
    if half and sample[::2].count(0) > 0.7 * half and sample[1::2].count(0) == 0:
        return "utf-16-be"
    return None


def _not_utf8(content: bytes, finder: Finder) -> Decoded:
    broken = _broken_lines(content)
    few = len(broken) <= max(1, _DAMAGED_LINES * content.count(b"\n"))
    if few and _mostly_utf8(content):
        problem = _replaced("UTF-8", broken, finder)
        return Decoded(content.decode("utf-8", errors="replace").encode(), (problem,), "utf-8")
    encoding = _legacy_encoding(content)
    problem = finder.note(
        Said("the file is not UTF-8; it was read as {encoding}", encoding=encoding),
        Said("If letters look wrong, name the encoding or export the file as UTF-8"),
    )
    return Decoded(content.decode(encoding, errors="replace").encode(), (problem,), encoding)


def _mostly_utf8(content: bytes) -> bool:
    """Whether far more signs beyond ASCII are whole than broken.

    Some bytes of any other encoding are UTF-8 by chance.
    """
    signs = [sign for sign in content.decode("utf-8", errors="replace") if ord(sign) > 127]
    broken = signs.count("\ufffd")
    return len(signs) - broken > _WHOLE * broken


def _broken_lines(content: bytes) -> list[int]:
    lines = []
    for number, line in enumerate(content.split(b"\n"), start=1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            lines.append(number)
    return lines


def _legacy_encoding(content: bytes) -> str:
    """Western or Chinese: the two that exports without UTF-8 are most often in."""
    end = content.rfind(b"\n", 0, len(content) - 1)
    content = content[: end + 1] or content  # the last sign of a file may be cut in two
    possible = [name for name in ("cp1252", "gb18030") if _decodes(content, name)]
    if len(possible) < 2:
        return possible[0] if possible else "latin-1"
    from charset_normalizer import from_bytes

    # Only lines that differ between the two say anything.
    telling = b"\n".join(line for line in content.split(b"\n") if not line.isascii())
    best = from_bytes(telling[:_SAMPLE], cp_isolation=possible).best()
    return possible[0] if best is None else str(best.encoding)


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
