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
    """What is done, as the end of a sentence that begins with what was found; see `counted`."""
    instead: str
    """What is done where the fix is refused."""


FIXES: Final[Mapping[FixName, Fix]] = {
    "ragged": Fix(
        "and {was|were} left out",
        "and {was|were} filled up with blanks or cut to the length of the header",
    ),
    "undated": Fix(
        "and {was|were} left out", "and {has|have} the time of the row before {it|them}"
    ),
    "future": Fix("and {was|were} left out", "and {was|were} kept all the same"),
    "numbers": Fix("{it counts|they count} as unknown", "{its row was|their rows were} left out"),
    "rounded_ids": Fix(
        "and {was|were} left out, since different ids became one",
        "and {was kept as it is|were kept as they are}",
    ),
    "decimal_ids": Fix("were read without their '.0'", "were kept with their '.0'"),
    "repeated_ids": Fix("the first row of each id was kept", "the last row of each id was kept"),
    "spellings": Fix("and {was|were} made one", "and {was|were} left apart"),
    "services": Fix("and {was|were} left out", "and {was kept as a product|were kept as products}"),
    "nothing": Fix(
        "and {was|were} left out", "and {was kept as a purchase|were kept as purchases}"
    ),
    "copies": Fix(
        "and {was|were} left out", "and {counts as a further event|count as further events}"
    ),
    "same_event": Fix(
        "and {was|were} merged into it", "and {stays an event of its own|stay events of their own}"
    ),
    "returns": Fix(
        "{was taken off the purchase it takes|were taken off the purchases they take} back",
        "{was|were} left out; what was bought stays bought",
    ),
}
"""Every fix that can be refused. Others, such as the removal of control characters, cannot."""
