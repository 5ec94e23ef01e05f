"""At least three hundred broken or hostile files with the verdict on each, from a seed.

The verdict stands here, made from what was put into the file, before any reader sees it: accepted
with these counts, or refused with a message of this kind.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import pickle
import struct
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from tests.hostile import writers as w
from tests.hostile.shops import ACCENTS, CHINESE, NASTY, WORDS, Shop, shop

Family = Literal["export", "encoding", "damage", "attack", "foreign", "content"]


@dataclass(frozen=True)
class Accept:
    """The file is read, with so many events, users and items."""

    events: int
    users: int
    items: int
    fewest: int | None = None
    """Least events, where a cut may fall inside a row."""


@dataclass(frozen=True)
class Refuse:
    """The file is refused with an error that has one of these words (a regular expression)."""

    words: str


@dataclass(frozen=True)
class Case:
    """One file with the verdict on it."""

    name: str
    """Unique; ends as the file's name does."""
    content: bytes
    verdict: Accept | Refuse
    family: Family

    @property
    def file(self) -> str:
        """Name of the file as it is uploaded."""
        return self.name.rsplit("/", 1)[-1]


def corpus(seed: int = 6) -> tuple[Case, ...]:
    """The whole corpus; the same seed gives the same files."""
    dice = Random(seed)
    cases = [
        *_exports(dice),
        *_workbooks(dice),
        *_encodings(dice),
        *_damaged_rows(dice),
        *_contents(dice),
        *_cut_off(dice),
        *_attacks(dice),
        *_foreign(dice),
    ]
    assert len({case.name for case in cases}) == len(cases)
    return tuple(cases)


def _good(made: Shop) -> Accept:
    return Accept(len(made.rows), made.users, made.items)


def _exports(dice: Random) -> Iterator[Case]:
    """Each exporter with plain, accented, Chinese and nasty titles, and packed."""
    for name, write in w.EXPORTS.items():
        for kind, titles in (
            ("plain", WORDS),
            ("accents", ACCENTS),
            ("nasty", NASTY),
            ("again", WORDS),
            ("long", ACCENTS + WORDS),
        ):
            if kind == "nasty" and name in ("excel-western.csv", "excel-chinese.csv"):
                titles = tuple(title for title in titles if title.isascii())
            if name == "excel-chinese.csv" and kind in ("accents", "long"):
                titles = CHINESE
            made = shop(dice, titles, dice.randint(40, 90))
            yield Case(f"{kind}/{name}", write(made), _good(made), "export")
        if not name.endswith(".gz"):
            made = shop(dice)
            yield Case(f"gz/{name}.gz", gzip.compress(write(made)), _good(made), "export")
            made = shop(dice)
            packed = w.zipped(**{name.replace(".", "__"): write(made)})
            yield Case(f"zip/{name}.zip", packed, _good(made), "export")
    made = shop(dice, CHINESE)
    yield Case("chinese/postgres.csv", w.postgres_csv(made), _good(made), "export")


def _workbooks(dice: Random) -> Iterator[Case]:
    for i in range(4):
        made = shop(dice, (WORDS, ACCENTS, CHINESE, NASTY)[i])
        yield Case(f"plain {i}/excel.xlsx", w.workbook(made), _good(made), "export")
        yield Case(f"plain {i}/calc.ods", w.calc_sheet(made), _good(made), "export")
    for name, said in (
        ("above", {"above": 2}),
        ("sheets before", {"sheets_before": 1}),
        ("sheets after", {"sheets_after": 2}),
        ("text dates", {"text_dates": True}),
    ):
        made = shop(dice)
        book = w.workbook(made, **said)  # type: ignore[arg-type]
        yield Case(f"{name}/excel.xlsx", book, _good(made), "export")
    made = shop(dice)
    packed = w.zipped(orders__xlsx=w.workbook(made))
    yield Case("zip/excel.xlsx.zip", packed, _good(made), "export")


