"""How much a file may hold: what no honest table needs is refused before it takes the memory."""

from __future__ import annotations

from typing import Final

MAX_BYTES: Final = 2_000_000_000
"""A file unpacked, read from a path."""
MAX_UPLOAD: Final = 200 * 2**20
"""An uploaded file as it is sent."""
MAX_UPLOAD_UNPACKED: Final = 500_000_000
"""An uploaded file unpacked: a few kilobytes of gzip can hold more than any memory."""
MAX_RATIO: Final = 200
"""How many times its packed size a file may have; tables have 3 to 30, bombs a thousand."""
RATIO_FROM: Final = 20_000_000
"""Bytes unpacked from which the ratio matters."""
MAX_MEMBERS: Final = 200
"""Files in an archive."""
MAX_DIRECTORY: Final = 2**20
"""Bytes in which an archive lists its files; a workbook of many pictures has thousands."""
MAX_DEPTH: Final = 2
"""Packings inside each other: a zip of .csv.gz has two."""
MAX_COLUMNS: Final = 1_000
MAX_CELLS: Final = 500_000_000
"""Rows times columns."""
MAX_UNROLLED: Final = 50_000_000
"""Events that come of lists in cells, or of a table with a column for each item."""
MAX_CELL: Final = 32_767
"""Characters in a cell, as in a spreadsheet; what is longer is cut."""
MAX_ID: Final = 1_000
"""Characters of an id; a longer one is no id, and cut it could become another's."""
MAX_NAME: Final = 200
"""Characters of a column's name."""
