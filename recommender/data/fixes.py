"""What is put right without asking, and what happens where its owner refuses that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from recommender.said import Said

FixName = Literal[
    "ragged",
    "quotes",
    "headerless",
    "wide",
    "as_columns",
    "baskets",
    "non_rows",
    "order_lines",
    "lists",
    "whole_cells",
    "undated",
    "future",
    "numbers",
    "decimal_comma",
    "decimal_mark",
    "rounded_ids",
    "decimal_ids",
    "power_ids",
    "formula_ids",
    "unseen_signs",
    "nobody",
    "user_spellings",
    "repeated_ids",
    "spellings",
    "services",
    "nothing",
    "copies",
    "same_event",
    "returns",
    "outcomes",
    "removals",
    "low_ratings",
    "unrated",
]


@dataclass(frozen=True)
class Fix:
    """One way to put something right, with its alternative."""

    done: Said
    """What is done with `n` of them, as the end of a sentence that begins with what was found."""
    instead: Said
    """What is done where the fix is refused."""


_UNROLLED: Final = Said("was read as one row an event")
_AS_IT_IS: Final = Said("was read as it stands")
_EACH: Final = Said("became an event of its own item")
_WHOLE: Final = Said("was kept as one item")
_POINT: Final = Said("{was|were:n} read with a point for decimals, a comma for thousands", n=2)
_COMMA: Final = Said("{was|were:n} read with a comma for decimals, a point for thousands", n=2)

FIXES: Final[Mapping[FixName, Fix]] = {
    "ragged": Fix(
        Said("{was|were:n} left out", n=2),
        Said("{was|were:n} filled up with blanks or cut to the length of the header", n=2),
    ),
    "quotes": Fix(
        Said("{was|were:n} taken for part of the text", n=2),
        Said("{was|were:n} taken for quotes around cells", n=2),
    ),
    "headerless": Fix(Said("was read as a row"), Said("was taken for the names of the columns")),
    "wide": Fix(_UNROLLED, _AS_IT_IS),
    "as_columns": Fix(_AS_IT_IS, _UNROLLED),
    "baskets": Fix(Said("became an event of its own"), Said("was read as a row like any other")),
    "non_rows": Fix(Said("{was|were:n} left out", n=2), Said("{was|were:n} kept as rows", n=2)),
    "order_lines": Fix(
        Said("{has|have:n} what is said there", n=2), Said("{was|were:n} left without one", n=2)
    ),
    "lists": Fix(_EACH, _WHOLE),
    "whole_cells": Fix(_WHOLE, _EACH),
    "undated": Fix(
        Said("{was|were:n} left out", n=2),
        Said("{has|have:n} the time of the row before {it|them:n}", n=2),
    ),
    "future": Fix(Said("{was|were:n} left out", n=2), Said("{was|were:n} kept all the same", n=2)),
    "numbers": Fix(
        Said("{it counts|they count:n} as unknown", n=2),
        Said("{its row was|their rows were:n} left out", n=2),
    ),
    "decimal_comma": Fix(_COMMA, _POINT),
    "decimal_mark": Fix(_POINT, _COMMA),
    "rounded_ids": Fix(
        Said("{was|were:n} left out, since different ids became one", n=2),
        Said("{was kept as it is|were kept as they are:n}", n=2),
    ),
    "decimal_ids": Fix(Said("were read without their '.0'"), Said("were kept with their '.0'")),
    "power_ids": Fix(
        Said("{was|were:n} written out, since no digit of it is lost", n=2),
        Said("{was kept as it is|were kept as they are:n}", n=2),
    ),
    "formula_ids": Fix(
        Said("{was|were:n} read without it", n=2),
        Said("{was kept as it is|were kept as they are:n}", n=2),
    ),
    "unseen_signs": Fix(
        Said("{was|were:n} read without them", n=2),
        Said("{was kept as it is|were kept as they are:n}", n=2),
    ),
    "nobody": Fix(Said("{counts|count:n} as blank", n=2), Said("{was|were:n} kept as an id", n=2)),
    "user_spellings": Fix(Said("{was|were:n} left apart", n=2), Said("{was|were:n} made one", n=2)),
    "repeated_ids": Fix(
        Said("the first row of each id was kept"), Said("the last row of each id was kept")
    ),
    "spellings": Fix(Said("{was|were:n} made one", n=2), Said("{was|were:n} left apart", n=2)),
    "services": Fix(
        Said("{was|were:n} left out", n=2),
        Said("{was kept as a product|were kept as products:n}", n=2),
    ),
    "nothing": Fix(
        Said("{was|were:n} left out", n=2),
        Said("{was kept as a purchase|were kept as purchases:n}", n=2),
    ),
    "copies": Fix(
        Said("{was|were:n} left out", n=2),
        Said("{counts as a further event|count as further events:n}", n=2),
    ),
    "same_event": Fix(
        Said("{was|were:n} merged into it", n=2),
        Said("{stays an event of its own|stay events of their own:n}", n=2),
    ),
    "returns": Fix(
        Said(
            "{was taken off the purchase it takes|were taken off the purchases they take:n} back",
            n=2,
        ),
        Said("{was|were:n} left out; what was bought stays bought", n=2),
    ),
    "outcomes": Fix(
        Said("{was|were:n} left out", n=2), Said("{counts|count:n} as interest all the same", n=2)
    ),
    "removals": Fix(
        Said("{was|were:n} left out", n=2), Said("{counts|count:n} as interest all the same", n=2)
    ),
    "low_ratings": Fix(
        Said("{was|were:n} left out", n=2), Said("{counts|count:n} as interest all the same", n=2)
    ),
    "unrated": Fix(
        Said("{was|were:n} left out", n=2), Said("{counts as not rated|count as not rated:n}", n=2)
    ),
}
"""Every fix that can be refused. Others, such as the removal of control characters, cannot."""

AT_READING: Final[frozenset[FixName]] = frozenset(
    {"ragged", "quotes", "headerless", "wide", "as_columns", "baskets", "non_rows"}
)
"""Those that are made while a file is read, before it is known what its columns mean."""