def _encodings(dice: Random) -> Iterator[Case]:
    """Every encoding with every separator and line end."""
    known = {
        "utf-8": CHINESE,
        "utf-8-sig": CHINESE,
        "utf-16": CHINESE,
        "utf-16-le": ACCENTS,
        "utf-16-be": ACCENTS,
        "utf-32": CHINESE,
        "gb18030": CHINESE,
        "cp1252": ACCENTS,
        "latin-1": ACCENTS,
    }
    for encoding, titles in known.items():
        for separator in (",", ";", "\t", "|"):
            for newline in ("\n", "\r\n", "\r") if separator == "," else ("\n", "\r\n"):
                made = shop(dice, titles, 40)
                content = w.text(w.cells(made), separator=separator, newline=newline)
                name = f"{encoding} {separator!r} {newline!r}/table.csv"
                yield Case(name, content.encode(encoding), _good(made), "encoding")


def _damaged_rows(dice: Random) -> Iterator[Case]:
    """Rows that are left out or mended while the rest is read."""
    for i in range(3):
        made = shop(dice, n_rows=100)
        rows = w.cells(made)
        extra = ["u00", "p000", "2024-03-01", "Kettle", "1"]
        yield from _with_rows(f"short {i}", made, rows, [["u00", "p000"]], 0)
        yield from _with_rows(f"long {i}", made, rows, [[*extra, "more", "cells"]], 0)
        yield from _with_rows(f"blank user {i}", made, rows, [["", *extra[1:]]], 0)
        yield from _with_rows(f"blank item {i}", made, rows, [["u00", " ", *extra[2:]]], 0)
        yield from _with_rows(f"no date {i}", made, rows, [[*extra[:2], "never", *extra[3:]]], 0)
        yield from _with_rows(
            f"31 april {i}", made, rows, [[*extra[:2], "2024-04-31", *extra[3:]]], 0
        )
        yield from _with_rows(
            f"future {i}", made, rows, [[*extra[:2], "2099-01-01", *extra[3:]]], 0
        )
        yield from _with_rows(
            f"year 1 {i}", made, rows, [[*extra[:2], "0001-01-01", *extra[3:]]], 0
        )
        yield from _with_rows(f"copy {i}", made, rows, [rows[0], rows[5]], 0)
        yield from _with_rows(f"infinite {i}", made, rows, [[*extra[:4], "inf"]], 1)
        yield from _with_rows(f"no number {i}", made, rows, [[*extra[:4], "many"]], 1)
        yield from _with_rows(f"nothing bought {i}", made, rows, [[*extra[:4], "0"]], 0)
        yield from _with_rows(f"lone return {i}", made, rows, [["u99", *extra[1:4], "-1"]], 0, 1)
        yield from _with_rows(f"long id {i}", made, rows, [["u" * 5_000, *extra[1:]]], 0)
        yield from _with_rows(
            f"rounded id {i}", made, rows, [["u00", "4.00639E+12", *extra[2:]]], 0
        )
        yield from _with_rows(f"long cell {i}", made, rows, [[*extra[:3], "x" * 1_000_000, "1"]], 1)
        for sign in ("\0", "\x07", "\x1b[31m", "\x7f"):
            marked = [[*extra[:3], f"Ket{sign}tle", "1"]]
            yield from _with_rows(f"sign {ord(sign[0])} {i}", made, rows, marked, 1)


def _with_rows(
    name: str,
    made: Shop,
    rows: list[list[str]],
    added: list[list[str]],
    more: int,
    more_users: int = 0,
) -> Iterator[Case]:
    """The shop with rows added of which `more` count as events."""
    whole = [*rows[:50], *added, *rows[50:]]
    users = made.users + more_users
    verdict = Accept(len(rows) + more, users, made.items)
    yield Case(f"{name}/table.csv", w.text(whole).encode(), verdict, "content")


