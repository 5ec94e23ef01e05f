"""One sheet of a workbook as Arrow columns of text, read in a process of its own.

Run as a script, alone: a workbook of a few bytes can ask for more memory than there is, and the
process that reads it then ends, not the server. Takes the workbook on standard input, the name of
a sheet (or nothing) and the limits as arguments; writes an Arrow stream, or one line of JSON that
says what is wrong.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any


def text(cell: Any) -> str:
    """A cell as it would stand in a CSV file. Spreadsheets have no whole numbers."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, timedelta):
        return str(cell)
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def limit(megabytes: int, seconds: int) -> None:
    """Let the system end this process when it takes too much."""
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read standard input, write standard output."""
    wanted, megabytes, seconds, most_columns, most_cells = sys.argv[1], *map(int, sys.argv[2:])
    limit(megabytes, seconds)
    import pyarrow as pa
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    def refuse(what: str) -> None:
        sys.stdout.buffer.write(json.dumps({"error": what}).encode())
        sys.exit(0)

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
        names = list(book.sheet_names)
        order = [wanted] if wanted else names
        if wanted and wanted not in names:
            refuse(f"there is no sheet {wanted!r}; the sheets are: {', '.join(names)}")
        sheet = None
        for name in order:  # a workbook often begins with an empty sheet
            sheet = book.get_sheet_by_name(name)
            if sheet.height:
                break
    except PasswordError:
        refuse("the workbook needs a password")
    except CalamineError as error:
        refuse(f"the workbook is damaged: {error}")
    if sheet is None or not sheet.height:
        refuse("the workbook has no cells")
    assert sheet is not None
    if sheet.width > most_columns:
        refuse(f"the sheet has {sheet.width:,} columns; at most {most_columns:,} are read")
    if sheet.width * sheet.height > most_cells:
        refuse(f"the sheet has more than {most_cells:,} cells")
    columns: list[list[str]] = [[] for _ in range(sheet.width)]
    for row in sheet.to_python():
        for column, cell in zip(columns, row, strict=True):
            column.append(text(cell))
    arrays = [pa.array(column, pa.large_string()) for column in columns]
    told = {
        "sheet": sheet.name,
        "sheets": json.dumps(names),
        "first": str((sheet.start or (0, 0))[0] + 1),
    }
    table = pa.table(arrays, names=[str(i) for i in range(len(arrays))]).replace_schema_metadata(
        told
    )
    with pa.ipc.new_stream(sys.stdout.buffer, table.schema) as stream:
        stream.write_table(table)


if __name__ == "__main__":
    main()
