"""An explanation's words beside its numbers."""

from __future__ import annotations

from typing import Any

from recommender.explain.claims import Findings, claims_of
from recommender.explain.types import Explanation
from recommender.words.phrases import AUDIENCES, Language
from recommender.words.templates import Words, in_words


def with_words(
    document: dict[str, Any], explanation: Explanation, findings: Findings, language: Language
) -> dict[str, Any]:
    """The document and, under `words`, what each audience is told; each sentence names the places
    in `claims` of what backs it."""
    claims = claims_of(explanation, findings)
    said = {
        audience: _said(in_words(claims, language, audience, findings.vocabulary))
        for audience in AUDIENCES
    }
    return document | {"words": {"language": language} | said}


def _said(words: Words) -> list[dict[str, Any]]:
    return [{"text": one.text, "claims": list(one.claims)} for one in words.sentences]