def _contents(dice: Random) -> Iterator[Case]:
    """Whole tables that are odd or no tables of interactions at all."""
    made = shop(dice)
    rows = w.cells(made)
    header = list(w.HEADER)
    for name, names in (
        ("upper case", ["USER ID", "ITEM-ID", "Time", "TITLE", "Quantity"]),
        ("other names", ["CustomerID", "StockCode", "InvoiceDate", "Description", "Qty"]),
        ("chinese", ["客户编号", "产品编号", "购买时间", "产品名称", "件数"]),
        ("types", ["user_id:token", "item_id:token", "timestamp", "title", "quantity"]),
    ):
        yield Case(f"{name}/table.csv", w.text(rows, names).encode(), _good(made), "content")
    for name, content, words in (
        ("empty", "", "empty"),
        ("blank", " \n\n\n", "empty"),
        ("header", ",".join(header) + "\n", "no rows"),
        ("only values", "1,2,3\n4,5,6\n", "holds values"),
        ("no user", w.text([row[1:] for row in rows], header[1:]), "known as user_id"),
        ("no item", w.text([[r[0], *r[2:]] for r in rows], [header[0], *header[2:]]), "item_id"),
        ("one column", "title\n" + "\n".join(WORDS) + "\n", "known as"),
        ("ragged", "user_id,item_id\n" + "a,b,c,d\n" * 50, "more or fewer cells"),
        ("open quote", 'user_id,item_id\na,"b\n' + "c,d\n" * 40, "quote"),
        ("wide", ",".join(f"c{i}" for i in range(10_000)) + "\n" + "," * 9_999, "columns"),
        ("no dates", w.text([[*r[:2], "soon", *r[3:]] for r in rows]), "no dates"),
        ("no ids", w.text([["", *r[1:]] for r in rows]), "no row is left"),
        ("all rounded", w.text([[r[0], "4.0E+12", *r[2:]] for r in rows]), "no row is left"),
        ("all returned", w.text([[*r[:4], "-1"] for r in rows]), "no interaction is left"),
    ):
        yield Case(f"{name}/table.csv", content.encode(), Refuse(words), "content")
    seconds = [[*r[:2], str(1_700_000_000 + 60 * i), *r[3:]] for i, r in enumerate(rows)]
    for sign in ("-1", "0", "inf", "-inf", "nan", "1e400"):
        odd = [*seconds, ["u00", "p000", sign, "Kettle", "1"]]
        yield Case(f"time {sign}/table.csv", w.text(odd).encode(), _good(made), "content")
    later = [row.moment + timedelta(days=20_000) for row in made.rows]
    future = [[*r[:2], day.isoformat(), *r[3:]] for r, day in zip(rows, later, strict=True)]
    yield Case("all in the future/table.csv", w.text(future).encode(), _good(made), "content")
    mixed = (
        "\r\n".join(w.text(rows[:30]).splitlines())
        + "\n"
        + "\n".join(w.text(rows[30:]).splitlines()[1:])
    )
    yield Case("mixed line ends/table.csv", mixed.encode(), _good(made), "content")


