"""Files read by another process: asked for here, and taken back as frames.

A process that knows how to read waits for files and makes another of itself for each, which takes
milliseconds; what comes of it is handed back in memory that both see.
"""

from __future__ import annotations

import json
import mmap
import os
import tempfile
import threading
import traceback
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any, Final

import pandas as pd
import pyarrow as pa

from recommender.confined import READING, Limits, confine, reading_limits
from recommender.data.limits import MAX_BYTES, MAX_UPLOAD_UNPACKED
from recommender.data.problems import Finder, Problem
from recommender.data.queries import Query
from recommender.data.reading.files import (
    Form,
    Opened,
    RawTable,
    Source,
    place,
    unreadable,
)
from recommender.said import Said, heard, parts

_OPERATOR: Final = 16
"""How many times over the limits hold for files that were named on the command line."""
_AT_ONCE: Final = threading.BoundedSemaphore(2)
"""Each of those who read may take GBs."""
_BEGUN: Final = b"."
_REMEDY: Final = Said(
    "Save it as CSV (UTF-8) or Parquet, leave out what is not needed, or allow more by "
    "RECLENS_READ_MB and RECLENS_READ_SECONDS"
)
_ASK_LESS: Final = Said(
    "Ask for fewer rows or columns, or allow more by RECLENS_READ_MB and RECLENS_READ_SECONDS"
)
_DAMAGED: Final = Said(
    "the file is damaged, or takes more than {megabytes} MB of memory or {seconds} s to read",
    megabytes=0,
    seconds=0,
)
_LONG_ANSWER: Final = Said(
    "the answer takes more than {megabytes} MB of memory or {seconds} s to read",
    megabytes=0,
    seconds=0,
)


@dataclass(frozen=True)
class Wish:
    """What is to be done with the files, in words that fit into JSON."""

    job: str
    """`one`, or `gather`."""
    encoding: str | None
    sheets: dict[str, str]
    refused: tuple[str, ...]
    tables: tuple[str, ...]
    """All that were sent, those too that could not be opened."""


def read_apart(sources: Mapping[str, Source], wish: Wish) -> dict[str, RawTable]:
    """What is in the files; problems are in the tables, never raised."""
    raw: dict[str, RawTable] = {}
    left = dict(sources)
    while left:
        limits = reading_limits(1 if all(map(_is_sent, sources.values())) else _OPERATOR)
        read, culprit = _try_to_read(left, wish, limits, raw)
        if culprit is None:
            return raw | read
        raw[culprit] = _too_much(left.pop(culprit), limits)
    return raw


def _is_sent(source: Source) -> bool:
    return source.sent if isinstance(source, Query) else isinstance(source, tuple)


def _too_much(source: Source, limits: Limits) -> RawTable:
    file, folder = place(source)
    asked = isinstance(source, Query)
    message = (_LONG_ANSWER if asked else _DAMAGED).but(
        megabytes=limits.megabytes, seconds=limits.seconds
    )
    problem = Finder(file).error(message, _ASK_LESS if asked else _REMEDY)
    return RawTable(file, folder, pd.DataFrame(), (problem,))


def _try_to_read(
    sources: dict[str, Source], wish: Wish, limits: Limits, raw: dict[str, RawTable]
) -> tuple[dict[str, RawTable], str | None]:
    """The tables, or the one at which reading ended; what cannot be opened is put into `raw`."""
    with ExitStack() as stack:
        files: dict[str, IO[bytes]] = {}
        for table, source in list(sources.items()):
            try:
                files[table] = stack.enter_context(_file(source))
            except (OSError, ValueError) as error:
                raw[table] = unreadable(source, error)
                del sources[table]
        if not files:
            return {}, None
        about = stack.enter_context(_file(("about", _as_json(sources, wish, limits))))
        answer = stack.enter_context(_memory())
        if not hasattr(os, "fork"):  # Windows has no limits either
            return _read_here(about, answer, files), None
        with _AT_ONCE:
            said = READING.ask([one.fileno() for one in (about, answer, *files.values())])
        begun = len(said) - len(said.lstrip(_BEGUN))
        if said[begun:] == b"done":
            return _answered(answer), None
        if said[begun:]:
            raise RuntimeError(said[begun:].decode(errors="replace"))
        return {}, list(files)[max(begun - 1, 0)]


def _read_here(
    about: IO[bytes], answer: IO[bytes], files: Mapping[str, IO[bytes]]
) -> dict[str, RawTable]:
    answer_to(about, answer, list(files.values()), lambda said: None)
    return _answered(answer)


@contextmanager
def _file(source: Source) -> Iterator[IO[bytes]]:
    """The file at a path, or one that holds what was sent; an empty one for a question."""
    if isinstance(source, Query):
        source = ("", b"")
    if not isinstance(source, tuple):
        with Path(source).open("rb") as file:
            yield file
        return
    with _memory() as file:
        file.write(source[1])
        file.flush()
        file.seek(0)
        yield file


