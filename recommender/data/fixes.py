"""What is put right without asking, and what happens where its owner refuses that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

FixName = Literal[
    "ragged",
    "undated",
    "future",
    "numbers",
    "rounded_ids",
    "decimal_ids",
    "repeated_ids",
    "spellings",
    "services",
    "nothing",
    "copies",
    "same_event",
    "returns",
]


@dataclass(frozen=True)
class Fix:
    """One way to put something right, with its alternative."""

    done: str
    """What is done, as the end of a sentence that begins with what was found."""
    instead: str
    """What is done where the fix is refused."""


FIXES: Final[Mapping[FixName, Fix]] = {
    "ragged": Fix(
        "and were left out", "and were filled up with blanks or cut to the length of the header"
    ),
    "undated": Fix("and were left out", "and have the time of the row before them"),
    "future": Fix("and were left out", "and were kept all the same"),
    "numbers": Fix("they count as unknown", "their rows were left out"),
    "rounded_ids": Fix(
        "and were left out, since different ids became one", "and were kept as they are"
    ),
    "decimal_ids": Fix("were read without their '.0'", "were kept with their '.0'"),
    "repeated_ids": Fix("the first row of each id was kept", "the last row of each id was kept"),
    "spellings": Fix("and were made one", "and were left apart"),
    "services": Fix("and were left out", "and were kept as products"),
    "nothing": Fix("and were left out", "and were kept as purchases"),
    "copies": Fix("and were left out", "and count as further events"),
    "same_event": Fix("and were merged into it", "and stay events of their own"),
    "returns": Fix(
        "were taken off the purchases they take back", "were left out; what was bought stays bought"
    ),
}
"""Every fix that can be refused. Others, such as the removal of control characters, cannot."""
