"""What a real model said, judged by people, and what the checker makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from recommender.explain.claims import Claim
from recommender.words.checker import check

OUTPUTS = Path(__file__).parent / "real_outputs.jsonl"
_ROWS = ("evidence", "events", "titles", "ranks")


@dataclass(frozen=True)
class Judged:
    """One sentence of a model's answer."""

    text: str
    true: bool
    """As judged by a person who had the explanation's claims before them."""
    kept: bool
    """Whether the checker backs it."""


def outputs(path: Path = OUTPUTS) -> Iterator[dict[str, Any]]:
    """Every answer with its claims and verdicts."""
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def judged(output: dict[str, Any]) -> tuple[Judged, ...]:
    """The sentences of an answer, checked anew."""
    claims = [claim_of(one) for one in output["claims"]]
    found = []
    for sentence in output["sentences"]:
        checked = check(sentence["text"], claims, output["language"])
        kept = bool(checked) and all(one.backed for one in checked)
        found.append(Judged(sentence["text"], sentence["true"], kept))
    return tuple(found)


def claim_of(document: dict[str, Any]) -> Claim:
    """A claim from its document, as `recommender.explain.documents.as_claim` writes it."""
    known = {one.name for one in fields(Claim)}
    said = {name: value for name, value in document.items() if name in known}
    return Claim(**said | {name: tuple(said[name]) for name in _ROWS if said.get(name)})
