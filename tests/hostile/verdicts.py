"""What the reader makes of a file, beside the verdict that stood before."""

from __future__ import annotations

import re
import traceback
from dataclasses import dataclass
from typing import Literal

from recommender.data import ReadOptions, TableError, read_tables
from tests.hostile.generator import Accept, Case

Outcome = Literal["as expected", "traceback", "wrong success", "wrong refusal", "wrong message"]


@dataclass(frozen=True)
class Judged:
    """One case and what came of it."""

    case: Case
    outcome: Outcome
    told: str


def judge(case: Case) -> Judged:
    """Read the file as an upload is read."""
    try:
        tables = read_tables((case.file, case.content), options=ReadOptions())
    except TableError as error:
        return _refused(case, str(error))
    except Exception:
        return Judged(case, "traceback", traceback.format_exc())
    found = (len(tables.interactions), len(tables.users), len(tables.items))
    told = f"{found} events, users, items"
    if not isinstance(case.verdict, Accept):
        return Judged(case, "wrong success", told)
    wanted = case.verdict
    if wanted.fewest is not None:
        fits = wanted.fewest <= found[0] <= wanted.events and found[1] <= wanted.users
        fits &= found[2] <= wanted.items
    else:
        fits = found == (wanted.events, wanted.users, wanted.items)
    return Judged(case, "as expected" if fits else "wrong success", f"{told}; wanted {wanted}")


def _refused(case: Case, said: str) -> Judged:
    if isinstance(case.verdict, Accept):
        return Judged(case, "wrong refusal", said)
    fits = re.search(case.verdict.words, said) is not None
    return Judged(case, "as expected" if fits else "wrong message", said)
