"""Files as spreadsheets, databases and scripts write them."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from xml.sax.saxutils import escape

import openpyxl
import pandas as pd

from tests.hostile.shops import Shop

HEADER = ("user_id", "item_id", "time", "title", "quantity")


def cells(shop: Shop, moment: str = "%Y-%m-%d %H:%M:%S") -> list[list[str]]:
    """The rows as text."""
    return [
        [row.user, row.item, row.moment.strftime(moment), row.title, str(row.quantity)]
        for row in shop.rows
    ]


def text(
    rows: Sequence[Sequence[str]],
    header: Sequence[str] = HEADER,
    separator: str = ",",
    newline: str = "\n",
    quoting: int = csv.QUOTE_MINIMAL,
) -> str:
    """Delimited text."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=newline, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def excel_utf8(shop: Shop) -> bytes:
    """Excel, CSV UTF-8: a byte order mark and Windows lines."""
    return text(cells(shop, "%d/%m/%Y %H:%M"), newline="\r\n").encode("utf-8-sig")


def excel_western(shop: Shop) -> bytes:
    """Excel, CSV in a European locale: semicolons, cp1252, day first, blank rows at the end."""
    body = text(cells(shop, "%d.%m.%Y %H:%M"), separator=";", newline="\r\n")
    return (body + ";;;;\r\n" * 3).encode("cp1252", errors="replace")


def excel_unicode(shop: Shop) -> bytes:
    """Excel, Unicode text: UTF-16 with tabs."""
    return text(cells(shop), separator="\t", newline="\r\n").encode("utf-16")


def excel_separator_line(shop: Shop) -> bytes:
    """CSV for Excel with a line that tells the separator."""
    return ("sep=;\r\n" + text(cells(shop), separator=";", newline="\r\n")).encode("utf-8-sig")


def excel_chinese(shop: Shop) -> bytes:
    """Excel in Chinese: GB18030, Chinese names and dates."""
    header = ("用户编号", "商品编号", "时间", "商品名称", "数量")
    return text(cells(shop, "%Y/%m/%d %H:%M"), header, newline="\r\n").encode("gb18030")


