"""Files out of gzip and zip, in memory alone: no place that an archive names is touched."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Final

import pyarrow as pa

from recommender.data.limits import (
    MAX_DEPTH,
    MAX_DIRECTORY,
    MAX_MEMBERS,
    MAX_NAME,
    MAX_RATIO,
    RATIO_FROM,
)
from recommender.said import StatedError

GZIP: Final = b"\x1f\x8b"
ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_BOOK: Final = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})
"""A workbook is a zip with one of these; its parts are not files of their own."""
_ENDINGS: Final = "csv tsv tab txt psv dat parquet pq xlsx xlsm xlsb xls ods gz zip"
_TABLES: Final = frozenset(_ENDINGS.split())
_BESIDE: Final = "readme license licence changelog notes manifest"
_NO_TABLES: Final = frozenset(_BESIDE.split())
_CHUNK: Final = 1 << 20
_ENCRYPTED: Final = 0x1
_LISTED: Final = 20
_UTF8_NAME: Final = 0x800
_LONGEST_COMMENT: Final = 2**16 + 22
"""Bytes at the end of a zip in which Python looks for where its list of files begins."""


class ArchiveError(StatedError):
    """An archive that is damaged, or holds what is not taken."""


@dataclass(frozen=True)
class Member:
    """One file, unpacked."""

    name: str
    """Without folders: what an archive says of places is not believed."""
    content: bytes
    packing: tuple[str, ...]
    """`gzip` and `zip`, the outermost first."""


def unpack(name: str, content: bytes, most: int) -> tuple[Member, ...]:
    """The tables in a file, which may be packed, each unpacked, at most `most` bytes in all.

    The name may lie about the packing. Raises ArchiveError.
    """
    members = tuple(_members(name, content, (), most, [0]))
    if not members:
        raise ArchiveError("the archive holds no table")
    return members


def _members(
    name: str, content: bytes, packing: tuple[str, ...], most: int, taken: list[int]
) -> Iterator[Member]:
    packed = content.startswith(GZIP) or (content.startswith(ZIP) and not is_workbook(content))
    check_size(len(content), most)
    if not packed:
        yield Member(name, content, packing)
        return
    if len(packing) >= MAX_DEPTH:
        raise ArchiveError("it is packed more than {most} times over", most=MAX_DEPTH)
    try:
        if content.startswith(GZIP):
            unpacked = _gunzip(content, most, taken)
            yield from _members(_bare(name), unpacked, (*packing, "gzip"), most, taken)
        else:
            yield from _unzip(content, packing, most, taken)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError) as error:
        kind = "gzip" if content.startswith(GZIP) else "zip"
        raise ArchiveError(
            "the {kind} file cannot be unpacked: {why}", kind=kind, why=error
        ) from error


class _Opening:
    """A file that is read in small pieces alone while a zip's list of files is read.

    Python makes an object of each file in the list before anybody can count them.
    """

    def __init__(self, file: IO[bytes], most: int) -> None:
        self.file, self.most = file, most
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        """As the file has it. Raises ArchiveError for more than `most` bytes, if that is not 0."""
        if not self.most:
            return self.file.read(size)
        piece = self.file.read(self.most + 1 if size < 0 else min(size, self.most + 1))
        if len(piece) > self.most:
            raise ArchiveError("it lists more files than are read")
        return piece


def open_zip(file: IO[bytes], most: int) -> zipfile.ZipFile:
    """A zip whose list of files takes `most` bytes or less (a file takes 46 and its name).

    Raises ArchiveError, and whatever a damaged zip does.
    """
    opening = _Opening(file, max(most, _LONGEST_COMMENT))
    archive = zipfile.ZipFile(opening)
    opening.most = 0
    return archive


def listed(members: Sequence[Member]) -> str:
    """What they are called: the first twenty, and of each two hundred letters."""
    more = ", …" if len(members) > _LISTED else ""
    return ", ".join(member.name[:MAX_NAME] for member in members[:_LISTED]) + more


def is_workbook(content: bytes) -> bool:
    """Whether a zip is a workbook (.xlsx, .xlsb, .ods)."""
    try:
        with open_zip(pa.BufferReader(content), MAX_DIRECTORY) as archive:
            return not _BOOK.isdisjoint(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _bare(name: str) -> str:
    return name[:-3] if name.casefold().endswith(".gz") else name


def _gunzip(content: bytes, most: int, taken: list[int]) -> bytes:
    with gzip.GzipFile(fileobj=pa.BufferReader(content)) as file:
        return _limited(file, len(content), most, taken)


def _limited(file: gzip.GzipFile | IO[bytes], packed: int, most: int, taken: list[int]) -> bytes:
    """All of a file, read piece by piece so that a bomb is noticed before it fills the memory."""
    unpacked = io.BytesIO()
    while piece := file.read(_CHUNK):
        unpacked.write(piece)
        taken[0] += len(piece)
        check_size(taken[0], most)
        size = unpacked.tell()
        if size > RATIO_FROM and size > MAX_RATIO * packed:
            raise ArchiveError("it unpacks to more than {most} times its size", most=MAX_RATIO)
    return unpacked.getvalue()


def _unzip(
    content: bytes, packing: tuple[str, ...], most: int, taken: list[int]
) -> Iterator[Member]:
    with open_zip(pa.BufferReader(content), MAX_DIRECTORY) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_MEMBERS:
            raise ArchiveError(
                "it holds {n} files; at most {most} are read", n=len(entries), most=MAX_MEMBERS
            )
        tables = [entry for entry in entries if _is_table(entry)]
        names = [_base(entry) for entry in tables]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ArchiveError("two of its files are called {name!r}", name=twice[0][:MAX_NAME])
        for name, entry in zip(names, tables, strict=True):
            if entry.flag_bits & _ENCRYPTED:
                raise ArchiveError("{name!r} in it needs a password", name=name[:MAX_NAME])
            with archive.open(entry) as file:
                unpacked = _limited(file, entry.compress_size, most, taken)
            yield from _members(name, unpacked, (*packing, "zip"), most, taken)


def _is_table(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry can be a table; folders, links and what systems leave behind cannot."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if entry.is_dir() or stat.S_ISLNK(entry.external_attr >> 16):
        return False
    if "__MACOSX" in path.parts or path.name.startswith("."):
        return False
    kind = path.suffix.casefold().lstrip(".")
    return kind in _TABLES and path.stem.casefold() not in _NO_TABLES


def _base(entry: zipfile.ZipInfo) -> str:
    """The name without folders; Chinese programs write names in GB18030 and do not say so."""
    name = entry.filename.replace("\\", "/").rpartition("/")[2]
    if entry.flag_bits & _UTF8_NAME or name.isascii():
        return name
    try:
        return name.encode("cp437").decode("gb18030")
    except UnicodeError:
        return name


def check_size(size: int, most: int) -> None:
    """Raises ArchiveError for more than `most` bytes."""
    if size > most:
        raise ArchiveError("it holds more than {most}", most=_size(most))


def _size(number: int) -> str:
    return f"{number / 1e9:g} GB" if number >= 1e9 else f"{number / 1e6:g} MB"
