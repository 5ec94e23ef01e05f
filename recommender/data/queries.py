"""A question to a database: where that is, what is asked, and that it is one that only reads."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from recommender.said import Said, StatedError

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

FROM_ENVIRONMENT: Final = "env:"
"""How an address begins that stands in an environment variable, whose name follows."""
WRITE_IT_SO: Final = Said(
    "Write it as sqlite:///shop.db, duckdb:///shop.duckdb or postgresql://reader@host/shop"
)
_IN_FILES: Final = ("sqlite", "duckdb")
_READS: Final = ("select", "with", "values", "table", "from")
"""How a statement begins that only reads."""
_WHOLE: Final = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | `[^`]*` | \$(\w*)\$.*?\$\1\$
    | --[^\n]* | /\*.*?\*/ | ;""",
    re.DOTALL | re.VERBOSE,
)
"""What may hold a semicolon that ends nothing, and the one that does."""
_COMMENTS: Final = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True)
class Query:
    """What is asked of which database."""

    url: str = field(repr=False)
    """As SQLAlchemy writes it. It may hold a password, so it is never said."""
    sql: str
    sent: bool = False
    """Whether it comes from a page: then the limits are those of a file that was sent."""

    @property
    def name(self) -> str:
        """What messages call it: the file or database, and nothing else of the address."""
        try:
            url = url_of(self.url)
        except StatedError:
            return "database"
        if url.get_backend_name() in _IN_FILES:
            return Path(url.database or "").name or "database"
        return url.database or "database"


def from_environment(address: str) -> str:
    """The address, out of the environment if it is `env:NAME`. Raises StatedError if it lacks."""
    if not address.startswith(FROM_ENVIRONMENT):
        return address
    name = address.removeprefix(FROM_ENVIRONMENT)
    if not os.environ.get(name):
        raise StatedError(
            "the environment has no {name}: set it to the address of the database", name=name
        )
    return os.environ[name]


def url_of(address: str) -> URL:
    """The parts of the address. Raises StatedError, which does not repeat it."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(address)
    except (ArgumentError, ValueError):
        raise StatedError("this is no address of a database") from None


def secrets_of(url: URL) -> tuple[str, ...]:
    """What of an address nobody is told."""
    told = url.normalized_query.values()
    values = (str(url.password or ""), *(value for values in told for value in values))
    return tuple(value for value in values if value)


def one_statement(sql: str) -> str:
    """The statement without the semicolon after it.

    Raises StatedError for several, and for one that does not begin as a question does. What begins
    so and writes all the same is refused by the database.
    """
    ends = [found.start() for found in _WHOLE.finditer(sql) if found[0] == ";"]
    statement = sql[: ends[0]] if ends else sql
    if _COMMENTS.sub(" ", sql[len(statement) :]).strip("; \n\r\t"):
        raise StatedError("these are several statements")
    begins = re.match(r"[\s(]*(\w*)", _COMMENTS.sub(" ", statement))
    word = begins[1] if begins else ""
    if word.lower() not in _READS:
        raise StatedError(
            "a question to a database begins with SELECT or WITH, not with {word!r}", word=word
        )
    return statement