def workbook(
    shop: Shop,
    above: int = 0,
    sheets_before: int = 0,
    sheets_after: int = 0,
    text_dates: bool = False,
) -> bytes:
    """An .xlsx: dates as dates, lines of title above, empty sheets before, others after."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for i in range(sheets_before):
        sheet.title = f"Empty {i}"
        sheet = book.create_sheet("Orders")
    for i in range(above):
        sheet.append([f"Report of the shop, part {i + 1}"])
    sheet.append(list(HEADER))
    for row in shop.rows:
        moment = row.moment.isoformat(" ") if text_dates else row.moment
        # A leading = would be written as a formula; exports write it as text.
        sheet.append([row.user, row.item, moment, row.title, row.quantity])
        sheet.cell(sheet.max_row, 4).data_type = "s"
    for i in range(sheets_after):
        book.create_sheet(f"Notes {i}").append(["nothing", "here"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def calc_sheet(shop: Shop) -> bytes:
    """An .ods as LibreOffice Calc writes it, in brief."""

    def cell(value: object) -> str:
        if isinstance(value, datetime):
            moment = value.isoformat()
            return f'<table:table-cell office:value-type="date" office:date-value="{moment}"/>'
        if isinstance(value, int):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        said = escape(str(value)).replace("\n", "</text:p><text:p>")
        return (
            '<table:table-cell office:value-type="string">'
            f"<text:p>{said}</text:p></table:table-cell>"
        )

    rows: list[Sequence[object]] = [HEADER]
    rows += [(r.user, r.item, r.moment, r.title, r.quantity) for r in shop.rows]
    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    oasis = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        f'xmlns:office="{oasis}:office:1.0" xmlns:table="{oasis}:table:1.0" '
        f'xmlns:text="{oasis}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="Orders">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        f'xmlns:manifest="{oasis}:manifest:1.0"><manifest:file-entry '
        f'manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def calc_csv(shop: Shop) -> bytes:
    """LibreOffice, CSV with all text in quotes."""
    return text(cells(shop), quoting=csv.QUOTE_ALL).encode()


def postgres_csv(shop: Shop) -> bytes:
    """`\\copy … csv header`: times with a zone, what is unknown is blank."""
    rows = cells(shop, "%Y-%m-%d %H:%M:%S+00")
    return text(rows).encode()


def mysql_batch(shop: Shop) -> bytes:
    """`mysql --batch`: tabs, unknown as NULL, line breaks as \\n."""
    rows = [[cell.replace("\n", "\\n").replace('"', "'") for cell in row] for row in cells(shop)]
    rows[0][4] = "NULL"
    lines = ["\t".join(HEADER), *("\t".join(row) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


def sqlite_bar(shop: Shop) -> bytes:
    """`sqlite3 -header`: bars between cells."""
    rows = [
        [cell.replace("|", "/").replace("\n", " ").replace('"', "'") for cell in row]
        for row in cells(shop)
    ]
    return ("\n".join("|".join(row) for row in [HEADER, *rows]) + "\n").encode()


def sql_server(shop: Shop) -> bytes:
    """Results to file, Unicode: UTF-16 with tabs and milliseconds."""
    rows = [
        [cell.replace("\n", " ") for cell in row] for row in cells(shop, "%Y-%m-%d %H:%M:%S.000")
    ]
    return text(rows, separator="\t", newline="\r\n").encode("utf-16")


def bigquery(shop: Shop) -> bytes:
    """Export to CSV, gzip: times end in UTC."""
    return gzip.compress(text(cells(shop, "%Y-%m-%d %H:%M:%S UTC")).encode(), mtime=0)


def snowflake(shop: Shop) -> bytes:
    """Unloaded CSV: ISO times with a zone, unknown as \\N."""
    rows = cells(shop, "%Y-%m-%dT%H:%M:%S.000Z")
    rows[1][4] = "\\N"
    return text(rows, quoting=csv.QUOTE_ALL).encode()


def oracle_epoch(shop: Shop) -> bytes:
    """Upper-case names, milliseconds since 1970."""
    rows = cells(shop)
    for cell, row in zip(rows, shop.rows, strict=True):
        cell[2] = str(int((row.moment - datetime(1970, 1, 1)).total_seconds() * 1000))
    return text(rows, [name.upper() for name in HEADER], newline="\r\n").encode()


def mongo(shop: Shop) -> bytes:
    """`mongoexport --type=csv`: ISO times in UTC."""
    return text(cells(shop, "%Y-%m-%dT%H:%M:%S.000Z")).encode()


def access(shop: Shop) -> bytes:
    """Access, text with semicolons: everything in quotes, month first."""
    rows = cells(shop, "%m/%d/%Y %H:%M:%S")
    body = text(rows, separator=";", newline="\r\n", quoting=csv.QUOTE_ALL)
    return body.encode("utf-8-sig")


def clickhouse(shop: Shop) -> bytes:
    """TabSeparatedWithNames: no quotes, line breaks and tabs escaped."""
    return mysql_batch(shop).replace(b"NULL", b"\\N")


def sheets(shop: Shop) -> bytes:
    """Google Sheets, CSV: Windows lines, no last line end, times as people write them."""
    return text(cells(shop, "%d/%m/%Y %I:%M:%S %p"), newline="\r\n").strip().encode()


def r_rows(shop: Shop) -> bytes:
    """`write.csv` of R: a first column of row numbers without a name."""
    rows = [[str(i + 1), *row] for i, row in enumerate(cells(shop))]
    return text(rows, ["", *HEADER], quoting=csv.QUOTE_ALL).encode()


def pandas_rows(shop: Shop) -> bytes:
    """`to_csv` of pandas with its index and ids that went through floats."""
    rows = cells(shop)
    for row in rows:
        row[1] = f"{int(row[1][1:])}.0"
    return text([[str(i), *row] for i, row in enumerate(rows)], ["", *HEADER]).encode()


def parquet(shop: Shop) -> bytes:
    """Parquet as pandas writes it, with times as times."""
    out = io.BytesIO()
    table = {
        "user_id": [row.user for row in shop.rows],
        "item_id": [row.item for row in shop.rows],
        "time": [row.moment for row in shop.rows],
        "title": [row.title for row in shop.rows],
        "quantity": [row.quantity for row in shop.rows],
    }
    pd.DataFrame(table).to_parquet(out)
    return out.getvalue()


def zipped(**files: bytes) -> bytes:
    """A zip of these files; a double underscore in a name stands for its point."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


EXPORTS: dict[str, Callable[[Shop], bytes]] = {
    "excel-utf8.csv": excel_utf8,
    "excel-western.csv": excel_western,
    "excel-unicode.txt": excel_unicode,
    "excel-separator-line.csv": excel_separator_line,
    "excel-chinese.csv": excel_chinese,
    "calc.csv": calc_csv,
    "postgres.csv": postgres_csv,
    "mysql.tsv": mysql_batch,
    "sqlite.txt": sqlite_bar,
    "sql-server.txt": sql_server,
    "bigquery.csv.gz": bigquery,
    "snowflake.csv": snowflake,
    "oracle.csv": oracle_epoch,
    "mongo.csv": mongo,
    "access.txt": access,
    "clickhouse.tsv": clickhouse,
    "sheets.csv": sheets,
    "r.csv": r_rows,
    "pandas.csv": pandas_rows,
    "pandas.parquet": parquet,
}
"""Exports that take any title; workbooks are written fewer times, since they are read slowly."""
