"""The command line for our own programs: errors are said in their parts, as one line of JSON."""

from __future__ import annotations

import sys

from recommender.commands import main
from recommender.said import said_by, written


def _complain(error: Exception) -> None:
    sys.stderr.write(written(said_by(error)) + "\n")


if __name__ == "__main__":
    main(complain=_complain)
