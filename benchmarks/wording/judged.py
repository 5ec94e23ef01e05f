"""What a real model said, judged by people, and what the checker makes of it.

Its answers were free prose. `slotted` is each sentence as it would be answered now: every name,
number and date that is one of the claim's, with its slot in place; whatever else the model wrote
stands as it stood.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from recommender.explain.claims import Claim
from recommender.words import in_words
from recommender.words.checker import Answered, check

OUTPUTS = Path(__file__).parent / "real_outputs.jsonl"
_ROWS = ("evidence", "events", "titles", "ranks")


@dataclass(frozen=True)
class Judged:
    """One sentence of a model's answer."""

    text: str
    true: bool
    """As judged by a person who had the explanation's claims before them."""
    kept: bool
    """Whether the checker backs it, in slots or as it came, whichever claims it is said to name."""


def outputs(path: Path = OUTPUTS) -> Iterator[dict[str, Any]]:
    """Every answer with its claims and verdicts."""
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def judged(output: dict[str, Any]) -> tuple[Judged, ...]:
    """The sentences of an answer, checked anew."""
    claims = tuple(claim_of(one) for one in output["claims"])
    words = in_words(claims, output["language"], output["audience"])

    def kept(text: str) -> bool:
        return any(check([Answered(one.claims, text)], words)[0].backed for one in words.sentences)

    return tuple(
        Judged(one["text"], one["true"], kept(one["slotted"]) or kept(one["text"]))
        for one in output["sentences"]
    )


def claim_of(document: dict[str, Any]) -> Claim:
    """A claim from its document, as `recommender.explain.documents.as_claim` writes it."""
    known = {one.name for one in fields(Claim)}
    said = {name: value for name, value in document.items() if name in known}
    return Claim(**said | {name: tuple(said[name]) for name in _ROWS if said.get(name)})
