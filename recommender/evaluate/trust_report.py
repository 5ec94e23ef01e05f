"""The trust report as a value, and as two files in the run's folder: trust.json and trust.csv."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from recommender.atomic import write_text
from recommender.evaluate.deletion import MEASURES

JSON_FILE, CSV_FILE = "trust.json", "trust.csv"


@dataclass(frozen=True, eq=False)
class Trust:
    """How far each method can be believed, measured on some users of a run."""

    fingerprint: str
    """Of the run."""
    users: int
    """How many were asked."""
    checked: int
    """How many of them the two checks were made on."""
    default_view: str
    """`all` or `new`: the view that the data set recommends in."""
    completeness_error: float | None
    """Largest distance between a sum of contributions and its logit; None without contributions."""
    deletion: pd.DataFrame
    """A row for each `view`, `span` (`tenths`, `first`) and `method`, with `users`, the measures
    and their standard errors (`…_se`)."""
    checks: pd.DataFrame
    """A row a method: rank correlation with the values of a shuffled model (`randomisation`: near 0
    is good), and with those after a random event was dropped (`stability`: near 1 is good)."""
    agreement: pd.DataFrame
    """Mean rank correlation of each method (row) with each other (column)."""
    planted: pd.DataFrame | None
    """A row a method: `top1`, `top3`, `strict1`, `strict3` (shares in [0, 1]) and `cases`."""
    curves: pd.DataFrame = field(default_factory=pd.DataFrame)
    """A row for each `view`, `method` and `step` (0 nothing deleted to 10 all, most important
    first): `shown`, the share of users whose target is among the first five, and `probability`,
    that of the target relative to the full history, with standard errors (`…_se`). Empty in
    reports that were saved before there were any."""

    def document(self, view: str | None = None) -> dict[str, Any]:
        """The report as programs read it: one view (the data set's own), the nine tenths.

        `planted` is there only where causes are known; a correlation is null where a method ranks
        all events alike.
        """
        view = view or self.default_view
        table = self.deletion.query("view == @view and span == 'tenths'").set_index("method")
        methods = {
            name: {measure: float(table.loc[name, measure]) for measure in MEASURES}
            | {
                "recency_correlation": _number(self.agreement.loc[name, "recency"]),
                "randomisation_correlation": _number(self.checks.loc[name, "randomisation"]),
            }
            for name in table.index
        }
        document: dict[str, Any] = {
            "users": self.users,
            "completeness_error": self.completeness_error,
            "methods": methods,
        }
        if self.planted is not None:
            document["planted"] = {
                name: {"top1": float(row["top1"]), "top3": float(row["top3"])}
                for name, row in self.planted.iterrows()
            }
        return document


def save_trust(trust: Trust, folder: Path) -> None:
    """Write both files into the run's folder; each appears whole or not at all."""
    write_text(folder / CSV_FILE, trust.deletion.to_csv(index=False))
    facts = {
        "fingerprint": trust.fingerprint,
        "users": trust.users,
        "checked": trust.checked,
        "default_view": trust.default_view,
        "completeness_error": trust.completeness_error,
    }
    tables = {
        "deletion": _records(trust.deletion),
        "curves": _records(trust.curves),
        "checks": _records(trust.checks.reset_index(names="method")),
        "agreement": _records(trust.agreement.reset_index(names="method")),
        "planted": None
        if trust.planted is None
        else _records(trust.planted.reset_index(names="method")),
    }
    text = json.dumps(facts | tables, indent=1, allow_nan=False)
    write_text(folder / JSON_FILE, text + "\n")


def load_trust(folder: Path, fingerprint: str) -> Trust | None:
    """The report saved in the run's folder; None if there is none or it is of other weights."""
    try:
        found = json.loads((folder / JSON_FILE).read_text(encoding="utf-8"))
        if found["fingerprint"] != fingerprint:
            return None
        return Trust(
            fingerprint=fingerprint,
            users=found["users"],
            checked=found["checked"],
            default_view=found["default_view"],
            completeness_error=found["completeness_error"],
            deletion=pd.DataFrame(found["deletion"]),
            checks=_table(found["checks"]),
            agreement=_table(found["agreement"]),
            planted=None if found["planted"] is None else _table(found["planted"]),
            curves=pd.DataFrame(found.get("curves", [])),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _table(records: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(records).set_index("method").rename_axis(None)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(name): _number(value) for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _number(value: Any) -> Any:
    """The value as JSON has it: NaN is null."""
    if isinstance(value, str | int):
        return value
    return None if math.isnan(value) else float(value)
