"""A history before and after its edits: what every part of the what-if page is about."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dashboard import catalogue, resources, state
from dashboard.edits import Draft
from dashboard.resources import Candidates, Question
from dashboard.views.selection import Selection

_SHORTEST, _USUAL, _LONGEST = 5, 10, 50


@dataclass(frozen=True)
class WhatIf:
    """Two questions about one customer, and the draft that leads from one to the other."""

    selection: Selection
    before: Question
    after: Question
    draft: Draft
    candidates: Candidates
    k: int

    @property
    def edited(self) -> bool:
        """Whether anything is changed."""
        return len(self.after.edits) > len(self.draft.refused)

    @property
    def keys(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """A key for each event before and after; the same event has the same key."""
        n = sum(row.before is not None for row in self.draft.rows)
        return tuple(map(str, range(n))), tuple(row.key for row in self.draft.kept)


def what_if(selection: Selection) -> WhatIf:
    """What the URL says is changed, and how long a list is compared."""
    after = replace(selection.question, edits=state.read_all(state.EDITS))
    asked = state.read(state.CANDIDATES, selection.run.default_view)
    candidates: Candidates = "new" if asked == "new" else "all"
    return WhatIf(
        selection,
        selection.question,
        after,
        resources.draft(after),
        candidates,
        state.whole(state.K, _SHORTEST, _LONGEST, _USUAL),
    )


def asked_item(sides: WhatIf) -> int | None:
    """The product of the URL, or the one that came first before the edits."""
    asked = catalogue.item_code(sides.selection.run.dataset, state.read(state.ITEM))
    if asked is not None:
        return asked
    for question in (sides.before, sides.after):
        for row in resources.recommendations(question, sides.k, sides.candidates):
            return row.item
    return None