@contextmanager
def _memory() -> Iterator[IO[bytes]]:
    """A file without a name, in memory where the system has such."""
    if hasattr(os, "memfd_create"):
        with os.fdopen(os.memfd_create("table"), "w+b") as file:
            yield file
    else:
        with tempfile.TemporaryFile() as file:
            yield file


def _as_json(sources: Mapping[str, Source], wish: Wish, limits: Limits) -> bytes:
    files = [
        {
            "table": table,
            "name": place(source)[0],
            "folder": None if (folder := place(source)[1]) is None else str(folder),
            "most": MAX_UPLOAD_UNPACKED if _is_sent(source) else MAX_BYTES,
            "query": asdict(source) if isinstance(source, Query) else None,
        }
        for table, source in sources.items()
    ]
    return json.dumps({"wish": asdict(wish), "limits": asdict(limits), "files": files}).encode()


def _answered(answer: IO[bytes]) -> dict[str, RawTable]:
    """The tables, whose cells stay where the other process wrote them."""
    whole = pa.py_buffer(mmap.mmap(answer.fileno(), 0, access=mmap.ACCESS_READ))
    size = len(whole)
    length = int.from_bytes(whole.slice(size - 8).to_pybytes(), "little")
    told = json.loads(whole.slice(size - 8 - length, length).to_pybytes())
    return {one["table"]: _raw_table(one, whole) for one in told}


def _raw_table(told: dict[str, Any], whole: pa.Buffer) -> RawTable:
    table = pa.ipc.open_stream(whole.slice(told["start"], told["size"])).read_all()
    lines = table.column(table.num_columns - 1).to_numpy()
    cells = table.remove_column(table.num_columns - 1).replace_schema_metadata(None)
    frame = cells.to_pandas() if cells.num_columns else pd.DataFrame()
    if cells.num_columns:
        frame.index = pd.Index(lines)
    problems = tuple(map(_problem, told["problems"]))
    form: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in told["form"].items()
    }
    folder = None if told["folder"] is None else Path(told["folder"])
    return RawTable(told["file"], folder, frame, problems, Form(**form))


def _problem(told: dict[str, Any]) -> Problem:
    said = {name: heard(told[name]) for name in ("message", "remedy")}
    return Problem(**told | said | {"rows": tuple(told["rows"])})


def _as_told(problem: Problem) -> dict[str, Any]:
    said = {"message": parts(problem.message), "remedy": parts(problem.remedy)}
    return asdict(problem) | said


def answer_to(
    about: IO[bytes], answer: IO[bytes], files: Sequence[IO[bytes]], say: Any = None
) -> None:
    """Read the files as `about` wishes, and write what is in them: the other side of `read_apart`.

    `say` is told as each file is begun.
    """
    from recommender.data.reading.sources import read_opened

    told = json.loads(about.read())
    wish = Wish(**told["wish"])
    opened: dict[str, Opened] = {}
    for one, file in zip(told["files"], files, strict=True):
        folder = None if one["folder"] is None else Path(one["folder"])
        query = None if one["query"] is None else Query(**one["query"])
        opened[one["table"]] = Opened(
            one["name"], folder, file, one["most"], query, Limits(**told["limits"])
        )
    tables = read_opened(opened, wish, lambda: say(_BEGUN))
    _write(tables, answer)


def _write(tables: dict[str, RawTable], answer: IO[bytes]) -> None:
    """Write the tables and let go of their cells on the way, which else stood in memory twice."""
    told = []
    for name in list(tables):
        raw = tables.pop(name)
        start = answer.tell()
        table = pa.Table.from_pandas(raw.frame, preserve_index=False).replace_schema_metadata(None)
        table = table.append_column("", pa.array(raw.frame.index.to_numpy(dtype="int64")))
        raw = replace(raw, frame=pd.DataFrame())
        schema, parts = table.schema, deque(table.to_batches())
        del table
        with pa.ipc.new_stream(answer, schema) as stream:
            while parts:
                stream.write_table(pa.Table.from_batches([parts.popleft()]))
        told.append(
            {
                "table": name,
                "file": raw.file,
                "folder": None if raw.folder is None else str(raw.folder),
                "problems": [_as_told(problem) for problem in raw.problems],
                "form": asdict(raw.form),
                "start": start,
                "size": answer.tell() - start,
            }
        )
    text = json.dumps(told).encode()
    answer.write(text + len(text).to_bytes(8, "little"))
    answer.flush()


def serve(descriptors: Sequence[int], done: int) -> None:
    """One request in a process of its own, within its limits; tells `done` how it went."""
    about, answer, *files = [
        os.fdopen(one, "r+b" if n == 1 else "rb") for n, one in enumerate(descriptors)
    ]
    limits = Limits(**json.loads(about.read())["limits"])
    about.seek(0)
    confine(limits)
    try:
        answer_to(about, answer, files, lambda said: os.write(done, said))
    except (MemoryError, OSError):
        return
    except Exception:  # what is no Exception, such as a panic of a library, says nothing either
        os.write(done, traceback.format_exc().encode()[:4_000])
        return
    os.write(done, b"done")
