"""How files are to be read where guessing is not enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from recommender.data.cleaning.kinds import KINDS, Kind
from recommender.data.cleaning.repairs import RatingRule
from recommender.data.columns import TableName
from recommender.data.fixes import FIXES, FixName
from recommender.said import StatedError


@dataclass(frozen=True)
class ReadOptions:
    """Everything that can be said about the files; by default all is found out."""

    columns: Mapping[str, str | None] = field(default_factory=dict)
    """Role to column in the file, such as {"user_id": "CustomerID"}; None: no column has the
    role. `items.title` instead of `title` speaks of one table only."""
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    """Feature column to kind, such as {"zip": "categorical"}; `ignore` leaves it out.
    `users.name` instead of `name` speaks of one table only."""
    vectors: Mapping[str, Path] = field(default_factory=dict)
    """Feature to `.npy` file, such as {"picture": Path("pictures.npy")}: a vector for each row of
    the items file, in its order."""
    rating_rule: RatingRule = "user_mean"
    """Which ratings are interest: those not below the user's own mean, those not below the
    threshold, or all."""
    rating_threshold: float | None = None
    """Least rating that is interest; for the rule `threshold`, which needs it."""
    counting: tuple[str, ...] | None = None
    """Values of the column with the outcome whose rows count, such as ("delivered",); None: as
    they are understood."""
    predicted: tuple[str, ...] = ()
    """Types of events that are predicted, such as ("purchase",); by default those that are known
    as purchases, or else all."""
    day_first: bool | None = None
    """Whether 03/04/2024 is the third of April; None: seen from the file where it can be."""
    encoding: str | None = None
    """Encoding of all files, such as "cp1251"; None: found out for each."""
    sheets: Mapping[TableName, str] = field(default_factory=dict)
    """Table to the sheet of its workbook; without it the first that is not empty is read."""
    refused: frozenset[FixName] = frozenset()
    """What is not to be put right, such as {"services"}; by default everything is."""

    def __post_init__(self) -> None:
        if self.rating_rule not in ("user_mean", "threshold", "all"):
            raise StatedError("there is no rating rule called {rule!r}", rule=self.rating_rule)
        if (self.rating_rule == "threshold") != (self.rating_threshold is not None):
            raise StatedError("a rating_threshold goes with the rating rule 'threshold', only")
        for fix in self.refused:
            if fix not in FIXES:
                known = ", ".join(FIXES)
                raise StatedError(
                    "there is no fix called {fix!r}; use {known}", fix=fix, known=known
                )
        for name, kind in self.kinds.items():
            if kind not in KINDS:
                known = ", ".join(KINDS)
                raise StatedError(
                    "{name} cannot be of kind {kind!r}; use {known}",
                    name=name,
                    kind=kind,
                    known=known,
                )