def _cut_off(dice: Random) -> Iterator[Case]:
    """Files whose end is missing: text up to there, or a packed file that is refused."""
    for i in range(10):
        made = shop(dice, WORDS, 80)
        whole = w.text(w.cells(made)).encode()
        at = dice.randrange(len(whole) // 2, len(whole))
        rows = whole[:at].count(b"\n") - 1
        part = Shop(made.rows[: rows + 1])
        verdict = Accept(rows + 1, part.users + 1, part.items + 1, fewest=rows)
        yield Case(f"cut {i}/table.csv", whole[:at], verdict, "damage")
    for i in range(6):
        made = shop(dice, CHINESE, 80)
        whole = w.excel_chinese(made)
        at = dice.randrange(len(whole) // 2, len(whole))
        rows = whole[:at].count(b"\n") - 1
        part = Shop(made.rows[: rows + 1])
        verdict = Accept(rows + 1, part.users + 1, part.items + 1, fewest=rows)
        yield Case(f"cut chinese {i}/table.csv", whole[:at], verdict, "damage")
    packed = {
        "table.csv.gz": w.bigquery(made),
        "table.zip": w.zipped(table__csv=w.excel_utf8(made)),
        "table.xlsx": w.workbook(made),
        "table.ods": w.calc_sheet(made),
        "table.parquet": w.parquet(made),
    }
    for name, whole in packed.items():
        for i in range(4):
            at = dice.randrange(10, len(whole) - 30)
            yield Case(f"cut {i}/{name}", whole[:at], Refuse(_DAMAGED), "damage")
    for name in ("table.csv.gz", "table.parquet"):
        for i in range(3):
            flipped = bytearray(packed[name])
            for place in range(len(flipped) // 2, len(flipped) // 2 + 40):
                flipped[place] ^= 0x5A
            flipped[-8 - i :] = bytes(8 + i)
            yield Case(f"flipped {i}/{name}", bytes(flipped), Refuse(_DAMAGED), "damage")


_DAMAGED = "unpacked|damaged|no table|no column is known|is no|more or fewer|column"


def _attacks(dice: Random) -> Iterator[Case]:
    """Files made to break who opens them."""
    made = shop(dice)
    table = w.text(w.cells(made)).encode()
    bomb = gzip.compress(bytes(30_000_000))
    spaces = w.zipped(table__csv=b"user_id,item_id\n" + b"a,b\n" * 8_000_000)
    unknown = w.zipped(one__csv=table, two__csv=table)
    deep = table
    for _ in range(4):
        deep = gzip.compress(deep)
    for name, content, words in (
        ("bomb/table.csv.gz", bomb, "times its size"),
        ("bomb/table.zip", spaces, "times its size"),
        ("bomb in zip/table.zip", w.zipped(table__csv__gz=bomb), "times its size"),
        ("deep/table.csv.gz", deep, "packed more than"),
        ("deep/table.zip", w.zipped(a__zip=w.zipped(b__zip=w.zipped(c__csv=table))), "packed more"),
        ("two tables/table.zip", unknown, "several tables"),
        ("nothing/table.zip", w.zipped(), "no table"),
        ("no tables/table.zip", w.zipped(picture__png=b"\x89PNG"), "no table"),
        ("many/table.zip", w.zipped(**{f"f{i}__csv": b"" for i in range(500)}), "500 files"),
        ("link/table.zip", _with_link(), "no table"),
        ("password/table.zip", _locked(table), "password"),
        ("far/table.xlsx", _far_cell(), "too much memory|damaged|columns|cells"),
        ("entities/table.xlsx", _entities(), "damaged|too much|no cells"),
        ("rows/table.parquet", _endless(), "more than can be read|damaged"),
        ("wide/table.parquet", _wide(), "columns"),
    ):
        yield Case(name, content, Refuse(words), "attack")
    yield Case("path/table.zip", _climbing(table), _good(made), "attack")
    beside = w.zipped(table__csv=table, README__txt=b"hello", picture__png=b"\x89PNG")
    yield Case("beside/table.zip", beside, _good(made), "attack")
    several = {"orders__csv": table, "products__csv": b"item_id,brand\np000,Acme\np001,Bolt\n"}
    yield Case("three tables/shop.zip", w.zipped(**several), _good(made), "attack")
    for i, evil in enumerate(
        ("../../../etc/passwd", "=cmd|' /C calc'!A0", "<img src=x>", "a" * 900)
    ):
        header = [*w.HEADER, evil]
        rows = [[*row, str(i % 3)] for i, row in enumerate(w.cells(made))]
        content = w.text(rows, header).encode()
        yield Case(f"column {i}/table.csv", content, _good(made), "attack")


def _with_link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("table.csv")
        link.create_system = 3
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def _locked(table: bytes) -> bytes:
    """A zip whose entry says that it is encrypted."""
    content = bytearray(w.zipped(table__csv=table))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    return bytes(content)


def _climbing(table: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../../../outside/table.csv", table)
    return out.getvalue()


def _sheet(xml: str, names: Sequence[str] = ("S",)) -> bytes:
    """A workbook with this sheet under each of the names, written by hand."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
        + "".join(f'<sheet name="{name}" sheetId="1" r:id="r1"/>' for name in names)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{relations}/worksheet" Target="worksheets/s.xml"/>'
        "</Relationships>",
        "xl/worksheets/s.xml": xml.replace("MAIN", main),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _far_cell() -> bytes:
    """Two cells, one in the last row and column: 17 billion cells if all were held."""
    return _sheet(
        '<worksheet xmlns="MAIN"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )


def _entities() -> bytes:
    """Entities of entities, a billion laughs if they were expanded."""
    lines = ['<!ENTITY a0 "ha">']
    lines += [f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)]
    return _sheet(
        f'<!DOCTYPE x [{"".join(lines)}]><worksheet xmlns="MAIN"><sheetData><row r="1">'
        '<c r="A1" t="str"><v>&a9;</v></c></row></sheetData></worksheet>'
    )


def _endless() -> bytes:
    """Few kilobytes of Parquet with three hundred million rows of three columns."""
    column = pa.nulls(3_000_000, pa.string())
    out = io.BytesIO()
    table = pa.table({"user_id": column, "item_id": column, "time": column})
    with pq.ParquetWriter(out, table.schema) as writer:
        for _ in range(60):
            writer.write_table(table)
    return out.getvalue()


def _wide() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({f"c{i}": [1] for i in range(1_500)}), out)
    return out.getvalue()


def _foreign(dice: Random) -> Iterator[Case]:
    """Files of other kinds under the name of a table."""
    rows = [{"user_id": f"u{i}", "item_id": f"p{i}", "time": "2024-01-01"} for i in range(30)]
    lines = "\n".join(json.dumps(row) for row in rows)
    insert = "\n".join(f"INSERT INTO orders VALUES ('u{i}', 'p{i}');" for i in range(30))
    page = "<!DOCTYPE html><html><body><table><tr><td>user_id</td></tr></table></body></html>"
    random = dice.randbytes(6_000)
    files: dict[str, bytes] = {
        "json": json.dumps(rows).encode(),
        "json lines": lines.encode(),
        "json in rows": json.dumps(rows, indent=1).encode(),
        "web page": page.encode(),
        "xml": b'<?xml version="1.0"?><orders><order user_id="1" item_id="2"/></orders>',
        "sql": ("CREATE TABLE orders (user_id text, item_id text);\n" + insert).encode(),
        "pickle": pickle.dumps(rows),
        "old pickle": pickle.dumps(rows, protocol=0),
        "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + random,
        "png": b"\x89PNG\r\n\x1a\n" + random,
        "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF" + random,
        "sqlite": b"SQLite format 3\x00" + struct.pack(">H", 4096) + random,
        "program": b"\x7fELF\x02\x01\x01" + bytes(9) + random,
        "script": b"#!/bin/sh\nrm -rf /\n",
        "python": b"import os\nos.system('true')\n",
        "random": random,
        "zeros": bytes(5_000),
        "base64": base64.encodebytes(random),
        "bzip2": b"BZh91AY&SY" + random,
        "xz": b"\xfd7zXZ\x00" + random,
        "zstd": b"\x28\xb5\x2f\xfd" + random,
        "seven zip": b"7z\xbc\xaf\x27\x1c" + random,
        "rar": b"Rar!\x1a\x07\x01\x00" + random,
        "tar": b"table.csv" + bytes(91) + b"0000644\x00" + random,
        "old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random,
        "feather": b"ARROW1\x00\x00" + random,
        "orc": b"ORC" + random,
        "avro": b"Obj\x01" + random,
        "hdf5": b"\x89HDF\r\n\x1a\n" + random,
        "mail": b"From: a@b.c\nSubject: orders\n\nSee the file.\n",
        "prose": b"Once upon a time, there was a shop.\nIt sold lamps, rugs, and kettles.\n",
        "zip mark": b"PK\x03\x04" + random,
        "parquet mark": b"PAR1" + random + b"PAR1",
        "gzip mark": b"\x1f\x8b\x08" + random,
    }
    for name, content in files.items():
        yield Case(f"{name}/table.csv", content, Refuse(_FOREIGN), "foreign")


_FOREIGN = (
    "no table|is no|known as|unpacked|damaged|more or fewer|JSON|web page|XML|SQL|"
    "holds values|no rows|kind of file|too much memory|quote"
)
